"""Beside the pages of an edition in another language: the marks of their passages, and what the language demands."""
