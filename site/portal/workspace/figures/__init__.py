"""Files of figures: sent, explained, confirmed, corrected."""
