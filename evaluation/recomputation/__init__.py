"""Recomputation of a result from files alone, without a database or an account."""
