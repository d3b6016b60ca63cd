"""Mutation testing of the engine: a test must fail whenever a line says something else."""
