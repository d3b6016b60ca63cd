"""Random moves around follow-up visits of an accredited hotline, compared with a model of what must stay in force."""

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from evaluation.accreditation.status import status_on
from evaluation.due_dates import find_accreditation_dates
from evaluation.models import Accreditation, Decision, Finding, Scorecard, Step
from evaluation.workflow import Refusal, perform, verify_chain
from tests.bystander import new
from tests.evaluation.workflow.random_walks import walks
from tests.factories import withdraw
from tests.follow_ups import CODE, DECIDED_ON, Followed

outcomes = st.sampled_from(["accredited", "conditional", "not_accredited"])
MONTHS = {"accredited": 36, "conditional": 12}


class FollowUps(RuleBasedStateMachine):
    """The state machine.

    Its model: `accreditation`, `until` and `outcome` in force, and `level`, the decided finding.
    """

    @initialize(outcome=st.sampled_from(["accredited", "conditional"]))
    def accredit(self, outcome):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.clock = pytest.MonkeyPatch()
        self.followed = Followed(self.clock, outcome)
        self.day, self.outcome, self.state, self.checked = DECIDED_ON, outcome, "valid", False
        self.until = self.decided_on = DECIDED_ON
        self.until += relativedelta(months=MONTHS[outcome])
        self.stage, self.level, self.visited, self.count = "published", 3, 3, 1

    def teardown(self):
        if hasattr(self, "atomic"):
            self.clock.undo()
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def try_it(self, may: bool, act) -> bool:
        """Assert that the act succeeds exactly if the model allows it, and otherwise writes no step."""
        before = new(Step).count()
        if may:
            act()
            return True
        with pytest.raises(Refusal):
            act()
        assert new(Step).count() == before
        return False

    @property
    def is_running(self) -> bool:
        return self.state in ("valid", "suspended")

    @rule(days=st.sampled_from([20, 40, 200, 700]))
    def time_passes(self, days):
        self.day += timedelta(days=days)
        self.followed.go_to(self.day)

    @rule(days=st.sampled_from([0, 40]))
    def follow_up(self, days):
        self.time_passes(days)
        may = (
            self.stage == "published"
            and self.is_running
            and self.decided_on + timedelta(days=30) < self.day <= self.until
        )
        if self.try_it(may, lambda: self.followed.follow_up(self.day)):
            self.stage = "desk_review"

    @rule(level=st.sampled_from([0, 3]))
    def visit(self, level):
        """Visit the hotline and write the report. The other stages have moves of their own."""
        if self.stage == "desk_review":
            self.followed.begin_visit(CODE)
            self.followed.record(level=level)
            self.followed.finish()
            self.stage, self.visited = "report", level

    @rule(level=st.sampled_from([0, 3]))
    def visit_and_hear_the_hotline(self, level):
        self.visit(level)
        if self.stage == "report":
            self.followed.propose()
            self.followed.respond()
            self.stage = "decision"

    @rule()
    def end(self):
        may = self.stage in ("desk_review", "report")
        if self.try_it(may, self.followed.end):
            self.stage = "published"

    @rule()
    def excuse(self):
        by = self.followed.people.mce
        self.try_it(False, lambda: perform(self.followed.evaluation, "excuse", by=by, note="Enough."))

    @rule(outcome=outcomes)
    def decide_and_publish(self, outcome):
        if self.stage != "decision":
            return
        until = DECIDED_ON + relativedelta(months=MONTHS.get(outcome, 0))
        if until <= self.day:
            until = min(self.day + relativedelta(months=MONTHS.get(outcome, 0)), self.until)
        if not self.try_it(outcome == "not_accredited" or until >= self.day, lambda: self.followed.decide(outcome)):
            return
        self.followed.publish()
        self.stage, self.level, self.decided_on, self.count = "published", self.visited, self.day, self.count + 1
        if outcome == "not_accredited":
            self.state = "none"
        elif self.is_running:
            self.outcome, self.until = outcome, until

    def perform(self, move):
        if move == "withdraw":
            withdraw(self.followed.accreditation, by=self.followed.people.mce)
        else:
            perform(self.followed.accreditation, move, by=self.followed.people.mce, note="So it is.")

    @rule(move=st.sampled_from(["suspend", "reinstate", "withdraw"]))
    def move_the_accreditation(self, move):
        sources = {"suspend": ("valid",), "reinstate": ("suspended",), "withdraw": ("valid", "suspended")}[move]
        may = self.state in sources and self.day <= self.until
        if self.try_it(may, lambda: self.perform(move)):
            self.state = {"suspend": "suspended", "reinstate": "valid", "withdraw": "withdrawn"}[move]

    @rule()
    def check_midterm(self):
        midterm = DECIDED_ON + relativedelta(months=18)
        may = self.state == "valid" and not self.checked and midterm <= self.day <= self.until and midterm < self.until
        if self.try_it(may, lambda: self.perform("check_midterm")):
            self.checked = True

    @invariant()
    def the_accreditation_stands_as_in_the_model(self):
        if not hasattr(self, "state"):
            return
        kind = status_on(self.followed.stage.hotline, self.day).kind
        wanted = {"valid": self.outcome, "suspended": "suspended", "withdrawn": "withdrawn", "none": "none"}[self.state]
        assert kind == (wanted if not self.is_running or self.day <= self.until else "expired")
        assert new(Accreditation).filter(state__in=Accreditation.RUNNING).count() == self.is_running

    @invariant()
    def what_was_decided_on_is_what_counts(self):
        if not hasattr(self, "state"):
            return
        evaluation = self.followed.evaluation
        assert (evaluation.state, new(Decision).count()) == (self.stage, self.count)
        assert (evaluation.followed_up is None) == (self.stage == "published")
        if self.stage == "published":
            assert new(Finding).get(code=CODE).level == self.level
            latest, decided = Scorecard.objects.latest_of(evaluation).get(), evaluation.current_decision.scorecard
            assert latest.input_digest == decided.input_digest

    @invariant()
    def the_check_is_due_once(self):
        if hasattr(self, "state"):
            due = [one.about for one in find_accreditation_dates() if one.about == "midterm"]
            assert not (self.checked and due)

    @invariant()
    def the_chain_is_whole(self):
        if hasattr(self, "state"):
            for kind in ("evaluation", "visit"):
                steps = new(Step).filter(kind=kind).select_related("words__by").order_by("seq")
                assert verify_chain(steps) == []


@pytest.mark.everywhere
@pytest.mark.django_db
def test_the_accreditation_stands_whatever_becomes_of_follow_ups():
    run_state_machine_as_test(FollowUps, settings=walks(2, steps=12))


@pytest.mark.long
@pytest.mark.django_db
def test_the_accreditation_stands_whatever_becomes_of_many_follow_ups():
    run_state_machine_as_test(FollowUps, settings=walks(40, steps=30))
