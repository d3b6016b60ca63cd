"""Evidence on its way: files that a browser sends in parts."""
