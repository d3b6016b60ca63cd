"""Figures over time: which files count, totals, trends, provenance, benchmark."""
