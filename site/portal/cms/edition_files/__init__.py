"""An edition as one file: what editors take away, and what they load back."""
