"""Home, and the page of one evaluation."""
