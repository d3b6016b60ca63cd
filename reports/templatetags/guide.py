"""Filters of the printed Guide: a text with its language, and the tint of a level."""

from django.template import Library

from standards.presentation.marking import marked
from standards.presentation.symbols import level_mark
from standards.public_guide.contexts import LevelRow

register = Library()

register.filter("marked", marked)


@register.filter
def tint(row: LevelRow) -> int:
    """Return the tint of a level, from 0 for the worst, the darkest, to 3 for the best. Yes has 3, no 0."""
    if row.scale is None:
        return 3 if row.key == "yes" else 0
    return level_mark(row.scale, int(row.key))
