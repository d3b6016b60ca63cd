"""A table in a hotline's own shape as rows of the published format. Pure."""
