"""Good practice in the workspace: written, consented to, published, thanked for and asked about."""
