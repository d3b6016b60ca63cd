"""How a hotline is examined: people, rounds, answers, visits, figures, scores and decisions."""
