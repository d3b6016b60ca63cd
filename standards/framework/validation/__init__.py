"""Validation of a framework: of each part, and of the parts together."""
