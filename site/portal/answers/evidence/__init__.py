"""The pages of an evaluation's evidence: add, date, remove, restore, list and download."""
