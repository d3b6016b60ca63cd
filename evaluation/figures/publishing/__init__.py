"""Published figures, and the suppression of numbers that would reveal small counts."""
