"""How Slovenian writes days and numbers."""
