"""The evidence of answers: when it is in force, how it is removed and put back, and its files as an archive."""
