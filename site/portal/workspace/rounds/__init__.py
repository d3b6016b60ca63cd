"""Rounds: planned, opened, corrected, and shown as a board."""
