"""How Bulgarian writes days and numbers."""
