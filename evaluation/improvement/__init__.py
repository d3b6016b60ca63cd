"""What would change a result: gains, the fewest indicators that must rise, hypothetical levels. Pure."""
