"""Empty on purpose: a process names the settings it wants (development, test or production)."""
