"""Visits between hotlines: offers, matches, requests, reports, and the proposed programme of the network."""
