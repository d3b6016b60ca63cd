"""Home, and one hotline's way through a round."""
