"""A result is computed again from files alone: without a database, without an account."""
