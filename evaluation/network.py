"""What the hotlines of the network struggle with, indicator by indicator: read in a constant number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.utils import timezone

from evaluation.judging import read_kept
from evaluation.kept import keep_each
from evaluation.models import Hotline, Recommendation, Round, Scorecard, Step
from evaluation.models.recommendation import SETTLED
from evaluation.scoring import IndicatorScore, Why
from standards.framework import Framework
from standards.models import Edition

State = Recommendation.State

_NOT_LOOKED_AT = (Why.NOT_SCORED, Why.NOT_ASKED)

MISSING, NOT_APPLICABLE = "missing", "not_applicable"
"""Where a hotline has no level: nothing was found, or nothing applies."""

Levels = Mapping[str, int | str]
"""By indicator: the level, `missing` or `not_applicable`. What was not looked at is not in it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One recommendation as the page of its indicator needs it."""

    recommendation: Recommendation
    is_overdue: bool
    level: int | None
    """The level that counted at the last scoring."""

    @property
    def hotline(self) -> Hotline:
        return self.recommendation.evaluation.hotline


@dataclass(frozen=True, slots=True)
class Struggle:
    """An indicator with how the recommendations about it stand, in the newest edition that has it.

    What is not said otherwise counts hotlines.
    """

    code: str
    edition: Edition
    asked: int
    """How many recommendations there are."""
    late: int
    """How many of them are overdue."""
    examined: int
    """How many hotlines were scored on this indicator."""
    levels: Mapping[int | str, int]
    """How many hotlines stand at each level, at `missing` or at `not_applicable`."""
    hotlines: int
    overdue: int
    contested: int
    verified: int
    """Verified, and not taken back."""
    taken_back: int
    median_days: Fraction | None
    """From issuing to verifying; None until something is verified."""

    @property
    def framework(self) -> Framework:
        return self.edition.framework

    @property
    def obligation(self) -> str:
        return self.framework.indicators[self.code].obligation

    @property
    def domain(self) -> str:
        return self.framework.domain_of[self.code].code


@dataclass(frozen=True, slots=True)
class _Row:
    """A recommendation with no more than is counted."""

    code: str
    uid: Any
    state: str
    due_on: date | None
    is_withdrawn: bool
    hotline: int
    zone: str

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED


def read_struggles(*, round_: Round | None = None, state: str = "") -> list[Struggle]:
    """Every indicator about which something was recommended, in the order of the Guide.

    `state` is one of the recommendation's, or `overdue`.
    """
    rows = _plan(round_).values_list(
        *("code", "uid", "state", "due_on", "is_withdrawn", "evaluation__hotline_id", "evaluation__round__time_zone")
    )
    days = _days_to_verifying()
    editions = {edition.pk: edition for edition in Edition.objects.defer("structure").order_by("released_at", "pk")}
    levels = _levels_by_edition(round_)
    todays: dict[str, date] = {}
    by_code: dict[str, list[tuple[_Row, bool]]] = defaultdict(list)
    for row in (_Row(*values) for values in rows):
        today = todays.setdefault(row.zone, timezone.localdate(timezone=ZoneInfo(row.zone)))
        is_overdue = row.due_on is not None and row.due_on < today and not row.is_settled
        if not state or (is_overdue if state == "overdue" else row.state == state):
            by_code[row.code].append((row, is_overdue))
    home = _homes(editions.values())
    found = [
        _struggle(code, asked, editions[home[code]], levels.get(home[code], ()), days)
        for code, asked in by_code.items()
    ]
    place = {code: number for edition in editions.values() for number, code in enumerate(edition.framework.indicators)}
    return sorted(found, key=lambda struggle: (place[struggle.code], struggle.code))


def read_asked(code: str, *, round_: Round | None = None, state: str = "") -> list[Asked]:
    """The recommendations about one indicator, by hotline, with the level that each scoring gave."""
    recommendations = list(
        _plan(round_)
        .filter(code=code)
        .select_related("evaluation__hotline", "evaluation__round")
        .order_by("evaluation__hotline__name", "-evaluation__round__opens_on")
    )
    newest = _newest_cards(Scorecard.objects.filter(evaluation__in=[r.evaluation_id for r in recommendations]))
    levels = _levels_of(newest.values())
    found = []
    for one in recommendations:
        card = newest.get(one.evaluation_id)
        level = levels[card["sha256"]].get(code) if card else None
        is_overdue = one.is_overdue(one.evaluation.round.today)
        if not state or (is_overdue if state == "overdue" else one.state == state):
            found.append(Asked(one, is_overdue, level if isinstance(level, int) else None))
    return found


def _plan(round_: Round | None) -> QuerySet[Recommendation]:
    recommendations = Recommendation.objects.in_the_plan().order_by()
    return recommendations if round_ is None else recommendations.filter(evaluation__round=round_)


# --- The levels ------------------------------------------------------------------------------------------------------


def _newest_cards(cards: QuerySet[Scorecard]) -> dict[int, dict[str, Any]]:
    """The newest scorecard of each evaluation, by the evaluation's key, without what it says."""
    shown = cards.order_by("judged_at", "pk").values(
        *("pk", "sha256", "evaluation_id"),
        hotline=F("evaluation__hotline_id"),
        edition=F("evaluation__round__edition_id"),
        opens_on=F("evaluation__round__opens_on"),
    )
    return {card["evaluation_id"]: card for card in shown}


