"""Random moves by random users on a recommendation, compared with a small model."""

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from evaluation.files.documents import Unacceptable
from evaluation.models import Evaluation, Proof, Recommendation, Role, Step
from evaluation.recommendations.progress import add_proof, set_owner, withdraw_proof
from evaluation.workflow import LACKS_RIGHT, Refusal, perform, verify_chain
from tests.evaluation.workflow.random_walks import walks
from tests.factories import (
    DeclarationFactory,
    HotlineFactory,
    RecommendationFactory,
    StakeFactory,
    evaluation_of,
    person,
    visit_of,
)

ARROWS = {
    ("issued", "accept"): "accepted",
    ("issued", "contest"): "contested",
    ("contested", "insist"): "issued",
    ("contested", "withdraw"): "closed",
    ("accepted", "start"): "in_progress",
    ("in_progress", "submit_evidence"): "evidence_submitted",
    ("evidence_submitted", "verify"): "verified",
    ("evidence_submitted", "refuse"): "not_verified",
    ("not_verified", "resume"): "in_progress",
    ("verified", "close"): "closed",
}
"""Every arrow for users: from a state, by a move, to a state. Only a decision issues a draft."""

HOTLINE, TEAM = {"coordinator", "contributor"}, {"lead", "assessor"}
WHO = {
    "issue": set(),
    "accept": {"coordinator"},
    "contest": {"coordinator"},
    "insist": {"mce"},
    "withdraw": {"mce"},
    "start": HOTLINE,
    "submit_evidence": HOTLINE,
    "verify": TEAM | {"mce"},
    "refuse": TEAM | {"mce"},
    "resume": HOTLINE,
    "close": {"mce"},
}
"""The rights of the table, repeated by name: the MCE coordinator with a stake makes no move."""

WITH_WORDS = {"contest", "insist", "withdraw", "submit_evidence", "refuse"}
PEOPLE = ("stranger", "elsewhere", "contributor", "coordinator", "mce", "tied mce", "lead", "assessor", "panel", "root")
people = st.sampled_from(PEOPLE)
words = st.sampled_from(["", "  ", "Done in March."])
presses = st.sampled_from([(name, who) for name, able in WHO.items() for who in sorted(able)]) | st.tuples(
    st.sampled_from(list(WHO)), people
)
"""A move and its user: often the right one, so that conditions are tried as often as rights."""

WAY = (
    ("contest", "coordinator", "It is in place."),
    ("insist", "mce", "Not on night shifts."),
    ("accept", "coordinator", ""),
    ("start", "contributor", ""),
    ("show", "contributor", "The rota."),
    ("submit_evidence", "contributor", "Both shifts are covered."),
    ("refuse", "assessor", "Sundays are missing."),
    ("resume", "coordinator", ""),
    ("show", "coordinator", "Sundays too."),
    ("submit_evidence", "coordinator", "Sundays too."),
    ("verify", "mce", ""),
    ("close", "mce", ""),
)
"""The longest way from issued to closed."""
PLACES = {"withdraw": 1} | {name: place for place, (name, *_) in reversed([*enumerate(WAY)]) if name != "show"}
"""On this way, after how many moves each move can be made for the first time."""


