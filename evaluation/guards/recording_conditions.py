"""The conditions of recording on a visit: who has finished, and where the assessors differ."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from evaluation.guards.conditions import about, says_the_same
from evaluation.guards.reasons import Condition, Reason
from standards.framework import Indicator

if TYPE_CHECKING:
    from evaluation.models import Observation, Visit


@Condition
def every_assessor_has_finished(visit: "Visit") -> Iterator[Reason]:
    """Each of the team has said that they have recorded all."""
    names = tuple(member.user.name for member in visit.team.all() if member.finished_at is None)
    if names:
        yield Reason("not_everybody_finished", names=names)


@Condition
def the_lead_has_finished(visit: "Visit") -> Iterator[Reason]:
    """The lead assessor has recorded all, and so no longer changes their own after reading the others'."""
    if visit.lead is None or visit.lead.finished_at is None:
        yield Reason("lead_not_finished")


def finished_assessors(visit: "Visit") -> frozenset[int]:
    """Return the keys of those of the team who have finished."""
    return frozenset(member.user_id for member in visit.team.all() if member.finished_at is not None)


def group_observations(visit: "Visit") -> "dict[str, list[Observation]]":
    """Return what the present team recorded of what the visit is about, by indicator, in the order of the team.

    Without the indicators of which none of them has recorded anything since the visit was planned again after a
    deferral: their findings stay. Where somebody has, what the others recorded before stands beside it. Three queries.
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
    """Whether all who have finished recorded the indicator, and everybody who recorded it saw the same."""
    first, *others = seen
    return set(finished) <= {one.by_id for one in seen} and all(
        first.not_seen == one.not_seen and says_the_same(indicator, first, one) for one in others
    )


def find_divergent(visit: "Visit") -> "dict[str, list[Observation]]":
    """Return the observations of the indicators on which the assessors differ, by indicator, in the Guide's order."""
    seen, finished = group_observations(visit), finished_assessors(visit)
    indicators: Iterable[Indicator] = visit.evaluation.framework.indicators.values()
    return {
        indicator.code: seen[indicator.code]
        for indicator in indicators
        if indicator.code in seen and not agree(indicator, seen[indicator.code], finished)
    }


@Condition
def every_divergence_has_words(visit: "Visit") -> Iterator[Reason]:
    """A finding on which the assessors differed says how they came to it."""
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
