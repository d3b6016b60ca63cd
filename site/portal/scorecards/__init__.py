"""The scorecard, the explanation of a number, what-if, the report."""
