"""The criteria of the sheets of study visits: as they are shipped, and as MCE edits them."""
