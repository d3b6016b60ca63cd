"""Validates a framework: what each part has, and that the parts go together."""
