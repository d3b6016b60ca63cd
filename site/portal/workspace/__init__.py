"""The workspace for signed-in users, a package for each task. Views get objects from `doorway` only."""
