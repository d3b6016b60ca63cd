"""An indicator on a page: its question with a judgement, the figure that fills it, and what its text still needs."""
