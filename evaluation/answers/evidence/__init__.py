"""The evidence of answers: its days in force, uploading, removing and restoring it, and its files as an archive."""
