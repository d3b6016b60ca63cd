"""Failures in operation: killed processes, no database, a full disk, no mail server."""
