"""Consultations on a draft edition: the text that is read, comments and votes, answers, and what came of it."""
