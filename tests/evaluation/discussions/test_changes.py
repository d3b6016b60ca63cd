"""What others changed since somebody last opened the pages: when that is recorded, and what is new to whom."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation import queries
from evaluation.discussions.assignments import assign
from evaluation.discussions.changes import Changes, find_changes, record_view
from evaluation.discussions.discussions import add_comment
from evaluation.models import Audience, Evaluation, LastLook, Role, User
from evaluation.workflow import write_step
from tests.factories import EvidenceFactory, HotlineFactory, evaluation_of, person, write_answer

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]

NOW = timezone.now()


@pytest.fixture
def evaluation() -> Evaluation:
    return evaluation_of(HotlineFactory())


@pytest.fixture
def me(evaluation: Evaluation) -> User:
    return person(Role.CONTRIBUTOR, hotline=evaluation.hotline, name="Sofía")


@pytest.fixture
def colleague(evaluation: Evaluation) -> User:
    return person(Role.COORDINATOR, hotline=evaluation.hotline, name="Ilze")


def new_to(user: User, evaluation: Evaluation) -> Changes:
    return find_changes(evaluation, user, NOW - timedelta(days=1), queries.steps_of(evaluation))


def rows_by_person(changes: Changes) -> list[tuple[str, str, tuple[str, ...], int]]:
    return sorted((c.kind, c.by.name if c.by else "", c.codes, c.count) for c in changes.by_person)


# --- Records of the last visit of the pages --------------------------------------------------------------------------


def test_what_is_new_stays_while_somebody_stays_and_is_known_once_they_have_been_away(
    evaluation: Evaluation, me: User, colleague: User
):
    def look(minutes: int, user: User = me) -> float | None:
        since = record_view(evaluation, user, NOW + timedelta(minutes=minutes))
        return None if since is None else (since - NOW).total_seconds() / 60

    assert [look(0), look(1), look(20)] == [None, None, None]
    assert look(60) == 20
    assert [look(61), look(70), look(99)] == [20, 20, 20]
    assert look(200) == 99
    assert look(200, colleague) is None
    assert LastLook.objects.count() == 2


def test_a_stay_is_written_every_few_minutes_only(evaluation: Evaluation, me: User):
    record_view(evaluation, me, NOW)
    for minutes, number in ((1, 1), (5, 1), (6, 2), (7, 1)):
        with CaptureQueriesContext(connection) as asked:
            record_view(evaluation, me, NOW + timedelta(minutes=minutes))
        assert len(asked) == number


# --- Changes ---------------------------------------------------------------------------------------------------------


def test_what_others_did_is_new_and_what_one_did_oneself_is_not(evaluation: Evaluation, me: User, colleague: User):
    write_answer(evaluation, "1.1.2", level=1, by=colleague, at=NOW - timedelta(days=2))
    write_answer(evaluation, "1.2.1", level=1, by=colleague, at=NOW)
    write_answer(evaluation, "1.2.1", level=2, by=me, at=NOW)
    write_answer(evaluation, "1.1.1", level=2, by=colleague, at=NOW)
    write_answer(evaluation, "1.1.1", level=3, by=colleague, at=NOW)
    for by in (me, colleague, colleague):
        EvidenceFactory(evaluation=evaluation, code="1.1.1", added_by=by)
    add_comment(evaluation, "1.2.1", Audience.HOTLINE, words="Who answers at night?", mentioned=set(), by=colleague)
    assign(evaluation, ["1.1.1", "1.1.2"], to=me, by=colleague)
    assert rows_by_person(new_to(me, evaluation)) == [
        ("answers", "Ilze", ("1.1.1", "1.2.1"), 2),
        ("assigned", "Ilze", ("1.1.1", "1.1.2"), 2),
        ("comments", "Ilze", ("1.2.1",), 1),
        ("evidence", "Ilze", ("1.1.1",), 2),
    ]
    assert rows_by_person(new_to(colleague, evaluation)) == [
        ("answers", "Sofía", ("1.2.1",), 1),
        ("evidence", "Sofía", ("1.1.1",), 1),
    ]


def test_comments_that_a_person_may_not_read_are_not_new_to_them(evaluation: Evaluation, colleague: User):
    add_comment(evaluation, "1.2.1", Audience.HOTLINE, words="Among us.", mentioned=set(), by=colleague)
    assert rows_by_person(new_to(person(Role.MCE_COORDINATOR), evaluation)) == []


def test_steps_and_a_last_day_that_is_moved_are_new(evaluation: Evaluation, me: User):
    mce = person(Role.MCE_COORDINATOR)
    write_step(evaluation, "send_back", "desk_review", by=mce, note="Why.")
    write_step(evaluation.round, "remind", "open", by=mce)
    write_step(evaluation.round, "move_deadline", "open", by=mce, note="Two weeks more.")
    write_step(evaluation, "submit", "self_assessment", by=me)
    assert [step.move for step in new_to(me, evaluation).steps] == ["move_deadline", "send_back"]


def test_an_answer_of_nobody_known_is_new_and_without_anything_there_is_nothing(evaluation: Evaluation, me: User):
    assert not new_to(me, evaluation)
    write_answer(evaluation, "1.1.1", level=1, by=None)
    assert rows_by_person(new_to(me, evaluation)) == [("answers", "", ("1.1.1",), 1)]


def test_a_hundred_versions_of_ten_people_ask_no_more(evaluation: Evaluation, me: User, colleague: User):
    write_answer(evaluation, "1.1.1", level=1, by=colleague)
    steps = queries.steps_of(evaluation)
    numbers, _roles = [], me.memberships_today
    for _more in range(2):
        with CaptureQueriesContext(connection) as asked:
            find_changes(evaluation, me, NOW - timedelta(days=1), steps)
        numbers.append(len(asked))
        for number in range(10):
            other = person(Role.CONTRIBUTOR, hotline=evaluation.hotline, name=f"Colleague {number}")
            for level in range(10):
                write_answer(evaluation, "1.1.2", level=level % 3, by=other)
    assert numbers == [6, 6]
