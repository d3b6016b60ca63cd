"""Mutation testing of the engine: a test must fail for every changed line."""
