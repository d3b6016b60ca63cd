"""The recommendations of all hotlines by indicator, in a constant number of queries.

The counts of each hotline and their sums are cached, so that after a step only its hotline is counted again.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, QuerySet

from evaluation.cached import Sums, pack, unpack, update_parts, update_sums
from evaluation.engine.scoring import IndicatorScore, LevelBasis
from evaluation.models import Hotline, Recommendation, Round, Scorecard, Step
from evaluation.models.recommendations import SETTLED
from evaluation.models.scorecards import ScorecardQuerySet
from evaluation.queries import in_every_edition
from evaluation.scorecards import read_result
from evaluation.versions import Source, steps_of_kind, today_by_zone
from standards.framework import Framework
from standards.models import Edition

State = Recommendation.State

MISSING, NOT_APPLICABLE = "missing", "not_applicable"
"""The values used instead of a level."""

Levels = Mapping[str, int | str]
"""The level, `missing` or `not_applicable`, by indicator code. Indicators that are not asked or scored are left out."""


Keys = Mapping[tuple[int, str], str]
"""The permanent keys of indicators, by edition and code."""


@dataclass(frozen=True, slots=True)
class AddressedRecommendation:
    """One recommendation with its hotline, for the page of its indicator."""

    recommendation: Recommendation
    is_overdue: bool
    level: int | None
    """The level of the indicator in the latest scorecard of the evaluation; None if it has none."""

    @property
    def hotline(self) -> Hotline:
        return self.recommendation.evaluation.hotline


@dataclass(frozen=True, slots=True)
class IndicatorNeeds:
    """An indicator, in the newest edition that has it, with counts of its recommendations.

    Fields count hotlines unless noted otherwise.
    """

    key: str
    """The permanent key, which is the same in all editions."""
    code: str
    edition: Edition
    asked: int
    """The number of recommendations."""
    late: int
    """The number of overdue recommendations."""
    examined: int
    """The number of hotlines that were scored on this indicator."""
    levels: Mapping[int | str, int]
    """The number of hotlines at each level, at `missing` and at `not_applicable`."""
    hotlines: int
    overdue: int
    contested: int
    verified: int
    """Verified or closed, and not withdrawn."""
    taken_back: int
    median_days: Fraction | None
    """The median number of days from issuing to verifying; None if nothing is verified."""

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
    """The counted fields of a recommendation. `days` are those from issuing to verifying, None if not verified."""

    round: int
    edition: int
    zone: str
    code: str
    state: str
    due_on: date | None
    is_withdrawn: bool
    days: int | None

    def is_overdue(self, todays: Mapping[str, str]) -> bool:
        """Whether it is overdue. `todays` has today's date, in ISO format, by time zone."""
        return self.due_on is not None and self.due_on.isoformat() < todays[self.zone] and self.state not in SETTLED


ASKED, LATE, DAYS = "asked", "late", "days"
ANY, OVERDUE, CONTESTED, VERIFIED, TAKEN_BACK = "any", "overdue", "contested", "verified", "taken_back"


def sources_of_needs() -> list[Source[int]]:
    """Return the sources on which the counts depend, in addition to the day and the editions, by hotline."""
    return [*_sources_of_plans(), Source(Scorecard.objects.all(), ("evaluation__hotline",))]


def read_indicator_needs(*, round_: Round | None = None, state: str = "") -> list[IndicatorNeeds]:
    """Return every indicator with a recommendation, in the order of the Guide.

    `state` limits the recommendations to a state, or to `overdue` ones.
    """
    editions = {edition.pk: edition for edition in _editions()}
    home = _homes(editions.values())
    levels: dict[tuple[int, str], dict[int | str, int]] = defaultdict(dict)
    for (edition, code, level), hotlines in _levels(round_).items():
        levels[edition, code][level] = int(hotlines)
    counts: dict[str, Counter[Any]] = defaultdict(Counter)
    for (key, *what), number in _counts(round_, state, _keys(editions.values())).items():
        counts[key][tuple(what)] = int(number)
    found = [
        _indicator_needs(key, home[key][1], count, editions[home[key][0]], levels.get(home[key], {}))
        for key, count in counts.items()
    ]
    place = {key: number for edition in editions.values() for number, key in enumerate(edition.framework.by_key)}
    return sorted(found, key=lambda needs: (place[needs.key], needs.code))


