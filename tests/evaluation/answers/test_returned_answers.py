"""Chosen answers are sent back, each with a reason: these can be changed, and the others stay as submitted."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from evaluation.answers.evidence.listing import attach_to_answer, list_evidence
from evaluation.answers.evidence.removal import put_back, remove_evidence
from evaluation.answers.evidence.uploads import begin_upload
from evaluation.answers.evidence.validity import set_force
from evaluation.answers.judgements import AnswerInput, Closed, Saved, save_answer
from evaluation.answers.returned_answers import send_answers_back
from evaluation.answers.submission import find_changes, read_submission
from evaluation.answers.unresolved_texts import make_current, save_text
from evaluation.discussions.discussions import add_comment
from evaluation.files.documents import attach_address, attach_addresses, detach
from evaluation.files.kinds import Unacceptable
from evaluation.models import Audience, Evaluation, ReturnedAnswer, Step, UnresolvedText
from evaluation.models.reasons import Reason
from evaluation.workflow import Refusal, find_reasons, perform
from standards.framework import Framework
from standards.framework.asking import read_askings
from tests.bystander import new
from tests.factories import SIGNED, EvidenceFactory
from tests.small_edition import SMALL
from tests.stage import Stage

pytestmark = pytest.mark.django_db

REASONS = {"1.1.2": "Who answers at night?", "1.2.1": "Since when?"}
ADDRESS = "https://example.org/rota"


@pytest.fixture
def stage() -> Stage:
    stage = Stage.minimal("self_assessment")
    other = Stage.minimal("self_assessment")
    for evaluation in (stage.evaluation, other.evaluation):
        EvidenceFactory(evaluation=evaluation, code="1.1.2", address=ADDRESS, document=None)
    return stage


def fresh(stage: Stage) -> Evaluation:
    return Evaluation.objects.get(pk=stage.evaluation.pk)


def submit(stage: Stage) -> Step:
    return perform(fresh(stage), "submit", signed=SIGNED, by=stage.coordinator)


def return_(stage: Stage, returned: Mapping[str, str] = REASONS, note: str = "") -> Evaluation:
    """Submit, and send these answers back."""
    submit(stage)
    return return_further(stage, returned, note)


def return_further(stage: Stage, returned: Mapping[str, str], note: str = "") -> Evaluation:
    send_answers_back(fresh(stage), returned, by=stage.people.mce, note=note)
    return fresh(stage)


def save(stage: Stage, code: str, **given: object) -> object:
    version = stage.evaluation.answers.get(code=code).version
    return save_answer(fresh(stage), code, AnswerInput(**given), version=version, by=stage.coordinator)


def reasons(stage: Stage) -> list[tuple[str, tuple[str, ...]]]:
    return [(reason.code, reason.codes) for reason in find_reasons(fresh(stage), "submit", None)]


# --- What can be changed --------------------------------------------------------------------------------------------


@pytest.mark.everywhere
def test_only_what_is_sent_back_can_be_saved(stage: Stage):
    evaluation = return_(stage)
    opened = {code for code in evaluation.in_force if evaluation.is_answer_open(code)}
    assert opened == set(REASONS)
    assert save(stage, "1.1.2", level=1) == Saved(2)
    assert save(stage, "1.1.1", level=0) == Closed()
    assert stage.evaluation.answers.get(code="1.1.1").version == 1


@pytest.mark.everywhere
def test_sent_back_as_a_whole_everything_can_be_saved_and_nothing_is_listed(stage: Stage):
    submit(stage)
    perform(fresh(stage), "send_back", by=stage.people.mce, note="All of it.")
    evaluation = fresh(stage)
    assert (evaluation.fixed_codes, evaluation.returned, ReturnedAnswer.objects.count()) == (None, {}, 0)
    assert save(stage, "1.1.1", level=0) == Saved(2)


def test_words_that_come_late_are_kept_for_their_author(stage: Stage):
    evaluation = return_(stage)
    words = AnswerInput(level=3, words="Written on the train.")
    draft = uuid4()
    for _resend in range(2):
        result = save_text("answer", evaluation, "1.1.1", words, version=1, by=stage.coordinator, draft_uid=draft)
        assert result == Closed()
    kept = UnresolvedText.objects.get()
    assert (kept.code, kept.words, kept.reason) == ("1.1.1", "Written on the train.", "closed")
    assert make_current(kept, version=1) == Closed()
    assert UnresolvedText.objects.get().words == "Written on the train."


def test_evidence_of_what_stays_is_neither_added_nor_removed_nor_dated(stage: Stage):
    evaluation, by = return_(stage), stage.coordinator
    (required,) = evaluation.evidence.filter(code="1.1.1")
    shown = [one for one in list_evidence(evaluation) if one.address == ADDRESS]
    (mine,) = evaluation.evidence.filter(code="1.1.2")
    removed = remove_evidence(mine, by=by)
    perform_on_fixed = {
        "address": lambda: attach_address(evaluation, "1.1.1", address=ADDRESS, by=by),
        "addresses": lambda: attach_addresses(evaluation, [("1.1.2", ADDRESS), ("1.1.1", ADDRESS)], by=by),
        "again": lambda: attach_to_answer(evaluation, "1.1.1", shown, by=by),
        "upload": lambda: begin_upload(evaluation, "1.1.1", digest="a" * 64, name="a.pdf", size=1, limit=9, by=by),
        "detach": lambda: detach(required, by=by),
        "put back": lambda: put_back(evaluation, replace(removed, code="1.1.1")),
        "date": lambda: set_force(required, begins_on=None, ends_on=evaluation.round.today),
    }
    for name, act in perform_on_fixed.items():
        with pytest.raises(Unacceptable) as refused:
            act()
        assert refused.value.code == "not_sent_back", name
    assert list(evaluation.evidence.values_list("code", flat=True)) == ["1.1.1"]
    put_back(evaluation, removed)
    assert evaluation.evidence.filter(code="1.1.2").exists()


def test_what_both_have_is_dated_at_the_one_that_is_sent_back(stage: Stage):
    EvidenceFactory(evaluation=stage.evaluation, code="1.1.1", address=ADDRESS, document=None)
    return_(stage, {"1.1.1": "Until when?"})
    link = stage.evaluation.evidence.get(code="1.1.2")
    set_force(link, begins_on=None, ends_on=stage.evaluation.round.today)
    assert set(stage.evaluation.evidence.filter(address=ADDRESS).values_list("ends_on", flat=True)) == {
        link.evaluation.round.today
    }


# --- If the questions change meanwhile ------------------------------------------------------------------------------


def some_asked() -> Framework:
    """Return an edition that asks 1.2.1 of hotlines with a trait, or if 1.1.2 is at the best level."""
    domain, *domains = SMALL.domains
    first, second = domain.standards
    asked_if = read_askings("across_borders;1.1.2>=3")
    second = replace(second, indicators=(replace(second.indicators[0], asked_if=asked_if),))
    domain = replace(domain, standards=(first, second))
    return replace(SMALL, code="T7", traits=("across_borders",), domains=(domain, *domains))


def test_what_is_asked_only_now_can_be_answered():
    """The indicator was not part of the submission; a changed answer or another trait makes it asked."""
    stage = Stage("self_assessment", framework=some_asked(), for_pages=False)
    new(Evaluation).update(traits=[])
    save(stage, "1.1.2", level=1)
    save(stage, "1.2.1", level=None)
    evaluation = return_(stage, {"1.1.2": "No more than that?"})
    assert ("1.2.1" in evaluation.asked, evaluation.is_answer_open("1.2.1")) == (False, True)
    save(stage, "1.1.2", level=3)
    assert reasons(stage) == [("unanswered", ("1.2.1",))]
    assert save(stage, "1.2.1", level=2) == Saved(3)
    save(stage, "1.1.2", level=2)
    perform(fresh(stage), "set_traits", by=stage.people.mce, traits=["across_borders"])
    assert "1.2.1" in fresh(stage).asked
    assert (save(stage, "1.2.1", level=3), save(stage, "1.1.1", level=0)) == (Saved(4), Closed())
    assert list(return_further(stage, {"1.1.1": "Until when?"}).returned) == ["1.1.1", "1.1.2"]


def test_what_is_not_asked_any_more_is_not_waited_for():
    stage = Stage("self_assessment", framework=some_asked(), for_pages=False)
    new(Evaluation).update(traits=[])
    return_(stage, {"1.1.2": "No more than that?", "1.2.1": "Since when?"})
    save(stage, "1.1.2", level=1)
    assert (list(fresh(stage).returned), reasons(stage)) == (["1.1.2"], [])


# --- The list -------------------------------------------------------------------------------------------------------


@pytest.mark.everywhere
def test_each_is_listed_with_its_reason_and_the_step_notes_all(stage: Stage):
    evaluation = return_(stage, note="Nearly there.")
    assert {code: [row.reason for row in rows] for code, rows in evaluation.returned.items()} == {
        code: [reason] for code, reason in REASONS.items()
    }
    step = Step.objects.get(uid=evaluation.uid, move="send_back")
    assert step.words.note == "Nearly there.\n1.1.2: Who answers at night?\n1.2.1: Since when?"
    with pytest.raises(DatabaseError, match="what was sent back is frozen"), transaction.atomic():
        ReturnedAnswer.objects.update(reason="Another.")


@pytest.mark.everywhere
def test_a_further_one_is_added_with_its_own_reason(stage: Stage):
    return_(stage)
    evaluation = return_further(stage, {"1.1.1": "You asked by telephone.", "1.1.2": "By day, too?"})
    assert list(evaluation.returned) == ["1.1.1", "1.1.2", "1.2.1"]
    assert [row.reason for row in evaluation.returned["1.1.2"]] == ["Who answers at night?", "By day, too?"]
    assert save(stage, "1.1.1", level=3, words="We do.") == Saved(2)


def test_a_submission_ends_the_list_and_tells_that_nothing_else_changed(stage: Stage):
    return_(stage)
    for code in REASONS:
        assert save(stage, code, level=2, words="By turns.") == Saved(2)
    submit(stage)
    evaluation = fresh(stage)
    assert (evaluation.fixed_codes, evaluation.returned) == (None, {})
    now, before = map(read_submission, evaluation.submissions.all())
    assert [change.code for change in find_changes(before, now)] == list(REASONS)
    assert list(return_further(stage, {"3.2.1": "And this?"}).returned) == ["3.2.1"]


def refusal_of(stage: Stage, returned: dict[str, str]) -> tuple[Reason, ...]:
    with pytest.raises(Refusal) as refused:
        send_answers_back(fresh(stage), returned, by=stage.people.mce, note="Look.")
    return refused.value.reasons


def test_only_what_the_hotline_answers_is_sent_back_by_whoever_may(stage: Stage):
    assert [reason.code for reason in refusal_of(stage, REASONS)] == ["no_answer_is_fixed"]
    submit(stage)
    assert refusal_of(stage, {}) == (Reason("nothing_sent_back"),)
    figure = next(code for code, one in SMALL.indicators.items() if one.from_figures and not one.not_applicable)
    assert refusal_of(stage, REASONS | {figure: "Count again."}) == (Reason("not_returnable", codes=(figure,)),)
    with pytest.raises(ValueError, match="with a reason"):
        send_answers_back(fresh(stage), {"1.1.1": " "}, by=stage.people.mce, note="Look.")
    with pytest.raises(Refusal):
        send_answers_back(fresh(stage), REASONS, by=stage.people.lead)
    assert (fresh(stage).state, ReturnedAnswer.objects.count()) == ("desk_review", 0)


# --- Submitting again -----------------------------------------------------------------------------------------------


def test_what_is_not_changed_needs_a_reply(stage: Stage):
    return_(stage)
    assert reasons(stage) == [("unchanged_since_sent_back", ("1.1.2", "1.2.1"))]
    save(stage, "1.1.2", level=0)
    assert reasons(stage) == [("unchanged_since_sent_back", ("1.2.1",))]
    save(stage, "1.1.2", level=3)
    assert reasons(stage) == [("unchanged_since_sent_back", ("1.1.2", "1.2.1"))]
    attach_address(fresh(stage), "1.1.2", address="https://example.org/nights", by=stage.coordinator)
    add_comment(fresh(stage), "1.2.1", Audience.REVIEW, words="It is in our first annual report.", by=stage.coordinator)
    assert reasons(stage) == []
    submit(stage)


def test_a_reply_answers_the_reason_before_it_only_and_not_in_the_words_of_the_reviewers(stage: Stage):
    return_(stage, {"1.2.1": "Since when?"})
    add_comment(fresh(stage), "1.2.1", Audience.REVIEW, words="I mean the year.", by=stage.people.mce)
    assert reasons(stage) == [("unchanged_since_sent_back", ("1.2.1",))]
    add_comment(fresh(stage), "1.2.1", Audience.REVIEW, words="Since 2010.", by=stage.coordinator)
    assert reasons(stage) == []
    return_further(stage, {"1.2.1": "And in which language?"})
    assert reasons(stage) == [("unchanged_since_sent_back", ("1.2.1",))]


def test_an_excused_hotline_comes_in_again_with_its_list(stage: Stage):
    return_(stage)
    for move in ("excuse", "readmit"):
        perform(fresh(stage), move, by=stage.people.mce, note="Why.")
    assert list(fresh(stage).returned) == list(REASONS)
    assert save(stage, "1.1.1", level=0) == Closed()
