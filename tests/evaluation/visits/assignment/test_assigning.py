"""The assignment of teams: it breaks no rule, has the minimal cost, and says if that could not be proved."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.visits.assignment import (
    Assessor,
    Cost,
    Need,
    Period,
    Problem,
    Rule,
    Seat,
    Team,
    assign,
    cost_of_teams,
    explain_seat,
    find_alternatives,
    find_breaks,
    solving,
)
from evaluation.visits.assignment.programme import Candidates
from evaluation.visits.assignment.rules import find_cliques
from tests.bench.teams import invent_problem

COUNTRIES = ("XA", "XB", "XC", "XS", "XT")
LANGUAGES = ("en", "fr", "pl")
DOMAINS = ("access", "care")
MAY = date(2026, 5, 4)


def days(first: int, last: int) -> Period:
    return Period(MAY + timedelta(days=first), MAY + timedelta(days=last))


periods = st.tuples(st.integers(0, 3), st.integers(0, 2)).map(lambda one: days(one[0], one[0] + one[1]))
subset = lambda values: st.frozensets(st.sampled_from(values), max_size=2)  # noqa: E731 - a strategy, as short as its name


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Draw a problem small enough to try every assignment."""
    needs = [
        Need(country, draw(subset(LANGUAGES)), draw(subset(DOMAINS)), draw(st.none() | periods))
        for country in draw(st.sampled_from([("XA",), ("XA", "XB"), ("XA", "XB")]))
    ]
    people = [
        Assessor(
            key=f"a{number}",
            country=draw(st.sampled_from(("", *COUNTRIES, *COUNTRIES))),
            languages=draw(subset(LANGUAGES)),
            domains=draw(subset(DOMAINS)),
            can_lead=draw(st.booleans()),
            most_visits=draw(st.integers(0, 2)),
            visits=draw(st.integers(0, 1)),
            is_experienced=draw(st.booleans()),
            absences=draw(st.lists(periods, max_size=1).map(tuple)),
            busy=draw(st.lists(periods, max_size=1).map(tuple)),
            tied=draw(subset(("XA", "XB", "XC"))) if draw(st.booleans()) else frozenset(),
            last_visited=frozenset({"XA"}) if draw(st.booleans()) else frozenset(),
        )
        for number in range(draw(st.integers(1, 4)))
    ]
    return Problem.of(needs, people)


# --- An oracle that shares no code with the rules --------------------------------------------------------------------


def may_sit(one: Assessor, need: Need, *, leads: bool) -> bool:
    away = [*one.absences, *one.busy] if need.days else []
    return (
        one.country not in ("", need.key)
        and need.key not in one.tied | one.last_visited
        and not any(not (p.last < need.days.first or need.days.last < p.first) for p in away)
        and (one.can_lead or not leads)
        and one.visits < one.most_visits
    )


def knows_language(one: Assessor, need: Need) -> bool:
    return not need.languages or bool(need.languages & one.languages)


def possible_teams(problem: Problem, need: Need) -> Iterator[Team]:
    """Yield every possible team of a visit. A seat may stay empty for somebody who speaks the language."""
    somebody_speaks = any(may_sit(a, need, leads=False) and knows_language(a, need) for a in problem.assessors)
    leads = [None, *(a for a in problem.assessors if may_sit(a, need, leads=True))]
    seconds = [None, *(a for a in problem.assessors if may_sit(a, need, leads=False))]
    for lead, second in product(leads, seconds):
        if lead and second:
            if lead.country == second.country:
                continue
            if somebody_speaks and not (knows_language(lead, need) or knows_language(second, need)):
                continue
        yield Team(lead and lead.key, second and second.key)


def price(problem: Problem, teams: dict[str, Team]) -> int | None:
    """Return the cost of an assignment, computed independently; None with too many visits or two on a day."""
    total, seen = 0, {a.key: a.visits for a in problem.assessors}
    for one in problem.assessors:
        mine = [problem.need[visit] for visit, team in teams.items() if one.key in (team.lead, team.second)]
        if one.visits + len(mine) > max(one.most_visits, one.visits):
            return None
        for a, b in combinations([need for need in mine if need.days], 2):
            if a.days.first <= b.days.last and b.days.first <= a.days.last:
                return None
        for _need in mine:
            total += 3 * seen[one.key]
            seen[one.key] += 1
    for visit, team in teams.items():
        need, people = problem.need[visit], [problem.assessor[key] for key in (team.lead, team.second) if key]
        total += 1000 * (2 - len(people)) + 4 * sum(not knows_language(one, need) for one in people)
        total += 2 * len([domain for domain in need.concerns if all(domain not in one.domains for one in people)])
        new = [one for one in people if not one.is_experienced]
        total += 6 if len(new) == 2 else 1 if len(people) == 2 and not new else 0
        total += 2 if team.lead and not problem.assessor[team.lead].is_experienced else 0
    return total


