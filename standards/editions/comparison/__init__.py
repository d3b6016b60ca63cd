"""Comparison of two editions. Pure: it takes two frameworks with their texts, and returns a `Comparison`."""

from standards.editions.comparison.changes import Change, Comparison, Kind, PartChanges, Place
from standards.editions.comparison.comparing import compare_editions, compare_indicators
from standards.editions.comparison.content import EditionContent, Part, is_question
from standards.editions.comparison.mapping import Decision, EditionMapping, MappedPair, Obstacle, Standing
from standards.editions.comparison.pairs import Basis, Pair, is_same_kind, is_same_scale, propose_pairs
from standards.editions.comparison.words import Piece, Side, compare_words

__all__ = [
    "Basis",
    "Change",
    "Comparison",
    "Decision",
    "EditionContent",
    "EditionMapping",
    "Kind",
    "MappedPair",
    "Obstacle",
    "Pair",
    "Part",
    "PartChanges",
    "Piece",
    "Place",
    "Side",
    "Standing",
    "compare_editions",
    "compare_indicators",
    "compare_words",
    "is_question",
    "is_same_kind",
    "is_same_scale",
    "propose_pairs",
]
