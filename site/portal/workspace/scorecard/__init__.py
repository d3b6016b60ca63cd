"""The scorecard, why a number is what it is, what-if, the report."""
