"""Every letter of every occasion: its exact recipients, its template, its language and the zone of its dates.

The rows are in one table. A declared letter, a move or a reminder without a row fails. In each row there are a second
hotline with an evaluation in the same state, people whose roles have ended, people with ties, and people who are not
involved: none of them may get a letter.
"""

import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation

from evaluation.due_dates import Due
from evaluation.models import (
    Agenda,
    Assignment,
    Decision,
    Evaluation,
    Fulfilment,
    Hotline,
    PersonChange,
    PracticeQuestion,
    Reminder,
    Role,
    Round,
    SystemKey,
    TeamMember,
    User,
    Visit,
)
from evaluation.models.people.roles import HOTLINE_ROLES
from evaluation.response.response import respond, save_remark
from evaluation.visits import dates
from evaluation.visits.agendas import Session, save_agenda, write_agenda
from evaluation.visits.interests import step_aside
from evaluation.visits.planning import TeamPlan, arrange_visit, propose_visit
from evaluation.workflow import LETTERS, perform
from evaluation.workflow.noted_days import note_days
from portal.accounts.person_changes import invite
from portal.discussions import letters as teamwork
from portal.exchanges import letters as exchanges
from portal.figures.letters import end_keys
from portal.letters.models import Letter
from portal.letters.recipients import holders_of
from portal.practices import letters as practices
from portal.reminders.letters import write_date_letters
from portal.visits import letters as visits
from reports.models import TextVersion
from reports.texts.declaration import declared_texts, text_of
from tests.factories import (
    AppealFactory,
    ConsultationFactory,
    DecisionFactory,
    ExchangeFactory,
    FulfilmentFactory,
    MembershipFactory,
    PersonChangeFactory,
    RequirementFactory,
    StakeFactory,
    TeamMemberFactory,
    WithdrawalFactory,
    person,
    practice_of,
)
from tests.move_letters import write_letters
from tests.stage import Stage

pytestmark = pytest.mark.django_db

NAMES = {text.key.split(".")[1] for text in declared_texts() if text.key.endswith(".subject")}
ELSEWHERE = {
    **dict.fromkeys(("page_waits", "page_approved", "page_sent_back"), "tests/portal/approval"),
    **dict.fromkeys(("password_changed", "password_reset", "password_reset_key"), "tests/portal/accounts"),
    **dict.fromkeys(("totp_activated", "totp_deactivated", "recovery_codes_generated"), "tests/portal/accounts"),
}
"""The letters that Wagtail or allauth cause, with the tests that have their recipients."""
LANGUAGES = {"coordinator": "fr", "contributor": "pl", "mce": "it", "lead": "pt", "panel": "hr"}
ZONE = "Europe/Lisbon"
"""The time zone of the rounds, which is not that of any reader."""


class World:
    """One evaluation in a state with everybody who may get a letter, and everybody who must not."""

    def __init__(self, state: str, visit_state: str, sign_in: Callable[..., Client]) -> None:
        self.sign_in = sign_in
        self.stage = stage = Stage.minimal(state, visit_state=visit_state)
        self.other = other = Stage.minimal(state, visit_state=visit_state)
        for one in (stage, other):
            one.round.time_zone = ZONE
            one.round.save(update_fields=["time_zone"])
        people, hotline = stage.people, stage.hotline
        self.people: dict[str, User] = {
            "coordinator": stage.coordinator,
            "contributor": person(Role.CONTRIBUTOR, hotline=hotline),
            **{
                name: getattr(people, name) for name in ("mce", "lead", "assessor", "judge", "panel", "second", "third")
            },
            "second mce": other.people.mce,
            "fourth": person(Role.PANEL_MEMBER, country="XY"),
            "other coordinator": other.coordinator,
            "other contributor": person(Role.CONTRIBUTOR, hotline=other.hotline),
            "other lead": other.people.lead,
            "other panel": other.people.panel,
            "other second": other.people.second,
            "other third": other.people.third,
            "other judge": other.people.judge,
            "no team": people.elsewhere,
            "editor": people.editor,
            "no role": people.user_without_role,
            "tied assessor": person(Role.ASSESSOR, country="XT"),
            "tied panel": person(Role.PANEL_MEMBER, country="XS"),
            "neighbour": person(Role.PANEL_MEMBER, country=hotline.country),
            "inactive": person(Role.COORDINATOR, Role.MCE_COORDINATOR, hotline=hotline, is_active=False),
            "former coordinator": person(Role.COORDINATOR, hotline=hotline),
            "former mce": person(Role.MCE_COORDINATOR),
            "former panel": person(Role.PANEL_MEMBER, country="XY"),
            "next contributor": person(Role.CONTRIBUTOR, hotline=hotline),
        }
        for name, user in self.people.items():
            if name.startswith("former"):
                user.memberships.update(until="2021-01-01")
            if name.startswith("next"):
                user.memberships.update(since="2099-01-01")
            if name.startswith("tied"):
                StakeFactory(user=user, hotline=hotline)
            if name in LANGUAGES:
                user.language = LANGUAGES[name]
                user.save(update_fields=["language"])
        if visit := Visit.objects.filter(evaluation=stage.evaluation).first():
            TeamMemberFactory(visit=visit, user=self.people["tied assessor"])
        self.evaluation = Evaluation.objects.get(pk=stage.evaluation.pk)
        self.hotline: Hotline = hotline

    def __getitem__(self, name: str) -> User:
        return self.people[name]

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "sign_in"}

    @property
    def visit(self) -> Visit:
        return Visit.objects.get(evaluation=self.evaluation)


