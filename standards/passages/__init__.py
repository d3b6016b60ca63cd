"""What is found in a text alone: addresses, and how hard it is to read. Pure."""
