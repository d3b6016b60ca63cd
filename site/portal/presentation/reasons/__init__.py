"""Texts for reasons why a move is not possible, each with a link to the page that fixes it."""
