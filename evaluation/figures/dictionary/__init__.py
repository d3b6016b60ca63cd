"""The data dictionary: items, codes, levels, the spelling of words and the sums of figures."""
