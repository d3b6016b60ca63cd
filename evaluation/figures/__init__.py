"""Case statistics of the hotlines: read an export file, validate it as a whole, and store aggregates only."""
