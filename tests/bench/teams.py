"""Measures the assignment of teams for a large round, of invented visits and assessors."""

from datetime import date, timedelta
from itertools import product
from random import Random
from typing import TYPE_CHECKING

from evaluation.visits.assignment import Assessor, Need, Period, Problem, assign
from tests.bench.floors import Floor
from tests.bench.timing import measure

if TYPE_CHECKING:
    from tests.bench.measuring import Ground

LANGUAGES = [
    "en",
    "fr",
    "de",
    "it",
    "es",
    "pl",
    "pt",
    "hr",
    "lt",
    "el",
    "bg",
    "ro",
    "hu",
    "cs",
    "da",
    "nl",
    "sv",
    "fi",
    "et",
    "sl",
    "uk",
    "tr",
]
DOMAINS = [f"domain-{number}" for number in range(9)]
SEASON = date(2026, 5, 4)


def invent_problem(visits: int, people: int, *, seed: int = 1, with_days: bool = False) -> Problem:
    """Return a problem of this size. Assessors come from the first forty countries."""
    dice = Random(seed)
    countries = ["".join(letters) for letters in product("ABCDEFGHIJKLMNOPQR", repeat=2)][:visits]
    homes = [*countries[:40], "ZA", "ZB", "ZC"]

    def days(length: int) -> Period | None:
        first = SEASON + timedelta(days=dice.randrange(150))
        return Period(first, first + timedelta(days=length)) if with_days else None

    def pick(values: list[str], *counts: int) -> frozenset[str]:
        return frozenset(dice.sample(values, min(len(values), dice.choice(counts))))

    needs = [Need(country, pick(LANGUAGES, 1, 1, 2), pick(DOMAINS, 0, 1, 2, 3), days(2)) for country in countries]
    assessors = [
        Assessor(
            key=f"a{number:04}",
            country=dice.choice(homes),
            languages=pick(LANGUAGES, 1, 2) | {"en"},
            domains=pick(DOMAINS, 1, 2, 3, 4),
            can_lead=dice.random() < 0.6,
            most_visits=dice.choice((1, 2, 2, 3)),
            is_experienced=dice.random() < 0.6,
            absences=tuple(away for away in (days(14),) if away),
            tied=pick(countries, 1),
            last_visited=pick(countries, 1),
        )
        for number in range(people)
    ]
    return Problem.of(needs, assessors)


def measure_teams(ground: "Ground") -> None:
    """Measure assigning 300 visits to 400 assessors. The floor is HiGHS on the relaxation over the first columns."""
    from evaluation.visits.assignment.programme import Candidates, Relaxation
    from evaluation.visits.assignment.solving import first_columns

    visits, people = (300, 400) if ground.scale.is_full else (8, 12)
    problem = invent_problem(visits, people)
    candidates = Candidates(problem)
    columns = list(first_columns(candidates))
    measure(
        f"assign {visits} visits to {people} assessors",
        lambda: assign(problem),
        times=ground.scale.runs(3),
        floor=Floor("HiGHS, once, in fractions", lambda: Relaxation(candidates, columns).solve()),
    )
