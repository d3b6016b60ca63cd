"""The pace that an open self-assessment needs to be complete by its last day, and its pace so far. No database."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

WINDOW = 14
"""The number of days over which the pace so far is measured."""
FEWEST_DAYS = 3
"""The least number of days from which the pace so far is used for a forecast."""


class Ahead(StrEnum):
    """The time that an open self-assessment has left."""

    COMPLETE = "complete"
    """Every indicator is answered, and has its figures."""
    NO_LAST_DAY = "no_last_day"
    OVER = "over"
    """Its last day has passed, and an indicator is unanswered."""
    LAST_DAY = "last_day"
    DAYS = "days"
    """Less than two weeks are left: the rate is per day."""
    WEEKS = "weeks"


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace of a self-assessment, in numbers of indicators.

    `left` are unanswered or lack their figures, `until` is the last day if there is one, and `recent` were answered in the last `window`
    days, today included.
    """

    left: int
    today: date
    until: date | None
    recent: int = 0
    window: int = WINDOW
    from_figures: int = 0
    """How many of those left are filled from figures."""

    @property
    def days(self) -> int:
        """The number of days from today to the last day: negative after it, 0 if there is none."""
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
        """The number of indicators to answer per week, rounded, at least 1; in the last two weeks per day, rounded up.

        0 if nothing is left, on the last day, after it, or if there is none.
        """
        if self.ahead is Ahead.WEEKS:
            return max((self.left * 14 + self.days) // (self.days * 2), 1)
        return -(-self.left // self.days) if self.ahead is Ahead.DAYS else 0

    @property
    def finishes_on(self) -> date | None:
        """The day on which it is complete at the pace so far; None if there is no forecast."""
        if not self.left or not self.recent or self.window < FEWEST_DAYS:
            return None
        days = -(-self.left * self.window // self.recent)
        return self.today + timedelta(days=days) if days <= (date.max - self.today).days else None

    @property
    def days_early(self) -> int | None:
        """The number of days from `finishes_on` to the last day: negative if it is later, None if either is unknown."""
        return (self.until - self.finishes_on).days if self.until and self.finishes_on else None
