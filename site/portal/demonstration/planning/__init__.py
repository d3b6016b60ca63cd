"""The preparation of a visit: the profiles of assessors, and the desk review."""
