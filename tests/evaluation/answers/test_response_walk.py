"""Random users of a hotline accept and contest findings in random order, compared with a model of the response."""

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from evaluation.answers.judgements import Closed, Saved
from evaluation.files.kinds import Unacceptable
from evaluation.models import Evaluation, Response, Visit
from evaluation.response.response import (
    accept_findings,
    accepted_codes,
    add_remark_proof,
    drafted_proofs,
    drafted_remarks,
    remove_remark_proof,
    respond,
    save_remark,
    take_acceptance_back,
)
from evaluation.workflow import Refusal
from tests.bystander import new
from tests.evaluation.workflow.random_walks import walks
from tests.stage import Stage

CODES = ("1.1.2", "9.1.2", "1.1.1")
ADDRESS = "https://example.org/rota"
codes = st.sampled_from(CODES)


class Drafting(RuleBasedStateMachine):
    """The state machine. Its model: indicators with words, evidence or acceptance; whether it is submitted."""

    @initialize()
    def set_the_stage(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.stage = Stage.minimal("response")
        self.evaluation = self.stage.evaluation
        self.words: set[str] = set()
        self.shown: set[str] = set()
        self.accepted: set[str] = set()
        self.is_given = False

    def teardown(self):
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @rule(code=codes, words=st.sampled_from(["", " ", "Not so."]))
    def write(self, code, words):
        draft = drafted_remarks(self.evaluation).get(code)
        version = draft.version if draft else 0
        result = save_remark(self.evaluation, code, words, version=version, by=self.stage.coordinator)
        assert isinstance(result, Closed if self.is_given else Saved)
        if not self.is_given:
            self.words = self.words - {code} | ({code} if words.strip() else set())
            self.accepted -= self.words

    @rule(code=codes)
    def show(self, code):
        try:
            result = add_remark_proof(self.evaluation, code, by=self.stage.coordinator, thing=ADDRESS)
        except Unacceptable:
            assert code in self.shown
            return
        assert isinstance(result, Closed) == self.is_given
        if not self.is_given:
            assert code not in self.shown
            self.shown.add(code)
            self.accepted.discard(code)

    @rule(code=codes)
    def hide(self, code):
        for proof in drafted_proofs(self.evaluation).get(code, []):
            assert remove_remark_proof(proof)
        self.shown.discard(code)

    @rule(code=codes)
    def accept(self, code):
        may = not self.is_given and code not in self.words | self.shown
        result = accept_findings(self.evaluation, [code], by=self.stage.coordinator)
        assert result == (Closed() if self.is_given else [code] if may else [])
        self.accepted |= {code} if may else set()

    @rule(code=codes)
    def no_longer_accept(self, code):
        assert take_acceptance_back(self.evaluation, code) == (code in self.accepted and not self.is_given)
        if not self.is_given:
            self.accepted.discard(code)

    @rule(who=st.sampled_from(["coordinator", "coordinator", "mce", "lead"]), others=st.booleans())
    def give(self, who, others):
        says = bool(self.words or self.accepted or others)
        may = who == "coordinator" and not self.is_given and self.shown <= self.words and says
        try:
            response = respond(self.evaluation, by=self.stage.user(who), accepts_others=others)
        except Refusal:
            assert not may
            return
        assert may
        self.is_given = True
        assert {remark.code for remark in response.remarks.all()} == self.words
        assert {remark.code for remark in response.remarks.all() if remark.proofs.all()} == self.shown
        wanted = set(CODES) - self.words if others else self.accepted
        assert set(response.accepted) & set(CODES) == wanted
        self.shown = set()

    @invariant()
    def what_is_drafted_is_what_the_model_says(self):
        if not hasattr(self, "is_given"):
            return
        assert new(Response).count() == self.is_given
        assert new(Evaluation).get().state == ("decision" if self.is_given else "response")
        closed = self.is_given and not self.words
        assert new(Visit).get().state == ("closed" if closed else "response")
        if not self.is_given:
            assert accepted_codes(self.evaluation) == self.accepted
            assert set(drafted_proofs(self.evaluation)) == self.shown


@pytest.mark.everywhere
@pytest.mark.django_db
def test_whatever_is_drafted_the_response_has_what_was_said_last():
    run_state_machine_as_test(Drafting, settings=walks(6, steps=25))
