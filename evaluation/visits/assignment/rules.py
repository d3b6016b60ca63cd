"""The hard constraints of an assignment: why an assessor is excluded from a visit, and which rules teams break."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from evaluation.visits.assignment.problem import Assessor, Need, Problem, Seat, Team, Teams, visits_by_assessor


class Rule(StrEnum):
    """A hard rule that can be broken."""

    COUNTRY_UNKNOWN = "country_unknown"
    OWN_COUNTRY = "own_country"
    TIED = "tied"
    LAST_VISIT = "last_visit"
    ABSENT = "absent"
    BUSY = "busy"
    CANNOT_LEAD = "cannot_lead"
    NO_VISIT_LEFT = "no_visit_left"
    OTHER_VISIT = "other_visit"
    SAME_PERSON = "same_person"
    SAME_COUNTRY = "same_country"
    NOBODY_SPEAKS = "nobody_speaks"


def find_exclusions(assessor: Assessor, need: Need, seat: Seat) -> list[Rule]:
    """Return the rules that exclude an assessor from a seat, whatever the other seats and assignments are."""
    found = []
    if not assessor.country:
        found.append(Rule.COUNTRY_UNKNOWN)
    if assessor.country == need.key:
        found.append(Rule.OWN_COUNTRY)
    if need.key in assessor.tied:
        found.append(Rule.TIED)
    if need.key in assessor.last_visited:
        found.append(Rule.LAST_VISIT)
    if need.days:
        if any(need.days.overlaps(away) for away in assessor.absences):
            found.append(Rule.ABSENT)
        if any(need.days.overlaps(busy) for busy in assessor.busy):
            found.append(Rule.BUSY)
    if seat is Seat.LEAD and not assessor.can_lead:
        found.append(Rule.CANNOT_LEAD)
    if assessor.visits >= assessor.most_visits:
        found.append(Rule.NO_VISIT_LEFT)
    return found


def speaks(assessor: Assessor, need: Need) -> bool:
    """Whether the assessor speaks a language of the hotline. True if the languages of the hotline are not known."""
    return not need.languages or not need.languages.isdisjoint(assessor.languages)


def needs_a_speaker(problem: Problem, need: Need) -> bool:
    """Whether the team must have a speaker of a language of the hotline: if an assessor who is not excluded is one."""
    known = problem.asks_for_speaker
    if need.key not in known:
        known[need.key] = any(
            speaks(one, need) and not find_exclusions(one, need, Seat.SECOND) for one in problem.assessors
        )
    return known[need.key]


@dataclass(frozen=True, slots=True)
class Break:
    """A hard rule that a team breaks, with the seat, the assessor, and the other visit if there is one."""

    rule: Rule
    visit: str
    seat: Seat
    assessor: str
    other: str = ""


def find_breaks(problem: Problem, teams: Teams) -> list[Break]:
    """Return the rules that the teams break, in the order of the visits."""
    loads = visits_by_assessor(teams)
    found: list[Break] = []
    for need in problem.needs:
        if need.key in teams:
            others = partial(other_visits, loads, need.key)
            found += breaks_of_team(problem, need, teams[need.key], others)
    return found


def other_visits(loads: Mapping[str, Collection[str]], visit: str, key: str) -> list[str]:
    """Return the visits of an assessor other than `visit`. `loads` has the visits of each assessor."""
    return [other for other in loads.get(key, ()) if other != visit]


def breaks_of_team(problem: Problem, need: Need, team: Team, others: Callable[[str], Collection[str]]) -> list[Break]:
    """Return the rules that one team breaks. `others` returns the keys of the other visits of an assessor by key."""
    return [
        *_breaks_of_members(problem, need, team),
        *_breaks_of_pair(problem, need, team),
        *_breaks_of_loads(problem, need, team, others),
    ]


def seats_of(team: Team) -> Iterator[tuple[Seat, str]]:
    """Yield the seats that are not empty, each with the key of the assessor."""
    for seat in Seat:
        key = team.at(seat)
        if key is not None:
            yield seat, key


def _breaks_of_members(problem: Problem, need: Need, team: Team) -> Iterator[Break]:
    for seat, key in seats_of(team):
        for rule in find_exclusions(problem.assessor[key], need, seat):
            yield Break(rule, need.key, seat, key)


def _breaks_of_pair(problem: Problem, need: Need, team: Team) -> Iterator[Break]:
    if not team.is_full:
        return
    lead, second = (problem.assessor[key] for key in team.members)
    if lead == second:
        yield Break(Rule.SAME_PERSON, need.key, Seat.SECOND, second.key)
    elif lead.country == second.country:
        yield Break(Rule.SAME_COUNTRY, need.key, Seat.SECOND, second.key)
    if not (speaks(lead, need) or speaks(second, need)) and needs_a_speaker(problem, need):
        yield Break(Rule.NOBODY_SPEAKS, need.key, Seat.SECOND, second.key)


def _breaks_of_loads(
    problem: Problem, need: Need, team: Team, others: Callable[[str], Collection[str]]
) -> Iterator[Break]:
    for seat, key in seats_of(team):
        assessor, visits = problem.assessor[key], others(key)
        if assessor.visits < assessor.most_visits < assessor.visits + len(visits) + 1:
            yield Break(Rule.NO_VISIT_LEFT, need.key, seat, key)
        for other in (problem.need[visit] for visit in visits):
            if need.days and other.days and need.days.overlaps(other.days):
                yield Break(Rule.OTHER_VISIT, need.key, seat, key, other.key)


def find_cliques(needs: Collection[Need]) -> list[tuple[str, ...]]:
    """Return the maximal sets of visits that share a day. An assessor can be on at most one visit of each set."""
    dated = sorted((need.days, need.key) for need in needs if need.days)
    sets = [
        frozenset(key for days, key in dated if days.first <= first <= days.last)
        for first in sorted({days.first for days, _key in dated})
    ]
    largest = [one for one in sets if len(one) > 1 and not any(one < other for other in sets)]
    return sorted({tuple(sorted(one)) for one in largest})
