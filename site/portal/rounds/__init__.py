"""Rounds: planning, opening, corrections, and the board."""
