"""How Ukrainian writes days and numbers."""
