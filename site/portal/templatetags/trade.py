"""Filters of the workspace for numbers, periods and the states of files."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString

from evaluation.figures.series.trends import Period
from evaluation.models import StatisticsImport
from portal.figures.series.queries import format_period
from portal.presentation.indicators.indicator import ShownIndicator
from portal.presentation.marked_words import mark_both
from portal.presentation.numbers import plain_number as as_plain_number

register = template.Library()

State = StatisticsImport.State
KINDS = {
    State.UNMATCHED: "wait",
    State.CHECKED: "wait",
    State.RETURNED: "stop",
    State.REFUSED: "stop",
    State.ACCEPTED: "good",
}
"""The style of a file's state: those that require an action are prominent."""


@register.filter
def plain_number(value: Decimal | None) -> str:
    """Format a number without trailing zeros, localised."""
    return "" if value is None else as_plain_number(value)


@register.filter
def imported_period(statistics: StatisticsImport) -> str:
    """Return the period of a file: `2025`, `Q3 2025`, `Jul 2025`."""
    return format_period(Period(*statistics.span))


@register.filter
def state_kind(statistics: StatisticsImport) -> str:
    """Return the kind of tag and icon for the state of a file."""
    return KINDS.get(State(statistics.state), "info")


@register.filter
def level_label(judgement: Any, shown: ShownIndicator) -> Any:
    """Return the name of the level of a judgement; empty without a level."""
    return "" if judgement.level is None else shown.texts[f"level/{judgement.level}"]


@register.filter
def marked_against(text: str, other: str) -> SafeString:
    """Return a text with the words marked that another text does not have; unmarked if they have no word in common."""
    return mark_both(other, text)[1]
