"""Recommendations: drafting, follow-up, and the needs of the network."""
