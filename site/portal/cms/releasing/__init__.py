"""The pages of a release, and the effect of an edition on the last round."""