COORDINATORS, HOTLINE = {"coordinator"}, {"coordinator", "contributor"}
MCE, LEAD, TEAM = {"mce", "second mce"}, {"lead"}, {"lead", "assessor", "judge"}
PANEL = {"panel", "second", "third", "fourth", "other panel", "other second", "other third", "other judge"}
"""The members who may decide: nobody of the team, with a tie, or of the hotline's country."""


@dataclass
class Row:
    """An occasion: the state of the evaluation, what writes its letters, and who gets which of them."""

    name: str
    state: str
    act: Callable[[World], Any]
    letters: dict[str, set[str]]
    visit_state: str = ""


def of_step(move: str, state: str, *, visit_state: str = "", **letters: set[str]) -> Row:
    def act(world: World) -> Any:
        return write_letters(world.evaluation, move, note="So it is.")

    return Row(f"evaluation {move}", state, act, letters, visit_state)


def _defer(world: World) -> Any:
    today = world.stage.round.today
    DecisionFactory(scorecard=world.stage.scorecard, outcome="deferred", valid_until=None, hand_in_by=today)
    return write_letters(world.evaluation, "decide")


def _contest(world: World) -> Any:
    save_remark(world.evaluation, "1.1.2", "Not so.", version=0, by=world["coordinator"])
    return respond(world.evaluation, by=world["coordinator"])


def _return_some(move: str) -> Callable[[World], Any]:
    return lambda world: write_letters(world.evaluation, move, note="So it is.", returned={"1.1.2": "Why."})


def _set_traits(world: World) -> Any:
    return write_letters(world.evaluation, "set_traits", before=["9.9.9"], traits=[])


STEPS = [
    of_step("submit", "desk_review", visit_state="team_confirmed", submit=MCE | LEAD),
    of_step("send_back", "self_assessment", send_back=HOTLINE),
    Row("evaluation send_back, some", "self_assessment", _return_some("send_back"), {"reopen_answers": HOTLINE}),
    Row("evaluation reopen_answers", "self_assessment", _return_some("reopen_answers"), {"reopen_answers": HOTLINE}),
    Row("evaluation set_traits", "self_assessment", _set_traits, {"set_traits": HOTLINE}),
    of_step("readmit", "self_assessment", readmit=HOTLINE),
    of_step("resume", "self_assessment", resume=HOTLINE),
    of_step("excuse", "excused", excuse=HOTLINE | TEAM),
    of_step("accept", "study_visit", accept=TEAM),
    of_step("count_corrections", "report", count_corrections=HOTLINE | TEAM),
    Row("visit sign_off", "report", lambda w: write_letters(w.visit, "sign_off"), {"sign_off": MCE | LEAD}),
    of_step("reopen_findings", "study_visit", reopen_findings=TEAM),
    of_step("propose", "response", propose=HOTLINE),
    of_step("take_back", "report", take_back=HOTLINE),
    of_step("respond", "decision", respond=MCE | LEAD, before_the_panel=PANEL),
    Row("evaluation respond, contesting", "response", _contest, {"contested": MCE | TEAM}),
    of_step("go_on_without_response", "decision", before_the_panel=PANEL),
    of_step("answer_remarks", "decision", answer_remarks=HOTLINE, before_the_panel=PANEL),
    of_step("vote_again", "decision", vote_again=PANEL),
    of_step("send_back_to_assessors", "report", send_back_to_assessors=LEAD),
    of_step("decide", "decided", decide=COORDINATORS | MCE | LEAD),
    Row("evaluation decide, a deferral", "decision", _defer, {"defer": COORDINATORS | MCE | LEAD}),
    of_step("publish", "published", publish=HOTLINE | MCE | LEAD),
    of_step("follow_up", "desk_review", visit_state="team_confirmed", follow_up=HOTLINE | TEAM),
    of_step("end_follow_up", "published", end_follow_up=HOTLINE | TEAM),
]


def of_appeal(move: str, **letters: set[str]) -> Row:
    def act(world: World) -> Any:
        return write_letters(world.stage.appeal, move, note="So it is.")

    return Row(f"appeal {move}", "decided", act, letters)


def of_accreditation(move: str) -> Row:
    def act(world: World) -> Any:
        return write_letters(world.stage.decision.accreditation, move, note="So it is.")

    return Row(f"accreditation {move}", "published", act, {f"accreditation_{move}": COORDINATORS | MCE | LEAD})


