"""The Practical Guide: its pages and its released editions."""
