"""The translations of an edition in the CMS: their files, their progress and their review."""
