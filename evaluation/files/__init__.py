"""Uploaded files: the accepted kinds, their inspection, and what of them is stored."""
