"""Benchmarks of the main operations on SQLite and PostgreSQL, compared with other systems."""
