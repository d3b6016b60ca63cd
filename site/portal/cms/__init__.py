"""Wagtail's customisation: its pages, documents, pictures, and the Guide."""
