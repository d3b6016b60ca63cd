"""Accreditations: their list, their pages, and their moves."""
