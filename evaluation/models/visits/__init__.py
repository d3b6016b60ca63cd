"""The study visit: its states, its agenda, who can go, what is read before, and what each assessor records."""
