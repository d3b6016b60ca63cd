"""The published file of a result, and its recomputation."""
