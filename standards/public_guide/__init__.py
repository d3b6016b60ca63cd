"""What a reader of the Guide sees, of a release or of a draft in a preview."""
