"""What belongs to study visits beside the visit itself: who can go on them, and what is read before."""
