"""Teamwork of a hotline's people on a self-assessment: assignments, discussions, and who is on a page."""
