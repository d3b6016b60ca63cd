"""Signing in: invited people, passwords, the second factor, known devices, limits."""
