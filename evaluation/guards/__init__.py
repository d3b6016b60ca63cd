"""Permissions and conditions of the moves of the state machines."""