def _editions() -> QuerySet[Edition]:
    return Edition.objects.defer("structure").order_by("released_at", "pk")


def _keys(editions: Iterable[Edition]) -> Keys:
    return {
        (edition.pk, code): indicator.permanent_key
        for edition in editions
        for code, indicator in edition.framework.indicators.items()
    }


def _counts(round_: Round | None, state: str, keys: Keys) -> Sums:
    """Return the sums by permanent key and kind of count, of the recommendations in a round and state, or of all."""
    todays = today_by_zone()

    def count(hotlines: set[int] | None) -> dict[int, Sums]:
        plans = update_parts("plans-3", None, _sources_of_plans(), _read_plans)
        wanted = plans.keys() if hotlines is None else plans.keys() & hotlines
        return {key: _count(unpack(plans[key]), round_, state, todays, keys) for key in wanted}

    return update_sums(
        f"counts-2-{round_.uid if round_ else 'all'}-{state}",
        todays,
        _sources_of_plans(),
        count,
    )


def _count(rows: Iterable[_Row], round_: Round | None, state: str, todays: Mapping[str, str], keys: Keys) -> Sums:
    """Return the counts of one hotline. It adds 1 to each count of hotlines."""
    found: Counter[Any] = Counter()
    for row in rows:
        is_overdue = row.is_overdue(todays)
        if round_ is not None and row.round != round_.pk:
            continue
        if state and not (is_overdue if state == "overdue" else row.state == state):
            continue
        key = keys[row.edition, row.code]
        found[key, ASKED] += 1
        found[key, ANY] = 1
        if is_overdue:
            found[key, LATE] += 1
            found[key, OVERDUE] = 1
        if row.state == State.CONTESTED:
            found[key, CONTESTED] = 1
        if row.is_withdrawn:
            found[key, TAKEN_BACK] = 1
        elif row.state in SETTLED:
            found[key, VERIFIED] = 1
        if row.days is not None:
            found[key, DAYS, row.days] += 1
    return found


def _sources_of_plans() -> list[Source[int]]:
    return [
        Source(Recommendation.objects.all(), ("evaluation__hotline",)),
        steps_of_kind(Recommendation.kind, _hotlines_of),
    ]


def _hotlines_of(uids: set[Any]) -> Iterable[int]:
    found: Iterable[int] = (
        Recommendation.objects.filter(uid__in=uids).order_by().values_list("evaluation__hotline", flat=True)
    )
    return found


def _read_plans(hotlines: set[int] | None) -> dict[int, bytes]:
    """Return the packed rows of these hotlines, or of all. At most three queries."""
    plan = _plan(None) if hotlines is None else _plan(None).filter(evaluation__hotline__in=hotlines)
    days = _days_to_verifying(None if hotlines is None else set(plan.values_list("uid", flat=True)))
    round_ = ("evaluation__round", "evaluation__round__edition", "evaluation__round__time_zone")
    about = ("uid", "evaluation__hotline", *round_)
    found: dict[int, list[_Row]] = defaultdict(list)
    for uid, hotline, *row in plan.values_list(*about, "code", "state", "due_on", "is_withdrawn"):
        found[hotline].append(_Row._make((*row, days.get(uid))))
    return {hotline: pack(rows) for hotline, rows in found.items()}


def read_addressed_recommendations(
    key: str, *, round_: Round | None = None, state: str = ""
) -> list[AddressedRecommendation]:
    """Return the recommendations on one indicator by its permanent key, ordered by hotline, with the latest level."""
    recommendations = list(
        _plan(round_)
        .filter(in_every_edition([key]))
        .select_related("evaluation__hotline", "evaluation__round__edition")
        .defer("evaluation__round__edition__structure")
        .order_by("evaluation__hotline__recorded_name", "-evaluation__round__opens_on")
    )
    newest = _latest_cards(Scorecard.objects.filter(evaluation__in=[r.evaluation_id for r in recommendations]))
    levels = _levels_of(newest.values())
    found = []
    for one in recommendations:
        card = newest.get(one.evaluation_id)
        level = levels[card["pk"]].get(one.code) if card else None
        is_overdue = one.is_overdue(one.evaluation.round.today)
        if not state or (is_overdue if state == "overdue" else one.state == state):
            found.append(AddressedRecommendation(one, is_overdue, level if isinstance(level, int) else None))
    return found


