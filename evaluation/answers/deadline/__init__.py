"""How far a self-assessment is answered, its last day, the pace that it requires, and extensions for single hotlines."""
