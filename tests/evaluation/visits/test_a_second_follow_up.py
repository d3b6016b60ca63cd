"""A follow-up visit that ended without a decision leaves nothing behind that a second one would take for its own."""

from datetime import date, timedelta

import pytest

from evaluation.assessment.returned_answers import find_returned_codes, find_unsettled
from evaluation.models import Finding
from evaluation.workflow import perform
from tests.follow_ups import CODE, Followed

pytestmark = pytest.mark.django_db

LATER = date(2026, 6, 1)
"""When the time to appeal is over."""
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
