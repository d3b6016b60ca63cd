"""The panel: its list, its deliberation, its decisions, appeals and corrections."""
