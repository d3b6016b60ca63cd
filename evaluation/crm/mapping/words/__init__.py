"""What the headings and words of an export mean, in every language here. Pure."""
