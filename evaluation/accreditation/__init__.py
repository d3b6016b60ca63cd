"""The effects of a decision: its publication, the status of a hotline on any day, and the periods of editions."""
