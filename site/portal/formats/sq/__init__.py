"""How Albanian writes days and numbers."""
