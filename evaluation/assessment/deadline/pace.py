"""How fast an open self-assessment has to go on to be complete by its last day, and how fast it has gone. No database."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

WINDOW = 14
"""The days over which the pace so far is measured."""
FEWEST_DAYS = 3
"""The days after which the pace so far says something."""


class Ahead(StrEnum):
    """What lies ahead of a self-assessment."""

    COMPLETE = "complete"
    """Nothing is left."""
    NO_LAST_DAY = "no_last_day"
    OVER = "over"
    """Its last day is over, and something is left."""
    LAST_DAY = "last_day"
    DAYS = "days"
    """Less than two weeks, which are counted in days."""
    WEEKS = "weeks"


@dataclass(frozen=True, slots=True)
class Pace:
    """What is left, until when, and how many have been answered in the last `window` days, today included."""

    left: int
    today: date
    until: date | None
    recent: int = 0
    window: int = WINDOW

    @property
    def days(self) -> int:
        """The days from today to the last day; negative once it is over, 0 without one."""
        return (self.until - self.today).days if self.until else 0

    @property
    def ahead(self) -> Ahead:
        if not self.left:
            return Ahead.COMPLETE
        if self.until is None:
            return Ahead.NO_LAST_DAY
        if self.days <= 0:
            return Ahead.OVER if self.days else Ahead.LAST_DAY
        return Ahead.DAYS if self.days < WINDOW else Ahead.WEEKS

    @property
    def rate(self) -> int:
        """How many are to be answered a week, to the nearest and at least 1; in the last two weeks a day, rounded up.

        0 where nothing is left or no day is to come.
        """
        if self.ahead is Ahead.WEEKS:
            return max((self.left * 14 + self.days) // (self.days * 2), 1)
        return -(-self.left // self.days) if self.ahead is Ahead.DAYS else 0

    @property
    def finishes_on(self) -> date | None:
        """The day on which it is complete at the pace so far; None where that says nothing."""
        if not self.left or not self.recent or self.window < FEWEST_DAYS:
            return None
        days = -(-self.left * self.window // self.recent)
        return self.today + timedelta(days=days) if days <= (date.max - self.today).days else None

    @property
    def days_early(self) -> int | None:
        """By how many days that is before the last day; negative if it is after it, None where either is unknown."""
        return (self.until - self.finishes_on).days if self.until and self.finishes_on else None
