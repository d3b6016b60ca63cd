"""The hotline's response: drafted remark by remark, submitted once; without one, the panel continues after the date."""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from evaluation.answers.judgements import Closed, Conflict, Saved
from evaluation.files.inspection import inspect_upload
from evaluation.files.kinds import Unacceptable
from evaluation.judging.evidence import judge
from evaluation.models import DraftAcceptance, DraftRemark, Evaluation, Finding, RemarkProof, Response, Role, Step
from evaluation.models.reasons import Reason
from evaluation.response.response import (
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
from evaluation.workflow import Refusal, find_reasons, perform
from tests.bystander import new
from tests.factories import DocumentFactory, ResponseFactory, person, scorecard_of, write_answer
from tests.stage import STATES, Stage
from tests.uploads import PDF

pytestmark = pytest.mark.django_db


def refused(act) -> tuple[Reason, ...]:
    before = (new(Response).count(), new(Step).count(), new(DraftRemark).count())
    with pytest.raises(Refusal) as caught:
        act()
    assert (new(Response).count(), new(Step).count(), new(DraftRemark).count()) == before
    return caught.value.reasons


def test_the_draft_goes_to_the_hotline_with_a_last_day_of_the_editions_procedure():
    stage = Stage.minimal("report")
    judge(stage.evaluation, by=stage.people.lead)
    assert stage.evaluation.state == "response"
    assert stage.evaluation.respond_by == stage.evaluation.round.today + timedelta(
        days=stage.evaluation.framework.procedure.response_days
    )


# --- Drafting --------------------------------------------------------------------------------------------------------


def test_each_remark_is_kept_by_itself():
    stage = Stage.minimal("response")
    assert save_remark(
        stage.evaluation, GENERAL_REMARK, "On the whole, fair.", version=0, by=stage.coordinator
    ) == Saved(1)
    assert save_remark(stage.evaluation, "1.1.2", "Not so.", version=0, by=stage.coordinator) == Saved(1)
    assert save_remark(stage.evaluation, "1.1.2", "Not quite so.", version=1, by=stage.coordinator) == Saved(2)
    assert dict(stage.evaluation.draft_remarks.values_list("code", "words")) == {
        GENERAL_REMARK: "On the whole, fair.",
        "1.1.2": "Not quite so.",
    }


def test_two_people_on_one_remark_both_keep_their_words():
    stage = Stage.minimal("response")
    colleague = person(Role.CONTRIBUTOR, hotline=stage.evaluation.hotline)
    save_remark(stage.evaluation, "1.1.2", "Theirs.", version=0, by=colleague)
    result = save_remark(stage.evaluation, "1.1.2", "Mine.", version=0, by=stage.coordinator)
    assert isinstance(result, Conflict)
    assert (result.theirs.words, result.theirs.by, result.theirs.version) == ("Theirs.", colleague, 1)
    assert save_remark(stage.evaluation, "1.1.2", "Mine.", version=1, by=stage.coordinator) == Saved(2)


def test_the_same_words_sent_twice_are_kept_once():
    stage = Stage.minimal("response")
    for _ in range(2):
        assert save_remark(stage.evaluation, "1.1.2", "Not so.", version=0, by=stage.coordinator) == Saved(1)
    assert save_remark(stage.evaluation, "9.1.2", "", version=0, by=stage.coordinator) == Saved(0)
    assert new(DraftRemark).count() == 1


@pytest.mark.parametrize("state", [state for state in STATES if state != "response"])
def test_nothing_is_typed_before_or_after_the_time(state):
    stage = Stage.minimal(state)
    assert save_remark(stage.evaluation, "1.1.2", "Late.", version=0, by=stage.coordinator) == Closed()
    assert not new(DraftRemark).exists()


# --- Submitting ------------------------------------------------------------------------------------------------------


def test_what_is_typed_becomes_the_response_and_goes_to_the_panel():
    stage = Stage.minimal("response")
    for code, words in (
        (GENERAL_REMARK, " Fair. "),
        ("9.1.2", "The rota changed."),
        ("1.1.2", "Not so."),
        ("1.1.1", " "),
    ):
        save_remark(stage.evaluation, code, words, version=0, by=stage.coordinator)
    response = respond(stage.evaluation, by=stage.coordinator)
    assert (response.scorecard, response.words, response.given_by) == (stage.scorecard, "Fair.", stage.coordinator)
    assert list(response.remarks.values_list("code", "words")) == [("1.1.2", "Not so."), ("9.1.2", "The rota changed.")]
    assert not response.has_nothing_to_add
    assert stage.evaluation.state == "decision"
    assert not new(DraftRemark).exists()


def test_to_accept_everything_is_a_response_too():
    stage = Stage.minimal("response")
    assert respond(stage.evaluation, by=stage.coordinator, accepts_others=True).has_nothing_to_add
    assert stage.evaluation.state == "decision"


def test_an_empty_response_is_not_given_by_mistake():
    stage = Stage.minimal("response")
    assert refused(lambda: respond(stage.evaluation, by=stage.coordinator)) == (Reason("empty_response"),)


def test_only_the_coordinator_gives_it():
    stage = Stage.minimal("response")
    contributor = person(Role.CONTRIBUTOR, hotline=stage.evaluation.hotline)
    for by in (contributor, stage.people.mce, stage.people.lead, stage.people.panel):
        assert refused(lambda by=by: respond(stage.evaluation, by=by, accepts_others=True)) == (
            Reason("not_permitted"),
        )


@pytest.mark.parametrize("state", [state for state in STATES if state != "response"])
def test_nothing_is_given_before_or_after_the_time(state):
    stage = Stage.minimal(state)
    assert refused(lambda: respond(stage.evaluation, by=stage.coordinator, accepts_others=True)) == (
        Reason("wrong_state"),
    )


def test_the_move_itself_asks_whether_the_others_are_accepted():
    stage = Stage.minimal("response")
    with pytest.raises(TypeError, match="accepts_others"):
        perform(stage.evaluation, "respond", by=stage.coordinator)
    act = lambda: perform(stage.evaluation, "respond", by=stage.coordinator, accepts_others=False)  # noqa: E731
    assert refused(act) == (Reason("empty_response"),)
    assert not new(Response).exists()


# --- Without a response, and taken back ------------------------------------------------------------------------------


def respond_by(stage, days: int) -> None:
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(
        respond_by=stage.evaluation.round.today + timedelta(days=days)
    )
    stage.evaluation.refresh_from_db()


def test_the_panel_goes_on_without_a_response_only_when_the_last_day_is_over():
    stage = Stage.minimal("response")
    for days in (1, 0):
        respond_by(stage, days)
        assert refused(lambda: perform(stage.evaluation, "go_on_without_response", by=stage.people.mce)) == (
            Reason("time_to_respond", day=stage.evaluation.respond_by),
        )
    respond_by(stage, -1)
    perform(stage.evaluation, "go_on_without_response", by=stage.people.mce)
    assert stage.evaluation.state == "decision"


def test_the_last_day_ends_where_the_round_keeps_its_deadlines(monkeypatch):
    """At 22:30 UTC it is already tomorrow in Kyiv and still today in Lisbon."""
    stage = Stage.minimal("response")
    late = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: late)
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(respond_by=late.date())
    found = {}
    for zone in ("Europe/Lisbon", "Europe/Kyiv"):
        type(stage.evaluation.round).objects.update(time_zone=zone)
        evaluation = Evaluation.objects.get(pk=stage.evaluation.pk)
        found[zone] = [reason.code for reason in find_reasons(evaluation, "go_on_without_response", stage.people.mce)]
    assert found == {"Europe/Lisbon": ["time_to_respond"], "Europe/Kyiv": []}


