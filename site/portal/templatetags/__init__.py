"""Tags and filters of the design."""
