"""Two members rule on conditions at the same time: one waits for the other, on both databases."""

from functools import partial

import pytest

from evaluation.models import Decision, Step
from evaluation.panel.fulfilments import add_proof, withdraw_proof
from evaluation.workflow import Refusal, perform
from tests.evaluation.workflow.racing import at_once
from tests.follow_ups import Conditional

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_last_two_conditions_are_met_at_once(monkeypatch: pytest.MonkeyPatch):
    conditional = Conditional(monkeypatch, demands=2)
    first, second = (conditional.check(one) for one in conditional.conditions)
    members = conditional.people.panel, conditional.people.second
    acts = (
        partial(perform, one, "meet", by=by, note="It is met.")
        for one, by in zip((first, second), members, strict=True)
    )
    results = at_once(*acts)
    assert [type(result) for result in results] == [Step, Step], results
    assert Decision.objects.filter(kind="met").count() == 1
    assert conditional.evaluation.state == "decided"


def test_one_condition_is_ruled_on_once(monkeypatch: pytest.MonkeyPatch):
    conditional = Conditional(monkeypatch)
    found = conditional.check()
    results = at_once(
        partial(perform, found, "meet", by=conditional.people.panel, note="It is met."),
        partial(perform, found, "fail", by=conditional.people.second, note="It is not."),
    )
    assert sorted(type(result).__name__ for result in results) == [Refusal.__name__, Step.__name__], results
    assert Step.objects.filter(kind="fulfilment", move__in=("meet", "fail")).count() == 1


def test_a_proof_is_removed_while_the_evidence_is_sent(monkeypatch: pytest.MonkeyPatch):
    conditional = Conditional(monkeypatch)
    found = conditional.condition
    by = conditional.coordinator
    proof = add_proof(found, by=by, words="The rota of May.")
    at_once(partial(perform, found, "send", by=by, note="Here."), partial(withdraw_proof, proof, by=by))
    found.refresh_from_db()
    assert (found.state == "evidence_sent") == found.proofs.exists()
