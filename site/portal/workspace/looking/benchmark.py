"""The median and the quartiles of the hotlines for each formula: the same on every page that shows them."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from evaluation.crm.benchmarking import Position, Spread, spread
from evaluation.crm.counting import counting_files, totals_over
from evaluation.crm.trends import Moment, Period
from evaluation.models import Hotline
from portal.workspace.looking.asking import Asked, items_of

POSITIONS = {
    Position.LOWEST_QUARTER: pgettext_lazy("position among the hotlines", "in the lowest quarter"),
    Position.BELOW: pgettext_lazy("position among the hotlines", "below the median"),
    Position.MEDIAN: pgettext_lazy("position among the hotlines", "at the median"),
    Position.ABOVE: pgettext_lazy("position among the hotlines", "above the median"),
    Position.HIGHEST_QUARTER: pgettext_lazy("position among the hotlines", "in the highest quarter"),
}

Lines = Mapping[str, Spread | None]
"""By the code of a formula; None from fewer hotlines than it takes."""


def read_lines(asked: Sequence[Asked], period: Period, *, is_invented: bool) -> Lines:
    """The lines of a period over the accepted and measured figures of all real hotlines, or of all invented ones.

    Nothing else enters: neither what a reader narrows a page to nor what waits for MCE. Three queries.
    """
    hotlines = Hotline.objects.filter(is_invented=is_invented)
    files = counting_files(hotlines, start=period.start, end=period.end, accepted_only=True, only=items_of(asked))
    moments = [
        Moment(period, tuple(own), totals_over(own, period.start, period.end), starts_anew=False)
        for own in files.values()
    ]
    return {one.code: line_up(one, moments) for one in asked}


def line_up(asked: Asked, moments: Sequence[Moment]) -> Spread | None:
    """The lines of one formula over what the hotlines measured, each with a base that is large enough."""
    measured = [moment.totals for moment in moments if not moment.is_estimated(*asked.items)]
    return spread([value for totals in measured if (value := asked.compared(totals)) is not None])


def explain_lines() -> tuple[str, ...]:
    """What the lines are, for who reads them."""
    return (
        _(
            "Of the hotlines in their order, half lie below the median and half above it; a quarter lies below the "
            "lower quartile, and a quarter above the upper one."
        ),
        _(
            "Median and quartiles come from the accepted and measured figures of this period, from five hotlines up, "
            "and of ratios from those with a base of 20 or more. They are shown rounded to one decimal; the places are "
            "compared exactly."
        ),
    )
