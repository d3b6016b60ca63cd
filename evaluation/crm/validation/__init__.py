"""Whether the figures of a file can be true, alone and with those around them. Pure."""
