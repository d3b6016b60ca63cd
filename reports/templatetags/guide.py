"""Filters of the printed Guide: a text with its language, and how dark a level is drawn."""

from django.template import Library

from standards.presentation.marking import marked
from standards.presentation.symbols import level_mark
from standards.public_guide.contexts import LevelRow

register = Library()

register.filter("marked", marked)


@register.filter
def tint(row: LevelRow) -> int:
    """Return how dark a level is drawn, from 0 to 3; yes is the best, no the worst."""
    if row.scale is None:
        return 3 if row.key == "yes" else 0
    return level_mark(row.scale, int(row.key))
