"""Signed-in work, a module for each task. `doorway` is the only way a view gets an object."""
