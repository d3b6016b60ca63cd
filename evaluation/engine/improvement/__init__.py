"""Changes of a result: gains, the smallest set of improvements, hypothetical levels. Pure."""
