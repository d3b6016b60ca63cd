"""What lies before a visit: what assessors can do, and the desk review."""
