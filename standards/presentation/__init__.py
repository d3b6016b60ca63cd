"""The rule, its methods and the procedure as sentences."""
