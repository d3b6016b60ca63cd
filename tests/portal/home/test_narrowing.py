"""What the database narrows for Today is what Python finds, evaluation by evaluation, over random populations."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from evaluation.answers.deadline.timing import last_days_of
from evaluation.models import Agenda, DeskMark, Evaluation, Membership, SuggestedDates, TeamMember, User, Visit
from evaluation.models.people.permissions import is_allowed
from evaluation.models.people.ties import stakes_of
from evaluation.rounds.planning import hotlines_without_people
from evaluation.visits.desk_review import is_desk_open, unsent_questions
from evaluation.visits.recording import is_recording
from evaluation.visits.turns import find_turn, may_declare
from evaluation.workflow import write_step
from portal.rounds.board import TASKS
from portal.tasks import TaskSearch, find_first, find_tasks, in_order
from tests.bulk_network import create_network
from tests.factories import StakeFactory
from tests.stage import Participants

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]

State = Evaluation.State
STAGES = (State.SELF_ASSESSMENT, State.DESK_REVIEW, State.STUDY_VISIT, State.REPORT, State.RESPONSE)


def populate(seed: int, people: Participants) -> None:
    """Write evaluations at random stages, with random extensions, steps, visits, teams, suggestions and stakes."""
    draw, today = Random(seed), timezone.localdate()
    network = create_network(40, people.lead)
    for number, one in enumerate(network.evaluations):
        days = draw.choice((None, -4, -1, 0, 5))
        state = draw.choice(STAGES)
        Evaluation.objects.filter(pk=one.pk).update(
            state=state,
            extended_until=None if days is None else today + timedelta(days=days),
            respond_by=today + timedelta(days=draw.choice((-2, -1, 0, 1))) if state == State.RESPONSE else None,
        )
        for move in draw.choice(
            ((), ("submit",), ("submit", "send_back"), ("submit", "readmit"), ("submit", "resume"))
        ):
            write_step(one, move, draw.choice(("", state)), by=None, note="")
        if number % 7 == 0:
            Membership.objects.filter(hotline=one.hotline).update(since=today + timedelta(days=9))
        if number % 9 == 0:
            StakeFactory(user=draw.choice((people.mce, people.lead, people.assessor)), hotline=one.hotline)
        Visit.objects.filter(evaluation=one).delete()
        if draw.random() < 0.8:
            _arrange(draw, one, people)


def _arrange(draw: Random, one: Evaluation, people: Participants) -> None:
    first = timezone.localdate() + timedelta(days=draw.choice((-3, 0, 3)))
    state = draw.choice(Visit.State.values)
    visit = Visit.objects.create(evaluation=one, state=state, starts_on=first, ends_on=first)
    now = timezone.now()
    for place, user in enumerate(draw.sample((people.lead, people.assessor, people.elsewhere), k=draw.choice((1, 2)))):
        TeamMember.objects.create(
            visit=visit, user=user, is_lead=place == 0 and draw.random() < 0.8,
            declared_at=draw.choice((None, now)), finished_at=draw.choice((None, now)),
        )  # fmt: skip
    if draw.random() < 0.5:
        write_step(visit, "agree", draw.choice(("", state)), by=None)
    if draw.random() < 0.5:
        Agenda.objects.create(visit=visit, version=1, by=people.lead)
    if draw.random() < 0.5:
        DeskMark.objects.create(
            evaluation=one, code="1.1.1", by=draw.choice((people.lead, people.assessor)), kind="agree"
        )
    for ahead in range(draw.choice((0, 0, 1, 2))):
        day = first + timedelta(days=ahead)
        SuggestedDates.objects.create(
            visit=visit, starts_on=day, ends_on=day, side=draw.choice(("hotline", "team")), by=people.lead,
            is_open=draw.random() < 0.7,
        )  # fmt: skip


def next_task(visit: Visit) -> str:
    """Return the code of the turn of a visit, "" without one: the rule of `at_turn`, read from one visit."""
    team = list(visit.team.select_related("user"))
    if visit.state == Visit.State.CANCELLED:
        return "propose"
    hotline = visit.evaluation.hotline
    is_tied = any(not member.user.country or stakes_of(member.user, hotline) for member in team)
    is_before = visit.state in Visit.BEFORE_IT_BEGINS
    if (is_tied and (is_before or visit.state in Visit.HELD)) or (is_before and not any(one.is_lead for one in team)):
        return "change_team"
    if visit.state == Visit.State.PROPOSED:
        return "answer" if SuggestedDates.objects.filter(visit=visit, is_open=True).exists() else "suggest"
    return {"dates_agreed": "declare", "team_confirmed": "send_agenda", "agenda_sent": "begin"}.get(visit.state, "")


def expected(user: User) -> Iterator[tuple[str, int]]:
    """Yield the kinds of what waits, each with the key of the evaluation, one evaluation at a time."""
    for one in Evaluation.objects.filter(state__in=STAGES).select_related("round__edition", "hotline"):
        today, is_run = one.round.today, is_allowed("evaluation.run", user, one)
        visit = one.arranged_visit if one.state in (State.DESK_REVIEW, State.STUDY_VISIT) else None
        found = {
            "unreached": one.state in (State.SELF_ASSESSMENT, State.RESPONSE)
            and is_allowed("people.invite", user)
            and bool(hotlines_without_people([one.hotline])),
            "reports": one.state == State.REPORT and is_allowed("evaluation.judge", user, one),
            "review": one.state == State.DESK_REVIEW and is_run and one.followed_up is None,
            "follow_ups": one.state == State.DESK_REVIEW and is_run and one.followed_up is not None,
            "responses": one.state == State.RESPONSE and is_run and bool(one.respond_by and today > one.respond_by),
        }
        if one.is_open and is_run:
            last = last_days_of([one])[one.pk]
            found["undated"] = last is None
            found["late"] = last is not None and last < today
            found["traits"] = bool(one.framework.traits) and one.traits is None
        if visit is not None:
            turn, code = find_turn(visit), next_task(visit)
            assert (turn.code if turn else "") == code
            is_own = turn is not None and turn.is_of(user, visit)
            observes = is_allowed("visit.observe", user, visit)
            is_unread = not DeskMark.objects.filter(evaluation=one, by=user).exists()
            found |= {
                "visits": is_own and code in ("propose", "change_team"),
                "days": is_own and code in ("suggest", "answer"),
                "interests": may_declare(visit, user) and is_allowed("visit.step_aside", user, visit),
                "agendas": visit.state in Visit.WITH_DAYS
                and is_allowed("visit.plan", user, visit)
                and (visit.state == "team_confirmed" or not visit.agendas.exists()),
                "desk": is_desk_open(visit)
                and observes
                and (is_unread or unsent_questions().filter(evaluation=one).exists()),
                "begin": one.state == State.STUDY_VISIT
                and visit.state in ("team_confirmed", "agenda_sent")
                and observes
                and today >= visit.agreed_days[0],
                "record": observes and is_recording(visit, user),
                "findings": visit.state == "findings_entered"
                and is_allowed("visit.sign_off", user, visit)
                and today > visit.agreed_days[1],
            }
        elif one.state in (State.DESK_REVIEW, State.STUDY_VISIT):
            found["visits"] = is_allowed("visit.arrange", user, one)
        yield from ((code, one.pk) for code, waits in found.items() if waits)


@pytest.mark.parametrize("seed", range(4))
def test_the_database_finds_and_pages_what_python_finds(seed: int):
    people = Participants()
    populate(seed, people)
    for who in (people.mce, people.lead, people.assessor, people.elsewhere, people.panel):
        user = User.objects.get(pk=who.pk)
        rows = find_tasks(user, TASKS)
        found = [(r.kind.code, r.waiting.about.of_evaluation().pk) for r in rows if r.kind.code != "replies"]
        assert sorted(found) == sorted(expected(User.objects.get(pk=who.pk))), who.name
        for most in (1, 7):
            first = in_order([find_first(TaskSearch(user), source, most) for source in TASKS])[:most]
            assert [(r.kind.code, r.found.since) for r in first] == [(r.kind.code, r.found.since) for r in rows[:most]]
