"""The published format of a file of figures: its header, its rows, its values."""
