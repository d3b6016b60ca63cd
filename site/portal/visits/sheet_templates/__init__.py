"""The criteria of the sheets of study visits: the shipped ones, and those that MCE edits."""
