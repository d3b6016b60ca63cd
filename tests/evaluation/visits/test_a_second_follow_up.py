"""A follow-up visit that ended without a decision leaves nothing that a second one would take for its own."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from evaluation.answers.returned_answers import find_returned_codes, find_unsettled
from evaluation.models import Finding, Role, VisitSheet
from evaluation.models.people.permissions import is_allowed
from evaluation.queries import to_be_declared_by
from evaluation.response.response import accept_findings, accepted_codes
from evaluation.visits.planning import arrange_visit
from evaluation.visits.sheets.rows import RowInput, read_sheets, save_sheet_row
from evaluation.visits.sheets.templates import SheetTemplate
from evaluation.workflow import perform
from tests.bystander import new
from tests.factories import begin_visit, person
from tests.follow_ups import CODE, Followed

pytestmark = pytest.mark.django_db

LATER = date(2026, 6, 1)
"""A date after the deadline for appeals."""
AGAIN = LATER + timedelta(days=30)


def send_back(followed: Followed, code: str) -> None:
    perform(
        followed.evaluation, "send_back", by=followed.people.mce, note="Tell us more.", returned={code: "Which nights?"}
    )


def test_an_answer_that_was_sent_back_and_never_submitted_is_not_sent_back_again(followed: Followed):
    followed.follow_up(LATER)
    send_back(followed, CODE)
    followed.end()
    followed.follow_up(AGAIN)
    send_back(followed, "1.1.1")
    assert (list(followed.evaluation.returned), find_unsettled(followed.evaluation)) == (["1.1.1"], {"1.1.1"})
    assert find_returned_codes([followed.evaluation]) == {followed.evaluation.pk: ["1.1.1"]}


def test_nor_if_the_whole_is_sent_back(followed: Followed):
    followed.follow_up(LATER)
    send_back(followed, CODE)
    followed.end()
    followed.follow_up(AGAIN)
    perform(followed.evaluation, "send_back", by=followed.people.mce, note="Tell us more.")
    assert (followed.evaluation.returned, find_returned_codes([followed.evaluation])) == ({}, {})


def test_whoever_was_on_the_first_visit_does_not_decide_after_the_second(followed: Followed):
    """This also holds if the first visit was cancelled while under way, by ending the follow-up."""
    judge = person(Role.PANEL_MEMBER, Role.ASSESSOR)
    followed.follow_up(LATER)
    days = {"starts_on": LATER, "ends_on": LATER, "agreed_with": "Ana"}
    arrange_visit(followed.evaluation, lead=judge, members=followed.people.team, by=followed.people.mce, **days)
    perform(followed.evaluation, "accept", by=followed.people.mce)
    begin_visit(followed.visit, by=judge)
    followed.end()
    followed.follow_up(AGAIN)
    followed.visit_again()
    kept = followed.evaluation.earlier_visits.get(team=judge)
    assert (kept.starts_on, kept.lead, is_allowed("evaluation.declare", judge, followed.evaluation)) == (
        LATER,
        judge,
        False,
    )
    assert followed.evaluation not in to_be_declared_by(judge)


def test_what_was_recorded_for_the_first_changes_no_finding_of_the_second(followed: Followed):
    followed.follow_up(LATER)
    followed.begin_visit(CODE)
    followed.record(level=0)
    followed.end()
    decided = new(Finding).get(code=CODE).level
    followed.follow_up(AGAIN)
    followed.begin_visit(CODE, "1.1.2")
    followed.record("1.1.2", level=2)
    followed.finish()
    assert (decided, new(Finding).get(code=CODE).level) == (3, 3)
    assert "We looked again." in new(Finding).get(code="1.1.2").words


def test_what_the_hotline_accepted_of_the_first_draft_is_not_accepted_of_the_second(followed: Followed):
    followed.follow_up(LATER)
    followed.begin_visit(CODE)
    followed.record(level=0)
    followed.finish()
    followed.propose()
    assert CODE in accept_findings(followed.evaluation, [CODE], by=followed.coordinator)
    followed.end()
    followed.follow_up(AGAIN)
    followed.begin_visit("1.1.2")
    followed.record("1.1.2")
    followed.finish()
    followed.propose()
    assert (followed.evaluation.state, accepted_codes(followed.evaluation)) == ("response", set())


def test_rows_of_a_sheet_of_the_first_are_not_those_of_the_second(followed: Followed):
    template = SheetTemplate(VisitSheet.Kind.INTERVIEWS, "en")
    for day in (LATER, AGAIN):
        row = RowInput(role="Shift lead", topic="Nights", day=day, words="One person.")
        followed.follow_up(day)
        followed.begin_visit(CODE)
        assert read_sheets(followed.visit, by=followed.people.lead) == {}
        save_sheet_row(followed.visit, template, uuid4(), row, version=0, by=followed.people.lead)
        followed.end()
    assert [(sheet.number, sheet.rows.count()) for sheet in followed.visit.sheets.all()] == [(1, 1), (2, 1)]
