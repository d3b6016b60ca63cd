"""Recommendations: drafted from deficits, followed up by the hotline, compared over the network."""
