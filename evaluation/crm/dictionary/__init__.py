"""The data dictionary: items, codes, levels, how words are spelled and how figures add up."""
