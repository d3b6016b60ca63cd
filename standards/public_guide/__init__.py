"""The Guide for readers, from a release, or in a preview from a draft."""
