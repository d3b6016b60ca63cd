"""What people upload: which kinds are taken, what a file carries, and what of it is kept."""
