"""What is told: one composed document, and what is printed from it."""
