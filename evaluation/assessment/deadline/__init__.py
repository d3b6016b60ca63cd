"""The last day of a self-assessment: its date, the pace that it requires, and extensions for single hotlines."""