def of_withdrawal(move: str) -> Row:
    def act(world: World) -> Any:
        withdrawal = WithdrawalFactory(
            accreditation=world.stage.decision.accreditation,
            proposed_by=world["mce"],
            state="confirmed" if move == "confirm" else "proposed",
            closed_at=timezone.now() if move == "confirm" else None,
        )
        return write_letters(withdrawal, move, note="So it is.")

    people = MCE if move == "answer" else COORDINATORS | MCE
    return Row(f"withdrawal {move}", "published", act, {f"withdrawal_{move}": people})


def of_appealed_withdrawal(move: str) -> Row:
    """All members may hear it except those of the team: nobody of the panel had a part in the withdrawal."""

    def act(world: World) -> Any:
        decision = world.stage.decision
        withdrawal = WithdrawalFactory(
            accreditation=decision.accreditation, proposed_by=world["mce"], state="confirmed", closed_at=timezone.now()
        )
        appeal = AppealFactory(decision=decision, withdrawal=withdrawal, lodged_by=world["coordinator"])
        return write_letters(appeal, move, note="So it is.")

    letters = {f"withdrawal_{move}": COORDINATORS | MCE}
    if move == "lodge":
        letters["withdrawal_hear"] = PANEL
    return Row(f"appeal {move}, of a withdrawal", "published", act, letters)


def _correction(move: str) -> Callable[[World], Any]:
    return lambda world: write_letters(world.stage.correction, move, by=world["second"])


AFTER_THE_DECISION = [
    of_appeal(
        "lodge",
        appeal_lodge=COORDINATORS | MCE | LEAD,
        appeal_hear=PANEL - {"panel", "second", "third"},
    ),
    of_appeal("withdraw", appeal_withdraw=COORDINATORS | MCE | LEAD),
    of_appeal("uphold", appeal_uphold=COORDINATORS | MCE | LEAD),
    of_appeal("dismiss", appeal_dismiss=COORDINATORS | MCE | LEAD),
    Row("correction propose", "decided", _correction("propose"), {"correction_propose": PANEL - {"second"}}),
    Row(
        "correction confirm",
        "decided",
        _correction("confirm"),
        {"correction_confirm": COORDINATORS | MCE | LEAD},
    ),
    *map(of_withdrawal, ("propose", "answer", "confirm", "drop")),
    *map(of_appealed_withdrawal, ("lodge", "withdraw", "uphold", "dismiss")),
    *map(
        of_accreditation,
        (
            "suspend",
            "reinstate",
            "give_up",
            "check_midterm",
            "take_back_expiry",
            "take_back_expiry_suspended",
        ),
    ),
]


def of_date(about: str, state: str, letter: str, people: set[str]) -> Row:
    def act(world: World) -> Any:
        stage, day = world.stage, world.stage.round.today
        granted = stage.decision.accreditation if about in ("ends", "ended", "midterm") else None
        return write_date_letters(Due(about, world.evaluation.uid, day, day, world.evaluation, granted))

    return Row(f"date {about}", state, act, {letter: people})


def of_late_date(about: str, state: str, days: int, people: dict[str, set[str]]) -> Row:
    def act(world: World) -> Any:
        day = world.stage.round.today
        missed = day - timedelta(days=days)
        return write_date_letters(Due(about, world.evaluation.uid, day, day, world.evaluation, missed=missed))

    return Row(f"date {about}, {days} days late", state, act, people)


def of_withdrawal_date(about: str, people: set[str]) -> Row:
    def act(world: World) -> Any:
        withdrawal = WithdrawalFactory(accreditation=world.stage.decision.accreditation, proposed_by=world["mce"])
        day = world.stage.round.today
        return write_date_letters(Due(about, withdrawal.uid, day, day, world.evaluation, withdrawal=withdrawal))

    return Row(f"date {about}", "published", act, {f"date_{about}": people})


DATES = [
    of_withdrawal_date("hearing", COORDINATORS),
    of_withdrawal_date("withdrawal", MCE),
    of_date("submit_30", "self_assessment", "date_submit", HOTLINE),
    of_date("submit_14", "self_assessment", "date_submit", HOTLINE),
    of_date("submit_3", "self_assessment", "date_submit", HOTLINE),
    of_date("slipped", "self_assessment", "date_slipped", MCE),
    of_late_date("still_open", "self_assessment", 7, {"late": COORDINATORS}),
    of_late_date("still_open", "self_assessment", 21, {"late": COORDINATORS, "date_slipped": MCE}),
    of_late_date("no_response", "response", 7, {"date_response": COORDINATORS}),
    of_late_date("no_response", "response", 21, {"date_response": COORDINATORS | MCE | LEAD}),
    of_late_date("plan", "published", 7, {"date_plan": COORDINATORS}),
    of_late_date("plan", "published", 21, {"date_plan": COORDINATORS | MCE | LEAD}),
    of_date("respond", "response", "date_respond", HOTLINE),
    of_date("response", "response", "date_response", COORDINATORS | MCE),
    of_date("deferral", "decided", "date_deferral", COORDINATORS | MCE),
    of_date("ends", "published", "date_ends", COORDINATORS | MCE),
    of_date("ended", "published", "date_ended", COORDINATORS | MCE),
    of_date("midterm", "published", "date_midterm", COORDINATORS | MCE),
]


