"""The pace of a self-assessment: the needed answers per week or day, and when it will be complete at this pace."""

from datetime import date, timedelta

import pytest

from evaluation.answers.deadline.pace import Ahead, Pace

TODAY = date(2027, 3, 7)


def pace(left: int, days: int | None, *, recent: int = 0, window: int = 14) -> Pace:
    until = None if days is None else TODAY + timedelta(days=days)
    return Pace(left, TODAY, until, recent, window)


@pytest.mark.parametrize(
    ("left", "days", "ahead", "rate"),
    [
        (28, 45, Ahead.WEEKS, 4),
        (124, 180, Ahead.WEEKS, 5),
        (1, 180, Ahead.WEEKS, 1),
        (1000, 14, Ahead.WEEKS, 500),
        (28, 13, Ahead.DAYS, 3),
        (1, 13, Ahead.DAYS, 1),
        (9, 1, Ahead.DAYS, 9),
        (9, 0, Ahead.LAST_DAY, 0),
        (9, -1, Ahead.OVER, 0),
        (9, None, Ahead.NO_LAST_DAY, 0),
        (0, 45, Ahead.COMPLETE, 0),
        (0, -3, Ahead.COMPLETE, 0),
        (0, None, Ahead.COMPLETE, 0),
    ],
)
def test_the_rate_is_of_weeks_then_of_days(left: int, days: int | None, ahead: Ahead, rate: int):
    found = pace(left, days)
    assert (found.days, found.ahead, found.rate) == (days or 0, ahead, rate)


def test_whoever_keeps_the_daily_rate_is_complete_in_time():
    for left in range(1, 130):
        for days in range(1, 14):
            rate = pace(left, days).rate
            assert rate * days >= left > (rate - 1) * days


@pytest.mark.parametrize(
    ("left", "days", "recent", "window", "finishes", "early"),
    [
        (31, 24, 29, 14, date(2027, 3, 22), 9),
        (31, 24, 10, 14, date(2027, 4, 20), -20),
        (2, 2, 14, 14, date(2027, 3, 9), 0),
        (31, None, 29, 14, date(2027, 3, 22), None),
        (31, 24, 0, 14, None, None),
        (31, 24, 5, 2, None, None),
        (0, 24, 5, 14, None, None),
        (10**9, 24, 1, 14, None, None),
    ],
)
def test_the_pace_so_far_says_when_it_is_complete(
    left: int, days: int | None, recent: int, window: int, finishes: date | None, early: int | None
):
    found = pace(left, days, recent=recent, window=window)
    assert (found.finishes_on, found.days_early) == (finishes, early)
