"""The panel: declarations, votes, decisions, appeals and corrections."""
