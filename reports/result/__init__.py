"""The published file of a result: written, and recomputed."""
