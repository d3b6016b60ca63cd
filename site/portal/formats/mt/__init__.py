"""How Maltese writes days and numbers."""
