"""Recommendations: drafted from what falls short, followed by the hotline, compared over the network."""
