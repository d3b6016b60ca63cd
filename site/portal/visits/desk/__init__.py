"""The desk review: the marks of the team, and its questions to the hotline."""
