"""A file on its way in: received, read, shown as a dry run, confirmed, accepted."""
