"""Case statistics of the hotlines: an export file is read, validated as a whole, and stored as aggregates."""
