"""The screen of a release, and what an edition would have meant for the last round."""
