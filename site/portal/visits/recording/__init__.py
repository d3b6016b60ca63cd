"""The findings of a visit: recorded separately by each assessor, then compared and agreed by the team."""
