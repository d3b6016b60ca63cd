"""The hotline's response: drafted remark by remark, submitted once; or the panel continues when its time is over."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from evaluation.assessment.judgements import Closed, Conflict, Saved
from evaluation.assessment.response import GENERAL_REMARK, respond, save_remark
from evaluation.guards.reasons import Reason
from evaluation.judging import judge
from evaluation.models import DraftRemark, Evaluation, Finding, Response, Role, Step
from evaluation.workflow import Refusal, find_reasons, perform
from tests.factories import person, write_answer
from tests.stage import STATES, Stage

pytestmark = pytest.mark.django_db


def refused(act) -> tuple[Reason, ...]:
    before = (Response.objects.count(), Step.objects.count(), DraftRemark.objects.count())
    with pytest.raises(Refusal) as caught:
        act()
    assert (Response.objects.count(), Step.objects.count(), DraftRemark.objects.count()) == before
    return caught.value.reasons


def test_the_draft_goes_to_the_hotline_with_a_last_day_of_the_editions_procedure():
    here = Stage.minimal("report")
    judge(here.evaluation, by=here.people.lead)
    assert here.evaluation.state == "response"
    assert here.evaluation.respond_by == here.evaluation.round.today + timedelta(
        days=here.evaluation.framework.procedure.response_days
    )


# --- Drafting --------------------------------------------------------------------------------------------------------


def test_each_remark_is_kept_by_itself():
    here = Stage.minimal("response")
    assert save_remark(here.evaluation, GENERAL_REMARK, "On the whole, fair.", version=0, by=here.coordinator) == Saved(
        1
    )
    assert save_remark(here.evaluation, "1.1.2", "Not so.", version=0, by=here.coordinator) == Saved(1)
    assert save_remark(here.evaluation, "1.1.2", "Not quite so.", version=1, by=here.coordinator) == Saved(2)
    assert dict(here.evaluation.draft_remarks.values_list("code", "words")) == {
        GENERAL_REMARK: "On the whole, fair.",
        "1.1.2": "Not quite so.",
    }


def test_two_people_on_one_remark_both_keep_their_words():
    here = Stage.minimal("response")
    colleague = person(Role.CONTRIBUTOR, hotline=here.evaluation.hotline)
    save_remark(here.evaluation, "1.1.2", "Theirs.", version=0, by=colleague)
    result = save_remark(here.evaluation, "1.1.2", "Mine.", version=0, by=here.coordinator)
    assert isinstance(result, Conflict)
    assert (result.theirs.words, result.theirs.by, result.theirs.version) == ("Theirs.", colleague, 1)
    assert save_remark(here.evaluation, "1.1.2", "Mine.", version=1, by=here.coordinator) == Saved(2)


def test_the_same_words_sent_twice_are_kept_once():
    here = Stage.minimal("response")
    for _ in range(2):
        assert save_remark(here.evaluation, "1.1.2", "Not so.", version=0, by=here.coordinator) == Saved(1)
    assert save_remark(here.evaluation, "9.1.2", "", version=0, by=here.coordinator) == Saved(0)
    assert DraftRemark.objects.count() == 1


@pytest.mark.parametrize("state", [state for state in STATES if state != "response"])
def test_nothing_is_typed_before_or_after_the_time(state):
    here = Stage.minimal(state)
    assert save_remark(here.evaluation, "1.1.2", "Late.", version=0, by=here.coordinator) == Closed()
    assert not DraftRemark.objects.exists()


# --- Submitting ------------------------------------------------------------------------------------------------------


def test_what_is_typed_becomes_the_response_and_goes_to_the_panel():
    here = Stage.minimal("response")
    for code, words in (
        (GENERAL_REMARK, " Fair. "),
        ("9.1.2", "The rota changed."),
        ("1.1.2", "Not so."),
        ("1.1.1", " "),
    ):
        save_remark(here.evaluation, code, words, version=0, by=here.coordinator)
    told = []
    response = respond(here.evaluation, by=here.coordinator, notify=told.append)
    assert (response.scorecard, response.words, response.given_by) == (here.scorecard, "Fair.", here.coordinator)
    assert list(response.remarks.values_list("code", "words")) == [("1.1.2", "Not so."), ("9.1.2", "The rota changed.")]
    assert not response.has_nothing_to_add
    assert here.evaluation.state == "decision"
    assert [step.move for step in told] == ["respond"]
    assert not DraftRemark.objects.exists()


def test_nothing_to_add_is_a_response_too():
    here = Stage.minimal("response")
    assert respond(here.evaluation, by=here.coordinator, nothing_to_add=True).has_nothing_to_add
    assert here.evaluation.state == "decision"


def test_an_empty_response_is_not_given_by_mistake_nor_a_full_one_thrown_away():
    here = Stage.minimal("response")
    assert refused(lambda: respond(here.evaluation, by=here.coordinator)) == (Reason("empty_response"),)
    save_remark(here.evaluation, "1.1.2", "Not so.", version=0, by=here.coordinator)
    assert refused(lambda: respond(here.evaluation, by=here.coordinator, nothing_to_add=True)) == (
        Reason("something_is_written"),
    )


def test_only_the_coordinator_gives_it():
    here = Stage.minimal("response")
    contributor = person(Role.CONTRIBUTOR, hotline=here.evaluation.hotline)
    for by in (contributor, here.people.mce, here.people.lead, here.people.panel):
        assert refused(lambda by=by: respond(here.evaluation, by=by, nothing_to_add=True)) == (Reason("not_permitted"),)


@pytest.mark.parametrize("state", [state for state in STATES if state != "response"])
def test_nothing_is_given_before_or_after_the_time(state):
    here = Stage.minimal(state)
    assert refused(lambda: respond(here.evaluation, by=here.coordinator, nothing_to_add=True)) == (
        Reason("wrong_state"),
    )


def test_the_move_itself_asks_whether_there_is_anything_to_add():
    here = Stage.minimal("response")
    with pytest.raises(TypeError, match="nothing_to_add"):
        perform(here.evaluation, "respond", by=here.coordinator)
    act = lambda: perform(here.evaluation, "respond", by=here.coordinator, nothing_to_add=False)  # noqa: E731
    assert refused(act) == (Reason("empty_response"),)
    assert not Response.objects.exists()


# --- Without a response, and back ------------------------------------------------------------------------------------


def respond_by(here, days: int) -> None:
    Evaluation.objects.filter(pk=here.evaluation.pk).update(
        respond_by=here.evaluation.round.today + timedelta(days=days)
    )
    here.evaluation.refresh_from_db()


def test_the_panel_goes_on_without_a_response_only_when_the_last_day_is_over():
    here = Stage.minimal("response")
    for days in (1, 0):
        respond_by(here, days)
        assert refused(lambda: perform(here.evaluation, "go_on_without_response", by=here.people.mce)) == (
            Reason("time_to_respond", day=here.evaluation.respond_by),
        )
    respond_by(here, -1)
    perform(here.evaluation, "go_on_without_response", by=here.people.mce)
    assert here.evaluation.state == "decision"


def test_the_last_day_ends_where_the_round_keeps_its_deadlines(monkeypatch):
    """At half past ten in the evening, Greenwich time, it is tomorrow in Kyiv and still today in Lisbon."""
    here = Stage.minimal("response")
    late = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: late)
    Evaluation.objects.filter(pk=here.evaluation.pk).update(respond_by=late.date())
    found = {}
    for zone in ("Europe/Lisbon", "Europe/Kyiv"):
        type(here.evaluation.round).objects.update(time_zone=zone)
        evaluation = Evaluation.objects.get(pk=here.evaluation.pk)
        found[zone] = [reason.code for reason in find_reasons(evaluation, "go_on_without_response", here.people.mce)]
    assert found == {"Europe/Lisbon": ["time_to_respond"], "Europe/Kyiv": []}


def test_a_draft_taken_back_keeps_what_the_hotline_typed():
    here = Stage.minimal("response")
    save_remark(here.evaluation, "1.1.2", "Not so.", version=0, by=here.coordinator)
    assert refused(lambda: perform(here.evaluation, "take_back", by=here.people.lead)) == (Reason("needs_note"),)
    perform(here.evaluation, "take_back", by=here.people.lead, note="A finding is missing.")
    assert here.evaluation.state == "report"
    judge(here.evaluation, by=here.people.mce)
    assert dict(here.evaluation.draft_remarks.values_list("code", "words")) == {"1.1.2": "Not so."}


def test_findings_are_opened_again_changed_signed_off_and_scored_on_a_new_card():
    here = Stage.minimal("report")
    first = judge(here.evaluation, by=here.people.lead)
    perform(here.evaluation, "take_back", by=here.people.mce, note="Look at 9.1.2.")
    perform(here.evaluation, "reopen_findings", by=here.people.lead, note="Look at 9.1.2.")
    here.visit.refresh_from_db()
    assert (here.evaluation.state, here.visit.state) == ("study_visit", "findings_entered")
    write_answer(here.evaluation, "9.1.2", Finding, level=1, words="Two shifts of three.")
    perform(here.visit, "sign_off", by=here.people.lead)
    here.evaluation.refresh_from_db()
    second = judge(here.evaluation, by=here.people.lead)
    assert (here.evaluation.state, here.evaluation.latest_scorecard) == ("response", second)
    assert second.input_digest != first.input_digest
    steps = Step.objects.filter(kind="visit").order_by("seq").values_list("move", flat=True)
    assert list(steps) == ["reopen", "sign_off"]


@pytest.mark.parametrize(
    ("who", "why"), [("coordinator", "not_permitted"), ("assessor", "not_permitted"), ("panel", "not_permitted")]
)
def test_only_the_lead_and_mce_open_findings_again(who, why):
    here = Stage.minimal("report")
    with pytest.raises(Refusal, match=why):
        perform(here.evaluation, "reopen_findings", by=here.user(who), note="Again.")
