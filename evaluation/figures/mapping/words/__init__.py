"""The meaning of headings and words of an export, in every supported language. Pure."""
