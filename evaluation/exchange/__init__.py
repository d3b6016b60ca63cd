"""Exchange visits between hotlines: matches of weak and strong hotlines, and a proposed programme of visits. Pure."""