def test_a_draft_taken_back_keeps_what_the_hotline_typed():
    stage = Stage.minimal("response")
    save_remark(stage.evaluation, "1.1.2", "Not so.", version=0, by=stage.coordinator)
    assert refused(lambda: perform(stage.evaluation, "take_back", by=stage.people.lead)) == (Reason("needs_note"),)
    perform(stage.evaluation, "take_back", by=stage.people.lead, note="A finding is missing.")
    assert stage.evaluation.state == "report"
    judge(stage.evaluation, by=stage.people.mce)
    assert dict(stage.evaluation.draft_remarks.values_list("code", "words")) == {"1.1.2": "Not so."}


def test_findings_are_opened_again_changed_signed_off_and_scored_on_a_new_card():
    stage = Stage.minimal("report")
    first = judge(stage.evaluation, by=stage.people.lead)
    perform(stage.evaluation, "take_back", by=stage.people.mce, note="Look at 9.1.2.")
    perform(stage.evaluation, "reopen_findings", by=stage.people.lead, note="Look at 9.1.2.")
    stage.visit.refresh_from_db()
    assert (stage.evaluation.state, stage.visit.state) == ("study_visit", "findings_entered")
    write_answer(stage.evaluation, "9.1.2", Finding, level=1, words="Two shifts of three.")
    perform(stage.visit, "sign_off", by=stage.people.lead)
    stage.evaluation.refresh_from_db()
    second = judge(stage.evaluation, by=stage.people.lead)
    assert (stage.evaluation.state, stage.evaluation.latest_scorecard) == ("response", second)
    assert second.input_digest != first.input_digest
    steps = Step.objects.filter(kind="visit").order_by("seq").values_list("move", flat=True)
    assert list(steps) == ["send_findings", "take_findings_back", "reopen", "sign_off", "send_findings"]


