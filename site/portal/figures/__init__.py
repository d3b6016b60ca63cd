"""Files of figures: upload, explanation, confirmation, correction."""
