"""Converts a table in a hotline's own shape into rows of the published format. Pure."""
