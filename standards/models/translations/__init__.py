"""Further data on an edition in another language: the marks of its passages, and its requirements."""
