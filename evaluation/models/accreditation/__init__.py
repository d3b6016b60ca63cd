"""Accreditations and their withdrawal."""
