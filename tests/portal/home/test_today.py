"""Today: what waits for each person of the network, oldest first, with the link to its page."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.signals import post_init
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluation.models import (
    Consultation,
    Evaluation,
    Hotline,
    Recommendation,
    Remark,
    Reply,
    Role,
    Round,
    StatisticsImport,
    SystemKey,
    User,
)
from evaluation.models.people.permissions import TABLE, is_allowed, may_ever_have
from evaluation.rounds.planning import late_evaluations
from evaluation.workflow import write_step
from portal.home.today import TASKS
from portal.letters.models import Letter
from portal.letters.outbox import MOST_ATTEMPTS
from portal.rounds.board import visible_evaluations
from portal.rounds.board_rows import read_rows
from portal.tasks import Listing, Row, TaskSearch, find_first, find_tasks, in_order
from portal.tasks import read_rows as read_waiting
from tests.bulk_network import create_network
from tests.bystander import new
from tests.factories import AppealFactory, ConsultationFactory, CorrectionFactory, DecisionFactory, StakeFactory, person
from tests.stage import Participants, Stage

pytestmark = pytest.mark.django_db


def kinds(user: User) -> Counter[str]:
    return Counter(row.kind.code for row in rows(user))


def rows(user: User) -> list[Row]:
    return find_tasks(User.objects.get(pk=user.pk), TASKS)


def row_of(user: User, code: str) -> Row:
    (row,) = [row for row in rows(user) if row.kind.code == code]
    return row


def test_a_deferral_waits_to_be_taken_up_again_and_is_late_after_its_last_day():
    people = Participants()
    for number, days in enumerate((5, -1, None)):
        stage = Stage("decision", people, country="", name=f"Round {number} of deferrals")
        first = DecisionFactory(
            scorecard=stage.scorecard, outcome="deferred", valid_until=None,
            hand_in_by=stage.round.today + timedelta(days=days or -9),
        )  # fmt: skip
        if days is None:  # it was taken up again, and the panel has decided
            DecisionFactory(scorecard=stage.scorecard, kind="follow_up", replaces=first, reasons="It is complete.")
        Evaluation.objects.filter(pk=stage.evaluation.pk).update(state="published")
    found = [row.waiting for row in rows(people.mce) if row.kind.code == "deferred"]
    assert sorted((one.is_late, "taken up again" in one.why) for one in found) == [(False, True), (True, False)]


# --- What waits for whom ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "who", "waits"),
    [
        ("self_assessment", "mce", set()),
        ("self_assessment", "lead", set()),
        ("desk_review", "mce", {"review", "visits"}),
        ("study_visit", "mce", set()),
        ("study_visit", "lead", {"findings"}),
        ("study_visit", "assessor", set()),
        ("study_visit", "elsewhere", set()),
        ("report", "mce", {"reports"}),
        ("report", "lead", {"reports"}),
        ("report", "panel", set()),
        ("decision", "mce", set()),
        ("decision", "lead", set()),
        ("decision", "elsewhere", set()),
        ("decided", "mce", {"publish"}),
        ("decided", "lead", set()),
    ],
)
def test_each_stage_waits_for_those_who_may_act(state: str, who: str, waits: set[str]):
    stage = Stage(state)
    new(StatisticsImport).update(state="accepted")
    if state == "self_assessment":
        new(Evaluation).update(traits=[])
    assert set(kinds(getattr(stage.people, who))) == waits


def test_a_late_self_assessment_waits_since_its_last_day_was_over():
    stage = Stage()
    last = timezone.localdate() - timedelta(days=4)
    new(Round).update(answers_until=last)
    row = row_of(stage.people.mce, "late")
    assert (row.waiting.title, row.waiting.is_late, row.days) == (stage.hotline.name, True, 3)


def test_what_came_back_after_its_last_day_is_late_nowhere_and_waits_for_another():
    stage = Stage()
    new(Round).update(answers_until=stage.round.today - timedelta(days=4))
    stage.round.refresh_from_db()
    assert late_evaluations(stage.round) == [stage.evaluation]
    for move in ("submit", "send_back"):
        write_step(stage.evaluation, move, stage.evaluation.state, by=None, note="")
    found = kinds(stage.people.mce)
    assert (found["late"], found["undated"]) == (0, 1)
    assert late_evaluations(stage.round) == []
    (row,) = read_rows(stage.round, visible_evaluations(stage.people.mce, stage.round))
    assert (row.is_late, row.days_left, row.needs_time) == (False, None, True)
    new(Evaluation).update(extended_until=stage.round.today + timedelta(days=5))
    (row,) = read_rows(stage.round, visible_evaluations(stage.people.mce, stage.round))
    assert (row.days_left, row.needs_time, kinds(stage.people.mce)["undated"]) == (5, False, 0)


def test_a_response_that_did_not_come_waits_for_mce_only_when_its_time_is_over():
    stage = Stage("response")
    assert "responses" not in kinds(stage.people.mce)
    new(Evaluation).update(respond_by=stage.round.today - timedelta(days=1))
    assert row_of(stage.people.mce, "responses").waiting.url == reverse(
        "workspace:evaluation", args=[stage.evaluation.uid]
    )


def test_a_visit_without_an_agenda_or_a_lead_is_named():
    stage = Stage("desk_review", visit_state="team_confirmed")
    assert row_of(stage.people.lead, "agendas").waiting.url.endswith("/visit/agenda/")
    assert "visits" not in kinds(stage.people.mce)
    stage.evaluation.visit.team.update(is_lead=False)
    assert row_of(stage.people.mce, "visits").waiting.why == "Nobody leads the team, or somebody on it has a stake."


def test_a_contesting_response_waits_for_the_assessors_and_not_for_the_panel():
    stage = Stage("decision", votes=0, for_pages=False)
    assert kinds(stage.people.panel) == {"vote": 1}
    Reply.objects.create(remark=Remark.objects.create(response=stage.response, code="1.1.2", words="It was not so."))
    assert kinds(stage.people.panel) == {}
    assert kinds(stage.people.lead) == {"replies": 1}
    assert row_of(stage.people.mce, "replies").waiting.url.endswith("/replies/")


def test_the_panel_declares_then_votes_and_has_no_more_to_do():
    stage = Stage.minimal("decision")
    panel = stage.people.panel
    assert kinds(panel) == {"declare": 1}
    assert kinds(stage.people.judge) == {}  # was on the team
    Stage("decision", stage.people, country="", round=stage.round, votes=1)
    assert kinds(panel)["vote"] == 0
    assert kinds(stage.people.second)["vote"] == 1


def test_an_appeal_and_a_correction_wait_for_members_who_may_act():
    stage = Stage("decided")
    AppealFactory(decision=stage.decision)
    newcomer = person(Role.PANEL_MEMBER, country="AT")
    assert kinds(newcomer)["hear"] == 1
    assert kinds(stage.people.panel)["hear"] == 0  # decided
    assert kinds(stage.people.mce)["appeals"] == 1
    assert kinds(stage.people.mce)["publish"] == 0  # contested
    CorrectionFactory(decision=stage.decision, proposed_by=stage.people.panel)
    assert kinds(stage.people.panel)["confirm"] == 0
    assert kinds(stage.people.second)["confirm"] == 1


def test_recommendations_wait_for_those_who_verify_them_and_no_tied_one():
    stage = Stage("decided")
    new(Recommendation).update(
        state="evidence_submitted", due_on=timezone.localdate() - timedelta(days=3), is_dropped=False
    )
    assert kinds(stage.people.lead)["verify"] == 1
    found = kinds(stage.people.mce)
    assert (found["verify"], found["overdue"]) == (1, 1)
    StakeFactory(user=stage.people.mce, hotline=stage.hotline)
    found = kinds(stage.people.mce)
    assert (found["verify"], found["overdue"]) == (0, 0)


def test_figures_keys_letters_and_comments_wait_for_mce():
    people = Participants()
    stage = Stage("self_assessment", people)
    StatisticsImport.objects.filter(pk=stage.statistics.pk).update(state="confirmed", file_digest="1" * 64)
    today = timezone.localdate()
    made = {"hotline": stage.hotline, "made_by": people.mce}
    SystemKey.objects.create(name="Ends", token_digest="1", expires_on=today + timedelta(days=3), **made)
    Letter.objects.create(to_user=stage.coordinator, to_address="a@example.org", language="en", subject="S", attempts=6)
    Letter.objects.create(to_user=stage.coordinator, to_address="a@example.org", language="en", subject="S", attempts=1)
    found = kinds(people.mce)
    assert (found["keys"], found["letters"], MOST_ATTEMPTS) == (1, 1, 6)
    assert found["figures"] == StatisticsImport.objects.filter(state="confirmed").count()
    SystemKey.objects.create(name="New", token_digest="2", expires_on=today + timedelta(days=300), **made)
    assert kinds(people.mce)["keys"] == 0
    for other in (people.lead, people.panel):
        assert kinds(other) == {}


def test_an_invited_assessor_has_the_consultation_until_it_closes():
    people = Participants()
    consultation = ConsultationFactory(state=Consultation.State.OPEN)
    consultation.assessors.set([people.assessor])
    assert kinds(people.assessor) == {"consultations": 1}
    assert kinds(people.elsewhere) == {}
    Consultation.objects.update(closes_on=timezone.localdate() - timedelta(days=2))
    assert kinds(people.assessor) == {}


def test_a_round_whose_outcomes_are_all_published_waits_to_be_closed():
    stage = Stage("published")
    assert row_of(stage.people.mce, "rounds").waiting.url == reverse("workspace:board", args=[stage.round.uid])


def test_no_right_is_ruled_out_by_roles_that_the_table_gives():
    stage = Stage("decision")
    appealed = Stage("decided", stage.people, country="XB", round=stage.round)
    appeal = AppealFactory(decision=appealed.decision)
    things = {
        right: (appeal,) if right.startswith("appeal.") else (stage.evaluation, stage.hotline, None) for right in TABLE
    }
    del things["statistics.match"]  # reads who sent the file
    people = [*vars(stage.people).values(), stage.coordinator, stage.contributor]
    given = [
        (right, user)
        for right in things
        for user in people
        if any(is_allowed(right, user, one) for one in things[right])
    ]
    assert len({right for right, _user in given}) > 30
    assert [(right, user.name) for right, user in given if not may_ever_have(right, user)] == []
    assert not may_ever_have("statistics.accept", stage.people.lead)


# --- The page --------------------------------------------------------------------------------------------------------


def test_today_is_oldest_first_by_kind_and_paged(sign_in: Callable[..., Client]):
    people = Participants()
    create_network(30, people.lead)
    client = sign_in(Client(), people.mce)
    page = client.get("/work/", {"kind": "figures"})
    assert page.context["wanted"] == "figures"
    assert {row.kind.code for row in page.context["page"]} == {"figures"}
    assert (len(page.context["page"]), page.context["page"].paginator.count) == (25, 30)
    everything = client.get("/work/", {"kind": "nonsense", "page": "999"})
    listed = rows(people.mce)
    shown = everything.context["page"]
    assert shown.number == shown.paginator.num_pages == -(-len(listed) // 25)
    assert [row.waiting for row in shown] == [row.waiting for row in listed[shown.start_index() - 1 :]]
    known = [row.found.since for row in listed if row.found.since]
    assert known == sorted(known)
    counted = {one.kind.code: one.count for one in everything.context["found"]}
    assert counted == Counter(row.kind.code for row in listed)


def test_each_thing_leads_to_a_page_that_opens(sign_in: Callable[..., Client]):
    people = Participants()
    first = Stage("desk_review", people, visit_state="team_confirmed")
    for state, country in (("study_visit", "XB"), ("report", "XC"), ("decision", "XD"), ("decided", "XE")):
        Stage(state, people, country=country, round=first.round)
    for user in (people.mce, people.lead):
        client = sign_in(Client(), user)
        for address in {row.waiting.url for row in rows(user)}:
            assert client.get(address).status_code == 200, address


def test_somebody_of_a_hotline_and_the_network_finds_both(sign_in: Callable[..., Client]):
    stage = Stage()
    both = person(Role.ASSESSOR, Role.CONTRIBUTOR, hotline=stage.hotline)
    page = sign_in(Client(), both).get("/work/")
    assert list(page.context["own"]) == [stage.evaluation]


# --- Constant queries ------------------------------------------------------------------------------------------------


def asked(count: int, who: str) -> int:
    """Return the number of queries of Today in a network of so many hotlines, and roll it back."""
    with transaction.atomic():
        people = Participants()
        create_network(count, people.lead)
        user = User.objects.get(pk=getattr(people, who).pk)
        with CaptureQueriesContext(connection) as queries:
            found: list[Any] = find_tasks(user, TASKS)
        assert len(found) >= count // 6
        assert new(Hotline).count() == count
        transaction.set_rollback(True)
    return len(queries)


@pytest.mark.parametrize("who", ["mce", "lead", "panel"])
def test_today_asks_the_database_as_often_for_300_hotlines_as_for_32(who: str):
    assert asked(300, who) == asked(32, who)


LISTED = ("StatisticsImport", "Recommendation", "Evaluation")


def read_for(count: int) -> dict[str, int]:
    """Return how many files, recommendations and evaluations a list of overdue ones and of files reads."""
    with transaction.atomic():
        people = Participants()
        create_network(count, people.lead)
        counted: Counter[str] = Counter()

        def count_up(sender: type, **_: Any) -> None:
            counted[sender.__name__] += 1

        listed = [source for source in TASKS if isinstance(source.find, Listing)]
        desk = TaskSearch(User.objects.get(pk=people.mce.pk))
        post_init.connect(count_up)
        try:
            kinds = [find_first(desk, source, 5) for source in listed]
            by_code = {kind.kind.code: kind.rows for kind in kinds}
            assert all(len(by_code[code]) == 5 for code in ("verify", "overdue", "figures"))
            shown = [row for code in ("verify", "overdue", "figures") for row in by_code[code]]
            assert len(read_waiting(desk, shown)) == 15
        finally:
            post_init.disconnect(count_up)
        transaction.set_rollback(True)
    assert sum(kind.count for kind in kinds) >= 3 * count
    return {name: counted[name] for name in LISTED}


def test_of_what_waits_only_the_shown_rows_are_read():
    assert read_for(40) == read_for(10)


def test_what_was_done_since_it_was_listed_is_left_out():
    people = Participants()
    create_network(6, people.lead)
    desk = TaskSearch(User.objects.get(pk=people.mce.pk))
    rows = in_order([find_first(desk, source, None) for source in TASKS])
    StatisticsImport.objects.all().update(state="accepted")
    Recommendation.objects.all().update(state="verified")
    left = {row.kind.code for row in read_waiting(desk, rows)}
    assert {"figures", "verify", "overdue"} & {row.kind.code for row in rows} == {"figures", "verify", "overdue"}
    assert {"figures", "verify"} & left == set()


@pytest.mark.everywhere
def test_a_coordinator_with_a_tie_sees_nothing_of_the_hotline(sign_in: Callable[..., Client]):
    people = Participants()
    network = create_network(6, people.lead)
    tied, other = network.evaluations[0].hotline, network.evaluations[1].hotline
    StakeFactory(user=people.mce, hotline=tied)
    rows = find_tasks(User.objects.get(pk=people.mce.pk), TASKS)
    assert not [row for row in rows if row.waiting.title.startswith(tied.name)]
    seen = {row.kind.code for row in rows if row.waiting.title.startswith(other.name)}
    assert {"figures", "verify", "overdue"} <= seen


@pytest.mark.everywhere
def test_a_recommendation_is_overdue_by_the_clock_of_its_round(monkeypatch: pytest.MonkeyPatch):
    people = Participants()
    network = create_network(1, people.lead)
    mce = User.objects.get(pk=people.mce.pk)
    Recommendation.objects.filter(evaluation__in=network.evaluations).update(due_on="2026-12-01")
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 1, 23, 30, tzinfo=UTC))
    for zone, is_late in (("Pacific/Auckland", True), ("Europe/Brussels", True), ("Atlantic/Azores", False)):
        Round.objects.filter(pk=network.round.pk).update(time_zone=zone)
        found = [row for row in find_tasks(mce, TASKS) if row.kind.code == "overdue"]
        own = [row for row in found if row.waiting.about == network.evaluations[0]]
        assert (zone, bool(own)) == (zone, is_late)
