"""Exchange visits between hotlines: offers, matches of weak and strong hotlines, requests and reports."""
