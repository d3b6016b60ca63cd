"""The assessors' replies: saved without overwriting, every version stored, frozen once they are handed to the panel."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from evaluation.answers.judgements import AnswerInput, Closed, Conflict, Saved
from evaluation.answers.unresolved_texts import Kind, make_current, save_text
from evaluation.models import Reply, ReplyVersion, UnresolvedText
from evaluation.models.reasons import Reason
from evaluation.response.replies import save_reply
from evaluation.response.response import respond, save_remark
from evaluation.workflow import Refusal, perform
from tests.bystander import new
from tests.factories import DeclarationFactory, ResponseFactory, scorecard_of
from tests.stage import STATES, Stage

pytestmark = pytest.mark.django_db


def contested(*codes: str) -> Stage:
    """Return a stage whose hotline contests these indicators, or 1.1.2."""
    stage = Stage.minimal("response")
    for code in codes or ("1.1.2",):
        save_remark(stage.evaluation, code, "Not so.", version=0, by=stage.coordinator)
    respond(stage.evaluation, by=stage.coordinator)
    return stage


def execute(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_reply_is_saved_with_who_and_when_and_every_version_is_kept():
    stage = contested()
    assert save_reply(stage.evaluation, "1.1.2", AnswerInput(words="It"), version=0, by=stage.people.assessor) == Saved(
        1
    )
    assert save_reply(
        stage.evaluation, "1.1.2", AnswerInput(words="It stands."), version=1, by=stage.people.lead
    ) == Saved(2)
    reply = new(Reply).get()
    assert (reply.words, reply.version, reply.by, reply.given_at) == ("It stands.", 2, stage.people.lead, None)
    assert list(new(ReplyVersion).order_by("version").values_list("remark_id", "version", "words", "by_id")) == [
        (reply.remark_id, 1, "It", stage.people.assessor.pk),
        (reply.remark_id, 2, "It stands.", stage.people.lead.pk),
    ]


def test_nothing_is_saved_over_words_that_nobody_read_and_the_same_save_is_kept_once():
    stage = contested()
    save = {"version": 0, "by": stage.people.assessor, "save_uid": uuid4()}
    assert save_reply(stage.evaluation, "1.1.2", AnswerInput(words="It stands."), **save) == Saved(1)
    assert save_reply(stage.evaluation, "1.1.2", AnswerInput(words="Later."), version=1, by=stage.people.lead) == Saved(
        2
    )
    assert save_reply(stage.evaluation, "1.1.2", AnswerInput(words="It stands."), **save) == Saved(1)
    conflict = save_reply(stage.evaluation, "1.1.2", AnswerInput(words="Not so."), version=1, by=stage.people.assessor)
    assert isinstance(conflict, Conflict)
    assert (conflict.theirs.words, conflict.theirs.by) == ("Later.", stage.people.lead)
    assert (
        save_reply(stage.evaluation, "9.1.2", AnswerInput(words="Nobody asked."), version=0, by=stage.people.lead)
        == Closed()
    )


@pytest.mark.parametrize("state", [state for state in STATES if state != "decision"])
def test_replies_are_written_while_the_panel_waits_for_them_only(state):
    stage = Stage.minimal(state)
    ResponseFactory(scorecard=scorecard_of(stage.evaluation), remarks={"1.1.2": "Not so."}, remarks__answered=False)
    assert (
        save_reply(stage.evaluation, "1.1.2", AnswerInput(words="Early or late."), version=0, by=stage.people.lead)
        == Closed()
    )


def test_after_they_are_handed_over_nothing_is_written():
    stage = contested()
    with pytest.raises(Refusal) as refused:
        perform(stage.evaluation, "answer_remarks", by=stage.people.mce)
    assert refused.value.reasons == (Reason("remarks_without_reply", codes=("1.1.2",)),)
    save_reply(stage.evaluation, "1.1.2", AnswerInput(words="It stands."), version=0, by=stage.people.lead)
    perform(stage.evaluation, "answer_remarks", by=stage.people.mce)
    assert not stage.evaluation.awaits_replies
    assert (
        save_reply(stage.evaluation, "1.1.2", AnswerInput(words="Too late."), version=1, by=stage.people.lead)
        == Closed()
    )
    assert new(Reply).get().words == "It stands."


def test_after_another_response_the_replies_begin_anew_and_the_old_ones_stay():
    stage = contested()
    save_reply(stage.evaluation, "1.1.2", AnswerInput(words="Of the first."), version=0, by=stage.people.lead)
    perform(stage.evaluation, "answer_remarks", by=stage.people.lead)
    DeclarationFactory(evaluation=stage.evaluation, user=stage.people.panel)
    perform(stage.evaluation, "send_back_to_assessors", by=stage.people.panel, note="Look again.")
    again = scorecard_of(stage.evaluation)
    ResponseFactory(scorecard=again, remarks={"1.1.2": "Still not so."}, remarks__answered=False)
    type(stage.evaluation).objects.filter(pk=stage.evaluation.pk).update(state="decision")
    stage.evaluation.refresh_from_db()
    assert save_reply(
        stage.evaluation, "1.1.2", AnswerInput(words="Of the second."), version=0, by=stage.people.lead
    ) == Saved(1)
    assert set(new(Reply).values_list("words", flat=True)) == {"Of the first.", "Of the second."}


# --- Concurrent and late saves ---------------------------------------------------------------------------------------


def test_the_text_that_lost_is_kept_and_whose_text_is_replaced_is_told():
    stage = contested()
    theirs, mine = AnswerInput(words="Theirs."), AnswerInput(words="Mine.")
    save_text(Kind.REPLY, stage.evaluation, "1.1.2", theirs, version=0, by=stage.people.assessor)
    save_text(Kind.REPLY, stage.evaluation, "1.1.2", mine, version=0, by=stage.people.lead, draft_uid=uuid4())
    text = UnresolvedText.objects.get()
    assert (text.author, text.other, text.reason, text.words) == (
        stage.people.lead,
        stage.people.assessor,
        "conflict",
        "Mine.",
    )
    assert make_current(text, version=1) == Saved(2)
    unresolved = UnresolvedText.objects.get()
    assert (unresolved.author, unresolved.other, unresolved.reason, unresolved.words) == (
        stage.people.assessor,
        stage.people.lead,
        "replaced",
        "Theirs.",
    )


def test_what_came_too_late_is_kept_and_what_says_nothing_new_is_not():
    stage = contested()
    save_reply(stage.evaluation, "1.1.2", AnswerInput(words="It stands."), version=0, by=stage.people.lead)
    perform(stage.evaluation, "answer_remarks", by=stage.people.lead)
    for words in ("", "It stands."):
        save_text(Kind.REPLY, stage.evaluation, "1.1.2", AnswerInput(words=words), version=0, by=stage.people.assessor)
    assert not UnresolvedText.objects.exists()
    save_text(
        Kind.REPLY, stage.evaluation, "1.1.2", AnswerInput(words="Not quite."), version=0, by=stage.people.assessor
    )
    assert (UnresolvedText.objects.get().reason, UnresolvedText.objects.get().words) == ("closed", "Not quite.")


# --- Frozen ----------------------------------------------------------------------------------------------------------

ON_SQLITE = (
    "REPLACE INTO evaluation_reply (remark_id, words, version) SELECT remark_id, 'Other.', 1 FROM evaluation_reply "
    "WHERE given_at IS NOT NULL",
    "UPDATE OR REPLACE evaluation_reply SET remark_id = (SELECT remark_id FROM evaluation_reply "
    "WHERE given_at IS NOT NULL) WHERE given_at IS NULL",
    "UPDATE OR REPLACE evaluation_reply SET id = (SELECT id FROM evaluation_reply "
    "WHERE given_at IS NOT NULL) WHERE given_at IS NULL",
)


@pytest.mark.everywhere
def test_what_was_handed_over_cannot_be_changed_removed_or_replaced():
    stage = contested("1.1.2")
    save_reply(stage.evaluation, "1.1.2", AnswerInput(words="It stands."), version=0, by=stage.people.lead)
    perform(stage.evaluation, "answer_remarks", by=stage.people.lead)
    other = scorecard_of(stage.evaluation)
    ResponseFactory(scorecard=other, remarks={"1.1.2": "Still not so."}, remarks__answered=False)
    connection.check_constraints()  # PostgreSQL does not truncate a table with foreign keys to check
    before = list(new(Reply).order_by("pk").values())
    statements = [
        "UPDATE evaluation_reply SET words = 'Other.'",
        "UPDATE evaluation_reply SET given_at = NULL WHERE given_at IS NOT NULL",
        "DELETE FROM evaluation_reply",
        *(ON_SQLITE if connection.vendor == "sqlite" else ["TRUNCATE evaluation_reply"]),
    ]
    for statement in statements:
        with pytest.raises(IntegrityError, match="a reply that was handed over is frozen"):
            execute(statement)
    assert list(new(Reply).order_by("pk").values()) == before


@pytest.mark.everywhere
def test_the_history_of_a_reply_cannot_be_changed_or_removed():
    stage = contested()
    save_reply(stage.evaluation, "1.1.2", AnswerInput(words="It stands."), version=0, by=stage.people.lead)
    for statement in ("UPDATE evaluation_replyversion SET words = 'Other.'", "DELETE FROM evaluation_replyversion"):
        with pytest.raises(IntegrityError, match="the history of a reply is frozen"):
            execute(statement)
    execute(
        f"UPDATE evaluation_reply SET words = 'Written by SQL.', version = version + 1 WHERE id = {new(Reply).get().pk}"
    )
    assert list(new(ReplyVersion).order_by("version").values_list("words", flat=True)) == [
        "It stands.",
        "Written by SQL.",
    ]