class FollowUp(RuleBasedStateMachine):
    """The state machine. `self.state` and `self.proofs` are the model; `self.walked` counts the steps."""

    @initialize(begins=st.sampled_from(["drafted", *["issued"] * 9]), start=st.integers(0, len(WAY)))
    def set_the_stage(self, begins, start):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        hotline = HotlineFactory()
        roles = {
            "elsewhere": [Role.COORDINATOR],
            "contributor": [Role.CONTRIBUTOR],
            "coordinator": [Role.COORDINATOR],
            "mce": [Role.MCE_COORDINATOR],
            "tied mce": [Role.MCE_COORDINATOR],
            "lead": [Role.ASSESSOR],
            "assessor": [Role.ASSESSOR],
            "panel": [Role.PANEL_MEMBER],
        }
        other = HotlineFactory()
        self.people = {
            name: person(
                *roles.get(name, []), hotline=other if name == "elsewhere" else hotline, is_superuser=name == "root"
            )
            for name in PEOPLE
        }
        StakeFactory(user=self.people["tied mce"], hotline=hotline)
        evaluation = evaluation_of(hotline, state=Evaluation.State.DECIDED)
        visit_of(evaluation, lead=self.people["lead"], members=[self.people["assessor"]], state="signed_off")
        DeclarationFactory(evaluation=evaluation, user=self.people["panel"])
        self.thing = RecommendationFactory(evaluation=evaluation, state=begins)
        self.begins, self.state, self.walked, self.owner = begins, begins, 0, ""
        self.proofs: dict[str, bool] = {}
        """What is shown, by its words, and whether it was submitted."""
        for name, who, words in WAY[: start if begins == "issued" else 0]:
            if name == "show":
                self.show_something(who, words)
            else:
                self.press((name, who), words)

    def teardown(self):
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @property
    def recommendation(self) -> Recommendation:
        return Recommendation.objects.get(pk=self.thing.pk)

    @rule(press=presses, note=words)
    def press(self, press, note):
        name, who = press
        target = ARROWS.get((self.state, name))
        may = (
            target is not None
            and who in WHO[name]
            and (name not in WITH_WORDS or bool(note.strip()))
            and (name != "submit_evidence" or bool(self.proofs))
        )
        refusal = None
        try:
            perform(self.recommendation, name, by=self.people[who], note=note)
        except Refusal as caught:
            refusal = caught
        assert (refusal is None) == may, (name, who, refusal)
        if refusal is None:
            self.state = target
            self.walked += 1
            if name == "submit_evidence":
                self.proofs = dict.fromkeys(self.proofs, True)
        elif target is not None and who not in WHO[name]:
            assert refusal.reasons[0].code in LACKS_RIGHT

    @rule(who=people, proof_text=st.sampled_from(["The rota.", "The contract.", "Nothing is written down here."]))
    def show_something(self, who, proof_text):
        address = "" if proof_text.startswith("Nothing") else f"https://example.org/{proof_text[4:7]}"
        may = who in HOTLINE and self.state == "in_progress" and (not address or proof_text not in self.proofs)
        try:
            add_proof(self.recommendation, by=self.people[who], address=address, words=proof_text)
        except (Refusal, Unacceptable):
            assert not may
        else:
            assert may
            self.proofs[proof_text] = self.proofs.get(proof_text, False)

    @rule(who=people, place=st.integers(0, 3))
    def take_something_back(self, who, place):
        proof = self.recommendation.proofs.all()[place : place + 1].first()
        if proof is None:
            return
        same = self.recommendation.proofs.filter(words=proof.words).count()
        may = who in HOTLINE and self.state == "in_progress" and not self.is_submitted(proof)
        try:
            withdraw_proof(proof, by=self.people[who])
        except (Refusal, Unacceptable):
            assert not may
        else:
            assert may
            if same == 1:
                del self.proofs[proof.words]

    def is_submitted(self, proof: Proof) -> bool:
        last = Step.objects.filter(uid=self.thing.uid, move="submit_evidence").order_by("-seq").first()
        return last is not None and proof.at <= last.at

    @rule(who=people)
    def say_who_does_it(self, who):
        may = who in HOTLINE and self.state not in ("drafted", "verified", "closed")
        try:
            set_owner(self.recommendation, owner=f" {who} ", by=self.people[who])
        except Refusal:
            assert not may
        else:
            assert may
            self.owner = who

    @invariant()
    def it_stands_where_the_model_says(self):
        if hasattr(self, "state"):
            found = self.recommendation
            assert (found.state, found.owner, set(found.proofs.values_list("words", flat=True))) == (
                self.state,
                self.owner,
                set(self.proofs),
            )

    @invariant()
    def the_chain_is_true_and_holds_only_arrows_that_exist(self):
        if not hasattr(self, "walked"):
            return
        steps = list(Step.objects.filter(uid=self.thing.uid).select_related("words__by").order_by("seq"))
        assert (len(steps), verify_chain(steps)) == (self.walked, [])
        at = self.begins
        for step in steps:
            assert step.source == at
            assert ARROWS[step.source, step.move] == step.target
            assert step.words.by in {self.people[who] for who in WHO[step.move]}
            assert bool(step.words.note.strip()) or step.move not in WITH_WORDS
            at = step.target

    @invariant()
    def what_is_taken_back_is_closed_and_never_verified(self):
        if hasattr(self, "state"):
            moves = set(Step.objects.filter(uid=self.thing.uid).values_list("move", flat=True))
            assert self.recommendation.is_withdrawn == ("withdraw" in moves)
            assert not {"withdraw", "verify"} <= moves


@pytest.mark.everywhere
@pytest.mark.django_db
def test_random_people_walk_only_open_ways():
    run_state_machine_as_test(FollowUp, settings=walks(3, steps=25))


@pytest.mark.django_db
@pytest.mark.parametrize("move", PLACES)
def test_each_move_is_open_to_these_people_only(move: str):
    walk = FollowUp()
    try:
        walk.set_the_stage("issued", PLACES[move])
        before = (walk.state, walk.walked, walk.proofs)
        assert (walk.state, move) in ARROWS
        for who in PEOPLE:
            with transaction.atomic():
                walk.press((move, who), "Done in March.")
                transaction.set_rollback(True)
            walk.state, walk.walked, walk.proofs = before
    finally:
        walk.teardown()


@pytest.mark.everywhere
@pytest.mark.django_db
@pytest.mark.parametrize("move", list(WHO))
def test_nobody_moves_a_draft(move: str):
    """Users who may make the move later cannot make it either: a draft is issued by a decision only."""
    walk = FollowUp()
    try:
        walk.set_the_stage("drafted", 0)
        for who in PEOPLE:
            walk.press((move, who), "Done in March.")
        walk.it_stands_where_the_model_says()
        assert (walk.state, walk.walked) == ("drafted", 0)
    finally:
        walk.teardown()


@pytest.mark.everywhere
@pytest.mark.django_db
def test_the_long_way_round_is_open_to_the_right_people():
    """The model is not too strict: its moves in order lead from issued to closed."""
    walk = FollowUp()
    try:
        walk.set_the_stage("issued", len(WAY))
        walk.it_stands_where_the_model_says()
        walk.the_chain_is_true_and_holds_only_arrows_that_exist()
        assert (walk.state, walk.walked, set(walk.proofs.values())) == ("closed", 10, {True})
    finally:
        walk.teardown()
