"""How the people of a hotline share the work: assignments, discussions, and who is on a page."""
