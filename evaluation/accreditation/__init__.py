"""What a decision grants: its publication, the status of a hotline on any day, the calendar."""
