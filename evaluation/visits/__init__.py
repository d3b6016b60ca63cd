"""The study visit: its planning, its agenda, the observations of its team and their findings."""
