"""A study visit as pages and letters show it: its agenda, its moves, whose turn it is."""
