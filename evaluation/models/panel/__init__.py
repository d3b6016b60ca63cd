"""The panel at work: declarations, votes, decisions, appeals and corrections."""
