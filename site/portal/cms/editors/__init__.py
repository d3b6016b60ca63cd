"""What the editors of the Guide are told while they type: what a rule means, and how bands look on a line."""
