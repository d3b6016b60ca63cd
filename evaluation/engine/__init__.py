"""The engine: scores and their explanation, what would change a result, which outcomes can be reached. Pure."""
