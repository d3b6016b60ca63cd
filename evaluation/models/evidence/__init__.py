"""Unfinished uploads of evidence: files that a browser sends in parts."""
