"""The status of a hotline on a day, from its publications and the steps since."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.accreditation.status import histories_of, read_status, status_on
from evaluation.models import Accreditation, Evaluation
from evaluation.workflow import perform
from tests.bystander import new
from tests.factories import DecisionFactory, HotlineFactory, IssueFactory, scorecard_of, withdraw
from tests.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._set = monkeypatch.setattr

    def set_to(self, moment: str) -> None:
        """Set the clock to this moment in Brussels, in winter."""
        now = datetime.fromisoformat(f"{moment}+01:00").astimezone(UTC)
        self._set(timezone, "now", lambda: now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def kinds(hotline, *days: date) -> list[str]:
    return [status_on(hotline, day).kind for day in days]


def published(clock: Clock, moment: str, *, until: date, decided_on: date):
    """Return a hotline whose outcome was published at that moment."""
    stage = Stage.minimal("decision")
    decision = DecisionFactory(scorecard=stage.scorecard, decided_on=decided_on, valid_until=until)
    IssueFactory(decision=decision)
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state="decided")
    stage.evaluation.refresh_from_db()
    clock.set_to(moment)
    perform(stage.evaluation, "publish", by=stage.people.mce)
    return stage


def test_a_hotline_of_which_nothing_was_published_has_none():
    found = status_on(HotlineFactory(), date(2026, 5, 4))
    assert (found.kind, found.decision, found.step, found.is_accredited) == ("none", None, None, False)


def test_a_day_counts_to_its_end_where_the_round_keeps_its_deadlines(clock):
    stage = published(clock, "2026-01-10T00:30", until=date(2028, 2, 29), decided_on=date(2026, 1, 2))
    hotline = stage.evaluation.hotline
    assert kinds(hotline, date(2026, 1, 9), date(2026, 1, 10)) == ["none", "accredited"]
    assert kinds(hotline, date(2028, 2, 29), date(2028, 3, 1)) == ["accredited", "expired"]
    found = status_on(hotline, date(2028, 3, 1))
    assert (found.since, found.until, found.decision) == (
        date(2028, 3, 1),
        date(2028, 2, 29),
        stage.evaluation.decisions.get(),
    )


def test_each_step_says_from_which_day_on_it_holds(clock):
    stage = published(clock, "2026-01-10T12:00", until=date(2029, 1, 2), decided_on=date(2026, 1, 2))
    accreditation, hotline = new(Accreditation).get(), stage.evaluation.hotline
    for moment, name in (
        ("2026-02-01T23:59", "suspend"),
        ("2026-02-10T00:01", "reinstate"),
        ("2026-02-10T23:00", "suspend"),
        ("2026-02-20T12:00", "withdraw"),
    ):
        clock.set_to(moment)
        if name == "withdraw":
            withdraw(accreditation, by=stage.people.mce)
        else:
            perform(accreditation, name, by=stage.people.mce, note="As it was.")
    days = [
        date(2026, 1, 31),
        date(2026, 2, 1),
        date(2026, 2, 9),
        date(2026, 2, 10),
        date(2026, 2, 19),
        date(2026, 2, 20),
    ]
    assert kinds(hotline, *days) == ["accredited", "suspended", "suspended", "suspended", "suspended", "withdrawn"]
    assert status_on(hotline, date(2099, 1, 1)).kind == "withdrawn"
    found = status_on(hotline, date(2026, 2, 12))
    assert (found.step.move, found.since, found.until) == ("suspend", date(2026, 2, 10), date(2029, 1, 2))


def test_what_is_suspended_ends_like_anything_else(clock):
    stage = published(clock, "2026-01-10T12:00", until=date(2027, 1, 2), decided_on=date(2026, 1, 2))
    perform(new(Accreditation).get(), "suspend", by=stage.people.mce, note="As it was.")
    assert kinds(stage.evaluation.hotline, date(2027, 1, 2), date(2027, 1, 3)) == ["suspended", "expired"]


def test_the_status_does_not_wait_for_the_calendar_and_does_not_follow_its_clock(clock):
    stage = published(clock, "2026-01-10T12:00", until=date(2027, 1, 2), decided_on=date(2026, 1, 2))
    before = kinds(stage.evaluation.hotline, date(2027, 1, 2), date(2027, 1, 3))
    clock.set_to("2027-06-01T12:00")
    perform(new(Accreditation).get(), "expire", by=None)
    found = status_on(stage.evaluation.hotline, date(2027, 1, 3))
    assert before == ["accredited", "expired"]
    assert (found.kind, found.since, found.step.move) == ("expired", date(2027, 1, 3), "expire")


def test_a_newer_outcome_counts_from_the_day_it_is_published(clock):
    stage = published(clock, "2026-01-10T12:00", until=date(2029, 1, 2), decided_on=date(2026, 1, 2))
    newest = DecisionFactory(
        scorecard=scorecard_of(stage.evaluation),
        replaces=stage.evaluation.decisions.get(),
        decided_on=date(2026, 3, 1),
        outcome="conditional",
        valid_until=date(2027, 3, 1),
    )
    IssueFactory(decision=newest)
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state="decided")
    stage.evaluation.refresh_from_db()
    clock.set_to("2026-03-05T12:00")
    perform(stage.evaluation, "publish", by=stage.people.mce)
    hotline = stage.evaluation.hotline
    assert kinds(hotline, date(2026, 3, 4), date(2026, 3, 5), date(2027, 3, 2)) == [
        "accredited",
        "conditional",
        "expired",
    ]
    assert status_on(hotline, date(2026, 3, 5)).decision == newest


def test_histories_of_many_hotlines_take_as_many_questions_as_of_one():
    def ask(count: int) -> int:
        hotlines = [Stage.minimal("published").evaluation.hotline for _ in range(count)]
        with CaptureQueriesContext(connection) as asked:
            for history in histories_of(hotlines).values():
                assert read_status(history, date(2026, 6, 1) + timedelta(days=1)).kind == "accredited"
        return len(asked)

    ask(1)
    assert ask(4) == ask(1) == 3
