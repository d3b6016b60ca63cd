"""The recipient of a letter may open the addresses in it, whatever stakes and roles they have by then."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from evaluation.due_dates import Due
from evaluation.models import (
    Evaluation,
    Exchange,
    Fulfilment,
    GoodPractice,
    PracticeQuestion,
    Recommendation,
    Reminder,
    Role,
    StatisticsImport,
    SystemKey,
    User,
    Visit,
)
from evaluation.models.states import Stateful
from evaluation.response.response import respond, save_remark
from evaluation.visits import dates
from evaluation.workflow import LETTERS
from portal.exchanges import letters as exchanges
from portal.figures.letters import end_keys
from portal.letters.models import Letter
from portal.practices import letters as practices
from portal.reminders.letters import write_date_letters
from portal.visits import letters as visits
from tests.bystander import new
from tests.factories import (
    ExchangeFactory,
    FulfilmentFactory,
    HotlineFactory,
    MembershipFactory,
    RequirementFactory,
    StakeFactory,
    WithdrawalFactory,
    person,
    practice_of,
)
from tests.move_letters import write_letters
from tests.stage import Stage

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]

AFTER = {
    "self_assessment": ("send_back", "reopen_answers", "readmit", "resume"),
    "desk_review": ("submit", "follow_up"),
    "study_visit": ("accept", "reopen_findings"),
    "report": ("count_corrections", "take_back", "send_back_to_assessors"),
    "response": ("propose",),
    "decision": ("respond", "go_on_without_response", "answer_remarks", "reconsider", "vote_again"),
    "decided": ("decide",),
    "published": ("publish", "end_follow_up", "keep_decision"),
    "excused": ("excuse",),
}
"""The moves of an evaluation about which letters are written, by the resulting stage."""


def tied(stage: Stage) -> list[User]:
    """Return recipients with a stake or a seat on the panel, who may not do what other recipients may.

    Two of MCE, and two of the three members of the team, the lead among them.
    """
    stakeholder, on_panel = person(Role.MCE_COORDINATOR), person(Role.MCE_COORDINATOR)
    MembershipFactory(user=on_panel, role=Role.PANEL_MEMBER)
    for user in (stakeholder, stage.people.lead, stage.people.assessor):
        StakeFactory(user=user, hotline=stage.evaluation.hotline)
    return [stakeholder, on_panel, stage.people.lead, stage.people.assessor]


def refused(sign_in: SignIn) -> set[tuple[str, str]]:
    """Open every address of every letter as its recipient. Return the subject and the path of refused ones.

    The home page, which everybody has, is left out.
    """
    base, home = settings.WAGTAILADMIN_BASE_URL, reverse("workspace:home")
    letters = new(Letter).select_related("to_user")
    assert letters
    found = {
        (letter.to_user, letter.subject, path)
        for letter in letters
        for path in re.findall(rf"{re.escape(base)}(/\S+)", letter.body)
        if path != home
    }
    clients = {user: sign_in(Client(), user) for user, _, _ in found}
    return {(subject, path) for user, subject, path in found if clients[user].get(path).status_code >= 400}


def moves_of(machine: type[Stateful]) -> list[str]:
    """Return the moves of a machine that have letters."""
    return [move for kind, move in LETTERS if kind == machine.kind]


def test_every_move_with_a_letter_is_named():
    named = {move for moves in AFTER.values() for move in moves}
    of_days = {"extend", "shorten", "set_traits"}
    assert named | of_days == {move for kind, move in LETTERS if kind == Evaluation.kind}


@pytest.mark.parametrize("state", AFTER)
def test_letters_about_an_evaluation(sign_in: SignIn, state: str):
    stage = Stage(state, visit_state="team_confirmed" if state == "desk_review" else "")
    tied(stage)
    evaluation = Evaluation.objects.get(pk=stage.evaluation.pk)
    for move in AFTER[state]:
        write_letters(evaluation, move, note="So it is.")
    assert refused(sign_in) == set()


def test_of_what_the_hotline_contests_everybody_reads_and_only_who_may_answer_is_led_to_the_answers(sign_in: SignIn):
    stage = Stage.minimal("response")
    stakeholder, on_panel, *_team = tied(stage)
    save_remark(stage.evaluation, "1.1.2", "Not so.", version=0, by=stage.coordinator)
    respond(stage.evaluation, by=stage.coordinator)
    assert refused(sign_in) == set()
    answers = reverse("workspace:replies", args=[stage.evaluation.uid])
    bodies = {letter.to_user: letter.body for letter in Letter.objects.filter(subject__contains="contests")}
    assert {user: answers in body for user, body in bodies.items()} == {
        **dict.fromkeys((stakeholder, on_panel), False),
        **dict.fromkeys((stage.people.mce, stage.people.judge), True),
    }


def test_letters_about_a_visit(sign_in: SignIn):
    stage = Stage("study_visit", visit_state="team_confirmed")
    lead, assessor = tied(stage)[2:]
    visit = new(Visit).get()
    for move in ("put_off", "cancel"):
        write_letters(visit, move, by=stage.people.mce, note="A strike.")
    for user in (lead, assessor):
        letters = Letter.objects.filter(to_user=user)
        assert {letter.subject.partition(": ")[2] for letter in letters} == {
            "the study visit is put off",
            "the study visit is cancelled",
        }, "they need not keep the days, either"
        assert not any(settings.WAGTAILADMIN_BASE_URL in letter.body for letter in letters)
    visits.write_answer_letters(visit.evaluation, by=stage.coordinator)
    visits.write_question_letters(visit, (), by=lead)
    for move in ("agree_dates", "change_dates", "sign_off"):
        write_letters(visit, move, by=stage.people.mce)
    assert refused(sign_in) == set()


def test_a_visit_that_never_had_days_has_no_calendar_in_its_letters(sign_in: SignIn):
    stage = Stage("study_visit", visit_state="team_confirmed")
    new(Visit).update(state="proposed", starts_on=None, ends_on=None)
    visit = new(Visit).get()
    write_letters(visit, "cancel", by=stage.people.mce)
    today = stage.round.today
    dates.suggest_dates(visit, [(today, today)], by=stage.coordinator)
    assert dates.team_of(visit)
    assert refused(sign_in) == set()


def test_letters_about_a_recommendation(sign_in: SignIn):
    stage = Stage("published")
    tied(stage)
    for move in moves_of(Recommendation):
        write_letters(stage.recommendation, move, note="So it is.")
    assert refused(sign_in) == set()


def test_letters_after_a_decision(sign_in: SignIn):
    stage = Stage("published")
    tied(stage)
    for thing in (stage.appeal, stage.correction, stage.decision.accreditation):
        for move in moves_of(type(thing)):
            write_letters(thing, move, by=stage.coordinator, note="So it is.")
    assert refused(sign_in) == set()


def test_letters_about_good_practice(sign_in: SignIn):
    stage = Stage("published")
    practice = practice_of(stage, "published")
    asking, left = (person(Role.COORDINATOR, hotline=Stage.minimal("published").hotline) for _ in range(2))
    for user in (asking, left):
        question = PracticeQuestion.objects.create(
            practice=practice, by=user, hotline=user.memberships.get().hotline, words="How?"
        )
        if user == left:
            user.memberships.update(until="2020-01-01")
        practices.write_answer_letters(PracticeQuestion.objects.get(pk=question.pk))
    practices.write_question_letters(question)
    for move in moves_of(GoodPractice):
        write_letters(practice, move, by=asking)
    assert Letter.objects.filter(to_user=asking).exists()
    assert not Letter.objects.filter(to_user=left).exists()
    assert refused(sign_in) == set()


def test_letters_about_dates_figures_and_traits(sign_in: SignIn):
    stage = Stage("published")
    tied(stage)
    evaluation, day = stage.evaluation, stage.round.today
    fulfilment = FulfilmentFactory(requirement=RequirementFactory(decision=stage.decision))
    withdrawal = WithdrawalFactory(accreditation=stage.decision.accreditation)
    for about in Reminder.About:
        of = stage.decision.accreditation if about in ("ends", "ended", "midterm") else None
        condition = fulfilment if about.startswith("condition") else None
        proposed = withdrawal if about in ("hearing", "withdrawal") else None
        missed = day - timedelta(days=21) if about in ("still_open", "no_response", "plan") else None
        write_date_letters(Due(about, evaluation.uid, day, day, evaluation, of, condition, proposed, missed))
    for move in ("propose", "answer", "drop"):
        assert write_letters(withdrawal, move, note="So it is.")
    for move in moves_of(Fulfilment):
        assert write_letters(fulfilment, move, note="So it is.")
    for move in moves_of(StatisticsImport):
        write_letters(stage.statistics, move, by=stage.people.lead)
    write_letters(evaluation, "set_traits", by=stage.people.mce, before=["9.9.9"])
    maker = stage.people.user_without_role
    SystemKey.objects.create(hotline=stage.hotline, name="CRM", token_digest="0" * 64, made_by=maker, expires_on=day)
    assert end_keys(maker)
    assert refused(sign_in) == set()


def test_letters_about_a_visit_between_hotlines(sign_in: SignIn):
    visitor, host = HotlineFactory(), HotlineFactory()
    for hotline in (visitor, host):
        person(Role.COORDINATOR, hotline=hotline)
    exchange = ExchangeFactory(visitor=visitor, host=host)
    exchanges.write_request_letters(exchange)
    for move in moves_of(Exchange):
        write_letters(exchange, move)
    assert refused(sign_in) == set()