@pytest.mark.parametrize(
    ("who", "why"), [("coordinator", "not_permitted"), ("assessor", "not_permitted"), ("panel", "not_permitted")]
)
def test_only_the_lead_and_mce_open_findings_again(who, why):
    stage = Stage.minimal("report")
    with pytest.raises(Refusal, match=why):
        perform(stage.evaluation, "reopen_findings", by=stage.user(who), note="Again.")


# --- Accepted, or contested with evidence ----------------------------------------------------------------------------


def accepted(stage: Stage) -> set[str]:
    return accepted_codes(stage.evaluation)


def test_findings_are_accepted_one_by_one_and_no_longer():
    stage = Stage.minimal("response")
    assert accept_findings(stage.evaluation, ["1.1.2", "9.9.9"], by=stage.coordinator) == ["1.1.2"]
    assert accept_findings(stage.evaluation, ["1.1.2", "9.1.2"], by=stage.coordinator) == ["1.1.2", "9.1.2"]
    assert accepted(stage) == {"1.1.2", "9.1.2"}
    assert take_acceptance_back(stage.evaluation, "9.1.2")
    assert not take_acceptance_back(stage.evaluation, "9.1.2")
    response = respond(stage.evaluation, by=stage.coordinator)
    assert (response.accepted, response.has_nothing_to_add) == (["1.1.2"], True)
    assert not DraftAcceptance.objects.exists()


def test_what_is_contested_is_not_accepted_and_the_later_word_counts():
    stage = Stage.minimal("response")
    accept_findings(stage.evaluation, ["1.1.2", "9.1.2", "1.1.1"], by=stage.coordinator)
    save_remark(stage.evaluation, "1.1.2", "Not so.", version=0, by=stage.coordinator)
    add_remark_proof(stage.evaluation, "9.1.2", by=stage.coordinator, thing="https://example.org/rota")
    save_remark(stage.evaluation, "1.1.1", " ", version=0, by=stage.coordinator)
    assert accepted(stage) == {"1.1.1"}
    assert accept_findings(stage.evaluation, ["1.1.2", "9.1.2"], by=stage.coordinator) == []


def test_all_the_others_are_accepted_in_one_act():
    stage = Stage.minimal("response")
    save_remark(stage.evaluation, "1.1.2", "Not so.", version=0, by=stage.coordinator)
    acceptable = find_acceptable(stage.evaluation)
    response = respond(stage.evaluation, by=stage.coordinator, accepts_others=True)
    given = {finding.code for finding in stage.evaluation.findings.all() if finding.is_given}
    assert response.accepted == acceptable == [c for c in stage.evaluation.asked if c in given and c != "1.1.2"]
    assert [remark.code for remark in response.remarks.all()] == ["1.1.2"]


def test_what_is_contested_needs_words():
    stage = Stage.minimal("response")
    for code in ("9.1.2", "1.1.2"):
        add_remark_proof(stage.evaluation, code, by=stage.coordinator, thing="https://example.org/rota")
    for accepts_others in (False, True):
        attempt = partial(respond, stage.evaluation, by=stage.coordinator, accepts_others=accepts_others)
        assert refused(attempt) == (Reason("contested_without_words", codes=("1.1.2", "9.1.2")),)


def test_each_remark_has_its_own_evidence_and_none_of_another_hotline():
    stage, other = Stage.minimal("response"), Stage.minimal("response")
    for one, address in ((stage, "https://example.org/"), (other, "https://example.net/")):
        for code in ("9.1.2", "1.1.2"):
            save_remark(one.evaluation, code, "Not so.", version=0, by=one.coordinator)
            add_remark_proof(one.evaluation, code, by=one.coordinator, thing=f"{address}{code}")
    response = respond(stage.evaluation, by=stage.coordinator)
    assert {remark.code: [proof.address for proof in remark.proofs.all()] for remark in response.remarks.all()} == {
        "1.1.2": ["https://example.org/1.1.2"],
        "9.1.2": ["https://example.org/9.1.2"],
    }
    assert other.evaluation.remark_proofs.filter(remark=None).count() == 2


