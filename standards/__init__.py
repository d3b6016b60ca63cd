"""What is asked: the Practical Guide, its pages and its released editions."""
