"""Figures from the hotlines' case systems: an export file is read, checked as a whole, and kept as aggregates."""
