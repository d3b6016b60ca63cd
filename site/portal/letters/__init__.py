"""Letters: the outbox, and what each of them says."""
