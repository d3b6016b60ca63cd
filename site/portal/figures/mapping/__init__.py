"""Matching the columns of a hotline's own export, and saved mappings."""
