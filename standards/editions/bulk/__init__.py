"""Pages of an edition that are written many at once, in few queries, and their indexes."""
