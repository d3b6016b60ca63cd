"""The agenda of a visit: begun from a template, its times, what is refused, and two users who plan concurrently."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from evaluation.answers.judgements import Closed, Conflict
from evaluation.models import Agenda, Evaluation, User, Visit
from evaluation.visits.agendas import (
    InvalidAgenda,
    Session,
    SessionProblem,
    Template,
    TemplateSession,
    begin_sessions,
    compute_times,
    find_session_problems,
    is_agenda_open,
    is_for_other_days,
    newest_agenda,
    save_agenda,
    sessions_of,
    write_agenda,
)
from evaluation.visits.dates import change_dates
from evaluation.workflow import Refusal, perform
from tests.bystander import new
from tests.evaluation.workflow.racing import at_once
from tests.small_edition import SMALL
from tests.stage import Stage

OPENING = TemplateSession("Opening", 30)
EACH = TemplateSession("", 60, people="shift leads", is_each_domain=True)
CLOSING = TemplateSession("Closing", 30)
DOMAINS = [domain.code for domain in SMALL.domains]


def begin(*sessions: TemplateSession, days: int = 2, visited: Any = DOMAINS, template_days: int = 2) -> list[Session]:
    template = Template("Two days", "en", template_days, sessions)
    return begin_sessions(template, SMALL, days=days, visited=visited, title_of=lambda code: f"title of {code}")


# --- Begun from a template -------------------------------------------------------------------------------------------


def test_each_domain_becomes_a_session_with_its_key():
    first, *others, last = begin(OPENING, EACH, CLOSING)
    assert (first.title, last.title) == ("Opening", "Closing")
    assert [session.title for session in others] == [f"{code} title of {code}" for code in DOMAINS]
    assert [session.keys for session in others] == [(domain.permanent_key,) for domain in SMALL.domains]
    assert {session.people for session in others} == {"shift leads"}


def test_a_domain_has_no_session_of_its_own_if_another_examines_it_or_nothing_is_to_be_seen():
    own = TemplateSession("Night", 90, keys=(SMALL.domains[0].permanent_key,))
    assert [session.title for session in begin(own, EACH, visited=DOMAINS[:2])] == [
        "Night",
        f"{DOMAINS[1]} title of {DOMAINS[1]}",
    ]


def test_a_part_that_the_edition_of_the_visit_lacks_is_left_out():
    key = SMALL.domains[0].permanent_key
    (session,) = begin(TemplateSession("Night", 90, keys=(key, "of-a-later-edition")))
    assert session.keys == (key,)


def test_sessions_are_spread_evenly_over_the_days_in_their_order():
    sessions = begin(*(TemplateSession(str(number), 60) for number in range(6)))
    assert [session.day for session in sessions] == [1, 1, 1, 2, 2, 2]
    assert {session.day for session in begin(*(TemplateSession(str(n), 60) for n in range(6)), days=1)} == {1}
    assert {session.day for session in begin(OPENING, CLOSING, days=5, template_days=1)} == {1}
    assert [session.day for session in begin(TemplateSession("long", 400), CLOSING)] == [1, 2]


def test_a_template_may_name_the_days():
    named = begin(replace(CLOSING, day=2), replace(OPENING, day=1), TemplateSession("then", 20))
    assert [(session.title, session.day) for session in named] == [("Opening", 1), ("then", 1), ("Closing", 2)]


# --- Times -----------------------------------------------------------------------------------------------------------


def test_a_session_begins_when_the_one_before_ends_or_at_its_own_time():
    sessions = [Session("a", 1, 45), Session("b", 2, 60), Session("c", 1, 15), Session("d", 1, 60, starts=13 * 60)]
    assert [(one.session.title, one.place, one.starts_at, one.ends_at) for one in compute_times(sessions)] == [
        ("a", 0, time(9), time(9, 45)),
        ("c", 2, time(9, 45), time(10)),
        ("d", 3, time(13), time(14)),
        ("b", 1, time(9), time(10)),
    ]


@pytest.mark.parametrize(
    ("sessions", "problems"),
    [
        ([], []),
        ([Session("a", minutes=300), Session("b", minutes=300)], []),
        (
            [Session("a", minutes=300), Session("b", minutes=301), Session("c", minutes=5)],
            [SessionProblem(1, "minutes", "too_long_a_day", minutes=606)],
        ),
        (
            [Session("a", minutes=60), Session("b", starts=9 * 60 + 59)],
            [SessionProblem(1, "starts", "overlap", other="a", until=time(10))],
        ),
        ([Session("a", minutes=60), Session("b", starts=10 * 60)], []),
        ([Session("a", day=3)], [SessionProblem(0, "day", "after_the_visit")]),
        (
            [Session("a", starts=23 * 60, minutes=61)],
            [SessionProblem(0, "minutes", "too_long_a_day", minutes=61)],
        ),
        (
            [Session("a", starts=6 * 60, minutes=60), Session("b", starts=16 * 60, minutes=1)],
            [SessionProblem(1, "minutes", "too_long_a_day", minutes=601)],
        ),
    ],
)
def test_what_cannot_be_held_is_named_at_its_field(sessions: list[Session], problems: list[SessionProblem]):
    assert find_session_problems(sessions, 2) == problems


# --- Saving ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage.minimal("study_visit")


def save(stage: Stage, *sessions: Session, seen: int = 0, by: User | None = None) -> Agenda | Conflict | Closed:
    by = by or stage.people.lead
    agenda = write_agenda(sessions, language="en", template="Two days", published_at=None, by=by)
    return save_agenda(Visit.objects.get(pk=stage.visit.pk), agenda, seen=seen)


A, B = Session("a", keys=("1.1",), starts=600), Session("b")


def test_each_save_is_a_version_and_the_newest_counts(stage: Stage):
    save(stage, A)
    saved = save(stage, A, B, seen=1)
    assert isinstance(saved, Agenda)
    assert (saved.version, newest_agenda(stage.visit)) == (2, saved)
    assert sessions_of(newest_agenda(stage.visit)) == [A, B]
    assert list(Agenda.objects.order_by("version").values_list("version", "sessions")) == [
        (1, [A.write()]),
        (2, [A.write(), B.write()]),
    ]


def test_whoever_saves_second_gets_the_other_agenda_and_overwrites_nothing(stage: Stage):
    save(stage, A)
    result = save(stage, B, by=stage.people.assessor)
    assert isinstance(result, Conflict)
    assert (sessions_of(result.theirs), Agenda.objects.count()) == ([A], 1)


def test_the_same_agenda_is_saved_once(stage: Stage):
    first, again = save(stage, A), save(stage, A)
    assert first == again
    assert Agenda.objects.count() == 1


def test_an_agenda_that_cannot_be_held_is_not_saved(stage: Stage):
    with pytest.raises(InvalidAgenda, match="after_the_visit"):
        save(stage, Session("a", day=stage.visit.days + 1))
    assert not Agenda.objects.exists()


@pytest.mark.everywhere
def test_an_agenda_that_was_sent_stays_as_it_was_sent(stage: Stage):
    agenda = save(stage, A)
    assert isinstance(agenda, Agenda)
    assert perform(stage.visit, "send_agenda", by=stage.people.lead, agenda=agenda).words.note == "1"
    refused = refusal_of_sending(stage, agenda)
    assert refused == ("agenda_was_sent",)
    sent = Agenda.objects.filter(pk=agenda.pk)
    for change in (lambda: sent.update(sessions=[]), sent.delete):
        with pytest.raises(IntegrityError, match="an agenda that was sent is frozen"), transaction.atomic():
            change()
    newer = save(stage, A, B, seen=1)
    assert isinstance(newer, Agenda)
    assert refusal_of_sending(stage, agenda) == ("newer_agenda",)
    perform(stage.visit, "send_agenda", by=stage.people.assessor, agenda=newer)


def refusal_of_sending(stage: Stage, agenda: Agenda) -> tuple[str, ...]:
    with pytest.raises(Refusal) as caught:
        perform(stage.visit, "send_agenda", by=stage.people.lead, agenda=agenda)
    return tuple(reason.code for reason in caught.value.reasons)


@pytest.mark.django_db
def test_after_a_move_an_agenda_is_for_other_days_until_it_is_saved_again():
    stage = Stage.minimal("study_visit", visit_state="team_confirmed")
    agenda = save(stage, A)
    assert isinstance(agenda, Agenda)
    assert not is_for_other_days(agenda, stage.visit)
    perform(stage.visit, "send_agenda", by=stage.people.lead, agenda=agenda)
    assert stage.visit.state == "agenda_sent"
    first = stage.evaluation.round.today + timedelta(days=9)
    change_dates(stage.visit, first, first, agreed_with="Ana", reason="A strike.", by=stage.people.mce)
    assert (stage.visit.state, is_for_other_days(agenda, stage.visit)) == ("team_confirmed", True)
    newer = save(stage, A, seen=1)
    assert isinstance(newer, Agenda)
    assert (newer.version, newer.planned_for) == (2, first)
    perform(stage.visit, "send_agenda", by=stage.people.lead, agenda=newer)
    assert stage.visit.state == "agenda_sent"


@pytest.mark.django_db
def test_after_a_visit_is_shortened_its_agenda_is_for_other_days():
    stage = Stage.minimal("study_visit", visit_state="team_confirmed")
    first = stage.evaluation.round.today + timedelta(days=9)
    change_dates(
        stage.visit, first, first + timedelta(days=1), agreed_with="Ana", reason="A strike.", by=stage.people.mce
    )
    agenda = save(stage, A, replace(B, day=2))
    assert isinstance(agenda, Agenda)
    change_dates(stage.visit, first, first, agreed_with="Ana", reason="One day is enough.", by=stage.people.mce)
    assert is_for_other_days(agenda, stage.visit)
    assert refusal_of_sending(stage, agenda) == ("agenda_for_other_days",)


@pytest.mark.django_db
def test_an_agenda_is_sent_once_the_team_is_confirmed():
    stage = Stage.minimal("study_visit", visit_state="dates_agreed")
    agenda = save(stage, A)
    assert isinstance(agenda, Agenda)
    assert refusal_of_sending(stage, agenda) == ("wrong_state",)


@pytest.mark.django_db
def test_a_visit_without_days_has_no_agenda():
    stage = Stage.minimal("study_visit", visit_state="proposed")
    assert isinstance(save(stage, A), Closed)


def test_after_the_visit_is_signed_off_the_agenda_stays(stage: Stage):
    new(Visit).update(state=Visit.State.SIGNED_OFF)
    assert isinstance(save(stage, A), Closed)
    new(Visit).update(state=Visit.State.TEAM_CONFIRMED)
    new(Evaluation).update(state=Evaluation.State.EXCUSED)
    assert isinstance(save(stage, A), Closed)
    assert not is_agenda_open(new(Visit).get())
    assert not Agenda.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_the_same_moment_get_one_version():
    stage = Stage.minimal("study_visit")
    results = at_once(lambda: save(stage, A), lambda: save(stage, B, by=stage.people.assessor))
    assert sorted(type(result).__name__ for result in results) == ["Agenda", "Conflict"]
    assert Agenda.objects.count() == 1
