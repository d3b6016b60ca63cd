"""Moves on pages: their buttons, forms and notes, and the letters that a move writes."""
