"""What everybody may see of the figures, and what must not be worked out from it."""