def _condition(world: World) -> Fulfilment:
    return FulfilmentFactory(requirement=RequirementFactory(decision=world.stage.decision))


def of_condition(move: str, people: set[str]) -> Row:
    def act(world: World) -> Any:
        return write_letters(_condition(world), move, note="So it is.")

    return Row(f"fulfilment {move}", "published", act, {f"condition_{move}": people})


def _meet_last(world: World) -> Any:
    met, former = _condition(world), world.stage.decision
    DecisionFactory(scorecard=world.stage.scorecard, kind=Decision.Kind.CONDITIONS_MET, replaces=former)
    return write_letters(met, "meet", note="So it is.")


def of_condition_date(about: str, letter: str, people: set[str]) -> Row:
    def act(world: World) -> Any:
        fulfilment, day = _condition(world), world.stage.round.today
        due = Due(about, fulfilment.uid, day, day, world.evaluation, fulfilment=fulfilment)
        return write_date_letters(due)

    return Row(f"date {about}", "published", act, {letter: people})


CONDITIONS = [
    of_condition("send", MCE | LEAD),
    of_condition("send_back", HOTLINE),
    of_condition("record_check", PANEL),
    of_condition("meet", HOTLINE | MCE | LEAD),
    Row(
        "fulfilment meet, the last one", "published", _meet_last, {"condition_meet_last": HOTLINE | MCE | LEAD | PANEL}
    ),
    of_condition("fail", HOTLINE | MCE | LEAD | PANEL),
    of_condition("extend", HOTLINE | MCE | LEAD),
    of_condition_date("condition_60", "date_condition", HOTLINE),
    of_condition_date("condition_30", "date_condition", HOTLINE),
    of_condition_date("condition_7", "date_condition", HOTLINE),
    of_condition_date("condition_late", "date_condition_late", HOTLINE | MCE | LEAD | PANEL),
    of_step("reconsider", "decided", reconsider=HOTLINE | MCE | PANEL),
    of_step("keep_decision", "decided", keep_decision=HOTLINE | MCE | PANEL),
]


def _deadline(world: World) -> Any:
    """The second hotline has an extension beyond the new last day."""
    later = world.stage.round.answers_until + timedelta(days=90)
    Evaluation.objects.filter(pk=world.other.evaluation.pk).update(extended_until=later, round=world.stage.round)
    former = world.stage.round.answers_until - timedelta(days=7)
    noted = note_days(former, world.stage.round.answers_until, "More time.")
    return write_letters(world.evaluation.round, "move_deadline", sealed=noted, by=world["mce"])


def _extension(move: str) -> Callable[[World], Any]:
    def act(world: World) -> Any:
        day = world.stage.round.answers_until
        return write_letters(world.evaluation, move, sealed=note_days(day, day, "More time."), by=world["mce"])

    return act


def _of_round(move: str, **needs: Any) -> Callable[[World], Any]:
    return lambda world: write_letters(world.evaluation.round, move, by=world["mce"], note="So it is.", **needs)


def _remind(world: World) -> Any:
    today = world.stage.round.today
    Round.objects.filter(pk=world.stage.round.pk).update(answers_until=today - timedelta(days=1))
    return write_letters(Evaluation.objects.get(pk=world.evaluation.pk).round, "remind", by=world["mce"])


ROUNDS = [
    Row("round open", "self_assessment", _of_round("open"), {"open": HOTLINE}),
    Row(
        "round open, by the calendar",
        "self_assessment",
        lambda w: write_letters(w.evaluation.round, "open"),
        {"open": HOTLINE, "round_opened": MCE},
    ),
    Row(
        "round add_hotline",
        "self_assessment",
        lambda w: write_letters(w.evaluation.round, "add_hotline", by=w["mce"], hotline=w.hotline),
        {"open": HOTLINE},
    ),
    Row(
        "round remove_hotline",
        "self_assessment",
        lambda w: write_letters(w.evaluation.round, "remove_hotline", by=w["mce"], hotline=w.hotline),
        {"removed": HOTLINE},
    ),
    Row("round move_deadline", "self_assessment", _deadline, {"deadline": HOTLINE}),
    Row("round remind", "self_assessment", _remind, {"late": HOTLINE}),
    Row(
        "round write_to",
        "self_assessment",
        lambda w: write_letters(w.evaluation.round, "write_to", note="Dear all.", evaluations=[w.evaluation]),
        {"word_to_hotlines": HOTLINE},
    ),
    Row("evaluation extend", "self_assessment", _extension("extend"), {"deadline": HOTLINE}),
    Row("evaluation shorten", "self_assessment", _extension("shorten"), {"deadline": HOTLINE}),
]


