"""The hotline's response: drafted remark by remark, submitted once; without one, the panel continues after the date."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from evaluation.assessment.judgements import Closed, Conflict, Saved
from evaluation.assessment.response import (
    GENERAL_REMARK,
    accept_findings,
    accepted_codes,
    add_remark_proof,
    drafted_proofs,
    find_acceptable,
    remove_remark_proof,
    respond,
    save_remark,
    take_acceptance_back,
)
from evaluation.files.inspection import inspect_upload
from evaluation.files.kinds import Unacceptable
from evaluation.guards.reasons import Reason
from evaluation.judging import judge
from evaluation.models import DraftAcceptance, DraftRemark, Evaluation, Finding, RemarkProof, Response, Role, Step
from evaluation.workflow import Refusal, find_reasons, perform
from tests.factories import DocumentFactory, person, write_answer
from tests.stage import STATES, Stage
from tests.uploads import PDF

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
    notified = []
    response = respond(here.evaluation, by=here.coordinator, notify=notified.append)
    assert (response.scorecard, response.words, response.given_by) == (here.scorecard, "Fair.", here.coordinator)
    assert list(response.remarks.values_list("code", "words")) == [("1.1.2", "Not so."), ("9.1.2", "The rota changed.")]
    assert not response.has_nothing_to_add
    assert here.evaluation.state == "decision"
    assert [step.move for step in notified] == ["respond"]
    assert not DraftRemark.objects.exists()


def test_to_accept_everything_is_a_response_too():
    here = Stage.minimal("response")
    assert respond(here.evaluation, by=here.coordinator, accepts_others=True).has_nothing_to_add
    assert here.evaluation.state == "decision"


def test_an_empty_response_is_not_given_by_mistake():
    here = Stage.minimal("response")
    assert refused(lambda: respond(here.evaluation, by=here.coordinator)) == (Reason("empty_response"),)


def test_only_the_coordinator_gives_it():
    here = Stage.minimal("response")
    contributor = person(Role.CONTRIBUTOR, hotline=here.evaluation.hotline)
    for by in (contributor, here.people.mce, here.people.lead, here.people.panel):
        assert refused(lambda by=by: respond(here.evaluation, by=by, accepts_others=True)) == (Reason("not_permitted"),)


@pytest.mark.parametrize("state", [state for state in STATES if state != "response"])
def test_nothing_is_given_before_or_after_the_time(state):
    here = Stage.minimal(state)
    assert refused(lambda: respond(here.evaluation, by=here.coordinator, accepts_others=True)) == (
        Reason("wrong_state"),
    )


def test_the_move_itself_asks_whether_the_others_are_accepted():
    here = Stage.minimal("response")
    with pytest.raises(TypeError, match="accepts_others"):
        perform(here.evaluation, "respond", by=here.coordinator)
    act = lambda: perform(here.evaluation, "respond", by=here.coordinator, accepts_others=False)  # noqa: E731
    assert refused(act) == (Reason("empty_response"),)
    assert not Response.objects.exists()


# --- Without a response, and taken back ------------------------------------------------------------------------------


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
    """At 22:30 UTC it is already tomorrow in Kyiv and still today in Lisbon."""
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
    assert list(steps) == ["send_findings", "take_findings_back", "reopen", "sign_off", "send_findings"]


@pytest.mark.parametrize(
    ("who", "why"), [("coordinator", "not_permitted"), ("assessor", "not_permitted"), ("panel", "not_permitted")]
)
def test_only_the_lead_and_mce_open_findings_again(who, why):
    here = Stage.minimal("report")
    with pytest.raises(Refusal, match=why):
        perform(here.evaluation, "reopen_findings", by=here.user(who), note="Again.")


# --- Accepted, or contested with evidence ----------------------------------------------------------------------------


def accepted(here: Stage) -> set[str]:
    return accepted_codes(here.evaluation)


def test_findings_are_accepted_one_by_one_and_no_longer():
    here = Stage.minimal("response")
    assert accept_findings(here.evaluation, ["1.1.2", "9.9.9"], by=here.coordinator) == ["1.1.2"]
    assert accept_findings(here.evaluation, ["1.1.2", "9.1.2"], by=here.coordinator) == ["1.1.2", "9.1.2"]
    assert accepted(here) == {"1.1.2", "9.1.2"}
    assert take_acceptance_back(here.evaluation, "9.1.2")
    assert not take_acceptance_back(here.evaluation, "9.1.2")
    response = respond(here.evaluation, by=here.coordinator)
    assert (response.accepted, response.has_nothing_to_add) == (["1.1.2"], True)
    assert not DraftAcceptance.objects.exists()


def test_what_is_contested_is_not_accepted_and_the_later_word_counts():
    here = Stage.minimal("response")
    accept_findings(here.evaluation, ["1.1.2", "9.1.2", "1.1.1"], by=here.coordinator)
    save_remark(here.evaluation, "1.1.2", "Not so.", version=0, by=here.coordinator)
    add_remark_proof(here.evaluation, "9.1.2", by=here.coordinator, thing="https://example.org/rota")
    save_remark(here.evaluation, "1.1.1", " ", version=0, by=here.coordinator)
    assert accepted(here) == {"1.1.1"}
    assert accept_findings(here.evaluation, ["1.1.2", "9.1.2"], by=here.coordinator) == []


def test_all_the_others_are_accepted_in_one_act():
    here = Stage.minimal("response")
    save_remark(here.evaluation, "1.1.2", "Not so.", version=0, by=here.coordinator)
    acceptable = find_acceptable(here.evaluation)
    response = respond(here.evaluation, by=here.coordinator, accepts_others=True)
    given = {finding.code for finding in here.evaluation.findings.all() if finding.is_given}
    assert response.accepted == acceptable == [c for c in here.evaluation.asked if c in given and c != "1.1.2"]
    assert [remark.code for remark in response.remarks.all()] == ["1.1.2"]


def test_what_is_contested_needs_words():
    here = Stage.minimal("response")
    for code in ("9.1.2", "1.1.2"):
        add_remark_proof(here.evaluation, code, by=here.coordinator, thing="https://example.org/rota")
    for accepts_others in (False, True):
        attempt = partial(respond, here.evaluation, by=here.coordinator, accepts_others=accepts_others)
        assert refused(attempt) == (Reason("contested_without_words", codes=("1.1.2", "9.1.2")),)


def test_evidence_is_given_and_frozen_with_the_remark():
    here = Stage.minimal("response")
    document = DocumentFactory(hotline=here.evaluation.hotline, uploaded_by=here.coordinator)
    upload = inspect_upload(PDF, "rota.pdf", limit=100_000)
    save_remark(here.evaluation, "1.1.2", "Not so.", version=0, by=here.coordinator)
    add = partial(add_remark_proof, here.evaluation, "1.1.2", by=here.coordinator)
    for what in ({"thing": document}, {"upload": upload}, {"thing": "https://example.org/rota"}):
        assert isinstance(add(**what), RemarkProof)
        with pytest.raises(Unacceptable, match="shown_already"):
            add(**what)
    names = [str(proof) for proof in drafted_proofs(here.evaluation)["1.1.2"]]
    assert names == [document.name, "rota.pdf", "https://example.org/rota"]
    response = respond(here.evaluation, by=here.coordinator)
    assert [str(proof) for proof in response.remarks.get().proofs.all()] == names
    assert drafted_proofs(here.evaluation) == {}
    proof = RemarkProof.objects.first()
    assert not remove_remark_proof(proof)
    assert add(thing="https://example.org/late") == Closed()
    assert accept_findings(here.evaluation, ["9.1.2"], by=here.coordinator) == Closed()
    assert not take_acceptance_back(here.evaluation, "9.1.2")


def test_what_was_added_by_mistake_is_removed():
    here = Stage.minimal("response")
    proof = add_remark_proof(here.evaluation, "1.1.2", by=here.coordinator, thing="https://example.org/rota")
    assert remove_remark_proof(proof)
    assert not RemarkProof.objects.exists()


@pytest.mark.everywhere
def test_given_evidence_cannot_be_changed_or_removed():
    here = Stage.minimal("response")
    save_remark(here.evaluation, "1.1.2", "Not so.", version=0, by=here.coordinator)
    for code in ("1.1.2", "9.1.2"):
        add_remark_proof(here.evaluation, code, by=here.coordinator, thing="https://example.org/rota")
    save_remark(here.evaluation, "9.1.2", "Neither.", version=0, by=here.coordinator)
    respond(here.evaluation, by=here.coordinator)
    for statement in (
        "UPDATE evaluation_remarkproof SET address = 'https://example.org/other'",
        "UPDATE evaluation_remarkproof SET remark_id = NULL",
        "DELETE FROM evaluation_remarkproof",
    ):
        with (
            pytest.raises(IntegrityError, match="a response is frozen"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_an_acceptance_of_a_finding_that_was_changed_since_is_forgotten():
    here = Stage.minimal("response")
    accept_findings(here.evaluation, ["1.1.2", "9.1.2"], by=here.coordinator)
    perform(here.evaluation, "take_back", by=here.people.mce, note="Look at 9.1.2.")
    perform(here.evaluation, "reopen_findings", by=here.people.lead, note="Look at 9.1.2.")
    write_answer(here.evaluation, "9.1.2", Finding, level=1, words="Two shifts of three.", at=timezone.now())
    perform(here.visit, "sign_off", by=here.people.lead)
    here.evaluation.refresh_from_db()
    judge(here.evaluation, by=here.people.lead)
    assert accepted(here) == {"1.1.2"}
