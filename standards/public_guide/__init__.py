"""The Guide for readers, from a release or from a draft in a preview."""
