"""Random moves of a self-assessment that is submitted and sent back: fixed answers stay, and open ones can be saved."""

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from evaluation.answers.judgements import AnswerInput, Closed, Saved, save_answer
from evaluation.answers.returned_answers import find_returnable, send_answers_back
from evaluation.answers.submission import find_changes, read_submission
from evaluation.discussions.discussions import add_comment
from evaluation.models import Audience, Evaluation, ReturnedAnswer, Step
from evaluation.workflow import Refusal, perform, verify_chain
from tests.evaluation.workflow.random_walks import walks
from tests.factories import SIGNED
from tests.stage import Stage

CODES = ("1.1.1", "1.1.2", "1.2.1", "3.2.1", "9.1.1")
chosen = st.sets(st.sampled_from(CODES), min_size=1, max_size=3)


class ToAndFro(RuleBasedStateMachine):
    """The state machine of one self-assessment.

    `open` are the indicators that can be answered, None for all of them.
    """

    @initialize()
    def begin(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.stage = Stage.minimal("self_assessment")
        self.open: set[str] | None = None
        self.unsettled: set[str] = set()
        self.written: set[str] = set()

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @property
    def evaluation(self) -> Evaluation:
        return Evaluation.objects.get(pk=self.stage.evaluation.pk)

    def is_at(self, state: str) -> bool:
        return hasattr(self, "stage") and self.evaluation.state == state

    @rule(code=st.sampled_from(CODES), words=st.sampled_from(["By turns.", "All day.", "It is being written."]))
    def save(self, code: str, words: str) -> None:
        evaluation = self.evaluation
        answer = evaluation.answers.get(code=code)
        given = AnswerInput(level=answer.level, value=answer.value, words=f"{words} {answer.version}")
        result = save_answer(evaluation, code, given, version=answer.version, by=self.stage.coordinator)
        if evaluation.is_open and (self.open is None or code in self.open):
            assert result == Saved(answer.version + 1)
            self.written.add(code)
            self.unsettled.discard(code)
        else:
            assert result == Closed()

    @rule(code=st.sampled_from(CODES))
    def reply(self, code: str) -> None:
        evaluation = self.evaluation
        if evaluation.is_open and code in evaluation.returned:
            add_comment(evaluation, code, Audience.REVIEW, words="As we wrote.", by=self.stage.coordinator)
            self.unsettled.discard(code)

    @rule()
    def submit(self) -> None:
        before = self.evaluation
        try:
            perform(before, "submit", signed=SIGNED, by=self.stage.coordinator)
        except Refusal as refused:
            expected = [("unchanged_since_sent_back", self.unsettled)] if before.is_open and self.unsettled else []
            found = [(reason.code, set(reason.codes)) for reason in refused.reasons]
            assert found == (expected or [("wrong_state", set())])
            return
        assert not self.unsettled
        copies = [read_submission(row) for row in self.evaluation.submissions.all()[:2]]
        if len(copies) == 2:
            changed = {change.code for change in find_changes(copies[1], copies[0])}
            assert changed <= self.written & (self.open or self.written)
        self.open, self.written = None, set()

    @rule(codes=chosen)
    def send_back(self, codes: set[str]) -> None:
        evaluation = self.evaluation
        is_possible = evaluation.state == "desk_review" or bool(evaluation.is_open and evaluation.fixed_codes)
        try:
            send_answers_back(evaluation, dict.fromkeys(codes, "Why?"), by=self.stage.people.mce)
        except Refusal:
            assert not is_possible
            return
        assert is_possible
        self.open = (self.open or set()) | codes
        self.unsettled |= codes

    @rule()
    def send_everything_back(self) -> None:
        if self.is_at("desk_review"):
            perform(self.evaluation, "send_back", by=self.stage.people.mce, note="All of it.")

    @rule()
    def leave_and_come_again(self) -> None:
        if self.is_at("self_assessment"):
            perform(self.evaluation, "excuse", by=self.stage.people.mce, note="The operator left.")
            perform(self.evaluation, "readmit", by=self.stage.people.mce, note="Another came.")

    @invariant()
    def what_is_open_is_what_was_sent_back(self) -> None:
        if not hasattr(self, "stage"):
            return
        evaluation = self.evaluation
        possible = set(find_returnable(evaluation))
        opened = {code for code in possible if evaluation.is_answer_open(code)}
        assert opened == (set() if not evaluation.is_open else possible if self.open is None else self.open)
        assert set(evaluation.returned) == (self.open or set())
        assert ReturnedAnswer.objects.count() >= len(evaluation.returned)

    @invariant()
    def the_chain_is_whole(self) -> None:
        if hasattr(self, "stage"):
            steps = Step.objects.filter(uid=self.stage.evaluation.uid).select_related("words__by").order_by("seq")
            assert verify_chain(steps) == []


@pytest.mark.django_db
def test_to_and_fro_only_what_is_open_changes():
    run_state_machine_as_test(ToAndFro, settings=walks(3, steps=25))
