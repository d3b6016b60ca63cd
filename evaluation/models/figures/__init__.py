"""Figures: files from the CRM and how they are delivered, what counts for an evaluation, and a year of the network."""
