"""Permissions, and the conditions of the moves of the state machines."""
