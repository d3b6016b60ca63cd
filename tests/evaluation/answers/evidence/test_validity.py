"""The validity period of evidence: the same for each answer, carried over, and with a warning in time."""

from datetime import date, timedelta

import pytest

from evaluation.answers.evidence.validity import (
    EndsBeforeItBegins,
    KeyDates,
    Lapse,
    ended_on,
    key_dates_of,
    set_force,
)
from evaluation.files.documents import attach_address, attach_addresses, attach_document
from evaluation.files.kinds import Unacceptable
from evaluation.models import Evaluation, Evidence
from tests.bystander import new
from tests.factories import EvidenceFactory, evaluation_of, person
from tests.stage import Stage
from tests.uploads import PDF

TODAY, DAY = date(2026, 5, 10), timedelta(days=1)
VISIT, DECISION = TODAY + 10 * DAY, TODAY + 30 * DAY
FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)


@pytest.mark.parametrize(
    ("begins_on", "ends_on", "lapse"),
    [
        (None, None, None),
        (TODAY, None, None),
        (TODAY + DAY, None, Lapse.NOT_YET),
        (None, TODAY - DAY, Lapse.ENDED),
        (None, TODAY, Lapse.BEFORE_VISIT),
        (None, VISIT - DAY, Lapse.BEFORE_VISIT),
        (None, VISIT, Lapse.BEFORE_DECISION),
        (None, DECISION - DAY, Lapse.BEFORE_DECISION),
        (None, DECISION, None),
        (TODAY + DAY, VISIT - DAY, Lapse.NOT_YET),
    ],
)
def test_evidence_counts_to_the_end_of_its_last_day(begins_on: date | None, ends_on: date | None, lapse: Lapse | None):
    assert KeyDates(TODAY, VISIT, DECISION).lapse_of(begins_on, ends_on) == lapse


def test_without_a_visit_to_come_only_the_decision_matters():
    assert KeyDates(TODAY, None, DECISION).lapse_of(None, VISIT - DAY) == Lapse.BEFORE_DECISION


@pytest.mark.parametrize(
    ("ends", "day"),
    [
        ([], None),
        ([None], None),
        ([TODAY], None),
        ([TODAY - DAY], TODAY - DAY),
        ([TODAY - 2 * DAY, TODAY - DAY], TODAY - DAY),
        ([TODAY - DAY, None], None),
    ],
)
def test_the_last_of_an_answers_evidence_has_ended_when_nothing_of_it_is_in_force(
    ends: list[date | None], day: date | None
):
    assert ended_on(ends, TODAY) == day


@pytest.mark.django_db
def test_the_decision_cannot_come_before_the_submission_and_the_time_to_respond():
    evaluation = evaluation_of()
    dates = key_dates_of(evaluation)
    response = timedelta(days=evaluation.framework.procedure.response_days)
    last = max(evaluation.round.answers_until, evaluation.round.today)
    assert dates == KeyDates(evaluation.round.today, None, last + response)


@pytest.mark.django_db
def test_a_visit_that_is_arranged_is_the_next_date_and_a_decision_ends_all_warnings():
    stage = Stage.minimal("study_visit")
    visit = stage.evaluation.visit
    visit.starts_on = stage.evaluation.round.today + DAY
    visit.ends_on = visit.starts_on + DAY
    dates = key_dates_of(stage.evaluation)
    assert (dates.visit, dates.decision) == (
        visit.starts_on,
        visit.ends_on + timedelta(days=stage.evaluation.framework.procedure.response_days),
    )
    visit.__dict__["state"] = visit.State.PROPOSED
    answered = max(stage.evaluation.answers_until, stage.evaluation.round.today)
    put_off = key_dates_of(stage.evaluation)
    assert (put_off.visit, dates.decision - put_off.decision) == (None, visit.ends_on - answered)
    stage.evaluation.__dict__["state"] = Evaluation.State.DECIDED
    assert key_dates_of(stage.evaluation) is None


@pytest.mark.django_db
def test_the_days_of_a_document_hold_at_every_answer_of_the_evaluation_and_for_a_later_one():
    evaluation, by = evaluation_of(), person()
    first = attach_document(evaluation, "1.1.1", content=PDF, name="a.pdf", limit=10_000, by=by)
    second = attach_document(evaluation, "1.1.2", content=PDF, name="a.pdf", limit=10_000, by=by)
    address = attach_address(evaluation, "1.1.2", address="https://example.org/a", by=by)
    other = EvidenceFactory(evaluation=evaluation_of(), document=first.document)
    set_force(first, begins_on=FIRST, ends_on=LAST)
    for link in (first, second, address, other):
        link.refresh_from_db()
    assert [(one.begins_on, one.ends_on) for one in (first, second)] == [(FIRST, LAST)] * 2
    assert (address.ends_on, other.ends_on) == (None, None)
    later = evaluation_of(hotline=evaluation.hotline, state="published")
    EvidenceFactory(evaluation=later, code="1.1.1", document=first.document, ends_on=FIRST)
    third = attach_document(evaluation, "1.2.1", content=PDF, name="a.pdf", limit=10_000, by=by)
    assert (third.begins_on, third.ends_on) == (FIRST, LAST)


@pytest.mark.django_db
def test_an_address_that_a_workbook_adds_is_in_force_as_it_is_elsewhere():
    evaluation, by, address = evaluation_of(), person(), "https://example.org/a"
    set_force(attach_address(evaluation, "1.1.1", address=address, by=by), begins_on=None, ends_on=LAST)
    attach_addresses(evaluation, [("1.1.2", address), ("1.1.2", "https://example.org/b")], by=by)
    assert sorted(new(Evidence).values_list("code", "address", "ends_on")) == [
        ("1.1.1", address, LAST),
        ("1.1.2", address, LAST),
        ("1.1.2", "https://example.org/b", None),
    ]


@pytest.mark.django_db
def test_a_last_day_before_the_first_is_refused_and_one_day_is_not():
    link = EvidenceFactory(evaluation=evaluation_of())
    with pytest.raises(EndsBeforeItBegins):
        set_force(link, begins_on=LAST, ends_on=FIRST)
    set_force(link, begins_on=LAST, ends_on=LAST)
    set_force(link, begins_on=None, ends_on=None)
    link.refresh_from_db()
    assert (link.begins_on, link.ends_on) == (None, None)


@pytest.mark.django_db
def test_the_days_are_those_of_the_submission():
    stage = Stage.minimal("desk_review")
    with pytest.raises(Unacceptable) as refused:
        set_force(stage.evaluation.evidence.get(), begins_on=FIRST, ends_on=None)
    assert refused.value.code == "not_open"