def cheapest(problem: Problem) -> int:
    teams = [list(possible_teams(problem, need)) for need in problem.needs]
    keys = [need.key for need in problem.needs]
    prices = (price(problem, dict(zip(keys, chosen, strict=True))) for chosen in product(*teams))
    return min(found for found in prices if found is not None)


@settings(max_examples=60)
@given(problems())
def test_a_small_assignment_is_the_cheapest_of_all_that_break_no_rule(problem: Problem):
    found = assign(problem)
    assert find_breaks(problem, found.teams) == []
    for need in problem.needs:
        assert found.teams[need.key] in list(possible_teams(problem, need))
    assert (found.cost, found.bound, found.gap) == (cheapest(problem), found.cost, 0)
    assert price(problem, found.teams) == found.cost


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(1, 14), st.integers(1, 25), st.booleans())
def test_no_assignment_breaks_a_rule_and_its_order_does_not_matter(seed: int, visits: int, people: int, dated: bool):
    problem = invent_problem(visits, people, seed=seed, with_days=dated)
    found = assign(problem)
    assert find_breaks(problem, found.teams) == []
    assert found.bound <= found.cost == sum(cost_of_teams(problem, found.teams).values())
    shuffled = list(problem.assessors)
    Random(seed).shuffle(shuffled)
    assert assign(Problem.of(reversed(problem.needs), shuffled)).teams == found.teams


def test_the_programme_stands_in_one_order_whatever_the_hashes_of_a_process():
    domains = frozenset(f"domain-{number}" for number in range(9))
    problem = Problem.of([replace(NEED, concerns=domains)], [replace(ANNA, domains=domains)])
    rows = Candidates(problem).find(("XA", Seat.LEAD, "anna")).profile.rows
    assert [name[2] for name, _amount in rows if name[1] == "concern"] == sorted(domains)


def test_where_the_proof_is_cut_short_the_bound_is_still_true(monkeypatch):
    problem = invent_problem(20, 26, seed=5)
    proven = assign(problem)
    monkeypatch.setattr(solving, "MOST_COLUMNS", 0)
    monkeypatch.setattr(solving, "NEAR", 0)
    hasty = assign(problem)
    assert hasty.bound <= proven.cost <= hasty.cost
    assert find_breaks(problem, hasty.teams) == []


# --- Rule by rule ----------------------------------------------------------------------------------------------------

NEED = Need("XA", frozenset({"pl"}), frozenset({"care"}), days(0, 1))
ANNA = Assessor("anna", "XS", frozenset({"pl"}), frozenset({"care"}), is_experienced=True)
BERT = Assessor("bert", "XT", frozenset({"en"}))


def team_of(*people: Assessor, need: Need = NEED) -> Team:
    return assign(Problem.of([need], people)).teams["XA"]


def test_the_one_who_knows_it_leads_and_the_other_learns():
    assert team_of(ANNA, BERT) == Team("anna", "bert")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"country": ""}, Rule.COUNTRY_UNKNOWN),
        ({"country": "XA"}, Rule.OWN_COUNTRY),
        ({"tied": frozenset({"XA"})}, Rule.TIED),
        ({"last_visited": frozenset({"XA"})}, Rule.LAST_VISIT),
        ({"absences": (days(1, 9),)}, Rule.ABSENT),
        ({"busy": (days(-3, 0),)}, Rule.BUSY),
        ({"can_lead": False}, Rule.CANNOT_LEAD),
        ({"most_visits": 1, "visits": 1}, Rule.NO_VISIT_LEFT),
        ({"most_visits": 0}, Rule.NO_VISIT_LEFT),
        ({"country": "XT"}, Rule.SAME_COUNTRY),
    ],
)
def test_who_is_out_is_not_taken_and_it_is_said_why(change: dict[str, object], rule: Rule):
    problem = Problem.of([NEED], [replace(ANNA, **change), BERT])  # type: ignore[arg-type] # fields by name
    assert [one.rule for one in find_breaks(problem, {"XA": Team("anna", "bert")})] == [rule]
    assert assign(problem).teams["XA"] != Team("anna", "bert")
    others = {"XA": Team(None, "bert")}
    assert [broken.rule for one in find_alternatives(problem, others, "XA", Seat.LEAD) for broken in one.breaks] == [
        rule
    ]


