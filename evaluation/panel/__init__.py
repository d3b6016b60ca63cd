"""The panel: its decisions, appeals against them, corrections of them."""
