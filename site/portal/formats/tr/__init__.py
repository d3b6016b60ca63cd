"""How Turkish writes days and numbers."""
