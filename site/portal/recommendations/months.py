"""A calendar of due days: a grid and a list for each month with due days."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format

from portal.presentation.scorecard.conditions import ShownCondition
from portal.recommendations.rows import Shown


@dataclass(frozen=True, slots=True)
class Day:
    """A square of the grid. Its date is None if the day belongs to another month."""

    date: date | None
    due: int
    is_today: bool

    @property
    def place(self) -> str:
        """The fragment of this day in the list of the month."""
        return f"d{self.date:%Y-%m-%d}" if self.date else ""


@dataclass(frozen=True, slots=True)
class Due:
    """The recommendations and conditions that are due on one day."""

    date: date
    shown: list[Shown]
    conditions: list[ShownCondition]

    @property
    def count(self) -> int:
        return len(self.shown) + len(self.conditions)

    @property
    def place(self) -> str:
        return f"d{self.date:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Month:
    first: date | None
    """The first day; None for recommendations without a day."""
    weekdays: list[tuple[str, str]]
    weeks: list[list[Day]]
    days: list[Due]
    undated: list[Shown]

    @property
    def title(self) -> str:
        return date_format(self.first, "YEAR_MONTH_FORMAT") if self.first else ""

    @property
    def count(self) -> int:
        return sum(due.count for due in self.days) + len(self.undated)


def weekdays_from(first: int) -> list[tuple[str, str]]:
    """Return long and short names of the weekdays, beginning with `first`, where 0 is Sunday as in Django's formats."""
    order = [(first + place - 1) % 7 for place in range(7)]  # Django names Monday 0
    return [(str(WEEKDAYS[day]), str(WEEKDAYS_ABBR[day])) for day in order]


def months_of(
    shown: Iterable[Shown], today: date, first_weekday: int, conditions: Iterable[ShownCondition] = ()
) -> list[Month]:
    """Return the months with due days, in order; recommendations without a day are last."""
    by_day: dict[date, Due] = {}
    undated = []
    for condition in conditions:
        by_day.setdefault(condition.due_on, Due(condition.due_on, [], [])).conditions.append(condition)
    for one in shown:
        if one.recommendation.due_on is None:
            undated.append(one)
        else:
            day = one.recommendation.due_on
            by_day.setdefault(day, Due(day, [], [])).shown.append(one)
    firsts = sorted({day.replace(day=1) for day in by_day})
    months = [_month(first, by_day, today, first_weekday) for first in firsts]
    return [*months, Month(None, [], [], [], undated)] if undated else months


def _month(first: date, by_day: dict[date, Due], today: date, first_weekday: int) -> Month:
    grid = calendar.Calendar((first_weekday - 1) % 7).monthdatescalendar(first.year, first.month)
    return Month(
        first=first,
        weekdays=weekdays_from(first_weekday),
        weeks=[
            [
                Day(day, by_day[day].count if day in by_day else 0, day == today)
                if day.month == first.month
                else Day(None, 0, False)
                for day in week
            ]
            for week in grid
        ],
        days=[by_day[day] for day in sorted(by_day) if day.replace(day=1) == first],
        undated=[],
    )
