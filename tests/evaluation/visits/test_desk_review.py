"""The desk review: marks of each assessor, questions that are sent once, answers until the visit begins."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from evaluation.answers.judgements import Closed, Conflict
from evaluation.files.kinds import Unacceptable
from evaluation.models import DeskMark, DeskQuestion, Visit
from evaluation.visits.desk_review import (
    LONGEST_WORDS,
    InvalidAnswerWords,
    InvalidMarks,
    MarkInput,
    add_desk_proof,
    count_awaited,
    find_notes,
    questions_to,
    remove_desk_proof,
    save_desk_answer,
    save_marks,
    send_questions,
    unsent_questions,
)
from tests.bystander import new
from tests.evaluation.workflow.random_walks import walks
from tests.stage import Stage

pytestmark = pytest.mark.django_db
CODES = ("1.1.1", "1.1.2", "3.1.1")


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("study_visit", visit_state=Visit.State.DATES_AGREED)


def ask(stage: Stage, code: str = "1.1.2", words: str = "Who answers at night?") -> DeskQuestion:
    """Return a question of the lead that was sent."""
    save_marks(stage.evaluation, {code: MarkInput("ask", words)}, by=stage.people.lead)
    send_questions(stage.evaluation)
    return DeskQuestion.objects.get(evaluation=stage.evaluation, code=code)


def test_everybody_has_marks_of_their_own(stage):
    lead, assessor = stage.people.lead, stage.people.assessor
    assert save_marks(stage.evaluation, {"1.1.1": MarkInput("agree"), "1.1.2": MarkInput("")}, by=lead) == 1
    assert save_marks(stage.evaluation, {"1.1.1": MarkInput("see", " The rota. ")}, by=assessor) == 1
    assert save_marks(stage.evaluation, {"1.1.1": MarkInput("agree")}, by=lead) == 0
    notes = find_notes(stage.evaluation)["1.1.1"]
    assert [(mark.by, mark.kind, mark.words) for mark in notes.marks] == [
        (lead, "agree", ""),
        (assessor, "see", "The rota."),
    ]
    assert (notes.is_to_be_seen, notes.mark_of(lead).kind, notes.mark_of(stage.people.judge)) == (True, "agree", None)
    assert save_marks(stage.evaluation, {"1.1.1": MarkInput("")}, by=assessor) == 1
    assert not find_notes(stage.evaluation)["1.1.1"].is_to_be_seen


def test_a_question_changes_until_it_is_sent_and_stays_from_then_on(stage):
    lead = stage.people.lead
    save_marks(stage.evaluation, {"1.1.2": MarkInput("ask", "Who?")}, by=lead)
    assert questions_to(stage.evaluation) == []
    save_marks(stage.evaluation, {"1.1.2": MarkInput("ask", "Who answers?")}, by=lead)
    save_marks(stage.evaluation, {"1.1.1": MarkInput("ask", "Why?")}, by=lead)
    save_marks(stage.evaluation, {"1.1.1": MarkInput("agree")}, by=lead)
    assert [question.words for question in send_questions(stage.evaluation)] == ["Who answers?"]
    assert send_questions(stage.evaluation) == []
    save_marks(stage.evaluation, {"1.1.2": MarkInput("agree", "Settled by telephone.")}, by=lead)
    (question,) = questions_to(stage.evaluation)
    assert (question.words, question.is_awaited, count_awaited(stage.evaluation)) == ("Who answers?", True, 1)
    assert new(DeskMark).get(code="1.1.2").words == "Settled by telephone."
    assert save_marks(stage.evaluation, {"1.1.2": MarkInput("ask")}, by=lead) == 1


def test_what_is_written_after_the_question_was_sent_is_a_note_for_the_team(stage):
    lead = stage.people.lead
    ask(stage, words="Who answers?")
    save_marks(stage.evaluation, {"1.1.2": MarkInput("ask", "Who answers?")}, by=lead)  # the page was opened before
    assert new(DeskMark).get().words == ""
    save_marks(stage.evaluation, {"1.1.2": MarkInput("ask", "Who answers on Sundays?")}, by=lead)
    assert new(DeskMark).get().words == "Who answers on Sundays?"
    assert [question.words for question in questions_to(stage.evaluation)] == ["Who answers?"]


def test_only_the_present_team_asks(stage):
    """Questions of a member who stepped aside are not sent by anybody."""
    save_marks(stage.evaluation, {"1.1.1": MarkInput("ask", "Of whom is the rota?")}, by=stage.people.assessor)
    stage.visit.team.filter(user=stage.people.assessor).delete()
    save_marks(stage.evaluation, {"1.1.2": MarkInput("ask", "Who?")}, by=stage.people.lead)
    assert [question.words for question in send_questions(stage.evaluation)] == ["Who?"]
    assert unsent_questions().filter(evaluation=stage.evaluation).count() == 0


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        (MarkInput("ask", "  "), "no_question"),
        (MarkInput("", "A note."), "no_mark"),
        (MarkInput("agree", "x" * (LONGEST_WORDS + 1)), "too_long"),
        (MarkInput("perhaps"), "unknown"),
    ],
)
def test_if_one_mark_cannot_be_none_is_saved(stage, wanted, problem):
    with pytest.raises(InvalidMarks) as refused:
        save_marks(
            stage.evaluation, {"1.1.1": MarkInput("agree"), "1.1.2": wanted, "9.9.9": wanted}, by=stage.people.lead
        )
    assert refused.value.problems == {"1.1.2": problem, "9.9.9": "unknown"}
    assert not new(DeskMark).exists()


@pytest.mark.everywhere
def test_an_answer_is_saved_under_its_version(stage):
    question, first, second = ask(stage), stage.coordinator, stage.people.mce
    saved = save_desk_answer(question, " Two of us. ", version=0, by=first)
    assert (saved.answer, saved.version, saved.answered_by, count_awaited(stage.evaluation)) == (
        "Two of us.",
        1,
        first,
        0,
    )
    assert save_desk_answer(question, "Two of us.", version=0, by=first).version == 1, "the same request, twice"
    late = save_desk_answer(question, "Three of us.", version=0, by=second)
    assert isinstance(late, Conflict)
    assert late.theirs.answer == "Two of us."
    assert save_desk_answer(question, "Three of us.", version=1, by=second).version == 2
    for words, code in (("  ", "no_words"), ("x" * (LONGEST_WORDS + 1), "too_long")):
        with pytest.raises(InvalidAnswerWords) as refused:
            save_desk_answer(question, words, version=2, by=first)
        assert refused.value.code == code


def test_an_address_is_shown_once_and_removed_until_the_visit(stage):
    question = ask(stage)
    proof = add_desk_proof(question, by=stage.coordinator, address="https://example.org/rota")
    with pytest.raises(Unacceptable):
        add_desk_proof(question, by=stage.coordinator, address="https://example.org/rota")
    new(Visit).update(state="under_way")
    assert remove_desk_proof(proof) is False
    assert isinstance(add_desk_proof(question, by=stage.coordinator, address="https://example.org/2"), Closed)
    new(Visit).update(state="dates_agreed")
    assert remove_desk_proof(proof) is True
    assert not question.proofs.exists()


@pytest.mark.parametrize("state", ["under_way", "signed_off", "cancelled"])
def test_once_the_visit_has_begun_nothing_is_taken(stage, state):
    question = ask(stage)
    new(Visit).update(state=state)
    assert isinstance(save_marks(stage.evaluation, {"1.1.1": MarkInput("agree")}, by=stage.people.lead), Closed)
    assert isinstance(send_questions(stage.evaluation), Closed)
    assert isinstance(save_desk_answer(question, "Late.", version=0, by=stage.coordinator), Closed)
    assert new(DeskQuestion).get().answer == ""


def test_without_a_visit_there_is_no_desk_review():
    stage = Stage("desk_review", for_pages=False)
    assert isinstance(save_marks(stage.evaluation, {"1.1.1": MarkInput("agree")}, by=stage.people.lead), Closed)


@pytest.mark.everywhere
def test_the_database_refuses_an_answer_to_what_was_not_sent(stage):
    save_marks(stage.evaluation, {"1.1.2": MarkInput("ask", "Who?")}, by=stage.people.lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        new(DeskQuestion).update(version=1, answer="Nobody asked.")


def test_reading_makes_three_queries_however_much_there_is(stage, django_assert_num_queries):
    for code in CODES[:2]:
        ask(stage, code)
        save_marks(stage.evaluation, {code: MarkInput("see")}, by=stage.people.assessor)
    with django_assert_num_queries(3):
        notes = find_notes(stage.evaluation)
        assert [len(notes[code].marks) for code in CODES[:2]] == [2, 2]


class DeskMachine(RuleBasedStateMachine):
    """The state machine of two assessors, the hotline and the visit in any order. The model: what each has written."""

    @initialize()
    def set_the_stage(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.stage = Stage.minimal("study_visit", visit_state=Visit.State.DATES_AGREED)
        self.marks: dict[tuple[str, str], str] = {}
        self.questions: dict[tuple[str, str], list[str]] = {}
        self.is_open = True

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @rule(
        who=st.sampled_from(["lead", "assessor"]),
        code=st.sampled_from(CODES[:2]),
        kind=st.sampled_from(["", *DeskMark.Kind, "ask", "ask"]),
        words=st.sampled_from(["a", "b"]),
    )
    def mark(self, who: str, code: str, kind: str, words: str) -> None:
        wanted = {code: MarkInput(kind, words if kind else "")}
        found = save_marks(self.stage.evaluation, wanted, by=self.stage.user(who))
        assert isinstance(found, Closed) != self.is_open
        if not self.is_open:
            return
        self.marks.pop((who, code), None)
        if kind:
            self.marks[who, code] = kind
        if self.questions.get((who, code), ["draft"])[0] == "draft":
            self.questions.pop((who, code), None)
            if kind == "ask":
                self.questions[who, code] = ["draft", words, ""]

    @rule()
    def send(self) -> None:
        sent = send_questions(self.stage.evaluation)
        if self.is_open:
            assert len(sent) == sum(one[0] == "draft" for one in self.questions.values())
            for one in self.questions.values():
                one[0] = "sent"

    @precondition(lambda self: any(one[0] == "sent" for one in self.questions.values()))
    @rule(words=st.sampled_from(["yes", "no"]), is_stale=st.booleans())
    def answer(self, words: str, is_stale: bool) -> None:
        key = next(key for key, one in sorted(self.questions.items()) if one[0] == "sent")
        row = DeskQuestion.objects.get(by=self.stage.user(key[0]), code=key[1])
        version = row.version - 1 if is_stale and row.version else row.version
        saved = save_desk_answer(row, words, version=version, by=self.stage.coordinator)
        if not self.is_open:
            assert isinstance(saved, Closed)
        elif version == row.version or row.answer == words:
            self.questions[key][2] = words
        else:
            assert isinstance(saved, Conflict)

    @rule()
    def begin(self) -> None:
        new(Visit).update(state="under_way")
        self.is_open = False

    @invariant()
    def what_is_written_is_what_the_model_has(self) -> None:
        names = {self.stage.people.lead.pk: "lead", self.stage.people.assessor.pk: "assessor"}
        marks = {(names[one.by_id], one.code): one.kind for one in new(DeskMark)}
        questions = {
            (names[one.by_id], one.code): ["sent" if one.is_sent else "draft", one.words, one.answer]
            for one in new(DeskQuestion)
        }
        assert (marks, questions) == (self.marks, self.questions)


@pytest.mark.everywhere
def test_marks_questions_and_answers_are_what_each_has_written_in_any_order():
    run_state_machine_as_test(DeskMachine, settings=walks(4, steps=20))
