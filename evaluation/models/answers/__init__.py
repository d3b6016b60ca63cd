"""Answers, findings and their evidence, and texts that could not be saved."""
