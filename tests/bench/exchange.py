"""Measures the proposed programme of visits in networks of two sizes."""

import time
from collections.abc import Iterable
from random import Random

from evaluation.exchanges.distances import CAPITALS
from evaluation.exchanges.matches import Offer, Side, find_matches
from evaluation.exchanges.proposal import propose_programme
from tests.bench.floors import Floor
from tests.bench.timing import measure

SIZES = (32, 300)
"""The numbers of hotlines."""
LANGUAGES = ("en", "fr", "de", "pl", "es", "it")


def measure_exchange(sizes: Iterable[int] = SIZES, *, times: int = 15) -> None:
    """Measure the programme; the floor is the matches of all pairs.

    Times are processor times, as of everything that grows.
    """
    smaller = None
    for count in sizes:
        sides = invent_network(count)
        smaller = measure(
            f"programme of visits, {count} hotlines",
            lambda sides=sides: propose_programme(sides, 1),  # type: ignore[misc] # of this size
            times=times,
            floor=Floor("matches of all pairs", lambda sides=sides: [find_matches(side, sides) for side in sides]),  # type: ignore[misc] # the same
            smaller=smaller,
            clock=time.process_time,
        )


def invent_network(count: int) -> list[Side]:
    """Return hotlines that are weak in 25 of 124 indicators and strong in 40.

    Three of five host one to three others.
    """
    dice, places = Random(count), list(CAPITALS.values())
    sides = []
    for number in range(count):
        keys = dice.sample(range(124), 65)
        weak = {f"k{key}": dice.choice((1, 2, 3, 6)) for key in keys[:25]}
        strong = frozenset(f"k{key}" for key in keys[25:])
        languages = frozenset(dice.sample(LANGUAGES, 2))
        offer = Offer(dice.randint(1, 3), languages, strong) if dice.random() < 0.6 else None
        sides.append(Side(f"{number:03}", languages, weak, offer, places[number % len(places)]))
    return sides
