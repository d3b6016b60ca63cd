"""The recipient of a letter may open the addresses in it, whatever stakes and roles they have by then."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from evaluation.assessment.response import respond, save_remark
from evaluation.assessment.traits import AskedChange
from evaluation.due_dates import Due
from evaluation.models import Evaluation, PracticeQuestion, Reminder, Role, SystemKey, User, Visit
from evaluation.visits import dates
from portal.letters import (
    api_keys,
    conditions,
    decisions,
    evaluations,
    exchanges,
    figures,
    outbox,
    practices,
    recommendations,
    visits,
)
from portal.models import Letter
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
from tests.stage import Stage

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]

AFTER = {
    "self_assessment": ("open", "send_back", "reopen_answers", "readmit", "resume"),
    "desk_review": ("submit", "follow_up"),
    "study_visit": ("accept", "reopen_findings"),
    "report": ("sign_off", "count_corrections", "take_back", "send_back_to_assessors"),
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


def test_every_move_with_a_letter_is_named():
    named = {move for moves in AFTER.values() for move in moves}
    assert named == {*outbox._RECIPIENTS, *outbox._TO_THE_PANEL}


@pytest.mark.parametrize("state", AFTER)
def test_letters_about_an_evaluation(sign_in: SignIn, state: str):
    stage = Stage(state, visit_state="team_confirmed" if state == "desk_review" else "")
    tied(stage)
    evaluation = Evaluation.objects.get(pk=stage.evaluation.pk)
    for move in AFTER[state]:
        outbox.write_step_letters(move, evaluation, note="So it is.")
    assert refused(sign_in) == set()


def test_of_what_the_hotline_contests_everybody_reads_and_only_who_may_answer_is_led_to_the_answers(sign_in: SignIn):
    stage = Stage.minimal("response")
    stakeholder, on_panel, *_team = tied(stage)
    save_remark(stage.evaluation, "1.1.2", "Not so.", version=0, by=stage.coordinator)

    def notify(step: Any) -> None:
        outbox.write_step_letters(step.move, stage.evaluation, by=stage.coordinator)

    respond(stage.evaluation, by=stage.coordinator, notify=notify)
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
        visits.stop_letter_writer(visit, by=stage.people.mce, note="A strike.")(SimpleNamespace(move=move))
    for user in (lead, assessor):
        letters = Letter.objects.filter(to_user=user)
        assert {letter.subject.partition(": ")[2] for letter in letters} == {
            "the study visit is put off",
            "the study visit is cancelled",
        }, "they need not keep the days, either"
        assert not any(settings.WAGTAILADMIN_BASE_URL in letter.body for letter in letters)
    visits.write_answer_letters(visit.evaluation, by=stage.coordinator)
    visits.write_question_letters(visit, (), by=lead)
    visits.write_visit_letters(visit, by=stage.people.mce)
    assert refused(sign_in) == set()


def test_a_visit_that_never_had_days_has_no_calendar_in_its_letters(sign_in: SignIn):
    stage = Stage("study_visit", visit_state="team_confirmed")
    new(Visit).update(state="proposed", starts_on=None, ends_on=None)
    visit = new(Visit).get()
    visits.stop_letter_writer(visit, by=stage.people.mce, note="")(SimpleNamespace(move="cancel"))
    today = stage.round.today
    visits.suggest_dates_and_write_letters(visit, [(today, today)], by=stage.coordinator, words="")
    assert dates.team_of(visit)
    assert refused(sign_in) == set()


def test_letters_about_a_recommendation(sign_in: SignIn):
    stage = Stage("published")
    tied(stage)
    for move in recommendations._RECIPIENTS:
        recommendations.write_recommendation_letters(move, stage.recommendation, note="So it is.")
    assert refused(sign_in) == set()


def test_letters_after_a_decision(sign_in: SignIn):
    stage = Stage("published")
    tied(stage)
    by, words = stage.coordinator, SimpleNamespace(note="So it is.")
    for move in ("lodge", "withdraw", "uphold", "dismiss"):
        decisions.write_appeal_letters(SimpleNamespace(move=move, words=words), stage.appeal, by=by)
    for move in ("propose", "confirm"):
        decisions.write_correction_letters(SimpleNamespace(move=move, words=words), stage.correction, by=by)
    granted = stage.decision.accreditation
    for move in ("suspend", "reinstate", "check_midterm"):
        decisions.write_accreditation_letters(SimpleNamespace(move=move, words=words), granted, by=by)
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
    for move in practices._RECIPIENTS:
        practices.write_practice_letters(move, practice, by=asking)
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
        decisions.write_date_letters(Due(about, evaluation.uid, day, day, evaluation, of, condition, proposed, missed))
    for move in ("propose", "answer", "drop"):
        step = SimpleNamespace(move=move, words=SimpleNamespace(note="So it is."))
        assert decisions.write_withdrawal_letters(step, withdrawal, by=stage.people.user_without_role)
    for move in ("send", "send_back", "record_check", "meet", "fail", "extend"):
        done = SimpleNamespace(move=move, words=SimpleNamespace(note="So it is."))
        assert conditions.write_condition_letters(done, fulfilment, by=stage.people.user_without_role)
    step = {"words": SimpleNamespace(note="So it is.")}
    for move in ("confirm", "accept", "send_back"):
        figures.write_figures_letters(SimpleNamespace(move=move, **step), stage.statistics, by=stage.people.lead)
    evaluations.write_traits_letters(evaluation, AskedChange(("1.1.2",), ("9.1.1",)), by=stage.people.mce)
    maker = stage.people.user_without_role
    SystemKey.objects.create(hotline=stage.hotline, name="CRM", token_digest="0" * 64, made_by=maker, expires_on=day)
    assert api_keys.end_keys(maker)
    assert refused(sign_in) == set()


def test_letters_about_a_visit_between_hotlines(sign_in: SignIn):
    visitor, host = HotlineFactory(), HotlineFactory()
    for hotline in (visitor, host):
        person(Role.COORDINATOR, hotline=hotline)
    exchange = ExchangeFactory(visitor=visitor, host=host)
    for move in ("request", "accept", "decline", "hold", "close", "cancel"):
        exchanges.write_exchange_letters(move, exchange, by=person(Role.MCE_COORDINATOR))
    assert refused(sign_in) == set()
