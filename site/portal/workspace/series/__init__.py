"""Looking at figures: a hotline's own over time, where each number is from, and the network's for MCE."""
