"""How Lithuanian writes days and numbers."""
