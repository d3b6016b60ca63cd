"""Consultations on a draft edition of the Guide, for those who run them and for invited users."""
