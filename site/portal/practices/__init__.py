"""Good practice in the workspace: text, consent, publication, thanks and questions."""
