"""How far a self-assessment is answered: the one count of all pages, letters and files."""

from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from evaluation.answers.pinned_figures import counts_for_many
from evaluation.engine.scoring import measure
from evaluation.engine.scoring.evidence import read_number, read_partial
from evaluation.figures.series.months import Counts
from evaluation.models import Answer, Evaluation
from standards.framework import Framework, Indicator


@dataclass(frozen=True, slots=True)
class Coverage:
    """The asked and scored indicators of a self-assessment, each in one part, in the order of the Guide."""

    by_hand: tuple[Indicator, ...]
    from_figures: tuple[Indicator, ...]
    """Those that the hotline's figures fill."""
    not_applicable: tuple[Indicator, ...]
    unanswered: tuple[Indicator, ...]
    """Those that a person has yet to answer."""
    without_figure: tuple[Indicator, ...]
    """Those that are filled from figures and have none."""

    @property
    def answered(self) -> int:
        return len(self.by_hand) + len(self.from_figures) + len(self.not_applicable)

    @property
    def left(self) -> tuple[Indicator, ...]:
        return self.unanswered + self.without_figure

    @property
    def of(self) -> int:
        return self.answered + len(self.left)

    @property
    def answered_codes(self) -> set[str]:
        return {one.code for one in (*self.by_hand, *self.from_figures, *self.not_applicable)}


def count_indicators(
    indicators: Iterable[Indicator], given: Container[str], excepted: Container[str], measured: Container[str]
) -> Coverage:
    """Return the coverage of these indicators; `given` have an answer, `excepted` do not apply.

    A number that was typed for an indicator that is filled from figures is no answer.
    """
    parts: dict[str, list[Indicator]] = {name: [] for name in Coverage.__dataclass_fields__}
    for one in indicators:
        if not one.is_scored:
            continue
        if one.code in excepted:
            name = "not_applicable"
        elif one.from_figures:
            name = "from_figures" if one.code in measured else "without_figure"
        else:
            name = "by_hand" if one.code in given else "unanswered"
        parts[name].append(one)
    return Coverage(**{name: tuple(some) for name, some in parts.items()})


def measured_codes(framework: Framework, counts: Counts) -> set[str]:
    """Return the indicators that the figures fill."""
    return {
        indicator.code
        for indicator in framework.indicators.values()
        if indicator.from_figures and measure(indicator, counts.figures, counts.partial).value is not None
    }


def find_coverage(evaluation: Evaluation) -> Coverage:
    """Return how far an evaluation is answered now."""
    return find_coverages([evaluation])[evaluation.pk]


def find_coverages(evaluations: Collection[Evaluation]) -> dict[int, Coverage]:
    """Return how far each evaluation is answered, by key. A constant number of queries if answers are prefetched."""
    counts = counts_for_many(evaluations)
    return {one.pk: cover(one, one.answers.all(), counts[one.pk]) for one in evaluations}


def cover(evaluation: Evaluation, answers: Iterable[Answer], counts: Counts) -> Coverage:
    """Return how far an evaluation is answered with these answers and figures."""
    given = [answer for answer in answers if answer.is_given]
    return count_indicators(
        evaluation.asked.values(),
        {answer.code for answer in given},
        {answer.code for answer in given if answer.not_applicable},
        measured_codes(evaluation.framework, counts),
    )


def read_coverage(copy: Mapping[str, Any], framework: Framework) -> Coverage:
    """Return how far the copy of a submission is answered."""
    answers, figures = copy["answers"], copy["figures"]
    totals = {item: read_number(total) for item, total in figures["totals"].items()}
    asked = frozenset(copy["asked"])
    return count_indicators(
        (one for one in framework.indicators.values() if one.code in asked),
        {code for code, one in answers.items() if "level" in one or "value" in one},
        {code for code, one in answers.items() if one.get("not_applicable")},
        measured_codes(framework, Counts(totals, read_partial(figures["partial"]))),
    )
