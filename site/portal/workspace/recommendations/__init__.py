"""Recommendations: drafted by the assessors, followed on the hotline's plan, seen over the network."""
