"""What hotlines learn from each other: good practice in the library, and visits to each other."""
