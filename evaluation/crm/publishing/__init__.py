"""Published figures, and the suppression of what must not be computed from them."""
