"""Study visits: arrangement, recording, sign-off."""
