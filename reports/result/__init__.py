"""The published file of a result: written, and computed again."""
