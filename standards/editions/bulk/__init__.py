"""Bulk operations on the pages of an edition, in few queries, and on their indexes."""