def of_recommendation(move: str, people: set[str]) -> Row:
    def act(world: World) -> Any:
        return write_letters(world.stage.recommendation, move, note="So it is.")

    return Row(f"recommendation {move}", "published", act, {f"recommendation_{move}": people})


RECOMMENDATIONS = [
    of_recommendation("contest", MCE | LEAD),
    of_recommendation("insist", HOTLINE),
    of_recommendation("withdraw", HOTLINE),
    of_recommendation("submit_evidence", MCE | LEAD),
    of_recommendation("verify", HOTLINE),
    of_recommendation("refuse", HOTLINE),
]


def of_visit(name: str, act: Callable[[World], Any], *, state: str = "team_confirmed", **letters: set[str]) -> Row:
    return Row(f"visit {name}", "desk_review", act, letters, state)


def _propose(world: World) -> Any:
    visit = world.visit
    Visit.objects.filter(pk=visit.pk).update(state=Visit.State.CANCELLED)
    world.evaluation = Evaluation.objects.get(pk=world.evaluation.pk)
    team = {"lead": world["lead"], "members": [world["judge"], world["no team"]]}
    return propose_visit(world.evaluation, by=world["mce"], **team)


def _suggest(who: str) -> Callable[[World], Any]:
    def act(world: World) -> Any:
        day = world.stage.round.today + timedelta(days=30)
        visit = world.visit
        Visit.objects.filter(pk=visit.pk).update(state=Visit.State.PROPOSED, starts_on=None, ends_on=None)
        visit = world.visit
        return dates.suggest_dates(visit, [(day, day)], by=world[who], words="Any.")

    return act


def _change_team(world: World, former: list[User], *, have_declared: bool = False) -> Any:
    wanted = TeamPlan(world["lead"], have_declared=have_declared)
    return write_letters(world.visit, "change_team", by=world["mce"], before=former, wanted=wanted)


def _leave(world: World) -> Any:
    former = dates.team_of(world.visit)
    TeamMember.objects.filter(visit=world.visit, user=world["assessor"]).delete()
    return _change_team(world, former)


def _ask(world: World) -> Any:
    TeamMember.objects.filter(visit=world.visit).update(declared_at=None)
    return _change_team(world, [])


def _ask_nobody(world: World) -> Any:
    TeamMember.objects.filter(visit=world.visit).update(declared_at=None)
    return _change_team(world, [], have_declared=True)


def _change_without_days(world: World) -> Any:
    Visit.objects.filter(evaluation=world.evaluation).update(state="proposed", starts_on=None, ends_on=None)
    return _change_team(world, dates.team_of(world.visit))


def _arrange(world: World) -> Any:
    """Propose a cancelled visit with days that are agreed on: nobody is asked to declare or to agree."""
    Visit.objects.filter(evaluation=world.evaluation).update(state=Visit.State.CANCELLED)
    world.evaluation = Evaluation.objects.get(pk=world.evaluation.pk)
    day = world.stage.round.today + timedelta(days=30)
    team = {"lead": world["lead"], "members": [world["judge"], world["no team"]]}
    days = {"starts_on": day, "ends_on": day, "agreed_with": "Ana, by telephone"}
    return arrange_visit(world.evaluation, by=world["mce"], **team, **days)


def _stake(world: World) -> Any:
    Visit.objects.filter(evaluation=world.evaluation).update(state=Visit.State.PROPOSED)
    return step_aside(world.visit, "My sister works there.", by=world["assessor"])


def _agenda(world: World) -> Any:
    TeamMember.objects.filter(user=world["tied assessor"]).delete()  # with a tie on the team no agenda is sent
    agenda = write_agenda([Session("Talk")], language="en", template="", published_at=None, by=world["lead"])
    saved = save_agenda(world.visit, agenda, seen=0)
    assert isinstance(saved, Agenda)
    return perform(world.visit, "send_agenda", by=world["lead"], agenda=saved)


