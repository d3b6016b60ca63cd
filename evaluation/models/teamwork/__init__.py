"""How the people of a hotline share the work on an evaluation: who has which indicator, and what is discussed on it."""
