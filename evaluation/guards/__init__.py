"""Who may do what, and what must hold before a state changes: what the machines on the models ask."""
