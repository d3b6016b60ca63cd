"""Consultations on a draft edition of the Guide, for who runs them and for who is invited."""
