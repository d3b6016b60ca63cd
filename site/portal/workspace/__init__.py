"""Signed-in work, a package for each noun. Views get objects from `access` only, which checks their rights."""
