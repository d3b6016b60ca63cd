"""The bench: what the main operations cost, on SQLite and on PostgreSQL, beside what peers cost."""
