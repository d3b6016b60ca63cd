"""A study visit as pages and letters show it: its agenda, its calendar file, whose turn it is."""
