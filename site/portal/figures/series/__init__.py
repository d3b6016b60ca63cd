"""Series of figures: a hotline's own over time, the origin of each number, and the network's for MCE."""
