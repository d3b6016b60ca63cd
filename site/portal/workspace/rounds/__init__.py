"""Rounds: planned, opened, corrected, and seen as a board."""
