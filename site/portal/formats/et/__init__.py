"""How Estonian writes days and numbers."""
