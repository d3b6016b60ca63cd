"""The texts of moves: how they are declared, and those of what hotlines learn from each other."""
