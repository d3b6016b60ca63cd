"""The teams of all visits of a round: proposed, explained, changed by hand."""
