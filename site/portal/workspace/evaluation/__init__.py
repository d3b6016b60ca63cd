"""Home, and one hotline's evaluation."""
