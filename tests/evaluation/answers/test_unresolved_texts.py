"""Texts that could not become the current one: stored for their author, used, discarded, or replaced."""

from uuid import uuid4

import pytest

from evaluation.answers.judgements import AnswerInput, Closed, Conflict, Saved
from evaluation.answers.unresolved_texts import Kind, make_current, save_text
from evaluation.models import AnswerVersion, DraftRemarkVersion, Evaluation, UnresolvedText
from evaluation.response.response import respond
from tests.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]

THEIRS, MINE = AnswerInput(level=2, words="Theirs."), AnswerInput(level=1, words="Mine.")


def conflict(stage: Stage, kind: str = Kind.ANSWER, code: str = "1.1.2", version: int = 1) -> UnresolvedText:
    """Return the coordinator's unresolved text after the contributor saved first."""
    save_text(kind, stage.evaluation, code, THEIRS, version=version, by=stage.contributor)
    result = save_text(
        kind, stage.evaluation, code, MINE, version=version, by=stage.coordinator, draft_uid=uuid4(), save_uid=uuid4()
    )
    assert isinstance(result, Conflict)
    return UnresolvedText.objects.get()


def test_the_text_that_lost_is_kept_for_its_author():
    stage = Stage("self_assessment")
    text = conflict(stage)
    assert (text.author, text.other, text.reason) == (stage.coordinator, stage.contributor, "conflict")
    assert (text.level, text.words) == (1, "Mine.")


def test_more_words_in_the_same_form_update_the_same_row():
    stage = Stage("self_assessment")
    text = conflict(stage)
    more = AnswerInput(level=1, words="Mine, and more.")
    save_text(Kind.ANSWER, stage.evaluation, "1.1.2", more, version=1, by=stage.coordinator, draft_uid=text.draft_uid)
    assert list(UnresolvedText.objects.values_list("pk", "words")) == [(text.pk, "Mine, and more.")]


@pytest.mark.parametrize("kind", [Kind.ANSWER, Kind.REMARK])
def test_keeping_mine_hands_the_replaced_text_to_its_author(kind: str):
    stage = Stage("self_assessment" if kind == Kind.ANSWER else "response")
    before = 1 if kind == Kind.ANSWER else 0
    if kind == Kind.REMARK:
        save_text(kind, stage.evaluation, "1.1.2", AnswerInput(words="First."), version=0, by=stage.contributor)
        before = 1
    text = conflict(stage, kind, version=before)
    assert make_current(text, version=before + 1) == Saved(before + 2)
    unresolved = UnresolvedText.objects.get()
    assert (unresolved.author, unresolved.other, unresolved.reason, unresolved.words) == (
        stage.contributor, stage.coordinator, "replaced", "Theirs.",
    )  # fmt: skip
    history = AnswerVersion if kind == Kind.ANSWER else DraftRemarkVersion
    assert "Theirs." in history.objects.filter(code="1.1.2").values_list("words", flat=True)


def test_a_save_over_a_newer_version_keeps_both_open():
    stage = Stage("self_assessment")
    text = conflict(stage)
    save_text(Kind.ANSWER, stage.evaluation, "1.1.2", AnswerInput(level=0), version=2, by=stage.contributor)
    assert isinstance(make_current(text, version=2), Conflict)
    assert UnresolvedText.objects.get().words == "Mine."


def test_two_who_write_the_same_have_nothing_to_decide():
    stage = Stage("self_assessment")
    save_text(Kind.ANSWER, stage.evaluation, "1.1.2", THEIRS, version=1, by=stage.contributor)
    again = save_text(Kind.ANSWER, stage.evaluation, "1.1.2", THEIRS, version=1, by=stage.coordinator)
    assert (again, UnresolvedText.objects.count()) == (Saved(2), 0)


def test_what_came_too_late_is_kept_and_what_says_nothing_new_is_not():
    stage = Stage("self_assessment")
    Evaluation.objects.update(state=Evaluation.State.DESK_REVIEW)
    for answer in (AnswerInput(), AnswerInput(level=3, words="We do this.")):
        assert save_text(Kind.ANSWER, stage.evaluation, "1.1.2", answer, version=1, by=stage.coordinator) == Closed()
    assert not UnresolvedText.objects.exists()
    assert save_text(Kind.ANSWER, stage.evaluation, "1.1.2", MINE, version=1, by=stage.coordinator) == Closed()
    assert UnresolvedText.objects.get().reason == "closed"


def test_the_same_save_of_a_remark_sent_twice_is_kept_once_whoever_saved_between():
    stage = Stage("response")
    save = {"version": 0, "by": stage.coordinator, "save_uid": uuid4()}
    assert save_text(Kind.REMARK, stage.evaluation, "1.1.2", MINE, **save) == Saved(1)
    save_text(Kind.REMARK, stage.evaluation, "1.1.2", THEIRS, version=1, by=stage.contributor)
    assert save_text(Kind.REMARK, stage.evaluation, "1.1.2", MINE, **save) == Saved(1)


def test_versions_of_a_draft_go_with_it_when_the_response_is_given():
    stage = Stage("response")
    save_text(Kind.REMARK, stage.evaluation, "1.1.2", MINE, version=0, by=stage.coordinator)
    respond(stage.evaluation, by=stage.coordinator)
    assert not DraftRemarkVersion.objects.exists()
