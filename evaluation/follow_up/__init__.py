"""Recommendations, good practice and exchange visits: drafting, follow-up, and the needs of the network."""
