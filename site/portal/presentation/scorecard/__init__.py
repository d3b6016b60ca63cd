"""A scorecard on pages: outcomes, terms, one number explained, a decision."""
