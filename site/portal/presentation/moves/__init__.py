"""The texts of moves: their declaration, and those of visits, good practice and exchanges."""
