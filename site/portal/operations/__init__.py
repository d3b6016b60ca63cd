"""Operating the site: backup, worker, health, logs, calendar, storage."""