def _levels_by_edition(round_: Round | None) -> dict[int, Sequence[Levels]]:
    """What each hotline reached in its newest evaluation by an edition: another one may have another scale."""
    cards = Scorecard.objects.all() if round_ is None else Scorecard.objects.filter(evaluation__round=round_)
    newest = {}
    for card in sorted(_newest_cards(cards).values(), key=lambda card: card["opens_on"]):
        newest[card["edition"], card["hotline"]] = card
    levels = _levels_of(newest.values())
    found: dict[int, list[Levels]] = defaultdict(list)
    for (edition, _hotline), card in newest.items():
        found[edition].append(levels[card["sha256"]])
    return found


def _levels_of(cards: Iterable[Mapping[str, Any]]) -> dict[str, Levels]:
    """By the digest of a scorecard, which never changes: what it says is read once, and kept."""

    def read(digests: list[str]) -> dict[str, Levels]:
        wanted = [keys[digest] for digest in digests]
        kept = Scorecard.objects.filter(pk__in=wanted).only("sha256", "payload").order_by().iterator()
        return {card.sha256: _standings(read_kept(card).indicators) for card in kept}

    keys = {card["sha256"]: card["pk"] for card in cards}
    return keep_each("levels-1", keys, read)


def _standings(scores: Mapping[str, IndicatorScore]) -> Levels:
    return {code: _standing(score) for code, score in scores.items() if score.why not in _NOT_LOOKED_AT}


def _standing(score: IndicatorScore) -> int | str:
    if score.level is not None:
        return score.level
    return MISSING if score.is_missing else NOT_APPLICABLE


# --- The numbers -----------------------------------------------------------------------------------------------------


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


def _homes(editions: Iterable[Edition]) -> dict[str, int]:
    """The newest edition that has an indicator, by its code."""
    return {code: edition.pk for edition in editions for code in edition.framework.indicators}


def _struggle(
    code: str,
    asked: Sequence[tuple[_Row, bool]],
    edition: Edition,
    reached: Iterable[Levels],
    days: Mapping[object, int],
) -> Struggle:
    levels = Counter(levels[code] for levels in reached if code in levels)
    rows = [row for row, _is_overdue in asked]
    taken = [Fraction(days[row.uid]) for row in rows if row.uid in days]
    return Struggle(
        code=code,
        edition=edition,
        asked=len(asked),
        late=sum(is_overdue for _row, is_overdue in asked),
        examined=levels.total(),
        levels=dict(levels),
        hotlines=_hotlines(rows),
        overdue=_hotlines(row for row, is_overdue in asked if is_overdue),
        contested=_hotlines(row for row in rows if row.state == State.CONTESTED),
        verified=_hotlines(row for row in rows if row.is_settled and not row.is_withdrawn),
        taken_back=_hotlines(row for row in rows if row.is_withdrawn),
        median_days=median(taken) if taken else None,
    )


def _hotlines(rows: Iterable[_Row]) -> int:
    return len({row.hotline for row in rows})
