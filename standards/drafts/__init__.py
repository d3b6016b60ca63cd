"""A draft edition as plain fields, complete or not: its framework and its problems."""
