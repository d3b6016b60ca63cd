"""Texts that could not be saved, and earlier versions of a text."""
