"""How Irish writes days and numbers."""
