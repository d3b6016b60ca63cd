"""The analysis of a single text: its addresses, and how hard it is to read. Pure."""