def _plan(round_: Round | None) -> QuerySet[Recommendation]:
    recommendations = Recommendation.objects.in_the_plan().order_by()
    return recommendations if round_ is None else recommendations.filter(evaluation__round=round_)


# --- The levels ------------------------------------------------------------------------------------------------------


def _latest_cards(cards: ScorecardQuerySet) -> dict[int, dict[str, Any]]:
    """Return the latest scorecard of each evaluation, by the evaluation's key, without its content."""
    shown = (
        cards.latest_of_each()
        .order_by()
        .values(
            *("pk", "sha256", "evaluation_id"),
            hotline=F("evaluation__hotline_id"),
            edition=F("evaluation__round__edition_id"),
            opens_on=F("evaluation__round__opens_on"),
        )
    )
    return {card["evaluation_id"]: card for card in shown}


def _levels(round_: Round | None) -> Sums:
    """Count hotlines by level, per edition because scales may differ, in their newest evaluation by it."""
    cards = Scorecard.objects.all() if round_ is None else Scorecard.objects.filter(evaluation__round=round_)

    def read(changed: set[tuple[int, int]] | None) -> dict[tuple[int, int], Sums]:
        wanted = (
            cards if changed is None else cards.filter(evaluation__hotline__in={hotline for _e, hotline in changed})
        )
        newest = {}
        for card in sorted(_latest_cards(wanted).values(), key=lambda card: card["opens_on"]):
            newest[card["edition"], card["hotline"]] = card
        newest = {key: card for key, card in newest.items() if changed is None or key in changed}
        levels = _levels_of(newest.values())
        return {
            key: {(key[0], code, level): 1 for code, level in levels[card["pk"]].items()}
            for key, card in newest.items()
        }

    source: Source[tuple[int, int]] = Source(cards, ("evaluation__round__edition", "evaluation__hotline"))
    return update_sums(f"levels-3-{round_.uid if round_ else 'all'}", None, [source], read)


def _levels_of(cards: Iterable[Mapping[str, Any]]) -> dict[int, Levels]:
    """Return the levels in scorecards, by the keys of the scorecards."""
    wanted = Scorecard.objects.filter(pk__in=[card["pk"] for card in cards])
    stored = wanted.only("payload").order_by().iterator()
    return {card.pk: _level_groups(read_result(card).indicators) for card in stored}


def _level_groups(scores: Mapping[str, IndicatorScore]) -> Levels:
    return {sys.intern(code): _level_group(score) for code, score in scores.items() if _is_examined(score)}


def _is_examined(score: IndicatorScore) -> bool:
    return score.is_asked and score.basis is not LevelBasis.NOT_SCORED


def _level_group(score: IndicatorScore) -> int | str:
    if score.level is not None:
        return score.level
    return MISSING if score.is_missing else NOT_APPLICABLE


# --- The numbers -----------------------------------------------------------------------------------------------------


def _days_to_verifying(uids: set[Any] | None) -> dict[UUID, int]:
    """Return the whole days from issuing to verifying, by `uid`. Insisting does not restart the period."""
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


def _homes(editions: Iterable[Edition]) -> dict[str, tuple[int, str]]:
    """Return the key of the newest edition that has an indicator, and its code there, by permanent key."""
    return {
        key: (edition.pk, indicator.code) for edition in editions for key, indicator in edition.framework.by_key.items()
    }


def _indicator_needs(
    key: str, code: str, count: Counter[Any], edition: Edition, levels: Mapping[int | str, int]
) -> IndicatorNeeds:
    days = [Fraction(what[1]) for what, number in count.items() if what[0] == DAYS for _time in range(number)]
    return IndicatorNeeds(
        key=key,
        code=code,
        edition=edition,
        asked=count[ASKED,],
        late=count[LATE,],
        examined=sum(levels.values()),
        levels=levels,
        hotlines=count[ANY,],
        overdue=count[OVERDUE,],
        contested=count[CONTESTED,],
        verified=count[VERIFIED,],
        taken_back=count[TAKEN_BACK,],
        median_days=median(days) if days else None,
    )
