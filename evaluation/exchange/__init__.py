"""Visits between hotlines: who is weak where others are strong, a proposed programme, and the visits themselves."""
