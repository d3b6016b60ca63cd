"""Uploaded files: the accepted kinds, their inspection and their storage."""
