"""Figures: CRM files and their delivery, pinned figures of an evaluation, and years of the network."""
