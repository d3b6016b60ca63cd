"""The median and the quartiles of the hotlines for each formula, the same on every page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, Max
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from evaluation.cached import Sums, get_or_compute, update_sums
from evaluation.figures.publishing.network_years import published_in_reports
from evaluation.figures.series.benchmark import Position, Spread, spread
from evaluation.figures.series.totals import CountedFile, counting_files, find_framework_in_force, totals_over
from evaluation.figures.series.trends import Grain, Moment, Period, period_at
from evaluation.models import Decision, Evaluation, Hotline, User
from evaluation.models.people.permissions import is_allowed
from portal.figures.series.figure_versions import sources_of_figures
from portal.figures.series.queries import NamedFormula, format_period, formulas, items_of
from standards.framework import Indicator, Standard

POSITIONS = {
    Position.LOWEST_QUARTER: pgettext_lazy("position among the hotlines", "in the lowest quarter"),
    Position.BELOW: pgettext_lazy("position among the hotlines", "below the median"),
    Position.MEDIAN: pgettext_lazy("position among the hotlines", "at the median"),
    Position.ABOVE: pgettext_lazy("position among the hotlines", "above the median"),
    Position.HIGHEST_QUARTER: pgettext_lazy("position among the hotlines", "in the highest quarter"),
}

Benchmarks = Mapping[str, Spread | None]
"""By the code of a formula: the median and the quartiles; None with too few hotlines."""


def read_benchmarks(named_formulas: Sequence[NamedFormula], period: Period, *, is_invented: bool) -> Benchmarks:
    """Return median and quartiles of a period, from the accepted, measured figures of real or invented hotlines.

    Filters of a page and files that wait for acceptance do not affect them. The values of each hotline are cached and
    read again only if its files changed. None where a number could be computed that is not public.
    """
    framework = find_framework_in_force()

    def read(changed: set[int] | None) -> dict[int, Sums]:
        hotlines = Hotline.objects.filter(is_invented=is_invented)
        files = counting_files(
            hotlines if changed is None else hotlines.filter(pk__in=changed),
            start=period.start,
            end=period.end,
            accepted_only=True,
            only=items_of(named_formulas),
        )
        return {key: _values_of(own, named_formulas, period) for key, own in files.items()}

    version = [framework.digest if framework else "", [one.code for one in named_formulas]]
    name = f"lines-1-{is_invented}-{period.code}"
    values: dict[str, list[Fraction]] = {one.code: [] for one in named_formulas}
    for (code, *value), hotlines in update_sums(
        name, version, sources_of_figures(is_invented=is_invented), read
    ).items():
        values[code] += [Fraction(*value)] * int(hotlines)
    public = _read_public(named_formulas, period, [*version, is_invented], is_invented=is_invented)
    return {code: spread(own, public[code]) for code, own in values.items()}


def _read_public(
    named_formulas: Sequence[NamedFormula], period: Period, version: Sequence[Any], *, is_invented: bool
) -> Mapping[str, Sequence[Fraction]]:
    """Return, by the code of a formula, the values that follow from the results of exactly this period."""
    decisions = Decision.objects.filter(
        evaluation__hotline__is_invented=is_invented,
        evaluation__round__figures_from=period.start,
        evaluation__round__figures_until=period.end,
    )

    def compute() -> dict[str, list[Fraction]]:
        found: dict[str, list[Fraction]] = {one.code: [] for one in named_formulas}
        hotlines = list(Hotline.objects.filter(is_invented=is_invented))
        for published in published_in_reports(period.start, period.end, hotlines).values():
            totals = {item: Fraction(value) for item, value in published.items()}
            for one in named_formulas:
                if (value := one.compared(totals)) is not None:
                    found[one.code].append(value)
        return found

    known = decisions.aggregate(count=Count("pk"), newest=Max("pk"))
    return get_or_compute(f"public-lines-1-{period.code}", [*version, known["count"], known["newest"]], compute)


def _values_of(files: Sequence[CountedFile], named_formulas: Sequence[NamedFormula], period: Period) -> Sums:
    """Return a hotline's measured values of each formula, without those with too small a base."""
    own = Moment(period, tuple(files), totals_over(files, period.start, period.end), has_new_definitions=False)
    measured = [one for one in named_formulas if not own.is_estimated(*one.items)]
    found = [(one.code, value) for one in measured if (value := one.compared(own.totals)) is not None]
    return {(code, value.numerator, value.denominator): 1 for code, value in found}


def explain_benchmarks() -> tuple[str, ...]:
    """Return the explanation of median and quartiles."""
    return (
        _(
            "Of the hotlines in their order, half lie below the median and half above it; a quarter lies below the "
            "lower quartile, and a quarter above the upper one."
        ),
        _(
            "Each of the three is shown as the mean of the three or four hotlines at that place, so that it is no "
            "single hotline’s number."
        ),
        _(
            "Median and quartiles come from the accepted and measured figures of this period, from nine hotlines up, "
            "and of ratios from those with a base of 20 or more. They are shown rounded to one decimal; where a "
            "hotline lies is told by the exact order."
        ),
    )


# --- Next to an answer
# -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NetworkFigure:
    """The median and the quartiles of a figure in one period, as text; empty with too few hotlines."""

    period: str
    count: int = 0
    median: str = ""
    low: str = ""
    high: str = ""


def find_network_figures(evaluation: Evaluation, standard: Standard, user: User) -> Mapping[str, NetworkFigure]:
    """Return the network's figures by code, for users who may see the hotline's own.

    Only for indicators that the newest edition measures in the same way, and for rounds of a year, a quarter or a
    month. No query if there are none; otherwise a constant number.
    """
    measured = [indicator for indicator in standard.indicators if indicator.formula]
    period = _period_of(evaluation)
    if not measured or period is None or not is_allowed("statistics.view", user, evaluation.hotline):
        return {}
    named = formulas()
    lines = read_benchmarks(named, period, is_invented=evaluation.hotline.is_invented)
    found = {}
    for one in named:
        for indicator in measured:
            if not _is_same(one, indicator):
                continue
            line = lines[one.code]
            texts = [one.value_cell(value).text for value in (line.median, line.low, line.high)] if line else []
            found[indicator.code] = NetworkFigure(format_period(period), line.count if line else 0, *texts)
    return found


def _is_same(named: NamedFormula, indicator: Indicator) -> bool:
    """Return whether the indicator has the code, formula and unit of this formula of the newest edition."""
    return (named.code, named.indicator.formula, named.indicator.unit) == (
        indicator.code,
        indicator.formula,
        indicator.unit,
    )


def _period_of(evaluation: Evaluation) -> Period | None:
    """Return the period of a round's figures, if it is a year, a quarter or a month."""
    span = Period(evaluation.round.figures_from, evaluation.round.figures_until)
    return span if any(period_at(span.start, grain) == span for grain in Grain) else None
