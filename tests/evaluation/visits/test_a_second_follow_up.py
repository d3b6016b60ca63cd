"""A follow-up visit that ended without a decision leaves nothing that a second one would take for its own."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from evaluation.assessment.response import accept_findings, accepted_codes
from evaluation.assessment.returned_answers import find_returned_codes, find_unsettled
from evaluation.guards.permissions import is_allowed
from evaluation.models import Finding, Role, VisitSheet
from evaluation.queries import to_be_declared_by
from evaluation.visits.planning import arrange_visit
from evaluation.visits.sheets.rows import RowInput, read_sheets, save_sheet_row
from evaluation.visits.sheets.templates import SheetTemplate
from evaluation.workflow import perform
from tests.factories import person
from tests.follow_ups import CODE, Followed

pytestmark = pytest.mark.django_db

LATER = date(2026, 6, 1)
"""A date after the deadline for appeals."""
AGAIN = LATER + timedelta(days=30)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Followed:
    return Followed(monkeypatch)


def send_back(here: Followed, code: str) -> None:
    perform(here.evaluation, "send_back", by=here.people.mce, note="Tell us more.", returned={code: "Which nights?"})


def test_an_answer_that_was_sent_back_and_never_submitted_is_not_sent_back_again(here: Followed):
    here.follow_up(LATER)
    send_back(here, CODE)
    here.end()
    here.follow_up(AGAIN)
    send_back(here, "1.1.1")
    assert (list(here.evaluation.returned), find_unsettled(here.evaluation)) == (["1.1.1"], {"1.1.1"})
    assert find_returned_codes([here.evaluation]) == {here.evaluation.pk: ["1.1.1"]}


def test_nor_if_the_whole_is_sent_back(here: Followed):
    here.follow_up(LATER)
    send_back(here, CODE)
    here.end()
    here.follow_up(AGAIN)
    perform(here.evaluation, "send_back", by=here.people.mce, note="Tell us more.")
    assert (here.evaluation.returned, find_returned_codes([here.evaluation])) == ({}, {})


def test_whoever_was_on_the_first_visit_does_not_decide_after_the_second(here: Followed):
    """This also holds if the first visit was cancelled while under way, by ending the follow-up."""
    judge = person(Role.PANEL_MEMBER, Role.ASSESSOR)
    here.follow_up(LATER)
    days = {"starts_on": LATER, "ends_on": LATER, "agreed_with": "Ana"}
    arrange_visit(here.evaluation, lead=judge, members=here.people.team, by=here.people.mce, **days)
    perform(here.evaluation, "accept", by=here.people.mce)
    perform(here.visit, "begin", by=judge)
    here.end()
    here.follow_up(AGAIN)
    here.visit_again()
    kept = here.evaluation.earlier_visits.get(team=judge)
    assert (kept.starts_on, kept.lead, is_allowed("evaluation.declare", judge, here.evaluation)) == (
        LATER,
        judge,
        False,
    )
    assert here.evaluation not in to_be_declared_by(judge)


def test_what_was_recorded_for_the_first_changes_no_finding_of_the_second(here: Followed):
    here.follow_up(LATER)
    here.begin_visit(CODE)
    here.record(level=0)
    here.end()
    decided = Finding.objects.get(code=CODE).level
    here.follow_up(AGAIN)
    here.begin_visit(CODE, "1.1.2")
    here.record("1.1.2", level=2)
    here.finish()
    assert (decided, Finding.objects.get(code=CODE).level) == (3, 3)
    assert "We looked again." in Finding.objects.get(code="1.1.2").words


def test_what_the_hotline_accepted_of_the_first_draft_is_not_accepted_of_the_second(here: Followed):
    here.follow_up(LATER)
    here.begin_visit(CODE)
    here.record(level=0)
    here.finish()
    here.propose()
    assert CODE in accept_findings(here.evaluation, [CODE], by=here.coordinator)
    here.end()
    here.follow_up(AGAIN)
    here.begin_visit("1.1.2")
    here.record("1.1.2")
    here.finish()
    here.propose()
    assert (here.evaluation.state, accepted_codes(here.evaluation)) == ("response", set())


def test_rows_of_a_sheet_of_the_first_are_not_those_of_the_second(here: Followed):
    template = SheetTemplate(VisitSheet.Kind.INTERVIEWS, "en")
    row = RowInput(role="Shift lead", topic="Nights", day=LATER, words="One person.")
    for day in (LATER, AGAIN):
        here.follow_up(day)
        here.begin_visit(CODE)
        assert read_sheets(here.visit, by=here.people.lead) == {}
        save_sheet_row(here.visit, template, uuid4(), row, version=0, by=here.people.lead)
        here.end()
    assert [(sheet.number, sheet.rows.count()) for sheet in here.visit.sheets.all()] == [(1, 1), (2, 1)]
