"""How Luxembourgish writes days and numbers."""
