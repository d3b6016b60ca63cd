"""Why something cannot be done, in words, with a link to where it can be mended."""
