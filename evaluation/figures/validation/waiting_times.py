"""Validate waiting times: if minutes are read as seconds, every call seems to be answered in time. Pure."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from evaluation.figures.problems.file_problems import Problem

WAIT, ANSWERED, IN_TIME = "A08", "A04", "A07"
TARGET = 20
"""The seconds within which calls of A07 are answered."""
SHORTEST_MEAN = 2
"""In seconds, the lowest possible mean: less than one ring of a telephone."""
UNUSUAL_MEAN = 5
LONGEST_MEAN = 3600
FEWEST_CALLS = 20
"""The fewest calls whose waiting times are judged: fewer may all have been answered at once."""

IMPOSSIBLE = ("wait_too_short", "wait_too_long", "wait_contradicts", "wait_above")
"""The codes of the problems of impossible waiting times."""

Totals = Mapping[str, Decimal | None]


def find_impossible_waits(totals: Totals) -> Iterator[Problem]:
    """Yield at most one problem. Calls not answered in time waited longer, which gives a lower bound of the mean."""
    wait, answered, in_time = (totals[item] for item in (WAIT, ANSWERED, IN_TIME))
    if wait is None or answered == 0:
        return
    if wait < SHORTEST_MEAN and (answered is None or answered >= FEWEST_CALLS):
        yield Problem("wait_too_short", column="value", item=WAIT, params={"limit": SHORTEST_MEAN})
    elif wait > LONGEST_MEAN:
        yield Problem("wait_too_long", column="value", item=WAIT)
    elif answered is not None and in_time is not None and in_time <= answered:
        if Fraction(wait) * Fraction(answered) < TARGET * Fraction(answered - in_time):
            yield Problem("wait_contradicts", column="value", item=WAIT, params={"other": IN_TIME})
        elif in_time == answered and wait > TARGET:
            yield Problem("wait_above", column="value", item=WAIT, params={"other": IN_TIME})


def find_unusual_waits(totals: Totals) -> Iterator[Problem]:
    """Yield at most one warning, for values that are possible but typical of minutes that are read as seconds."""
    wait, answered, in_time = (totals[item] for item in (WAIT, ANSWERED, IN_TIME))
    if answered is not None and answered >= FEWEST_CALLS and in_time == answered:
        yield Problem("all_in_time", item=IN_TIME, params={"count": int(answered)})
    elif wait is not None and answered != 0 and wait <= UNUSUAL_MEAN:
        yield Problem("wait_strange", column="value", item=WAIT, params={"seconds": format(wait.normalize(), "f")})