VISITS = [
    of_visit("put_off", lambda w: write_letters(w.visit, "put_off", by=w["mce"]),
             visit_put_off={"second mce", "tied assessor"} | HOTLINE | TEAM),
    of_visit("cancel", lambda w: write_letters(w.visit, "cancel", by=w["mce"]),
             visit_cancelled={"second mce", "tied assessor"} | HOTLINE | TEAM),
    of_visit("suggest_dates, by the hotline", _suggest("coordinator"), visit_days=MCE | TEAM),
    of_visit("suggest_dates, by the team", _suggest("lead"), visit_days=HOTLINE),
    of_visit("agree_dates", lambda w: write_letters(w.visit, "agree_dates", by=w["mce"]),
             visit_team=TEAM, visit_hotline=HOTLINE),
    of_visit("change_dates", lambda w: write_letters(w.visit, "change_dates", by=w["mce"]),
             visit_team=TEAM, visit_hotline=HOTLINE),
    of_visit("change_team, new members", _ask, visit_team=TEAM, visit_hotline=HOTLINE, visit_asked=TEAM),
    of_visit("change_team, who have declared", _ask_nobody, visit_team=TEAM, visit_hotline=HOTLINE),
    of_visit("change_team, a former member", _leave,
             visit_team=TEAM - {"assessor"}, visit_hotline=HOTLINE, visit_left={"assessor"}),
    of_visit("change_team, without days", _change_without_days, visit_proposed=HOTLINE),
    of_visit("questions", lambda w: visits.write_question_letters(w.visit, (), by=w["lead"]), desk_questions=HOTLINE),
    of_visit("answers", lambda w: visits.write_answer_letters(w.evaluation, by=w["coordinator"]), desk_answers=TEAM),
    of_visit("step_aside", _stake, visit_stake=MCE),
    of_visit("propose", _propose, visit_proposed=HOTLINE, visit_asked={"lead", "judge", "no team"}),
    of_visit("propose, with days", _arrange, visit_team={"lead", "judge", "no team"}, visit_hotline=HOTLINE),
    of_visit("send_agenda", _agenda, visit_agenda=HOTLINE | TEAM - {"lead"}),
]  # fmt: skip


def of_figures(move: str, people: set[str]) -> Row:
    def act(world: World) -> Any:
        return write_letters(world.hotline.statistics.first(), move, note="So it is.")

    return Row(f"statistics {move}", "self_assessment", act, {f"figures_{move}": people})


def _end_key(world: World) -> Any:
    maker, day = world["no role"], timezone.localdate()
    SystemKey.objects.create(hotline=world.hotline, name="CRM", token_digest="0" * 64, made_by=maker, expires_on=day)
    return end_keys(maker)


def of_practice(move: str, people: set[str]) -> Row:
    def act(world: World) -> Any:
        return write_letters(practice_of(world.stage), move, note="So it is.")

    return Row(f"good_practice {move}", "published", act, {f"practice_{move}": people})


def _question(world: World) -> PracticeQuestion:
    practice = practice_of(world.stage, "published")
    Letter.objects.all().delete()
    asking = world["other coordinator"]
    return PracticeQuestion.objects.create(practice=practice, by=asking, hotline=world.other.hotline, words="How?")


def of_exchange(move: str, people: set[str]) -> Row:
    """The hotline visits the second one."""

    def act(world: World) -> Any:
        exchange = ExchangeFactory(visitor=world.hotline, host=world.other.hotline)
        return write_letters(exchange, move, note="So it is.")

    return Row(f"exchange {move}", "self_assessment", act, {f"exchange_{move}": people})


def _request(world: World) -> Any:
    exchange = ExchangeFactory(visitor=world.hotline, host=world.other.hotline)
    return exchanges.write_request_letters(exchange)


def of_consultation(move: str) -> Row:
    def act(world: World) -> Any:
        consultation = ConsultationFactory(time_zone=ZONE)
        consultation.hotlines.set([world.hotline])
        consultation.assessors.set([world["no team"]])
        return write_letters(consultation, move, by=world["coordinator"])

    letter = f"consultation_{move}"
    return Row(f"consultation {move}", "self_assessment", act, {letter: {"contributor", "no team"}})


def _extend_consultation(days: int) -> Callable[[World], Any]:
    """The assessor is invited with the move, which puts the last day off by some days."""

    def act(world: World) -> Any:
        consultation = ConsultationFactory(time_zone=ZONE, state="open")
        consultation.hotlines.set([world.hotline])
        until = consultation.closes_on + timedelta(days=days)
        return perform(consultation, "extend", by=world["mce"], until=until, hotlines=[], assessors=[world["no team"]])

    return act


def _mention(world: World) -> Any:
    people = [world["contributor"]]
    return teamwork.write_mention_letters(world.evaluation, "1.1.2", "hotline", people, by=world["coordinator"])


def _assign(world: World) -> Any:
    for code, name in (("1.1.1", "contributor"), ("1.1.2", "former coordinator")):
        to = world[name]
        Assignment.objects.create(evaluation=world.evaluation, code=code, to=to, by=world["coordinator"])
    return teamwork.write_assignment_letters()


NEW = "new@example.org"


def _invite(email: str) -> Callable[[World], Any]:
    def act(world: World) -> Any:
        known = email or world["no role"].email
        details = {"name": "New", "language": "pl", "role": Role.CONTRIBUTOR, "hotline": world.hotline}
        return invite(email=known, by=world["mce"], **details)

    return act


def _change_country(world: World) -> Any:
    """A coordinator corrects the country of somebody who has declared it, and a second one confirms."""
    return _move_a_change("confirm", what=PersonChange.What.COUNTRY)(world)


