"""Formats of dates and numbers where Django's differ from ours."""
