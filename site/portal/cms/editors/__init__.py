"""What editors of the Guide are told while they type, of a rule and of bands; and how they move its parts."""
