"""Consultations on a draft edition: the copied text, comments and votes, answers, and counts."""
