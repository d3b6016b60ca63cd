"""Authentication: invitations, passwords, the second factor, known devices, rate limits."""
