"""What the people of an evaluation tell each other: assignments, discussions, changes by others, presence on a page."""
