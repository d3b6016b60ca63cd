"""The folder of TOML files of an edition: reading it, and writing it without losing its comments."""
