"""Accreditations: their list, their pages, and what may be done about them."""
