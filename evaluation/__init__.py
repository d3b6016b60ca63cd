"""The evaluation of a hotline: people, rounds, answers, visits, figures, scores and decisions."""
