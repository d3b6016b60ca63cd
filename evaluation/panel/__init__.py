"""The panel: its decisions, the appeals against them and their corrections."""
