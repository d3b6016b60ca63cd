"""The conditions of recording on a visit: which assessors have finished, and where they differ."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects

from evaluation.guards.conditions import about, judgements_agree
from evaluation.guards.reasons import Condition, Reason
from standards.framework import Indicator

if TYPE_CHECKING:
    from evaluation.models import LateRow, Observation, Visit


@Condition
def today_is_an_agreed_day(visit: "Visit") -> Iterator[Reason]:
    """Today is one of the agreed days."""
    if not _is_today(visit):
        yield Reason("not_a_day_of_the_visit", day=visit.starts_on, last=visit.ends_on)


@Condition
def today_is_no_agreed_day(visit: "Visit") -> Iterator[Reason]:
    """Today is none of the agreed days."""
    if _is_today(visit):
        yield Reason("a_day_of_the_visit")


def _is_today(visit: "Visit") -> bool:
    today = visit.evaluation.round.today
    return visit.starts_on is not None and visit.ends_on is not None and visit.starts_on <= today <= visit.ends_on


@Condition
def every_assessor_has_finished(visit: "Visit") -> Iterator[Reason]:
    """Every member of the team has finished recording."""
    names = tuple(member.user.name for member in visit.team.all() if member.finished_at is None)
    if names:
        yield Reason("not_everybody_finished", names=names)


@Condition
def the_lead_has_finished(visit: "Visit") -> Iterator[Reason]:
    """The lead assessor has finished recording, and cannot change their observations after reading the others'."""
    if visit.lead is None or visit.lead.finished_at is None:
        yield Reason("lead_not_finished")


def finished_assessors(visit: "Visit") -> frozenset[int]:
    """Return the keys of the team members who have finished recording."""
    return frozenset(member.user_id for member in visit.team.all() if member.finished_at is not None)


def group_observations(visit: "Visit") -> "dict[str, list[Observation]]":
    """Return the current team's observations of the examined indicators, by indicator code, in the order of the team.

    After the visit was planned again, indicators without a newer observation are left out: their findings are kept. If
    one member has a newer observation, the earlier ones of other members are included. Three queries.
    """
    order = {member.user_id: place for place, member in enumerate(visit.team.all())}
    found: dict[str, list[Observation]] = {}
    for seen in sorted(
        (one for one in visit.observations.select_related("by") if one.by_id in order), key=lambda o: order[o.by_id]
    ):
        if seen.is_given and visit.is_about(seen.code):
            found.setdefault(seen.code, []).append(seen)
    since = visit.planned_again_at
    if since is None:
        return found
    return {code: seen for code, seen in found.items() if any(one.at and one.at > since for one in seen)}


def agree(indicator: Indicator, seen: "Sequence[Observation]", finished: Collection[int]) -> bool:
    """Whether all assessors who have finished recorded the indicator, and all its observations agree."""
    first, *others = seen
    return set(finished) <= {one.by_id for one in seen} and all(
        first.not_seen == one.not_seen and judgements_agree(indicator, first, one) for one in others
    )


def find_divergent(visit: "Visit") -> "dict[str, list[Observation]]":
    """Return the observations of the indicators on which the assessors differ, by code in the order of the Guide."""
    seen, finished = group_observations(visit), finished_assessors(visit)
    indicators: Iterable[Indicator] = visit.evaluation.framework.indicators.values()
    return {
        indicator.code: seen[indicator.code]
        for indicator in indicators
        if indicator.code in seen and not agree(indicator, seen[indicator.code], finished)
    }


@Condition
def every_divergence_has_words(visit: "Visit") -> Iterator[Reason]:
    """Every finding on which the assessors differed has words."""
    evaluation = visit.evaluation
    asked, divergent = evaluation.asked, find_divergent(visit)
    return about(
        "divergence_without_words",
        evaluation.framework,
        (
            asked[finding.code]
            for finding in evaluation.findings.all()
            if finding.code in divergent and finding.code in asked and finding.is_given and not finding.words.strip()
        ),
    )


def find_waiting_rows(visit: "Visit") -> "list[LateRow]":
    """Return the rows of the present team that came too late for this visit and are not decided. At most four queries.

    Those of a visit before it was planned again are left out.
    """
    waiting = [one for one in visit.late_rows.all() if not one.decision]
    if not waiting:
        return []
    prefetch_related_objects(waiting, "by")
    since, team = visit.planned_again_at, {member.user_id for member in visit.team.all()}
    return [one for one in waiting if one.by_id in team and (since is None or one.at > since)]


@Condition
def every_late_row_is_decided(visit: "Visit") -> Iterator[Reason]:
    """Every row that came too late is taken in or left out."""
    if waiting := find_waiting_rows(visit):
        yield Reason("late_rows_undecided", names=tuple(str(one.uid) for one in waiting))