def test_evidence_is_given_and_frozen_with_the_remark():
    stage = Stage.minimal("response")
    document = DocumentFactory(hotline=stage.evaluation.hotline, uploaded_by=stage.coordinator)
    upload = inspect_upload(PDF, "rota.pdf", limit=100_000)
    save_remark(stage.evaluation, "1.1.2", "Not so.", version=0, by=stage.coordinator)
    add = partial(add_remark_proof, stage.evaluation, "1.1.2", by=stage.coordinator)
    for what in ({"thing": document}, {"upload": upload}, {"thing": "https://example.org/rota"}):
        assert isinstance(add(**what), RemarkProof)
        with pytest.raises(Unacceptable, match="shown_already"):
            add(**what)
    names = [str(proof) for proof in drafted_proofs(stage.evaluation)["1.1.2"]]
    assert names == [document.name, "rota.pdf", "https://example.org/rota"]
    response = respond(stage.evaluation, by=stage.coordinator)
    assert [str(proof) for proof in response.remarks.get().proofs.all()] == names
    assert drafted_proofs(stage.evaluation) == {}
    proof = RemarkProof.objects.first()
    assert not remove_remark_proof(proof)
    assert add(thing="https://example.org/late") == Closed()
    assert accept_findings(stage.evaluation, ["9.1.2"], by=stage.coordinator) == Closed()
    assert not take_acceptance_back(stage.evaluation, "9.1.2")


def test_the_second_response_has_nothing_of_the_first_or_of_another_hotline():
    """After a deferral or a follow-up visit, a hotline responds again: proofs of its first response stay with that."""
    stage, other = Stage.minimal("response"), Stage.minimal("response")
    uid, by, theirs = uuid4(), stage.coordinator, other.coordinator
    save_remark(other.evaluation, "1.1.2", "Theirs.", version=0, by=theirs, save_uid=uid)
    save_remark(other.evaluation, "1.1.2", "Theirs too.", version=1, by=theirs)
    add_remark_proof(other.evaluation, "1.1.2", by=theirs, thing="https://example.org/theirs")
    first = ResponseFactory(scorecard=stage.scorecard, given_by=by, remarks={"1.1.2": "Not so."})
    shown = "https://example.org/rota"
    earlier = RemarkProof.objects.create(
        evaluation=stage.evaluation, code="1.1.2", remark=first.remarks.get(), address=shown, by=by
    )
    scorecard_of(stage.evaluation)
    assert "1.1.2" in find_acceptable(stage.evaluation)
    assert drafted_proofs(stage.evaluation) == {}
    assert accept_findings(stage.evaluation, ["1.1.2"], by=by) == ["1.1.2"]
    assert save_remark(stage.evaluation, "1.1.2", "Still not so.", version=0, by=by, save_uid=uid) == Saved(1)
    again = add_remark_proof(stage.evaluation, "1.1.2", by=by, thing=shown)
    assert drafted_proofs(stage.evaluation) == {"1.1.2": [again]}
    second = respond(stage.evaluation, by=by)
    earlier.refresh_from_db()
    assert (earlier.remark.response, [*second.remarks.get().proofs.all()]) == (first, [again])
    assert [len(proofs) for proofs in drafted_proofs(other.evaluation).values()] == [1]
    assert save_remark(other.evaluation, "1.1.2", "Theirs.", version=2, by=theirs, save_uid=uid) == Saved(1)


def test_what_was_added_by_mistake_is_removed():
    stage = Stage.minimal("response")
    proof = add_remark_proof(stage.evaluation, "1.1.2", by=stage.coordinator, thing="https://example.org/rota")
    assert remove_remark_proof(proof)
    assert not RemarkProof.objects.exists()


@pytest.mark.everywhere
def test_given_evidence_cannot_be_changed_or_removed():
    stage = Stage.minimal("response")
    save_remark(stage.evaluation, "1.1.2", "Not so.", version=0, by=stage.coordinator)
    for code in ("1.1.2", "9.1.2"):
        add_remark_proof(stage.evaluation, code, by=stage.coordinator, thing="https://example.org/rota")
    save_remark(stage.evaluation, "9.1.2", "Neither.", version=0, by=stage.coordinator)
    respond(stage.evaluation, by=stage.coordinator)
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
    stage = Stage.minimal("response")
    accept_findings(stage.evaluation, ["1.1.2", "9.1.2"], by=stage.coordinator)
    perform(stage.evaluation, "take_back", by=stage.people.mce, note="Look at 9.1.2.")
    perform(stage.evaluation, "reopen_findings", by=stage.people.lead, note="Look at 9.1.2.")
    write_answer(stage.evaluation, "9.1.2", Finding, level=1, words="Two shifts of three.", at=timezone.now())
    perform(stage.visit, "sign_off", by=stage.people.lead)
    stage.evaluation.refresh_from_db()
    judge(stage.evaluation, by=stage.people.lead)
    assert accepted(stage) == {"1.1.2"}
