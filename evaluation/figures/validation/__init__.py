"""Validate the figures of a file, alone and against neighbouring periods. Pure."""
