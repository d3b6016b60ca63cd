"""The workspace for signed-in users, a package for each task. Views get objects from `access` only, which checks their rights."""
