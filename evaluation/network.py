"""What the hotlines of the network struggle with, indicator by indicator: read in a constant number of queries."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from evaluation import queries
from evaluation.judging import read_kept
from evaluation.models import Evaluation, Hotline, Recommendation, Round, Step
from evaluation.scoring import IndicatorScore, Scorecard, Why
from standards.framework import Framework
from standards.models import Edition

State = Recommendation.State

_NOT_LOOKED_AT = (Why.NOT_SCORED, Why.NOT_ASKED)

MISSING, NOT_APPLICABLE = "missing", "not_applicable"
"""Where a hotline has no level: nothing was found, or nothing applies."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One recommendation as the network's view needs it."""

    recommendation: Recommendation
    is_overdue: bool
    level: int | None
    """The level that counted at the last scoring."""
    days: int | None
    """From issuing to verifying."""

    @property
    def hotline(self) -> Hotline:
        return self.recommendation.evaluation.hotline


@dataclass(frozen=True, slots=True)
class Struggle:
    """An indicator with the recommendations about it, in the newest edition that has it."""

    code: str
    edition: Edition
    asked: tuple[Asked, ...]
    examined: int
    """How many hotlines were scored on this indicator."""
    levels: dict[int | str, int]
    """How many hotlines stand at each level, at `missing` or at `not_applicable`."""

    @property
    def framework(self) -> Framework:
        return self.edition.framework

    @property
    def obligation(self) -> str:
        return self.framework.indicators[self.code].obligation

    @property
    def domain(self) -> str:
        return self.framework.domain_of[self.code].code

    def _hotlines(self, holds: Callable[[Asked], bool]) -> int:
        return len({asked.hotline.pk for asked in self.asked if holds(asked)})

    @property
    def hotlines(self) -> int:
        return self._hotlines(lambda _asked: True)

    @property
    def overdue(self) -> int:
        return self._hotlines(lambda asked: asked.is_overdue)

    @property
    def contested(self) -> int:
        return self._hotlines(lambda asked: asked.recommendation.state == State.CONTESTED)

    @property
    def verified(self) -> int:
        """Verified, and not taken back."""
        return self._hotlines(lambda asked: asked.recommendation.is_settled and not asked.recommendation.is_withdrawn)

    @property
    def taken_back(self) -> int:
        return self._hotlines(lambda asked: asked.recommendation.is_withdrawn)

    @property
    def median_days(self) -> Fraction | None:
        """From issuing to verifying; None until something is verified."""
        days = [Fraction(asked.days) for asked in self.asked if asked.days is not None]
        return median(days) if days else None


def read_struggles(*, round_: Round | None = None, state: str = "") -> list[Struggle]:
    """Every indicator about which something was recommended, in the order of the Guide.

    `state` is one of the recommendation's, or `overdue`.
    """
    recommendations = Recommendation.objects.in_the_plan().select_related("evaluation__hotline", "evaluation__round")
    evaluations = Evaluation.objects.filter(scorecards__isnull=False).distinct()
    if round_ is not None:
        recommendations = recommendations.filter(evaluation__round=round_)
        evaluations = evaluations.filter(round=round_)
    cards = _cards(evaluations)
    days = _days_to_verifying()
    editions = {edition.pk: edition for edition in Edition.objects.order_by("released_at", "pk")}
    by_code: dict[str, list[Asked]] = defaultdict(list)
    for recommendation in recommendations.order_by("evaluation__hotline__name", "-evaluation__round__opens_on"):
        asked = _ask(recommendation, cards, days)
        if not state or (asked.is_overdue if state == "overdue" else recommendation.state == state):
            by_code[recommendation.code].append(asked)
    home = _homes(editions.values())
    found = [_struggle(code, asked, editions[home[code]], cards.values()) for code, asked in by_code.items()]
    place = {code: number for edition in editions.values() for number, code in enumerate(edition.framework.indicators)}
    return sorted(found, key=lambda struggle: (place[struggle.code], struggle.code))


@dataclass(frozen=True, slots=True)
class _Card:
    """The latest scorecard of an evaluation."""

    evaluation: Evaluation
    card: Scorecard


def _cards(evaluations: Iterable[Evaluation]) -> dict[int, _Card]:
    known = {
        evaluation.pk: evaluation for evaluation in evaluations.select_related("round").order_by("round__opens_on")
    }
    kept = queries.latest_scorecards(known.values())
    return {key: _Card(evaluation, read_kept(kept[key])) for key, evaluation in known.items()}


def _days_to_verifying() -> dict[object, int]:
    """Whole days from issuing to verifying, by the recommendation's uid. Insisting on it begins nothing anew."""
    issued, found = {}, {}
    steps = Step.objects.filter(kind=Recommendation.kind, move__in=("issue", "verify")).order_by("seq")
    for uid, name, at in steps.values_list("uid", "move", "at"):
        if name == "issue":
            issued[uid] = at
        elif uid in issued:
            found[uid] = (at - issued[uid]).days
    return found


def _ask(recommendation: Recommendation, cards: dict[int, _Card], days: dict[object, int]) -> Asked:
    card = cards.get(recommendation.evaluation_id)
    score = card.card.indicators.get(recommendation.code) if card else None
    return Asked(
        recommendation=recommendation,
        is_overdue=recommendation.is_overdue(recommendation.evaluation.round.today),
        level=score.level if score else None,
        days=days.get(recommendation.uid),
    )


def _homes(editions: Iterable[Edition]) -> dict[str, int]:
    """The newest edition that has an indicator, by its code."""
    return {code: edition.pk for edition in editions for code in edition.framework.indicators}


def _struggle(code: str, asked: list[Asked], edition: Edition, cards: Iterable[_Card]) -> Struggle:
    """Levels are told of each hotline's newest evaluation by this edition: another one may have another scale."""
    newest: dict[int, IndicatorScore] = {}
    for card in cards:
        if card.evaluation.round.edition_id == edition.pk:
            newest[card.evaluation.hotline_id] = card.card.indicators[code]
    newest = {hotline: score for hotline, score in newest.items() if score.why not in _NOT_LOOKED_AT}
    levels = Counter(_standing(score) for score in newest.values())
    return Struggle(code, edition, tuple(asked), len(newest), dict(levels))


def _standing(score: IndicatorScore) -> int | str:
    if score.level is not None:
        return score.level
    return MISSING if score.is_missing else NOT_APPLICABLE
