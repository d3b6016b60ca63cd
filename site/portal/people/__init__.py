"""People, hotlines, invitations, API keys, and the outbox."""
