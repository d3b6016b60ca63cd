"""The first and the last possible day of every day that a person sets, declared once for forms and acts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from evaluation.models.reasons import Reason

_YEAR = 365


@dataclass(frozen=True, slots=True)
class DayBounds:
    """How many days before and after a base day, usually today, the day may be."""

    before: int
    after: int

    def around(self, base: date) -> tuple[date, date]:
        """Return the first and the last possible day."""
        return base - timedelta(days=self.before), base + timedelta(days=self.after)


BOUNDS = {
    "round.opens_on": DayBounds(_YEAR, 2 * _YEAR),
    "round.answers_until": DayBounds(0, _YEAR),
    "round.figures": DayBounds(10 * _YEAR, _YEAR),
    "consultation.opens_on": DayBounds(_YEAR, 2 * _YEAR),
    "consultation.closes_on": DayBounds(0, _YEAR),
    "assignment.until": DayBounds(0, _YEAR),
    "visit.starts_on": DayBounds(0, 3 * _YEAR),
    "absence": DayBounds(_YEAR, 3 * _YEAR),
    "evidence.begins_on": DayBounds(100 * _YEAR, 5 * _YEAR),
    "evidence.ends_on": DayBounds(100 * _YEAR, 30 * _YEAR),
    "recommendation.due_on": DayBounds(0, 5 * _YEAR),
}
"""The bounds of each day by its name. The base is today in the zone of the object.

`round.answers_until` and `consultation.closes_on` count from the opening if that is to come, and the figures of a round
from its opening. The days of conditions, appeals and answers follow from the decision and the procedure of the edition:
see `panel.decisions.DayRange`.
"""


def find_day_reasons(name: str, day: date | None, base: date) -> Iterator[Reason]:
    """Yield a reason with both bounds if the day is outside those of `name` around `base`. None has no bounds."""
    first, last = BOUNDS[name].around(base)
    if day is not None and not first <= day <= last:
        yield Reason("day_outside", day=first, last=last)
