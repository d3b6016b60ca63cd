"""The texts of moves: how they are declared, those of a visit, and those of what hotlines learn from each other."""