def _move_a_change(move: str, *, what: str = PersonChange.What.GIVE_ROLE) -> Callable[[World], Any]:
    def act(world: World) -> Any:
        of = world["no team"]
        details = {"user": of, "email": of.email, "name": of.name, "proposed_by": world["mce"]}
        if what == PersonChange.What.COUNTRY:
            details |= {"role": "", "former_country": of.country, "country": world.other.hotline.country}
        change = PersonChangeFactory(what=what, state="written" if move == "propose" else "proposed", **details)
        return perform(change, move, by=world["mce"] if move == "propose" else world["second mce"])

    return act


OTHERS = [
    of_figures("confirm", MCE),
    of_figures("accept", COORDINATORS),
    of_figures("send_back", COORDINATORS),
    Row("key", "self_assessment", _end_key, {"key_ended": COORDINATORS}),
    of_practice("ask", COORDINATORS),
    of_practice("consent", MCE),
    of_practice("refuse", MCE),
    of_practice("publish", COORDINATORS),
    of_practice("take_down", COORDINATORS),
    of_practice("withdraw", MCE),
    Row(
        "practice question",
        "published",
        lambda w: practices.write_question_letters(_question(w)),
        {"practice_question": HOTLINE},
    ),
    Row(
        "practice answer",
        "published",
        lambda w: practices.write_answer_letters(_question(w)),
        {"practice_answer": {"other coordinator"}},
    ),
    Row("exchange request", "self_assessment", _request, {"exchange_request": {"other coordinator"}}),
    of_exchange("hold", {"other coordinator"}),
    of_exchange("accept", COORDINATORS),
    of_exchange("decline", COORDINATORS),
    of_exchange("close", COORDINATORS),
    of_exchange("cancel", {"other coordinator"} | COORDINATORS),
    *map(of_consultation, ("open", "close")),
    Row(
        "consultation extend",
        "self_assessment",
        _extend_consultation(1),
        {"consultation_open": {"no team"}, "consultation_extend": HOTLINE},
    ),
    Row(
        "consultation extend, the same day",
        "self_assessment",
        _extend_consultation(0),
        {"consultation_open": {"no team"}},
    ),
    Row("mention", "self_assessment", _mention, {"mention": {"contributor"}}),
    Row("assignment", "self_assessment", _assign, {"assigned": {"contributor"}}),
    Row("person_change make", "self_assessment", _invite(""), {"role": {"no role"}}),
    Row("person_change make, without an account", "self_assessment", _invite(NEW), {"invitation": {NEW}}),
    Row(
        "person_change confirm, of a country",
        "self_assessment",
        _change_country,
        {"country_changed": {"no team", "mce"}},
    ),
    Row(
        "person_change propose", "self_assessment", _move_a_change("propose"), {"person_change_propose": {"second mce"}}
    ),
    Row(
        "person_change confirm",
        "self_assessment",
        _move_a_change("confirm"),
        {"person_change_confirm": {"mce", "no team"}, "role": {"no team"}},
    ),
    Row("person_change drop", "self_assessment", _move_a_change("drop"), {"person_change_drop": {"mce"}}),
]

ROWS = [*STEPS, *AFTER_THE_DECISION, *DATES, *ROUNDS, *CONDITIONS, *RECOMMENDATIONS, *VISITS, *OTHERS]


def mark_subjects(by: User) -> None:
    """Let every subject begin with the key of its letter."""
    TextVersion.objects.bulk_create(
        TextVersion(
            key=text.key,
            language="en",
            number=1,
            forms=[f"@{text.key}@ {' '.join(f'{{{name}}}' for name in sorted(text.names))}"] * len(text.numbers("en")),
            by=by,
        )
        for text in declared_texts()
        if text.key.endswith(".subject")
    )


def greeting_of(user: User) -> str:
    with translation.override(user.language):
        return str(text_of("letters.greeting").default_in(user.language)).replace("{name}", user.name)


Situation = tuple[str, str]
"""The state of the evaluation and of the visit. Its world, which takes a tenth of a second, is set up once."""


def by_situation(rows: Iterable[Row]) -> dict[Situation, list[Row]]:
    found: dict[Situation, list[Row]] = {}
    for row in rows:
        found.setdefault((row.state, row.visit_state), []).append(row)
    return found


def each_in_its_own(world: World, rows: Iterable[Row]) -> Iterator[tuple[Row, World]]:
    """Yield each row with a world in which no other row has acted."""
    kept, sign_in = pickle.dumps(world), world.sign_in
    for row in rows:
        begun = transaction.savepoint()
        own: World = pickle.loads(kept)  # noqa: S301 - written above
        own.sign_in = sign_in
        yield row, own
        transaction.savepoint_rollback(begun)
        translation.deactivate()


