"""Random moves by random users on a condition, compared with a small model."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from evaluation.files.kinds import Unacceptable
from evaluation.models import Decision, Evaluation, Fulfilment, Role, Step
from evaluation.panel.fulfilments import add_proof
from evaluation.workflow import Refusal, perform, verify_chain
from tests.evaluation.workflow.random_walks import walks
from tests.factories import (
    DeclarationFactory,
    FulfilmentFactory,
    HotlineFactory,
    RequirementFactory,
    StakeFactory,
    person,
)
from tests.stage import Stage

ARROWS = {
    **{(state, "send"): "evidence_sent" for state in ("set", "extended", "not_met")},
    ("evidence_sent", "send_back"): "set",
    ("evidence_sent", "record_check"): "checked",
    ("checked", "withdraw_check"): "evidence_sent",
    ("checked", "meet"): "met",
    ("checked", "fail"): "not_met",
    **{(state, "extend"): "extended" for state in ("extended", "checked", "not_met")},
}
"""Every arrow for users; the check of a follow-up visit and the end of the time are tested elsewhere."""

HOTLINE, CHECKS, PANEL = {"coordinator", "contributor"}, {"mce", "lead", "both"}, {"panel", "second", "both"}
WHO = {
    "send": HOTLINE,
    "send_back": CHECKS,
    "record_check": CHECKS,
    "withdraw_check": CHECKS,
    "meet": PANEL,
    "fail": PANEL,
    "extend": PANEL,
}
PEOPLE = ("stranger", "contributor", "coordinator", "mce", "tied mce", "lead", "panel", "second", "both")
"""`both` is of MCE and of the panel: who has checked a condition does not rule on it."""
presses = st.sampled_from([(name, who) for name, able in WHO.items() for who in sorted(able)]) | st.tuples(
    st.sampled_from(list(WHO)), st.sampled_from(PEOPLE)
)


class Condition(RuleBasedStateMachine):
    """The state machine. `self.state` and those after it are the model."""

    @initialize()
    def set_the_stage(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        stage = Stage.minimal("decided")
        hotline, evaluation = stage.evaluation.hotline, stage.evaluation
        self.people = {
            "stranger": person(Role.COORDINATOR, hotline=HotlineFactory()),
            "contributor": person(Role.CONTRIBUTOR, hotline=hotline),
            "coordinator": person(Role.COORDINATOR, hotline=hotline),
            "mce": person(Role.MCE_COORDINATOR),
            "tied mce": person(Role.MCE_COORDINATOR),
            "lead": stage.people.lead,
            "panel": stage.people.panel,
            "second": stage.people.second,
            "both": person(Role.MCE_COORDINATOR, Role.PANEL_MEMBER, country="XY"),
        }
        StakeFactory(user=self.people["tied mce"], hotline=hotline)
        DeclarationFactory(evaluation=evaluation, user=self.people["both"])
        due_on = evaluation.round.today + timedelta(days=50)
        self.thing = FulfilmentFactory(requirement=RequirementFactory(decision=stage.decision, due_on=due_on))
        self.state, self.seems_met, self.checked_by, self.walked, self.has_proof = "set", None, "", 0, False
        self.first, self.due_on, self.last_by = due_on, due_on, ""
        self.last = stage.decision.valid_until

    def teardown(self):
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @property
    def condition(self) -> Fulfilment:
        return Fulfilment.objects.get(pk=self.thing.pk)

    @rule(press=presses, note=st.sampled_from(["", "Seen.", "Seen."]), yes=st.booleans(), days=st.integers(-3, 30))
    def press(self, press, note, yes, days):
        name, who = press
        until = self.due_on + timedelta(days=days)
        needs = {"record_check": {"seems_met": yes}, "extend": {"until": until}}.get(name, {})
        may = (
            (self.state, name) in ARROWS
            and who in WHO[name]
            and bool(note)
            and (name != "send" or self.has_proof)
            and (name != "meet" or self.seems_met is True)
            and (name not in ("meet", "fail") or who != self.checked_by)
            and (name != "extend" or (self.first < until <= self.last and days != 0))
            and (name != "extend" or self.last_by not in ("", who))
        )
        try:
            perform(self.condition, name, by=self.people[who], note=note, **needs)
        except Refusal:
            assert not may, (name, who)
            return
        assert may, (name, who)
        self.state = ARROWS[self.state, name]
        self.walked += 1
        if name in ("record_check", "fail", "extend"):
            self.last_by = who
        if name == "record_check":
            self.seems_met, self.checked_by = yes, who
        if name == "extend":
            self.due_on = until

    @rule(who=st.sampled_from(PEOPLE))
    def show_something(self, who):
        may = who in HOTLINE and self.state in ("set", "extended", "not_met")
        try:
            add_proof(self.condition, by=self.people[who], words="The rota.")
        except (Refusal, Unacceptable):
            assert not may
        else:
            assert may
            self.has_proof = True

    @invariant()
    def it_stands_where_the_model_says(self):
        if hasattr(self, "state"):
            found = self.condition
            assert (found.state, found.due_on, found.seems_met) == (self.state, self.due_on, self.seems_met)
            steps = list(Step.objects.filter(uid=self.thing.uid).select_related("words__by").order_by("seq"))
            assert (len(steps), verify_chain(steps)) == (self.walked, [])
            assert all((step.source, step.move) in ARROWS for step in steps)

    @invariant()
    def a_decision_is_never_overwritten(self):
        if hasattr(self, "state"):
            assert Decision.objects.filter(evaluation=self.condition.evaluation).count() == 1
            assert Evaluation.objects.get(pk=self.condition.evaluation.pk).state == "decided"


@pytest.mark.everywhere
@pytest.mark.django_db
def test_random_people_walk_only_open_ways():
    run_state_machine_as_test(Condition, settings=walks(3, steps=25))
