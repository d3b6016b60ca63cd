"""Recommendations: drafted by the assessors, followed up in the hotline's plan, compared across the network."""