@pytest.mark.parametrize("situation", by_situation(ROWS), ids=lambda situation: " ".join(situation).strip())
def test_each_letter_goes_to_those_it_concerns_and_to_nobody_else(sign_in: Callable[..., Client], situation: Situation):
    world = World(*situation, sign_in)
    mark_subjects(world["editor"])
    Letter.objects.all().delete()
    for row, own in each_in_its_own(world, by_situation(ROWS)[situation]):
        row.act(own)
        assert_each_letter_goes_where_it_should(row, own)


def assert_each_letter_goes_where_it_should(row: Row, world: World) -> None:
    names = {user.pk: name for name, user in world.people.items()}
    found: dict[str, set[str]] = {}
    letters = list(Letter.objects.select_related("to_user"))
    for letter in letters:
        found.setdefault(letter.subject.split("@")[1].split(".")[1], set()).add(
            names.get(letter.to_user_id, letter.to_address)
        )
    assert (row.name, found) == (row.name, row.letters)
    assert len(letters) == sum(map(len, row.letters.values())), "nobody gets a letter twice"
    for letter in letters:
        if (user := letter.to_user) is None:
            assert (letter.to_address, letter.language) == (NEW, "pl")
            continue
        assert (letter.to_address, letter.language) == (user.email, user.language)
        assert letter.body.startswith(greeting_of(user))
        if "23:59" in letter.body or "23 h 59" in letter.body:
            assert f"{ZONE}, UTC" in letter.body
        assert "Europe/Brussels" not in letter.body
        assert "None" not in letter.body


TO_LEADS = by_situation(
    row
    for row in ROWS
    if any("lead" in people for people in row.letters.values())
    and row.name
    not in (
        "visit suggest_dates, by the team",
        "visit propose",
        "visit propose, with days",
    )  # caused by the lead, or not declared yet
)


@pytest.mark.parametrize("situation", TO_LEADS, ids=lambda situation: " ".join(situation).strip())
def test_a_lead_with_a_tie_is_told_nothing_but_that_the_days_are_free(
    sign_in: Callable[..., Client], situation: Situation
):
    """They learn no more about the hotline than that its visit is put off or cancelled, without a link."""
    world = World(*situation, sign_in)
    StakeFactory(user=world["lead"], hotline=world.hotline)
    world.people = {name: User.objects.get(pk=user.pk) for name, user in world.people.items()}
    Letter.objects.all().delete()
    for row, own in each_in_its_own(world, TO_LEADS[situation]):
        row.act(own)
        letters = Letter.objects.filter(to_user=own["lead"])
        is_told = {"visit_put_off", "visit_cancelled"} & {*row.letters} != set()
        assert (row.name, letters.count()) == (row.name, is_told)
        assert not any(settings.WAGTAILADMIN_BASE_URL in letter.body for letter in letters)


def test_who_works_for_two_hotlines_gets_a_letter_about_each(sign_in: Callable[..., Client]):
    world = World("self_assessment", "", sign_in)
    MembershipFactory(user=world["contributor"], role=Role.CONTRIBUTOR, hotline=world.other.hotline)
    MembershipFactory(user=world["contributor"], role=Role.COORDINATOR, hotline=world.hotline)
    Letter.objects.all().delete()
    write_letters(
        world.evaluation.round, "write_to", note="Dear all.", evaluations=[world.evaluation, world.other.evaluation]
    )
    letters = Letter.objects.filter(to_user=world["contributor"])
    named = [[one.name in letter.body for one in (world.hotline, world.other.hotline)] for letter in letters]
    assert sorted(named) == [[False, True], [True, False]], "in the order of the countries"


@pytest.mark.parametrize("role", HOTLINE_ROLES)
def test_nobody_writes_to_the_people_of_every_hotline(role: Role):
    with pytest.raises(ValueError, match="belongs to a hotline"):
        holders_of(Role.MCE_COORDINATOR, role)


@pytest.mark.parametrize("name", ["evaluation submit", "appeal dismiss", "recommendation contest", "date slipped"])
def test_who_is_concerned_twice_gets_one_letter(sign_in: Callable[..., Client], name: str):
    """A coordinator of MCE who leads the team."""
    (row,) = (row for row in ROWS if row.name == name)
    world = World(row.state, row.visit_state, sign_in)
    MembershipFactory(user=world["lead"], role=Role.MCE_COORDINATOR)
    Letter.objects.all().delete()
    row.act(world)
    assert Letter.objects.filter(to_user=world["lead"]).count() == 1


def test_every_letter_has_a_row():
    """A new letter needs a row here, or a test of its own with its recipients."""
    of_rows = {letter for row in ROWS for letter in row.letters}
    assert of_rows | {*ELSEWHERE} == NAMES
    assert not of_rows & {*ELSEWHERE}


def test_every_move_and_every_reminder_with_a_letter_has_a_row():
    names = {row.name.partition(",")[0] for row in ROWS}
    assert {f"{kind} {move}" for kind, move in LETTERS} <= names
    assert {f"date {about.value}" for about in Reminder.About} <= names
