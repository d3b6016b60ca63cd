"""What the hotlines of the network struggle with, indicator by indicator: read in a constant number of queries.

What each evaluation adds is kept by evaluation, and the levels by edition and hotline, so that after a step only what
moved is read again.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.utils import timezone

from evaluation.kept import keep_up
from evaluation.models import Hotline, Recommendation, Round, Scorecard, Step
from evaluation.models.recommendation import SETTLED
from evaluation.scorecards import read_kept
from evaluation.scoring import IndicatorScore, Why
from evaluation.versions import Source, steps_of_kind
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


class _Row(NamedTuple):
    """A recommendation with no more than is counted; `days` from issuing to verifying, None until it is verified."""

    code: str
    state: str
    due_on: date | None
    is_withdrawn: bool
    days: int | None


class _Part(NamedTuple):
    """What one evaluation adds."""

    round: int
    hotline: int
    zone: str
    rows: Sequence[_Row]


class _Count:
    """What is added up of an indicator, evaluation by evaluation."""

    def __init__(self) -> None:
        self.asked = self.late = 0
        self.days: list[int] = []
        self.hotlines: dict[str, set[int]] = defaultdict(set)

    def add(self, row: _Row, hotline: int, *, is_overdue: bool) -> None:
        self.asked += 1
        self.late += is_overdue
        self.hotlines["any"].add(hotline)
        if is_overdue:
            self.hotlines["overdue"].add(hotline)
        if row.state == State.CONTESTED:
            self.hotlines["contested"].add(hotline)
        if row.is_withdrawn:
            self.hotlines["taken_back"].add(hotline)
        elif row.state in SETTLED:
            self.hotlines["verified"].add(hotline)
        if row.days is not None:
            self.days.append(row.days)


def sources_of_struggles() -> list[Source[int]]:
    """Everything that the numbers follow from beside the day and the editions, by evaluation."""
    return [*_sources_of_plans(), Source(Scorecard.objects.all(), ("evaluation",))]


def read_struggles(*, round_: Round | None = None, state: str = "") -> list[Struggle]:
    """Every indicator about which something was recommended, in the order of the Guide.

    `state` is one of the recommendation's, or `overdue`.
    """
    editions = {edition.pk: edition for edition in Edition.objects.defer("structure").order_by("released_at", "pk")}
    levels = _levels_by_edition(round_)
    home = _homes(editions.values())
    found = [
        _struggle(code, count, editions[home[code]], levels.get(home[code], ()))
        for code, count in _counts(round_, state).items()
    ]
    place = {code: number for edition in editions.values() for number, code in enumerate(edition.framework.indicators)}
    return sorted(found, key=lambda struggle: (place[struggle.code], struggle.code))


def _counts(round_: Round | None, state: str) -> dict[str, _Count]:
    """By indicator; the overdue ones by the day that it is where the round keeps its days."""
    todays: dict[str, date] = {}
    found: dict[str, _Count] = defaultdict(_Count)
    for part in keep_up("plans-1", None, _sources_of_plans(), _read_parts).values():
        if round_ is not None and part.round != round_.pk:
            continue
        if part.zone not in todays:
            todays[part.zone] = timezone.localdate(timezone=ZoneInfo(part.zone))
        for row in part.rows:
            is_overdue = row.due_on is not None and row.due_on < todays[part.zone] and row.state not in SETTLED
            if not state or (is_overdue if state == "overdue" else row.state == state):
                found[row.code].add(row, part.hotline, is_overdue=is_overdue)
    return found


def _sources_of_plans() -> list[Source[int]]:
    return [Source(Recommendation.objects.all(), ("evaluation",)), steps_of_kind(Recommendation.kind, _evaluations_of)]


def _evaluations_of(uids: set[Any]) -> Iterable[int]:
    return Recommendation.objects.filter(uid__in=uids).order_by().values_list("evaluation", flat=True).distinct()


def _read_parts(evaluations: set[int] | None) -> dict[int, _Part]:
    """What these evaluations add, or all of them: three queries."""
    plan = _plan(None) if evaluations is None else _plan(None).filter(evaluation__in=evaluations)
    days = _days_to_verifying(None if evaluations is None else set(plan.values_list("uid", flat=True)))
    about = ("evaluation", "evaluation__round", "evaluation__hotline", "evaluation__round__time_zone", "uid")
    found: dict[int, _Part] = {}
    for key, round_, hotline, zone, uid, code, *facts in plan.values_list(
        *about, "code", "state", "due_on", "is_withdrawn"
    ):
        part = found.setdefault(key, _Part(round_, hotline, sys.intern(zone), []))
        part.rows.append(_Row(sys.intern(code), sys.intern(facts[0]), *facts[1:], days.get(uid)))
    return found


def read_asked(code: str, *, round_: Round | None = None, state: str = "") -> list[Asked]:
    """The recommendations about one indicator, by hotline, with the level that each scoring gave."""
    recommendations = list(
        _plan(round_)
        .filter(code=code)
        .select_related("evaluation__hotline", "evaluation__round__edition")
        .defer("evaluation__round__edition__structure")
        .order_by("evaluation__hotline__name", "-evaluation__round__opens_on")
    )
    newest = _newest_cards(Scorecard.objects.filter(evaluation__in=[r.evaluation_id for r in recommendations]))
    levels = _levels_of(newest.values())
    found = []
    for one in recommendations:
        card = newest.get(one.evaluation_id)
        level = levels[card["pk"]].get(code) if card else None
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

    def read(changed: set[tuple[int, int]] | None) -> dict[tuple[int, int], Levels]:
        wanted = (
            cards if changed is None else cards.filter(evaluation__hotline__in={hotline for _e, hotline in changed})
        )
        newest = {}
        for card in sorted(_newest_cards(wanted).values(), key=lambda card: card["opens_on"]):
            newest[card["edition"], card["hotline"]] = card
        newest = {key: card for key, card in newest.items() if changed is None or key in changed}
        levels = _levels_of(newest.values())
        return {key: levels[card["pk"]] for key, card in newest.items()}

    source = Source(cards, ("evaluation__round__edition", "evaluation__hotline"))
    name = f"levels-2-{round_.uid if round_ else 'all'}"
    found: dict[int, list[Levels]] = defaultdict(list)
    for (edition, _hotline), levels in keep_up(name, None, [source], read).items():
        found[edition].append(levels)
    return found


def _levels_of(cards: Iterable[Mapping[str, Any]]) -> dict[int, Levels]:
    """What scorecards say, by their keys."""
    wanted = Scorecard.objects.filter(pk__in=[card["pk"] for card in cards])
    kept = wanted.only("payload").order_by().iterator()
    return {card.pk: _standings(read_kept(card).indicators) for card in kept}


def _standings(scores: Mapping[str, IndicatorScore]) -> Levels:
    return {sys.intern(code): _standing(score) for code, score in scores.items() if score.why not in _NOT_LOOKED_AT}


def _standing(score: IndicatorScore) -> int | str:
    if score.level is not None:
        return score.level
    return MISSING if score.is_missing else NOT_APPLICABLE


# --- The numbers -----------------------------------------------------------------------------------------------------


def _days_to_verifying(uids: set[Any] | None) -> dict[object, int]:
    """Whole days from issuing to verifying, by the recommendation's uid. Insisting on it begins nothing anew."""
    issued, found = {}, {}
    steps = Step.objects.filter(kind=Recommendation.kind, move__in=("issue", "verify")).order_by("seq")
    if uids is not None:
        steps = steps.filter(uid__in=uids)
    for uid, name, at in steps.values_list("uid", "move", "at"):
        if name == "issue":
            issued[uid] = at
        elif uid in issued:
            found[uid] = (at - issued[uid]).days
    return found


def _homes(editions: Iterable[Edition]) -> dict[str, int]:
    """The newest edition that has an indicator, by its code."""
    return {code: edition.pk for edition in editions for code in edition.framework.indicators}


def _struggle(code: str, count: _Count, edition: Edition, reached: Iterable[Levels]) -> Struggle:
    levels = Counter(levels[code] for levels in reached if code in levels)
    hotlines = {name: len(of) for name, of in count.hotlines.items()}
    return Struggle(
        code=code,
        edition=edition,
        asked=count.asked,
        late=count.late,
        examined=levels.total(),
        levels=dict(levels),
        hotlines=hotlines.get("any", 0),
        overdue=hotlines.get("overdue", 0),
        contested=hotlines.get("contested", 0),
        verified=hotlines.get("verified", 0),
        taken_back=hotlines.get("taken_back", 0),
        median_days=median(map(Fraction, count.days)) if count.days else None,
    )
