"""The teams of all visits of a round: proposed, explained, and changed by hand."""
