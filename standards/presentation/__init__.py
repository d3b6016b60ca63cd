"""The rule, its methods and the procedure in plain sentences."""
