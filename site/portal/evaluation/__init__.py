"""The evaluation of a hotline: the words of its moves and the letters about them."""
