"""People: users with their roles, what they may do, their ties to hotlines, and changes that a second person confirms."""
