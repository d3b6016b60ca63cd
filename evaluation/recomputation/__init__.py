"""Recomputes a result from files alone, without database or account."""
