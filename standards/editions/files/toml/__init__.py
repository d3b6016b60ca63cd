"""The folder of TOML files of an edition: reading it, and writing it with the comments that are there."""
