"""Convert a table in a hotline's own shape to rows of the published format. Pure."""