def test_nobody_is_both_lead_and_second():
    problem = Problem.of([NEED], [ANNA])
    assert [one.rule for one in find_breaks(problem, {"XA": Team("anna", "anna")})] == [Rule.SAME_PERSON]
    assert len(assign(problem).teams["XA"].members) == 1


def test_somebody_speaks_the_language_if_somebody_can():
    others = [BERT, replace(BERT, key="carl", country="XU")]
    assert team_of(*others) != Team(), "nobody speaks it: it is said, and does not stop the visit"
    speaker = replace(ANNA, most_visits=1)
    problem = Problem.of([NEED, Need("XB", frozenset({"pl"}))], [speaker, *others])
    teams = assign(problem).teams
    assert sorted(len(team.members) for team in teams.values()) == [1, 2], (
        "one seat is kept for a speaker who is missing"
    )
    broken = find_breaks(problem, {"XA": Team("bert", "carl")})
    assert [one.rule for one in broken] == [Rule.NOBODY_SPEAKS]


def test_two_visits_on_the_same_days_are_not_one_persons():
    later = Need("XB", days=days(1, 2))
    problem = Problem.of([NEED, later], [ANNA, BERT])
    broken = find_breaks(problem, {"XA": Team("anna", "bert"), "XB": Team("anna", None)})
    assert [(one.rule, one.visit, one.other) for one in broken] == [
        (Rule.OTHER_VISIT, "XA", "XB"),
        (Rule.OTHER_VISIT, "XB", "XA"),
    ]
    teams = assign(problem).teams
    assert len(teams["XA"].members) + len(teams["XB"].members) == 2
    apart = Problem.of([NEED, replace(later, days=days(2, 3))], [ANNA, BERT])
    assert all(team.is_full for team in assign(apart).teams.values())


def test_the_days_on_which_visits_meet_are_found_once():
    needs = [Need("XA", days=days(0, 2)), Need("XB", days=days(1, 4)), Need("XC", days=days(2, 3)), Need("XD")]
    assert find_cliques(needs) == [("XA", "XB", "XC")]
    assert find_cliques([needs[0], Need("XB", days=days(3, 4))]) == []


def test_visits_are_shared_out():
    needs = [Need(f"X{letter}") for letter in "ABC"]
    people = [replace(BERT, key=f"p{n}", country=f"Y{n}", most_visits=3) for n in range(6)]
    teams = assign(Problem.of(needs, people)).teams
    assert len({key for team in teams.values() for key in team.members}) == 6


def test_without_visits_or_without_people_there_is_no_team():
    assert assign(Problem.of([], [ANNA])).teams == {}
    assert assign(Problem.of([NEED], [])).costs == {Cost.EMPTY: 2000, Cost.CONCERN: 2}


def test_it_is_explained_who_has_a_seat_and_what_another_would_cost():
    carl = Assessor("carl", "XU", frozenset({"en"}), is_experienced=True)
    problem = Problem.of([NEED], [ANNA, BERT, carl])
    teams = {"XA": Team("anna", "bert")}
    found = explain_seat(problem, teams, "XA", Seat.LEAD)
    assert found is not None
    assert (found.languages, found.concerns, found.is_experienced) == ({"pl"}, {"care"}, True)
    assert (found.visits, found.most_visits) == (1, 2)
    assert explain_seat(problem, {"XA": Team()}, "XA", Seat.LEAD) is None
    (other,) = find_alternatives(problem, teams, "XA", Seat.SECOND)
    changed = cost_of_teams(problem, {"XA": Team("anna", "carl")})
    assert other.cost == sum(changed.values()) - sum(cost_of_teams(problem, teams).values()) == 1
