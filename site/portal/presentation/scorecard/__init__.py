"""A scorecard as pages show it: outcomes, terms, one number explained, a decision."""
