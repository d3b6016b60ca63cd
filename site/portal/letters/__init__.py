"""Letters: the outbox, and the letters of each occasion."""
