"""The study visit: planned, its agenda, the findings of its team."""
