"""The pages of an evaluation's evidence: added to answers, dated, removed and put back, listed and downloaded."""
