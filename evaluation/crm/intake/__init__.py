"""The import of a file: received, read, previewed as a dry run, confirmed, accepted."""
