"""How Greek writes days and numbers."""
