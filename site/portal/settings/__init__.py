"""Empty on purpose: a process names the settings it uses (development, test or production)."""
