"""Random moves by random users on a decision and its accreditation, compared with a simple model of the status."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from evaluation.accreditation.status import status_on
from evaluation.due_dates import find_due
from evaluation.models import Accreditation, Appeal, Correction, Decision, Evaluation, Publication, Role, Step
from evaluation.panel import appeals, corrections
from evaluation.panel.decisions import Demand, Verdict
from evaluation.workflow import Refusal, perform, verify_chain
from tests.bystander import new
from tests.evaluation.workflow.random_walks import walks
from tests.factories import SUBSTANCE, IssueFactory, person, withdraw
from tests.stage import Stage

BRUSSELS = ZoneInfo("Europe/Brussels")
FIRST_DAY = date(2026, 3, 2)
JURY, JUDGES = ("juror", "second juror", "third juror"), ("judge", "second judge", "third judge")
PEOPLE = ("stranger", "coordinator", "mce", "assessor", *JURY, *JUDGES)
people = st.sampled_from(PEOPLE)
outcomes = st.sampled_from(["accredited", "conditional", "not_accredited"])
MONTHS = {"accredited": 36, "conditional": 12, "not_accredited": 0}


def likely(*names: str) -> st.SearchStrategy[str]:
    """Return a strategy that often draws one of these names, so that conditions are tried as often as rights."""
    return st.sampled_from([*names * 3, *PEOPLE])


class Aftermath(RuleBasedStateMachine):
    """The state machine. `self.known` is the model: the status by the day from which it is valid, and until when."""

    @initialize(outcome=outcomes)
    def decide(self, outcome):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.clock = pytest.MonkeyPatch()
        self.now = datetime.combine(FIRST_DAY, time(9), BRUSSELS)
        self.clock.setattr(timezone, "now", lambda: self.now.astimezone(UTC))
        stage = Stage.minimal("decision")
        self.evaluation, self.hotline = stage.evaluation, stage.evaluation.hotline
        stage.agree(outcome)
        from evaluation.panel.decisions import decide

        decide(self.evaluation, self.verdict(outcome), by=stage.people.jury[0], on=FIRST_DAY)
        self.people = {
            "stranger": person(),
            "coordinator": stage.coordinator,
            "mce": stage.people.mce,
            "assessor": stage.people.lead,
            **dict(zip(JURY, stage.people.jury, strict=True)),
            **{name: person(Role.PANEL_MEMBER) for name in JUDGES},
        }
        self.decision = {"outcome": outcome, "kind": "first", "on": FIRST_DAY, "counts_from": FIRST_DAY}
        self.decision["demanded"] = FIRST_DAY + timedelta(days=90)
        self.is_published, self.is_printed = False, False
        self.appeal, self.contested = None, False
        self.correction = None
        self.took_part, self.declared = set(JURY), set(JURY)
        self.granted = None
        self.was_withdrawn = False
        self.known = [(date.min, "none", None)]

    def teardown(self):
        if hasattr(self, "atomic"):
            self.clock.undo()
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    # --- The model -----------------------------------------------------------------------------------------------

    @property
    def today(self) -> date:
        return self.now.date()

    def verdict(self, outcome: str) -> Verdict:
        demands = (Demand("Name a deputy.", self.now.date() + timedelta(days=90)),) if outcome == "conditional" else ()
        return Verdict(outcome, SUBSTANCE, demands)

    def expect(self, may: bool, act) -> bool:
        try:
            act()
        except Refusal:
            assert not may
            return False
        assert may
        return True

    def note(self, kind: str, until: date | None = None) -> None:
        self.known.append((self.today, kind, until))

    def replace_decision(self, outcome: str, kind: str) -> None:
        before = self.decision["counts_from"]
        self.decision = {
            "outcome": outcome,
            "kind": kind,
            "on": self.today,
            "counts_from": before if kind == "correction" else self.today,
            "demanded": self.today + timedelta(days=90),
        }
        self.is_published = self.is_printed = self.contested = False

    @property
    def until(self) -> date | None:
        months = MONTHS[self.decision["outcome"]]
        return self.decision["counts_from"] + relativedelta(months=months) if months else None

    def stands_on(self, day: date) -> str:
        _since, kind, until = next(entry for entry in reversed(self.known) if entry[0] <= day)
        return "expired" if until and kind != "withdrawn" and day > until else kind

    @property
    def is_running(self) -> bool:
        return self.granted is not None and self.granted["state"] in ("valid", "suspended")

    @property
    def has_ended(self) -> bool:
        return self.granted is not None and self.today > self.granted["until"]

    # --- Time ----------------------------------------------------------------------------------------------------

    @rule(days=st.integers(0, 20) | st.integers(0, 400), hour=st.integers(0, 23), minute=st.sampled_from([0, 30, 59]))
    def time_passes(self, days, hour, minute):
        later = datetime.combine(self.today + timedelta(days=days), time(hour, minute, 59), BRUSSELS)
        self.now = max(self.now, later)

    @rule()
    def the_calendar_is_kept(self):
        ended = [due for due in find_due() if due.about == "ended"]
        assert len(ended) == int(self.is_running and self.has_ended)
        for due in ended:
            perform(due.accreditation, "expire", by=None, on=due.day)
            self.granted["state"] = "expired"

    # --- Publication ---------------------------------------------------------------------------------------------

    @rule()
    def print_the_report(self):
        if not self.is_printed:
            IssueFactory(decision=self.evaluation.decisions.first())
            self.is_printed = True

    @rule(who=likely("mce"))
    def publish(self, who):
        may = who == "mce" and not self.is_published and self.is_printed and self.appeal is None
        if not self.expect(may, lambda: perform(self.evaluation, "publish", by=self.people[who])):
            return
        self.is_published = True
        was_suspended = self.granted is not None and self.granted["state"] == "suspended"
        if self.is_running:
            self.granted = None
        if self.until is None:
            self.note("none")
        elif not self.was_withdrawn:
            self.granted = {"state": "suspended" if was_suspended else "valid", "until": self.until}
            self.granted["outcome"] = self.decision["outcome"]
            self.note("suspended" if was_suspended else self.decision["outcome"], self.until)

    # --- The appeal ----------------------------------------------------------------------------------------------

    @rule(who=likely("coordinator"))
    def lodge(self, who):
        may = (
            who == "coordinator"
            and not self.contested
            and self.decision["kind"] != "appeal"
            and self.today <= self.decision["on"] + timedelta(days=30)
        )
        newest = self.evaluation.decisions.first()
        if self.expect(may, lambda: appeals.lodge(newest, "You did not see the night.", by=self.people[who])):
            self.appeal, self.contested = {"declared": set(), "votes": {}}, True

    @precondition(lambda self: self.appeal is not None)
    @rule(who=likely("coordinator"))
    def withdraw_the_appeal(self, who):
        appeal = Appeal.objects.get(state="lodged")
        if self.expect(who == "coordinator", lambda: perform(appeal, "withdraw", by=self.people[who], note="Enough.")):
            self.took_part |= set(self.appeal["votes"])
            self.appeal = None

    @precondition(lambda self: self.appeal is not None)
    @rule(who=likely(*JUDGES))
    def declare(self, who):
        appeal = Appeal.objects.get(state="lodged")
        if self.expect(self.may_hear(who), lambda: appeals.declare(appeal, by=self.people[who])):
            self.appeal["declared"].add(who)
            self.declared.add(who)

    @precondition(lambda self: self.appeal is not None)
    @rule(who=likely(*JUDGES), outcome=outcomes)
    def vote(self, who, outcome):
        appeal = Appeal.objects.get(state="lodged")
        may = self.may_hear(who) and who in self.appeal["declared"]
        if self.expect(may, lambda: appeals.vote(appeal, outcome, "So I read it.", by=self.people[who])):
            self.appeal["votes"][who] = outcome

    @precondition(lambda self: self.appeal is not None)
    @rule(outcome=outcomes)
    def all_judges_agree(self, outcome):
        for who in JUDGES:
            self.declare(who)
            self.vote(who, outcome)

    @precondition(lambda self: self.appeal is not None)
    @rule(outcome=outcomes)
    def all_judges_agree_and_rule(self, outcome):
        self.all_judges_agree(outcome)
        self.rule_on_it("judge", outcome)

    @precondition(lambda self: self.appeal is not None)
    @rule(who=likely(*JUDGES), outcome=outcomes)
    def rule_on_it(self, who, outcome):
        appeal = Appeal.objects.get(state="lodged")
        votes = self.appeal["votes"]
        may = (
            self.may_hear(who)
            and who in votes
            and len(votes) >= 3
            and 2 * list(votes.values()).count(outcome) > len(votes)
        )
        contested = appeal.decision.outcome
        verdict = self.verdict(outcome) if outcome != contested else Verdict(outcome, "It holds.")
        act = lambda: appeals.rule(appeal, verdict, by=self.people[who], on=self.today)  # noqa: E731 - tried below
        if self.expect(may, act):
            self.took_part |= {*votes, who}
            self.appeal = None
            if outcome != contested:
                self.replace_decision(outcome, "appeal")

    def may_hear(self, who: str) -> bool:
        return who in (*JURY, *JUDGES) and who not in self.took_part

    # --- The correction ------------------------------------------------------------------------------------------

    def may_be_due(self, day: date) -> bool:
        """Whether a correction of today can ask for something by this day: the old day, or after the time to appeal.

        Never after the accreditation ends.
        """
        first = min(self.today + timedelta(days=31), self.until)
        return day <= self.until and (day >= first or day == self.decision["demanded"])

    @rule(who=likely(*JURY), outcome=outcomes)
    def propose_a_correction(self, who, outcome):
        may = (
            who in self.declared
            and self.correction is None
            and self.appeal is None
            and outcome == self.decision["outcome"]
            and (outcome != "conditional" or self.may_be_due(self.today + timedelta(days=90)))
        )
        act = lambda: corrections.propose(  # noqa: E731 - tried below
            self.evaluation, self.verdict(outcome), by=self.people[who], on=self.today
        )
        if self.expect(may, act):
            demanded = self.today + timedelta(days=90) if outcome == "conditional" else None
            newest = self.evaluation.decisions.first().pk
            self.correction = {"by": who, "outcome": outcome, "demanded": demanded, "of": newest}
            self.took_part.add(who)

    @precondition(lambda self: self.correction is not None)
    @rule(who=likely(*JURY))
    def confirm_the_correction(self, who):
        correction = Correction.objects.get(state="proposed")
        may = (
            who in self.declared
            and who != self.correction["by"]
            and self.appeal is None
            and self.correction["of"] == self.evaluation.decisions.first().pk
            and (self.correction["demanded"] is None or self.may_be_due(self.correction["demanded"]))
        )
        act = lambda: perform(correction, "confirm", by=self.people[who], on=self.today)  # noqa: E731 - tried below
        if self.expect(may, act):
            self.took_part.add(who)
            demanded = self.correction["demanded"]
            self.replace_decision(self.correction["outcome"], "correction")
            self.decision["demanded"] = demanded
            self.correction = None

    @precondition(lambda self: self.correction is not None)
    @rule(who=likely(*JURY))
    def drop_the_correction(self, who):
        correction = Correction.objects.get(state="proposed")
        may = who in self.declared
        if self.expect(may, lambda: perform(correction, "drop", by=self.people[who], note="It was right.")):
            self.correction = None

    # --- The accreditation ---------------------------------------------------------------------------------------

    @precondition(lambda self: self.granted is not None)
    @rule(
        press=st.sampled_from(
            [("suspend", "mce"), ("reinstate", "mce"), ("withdraw", "mce"), ("give_up", "coordinator")]
        ),
        who=people,
        is_right=st.booleans(),
        note=st.sampled_from(["Seen.", "Seen.", ""]),
    )
    def do_something_about_it(self, press, who, is_right, note):
        name, right = press
        who = right if is_right else who
        accreditation = new(Accreditation).order_by("pk").last()
        state = self.granted["state"]
        open_ = {
            "suspend": state == "valid",
            "reinstate": state == "suspended",
            "withdraw": self.is_running,
            "give_up": self.is_running,
        }[name]
        may = open_ and who == right and (bool(note) or name == "withdraw") and not self.has_ended

        def press_it():
            if name == "withdraw":
                withdraw(accreditation, by=self.people[who])
            else:
                perform(accreditation, name, by=self.people[who], note=note)

        if not self.expect(may, press_it):
            return
        self.granted["state"] = {"suspend": "suspended", "reinstate": "valid"}.get(name, "withdrawn")
        if self.granted["state"] == "withdrawn":
            self.was_withdrawn = True
            self.note("withdrawn")
        else:
            kind = self.granted["outcome"] if name == "reinstate" else "suspended"
            self.note(kind, self.granted["until"])

    @precondition(lambda self: self.granted is not None)
    @rule(who=likely("mce"))
    def check_at_midterm(self, who):
        accreditation = new(Accreditation).order_by("pk").last()
        before = Step.objects.filter(uid=accreditation.uid, move="check_midterm").exists()
        due = accreditation.decision.counts_from + relativedelta(months=18)
        may = (
            who == "mce"
            and self.granted["state"] == "valid"
            and not before
            and due < self.granted["until"]
            and due <= self.today <= self.granted["until"]
        )
        self.expect(may, lambda: perform(accreditation, "check_midterm", by=self.people[who], note="All under way."))

    # --- What must always hold -----------------------------------------------------------------------------------

    @invariant()
    def the_status_is_what_the_diary_says_on_every_day_that_matters(self):
        if not hasattr(self, "known"):
            return
        days = {self.today, FIRST_DAY, FIRST_DAY - timedelta(days=1)}
        for since, _kind, until in self.known[1:]:
            days |= {since - timedelta(days=1), since, since + timedelta(days=1)}
            days |= {until, until + timedelta(days=1)} if until else set()
        found = {day: status_on(self.hotline, day).kind for day in days}
        assert found == {day: self.stands_on(day) for day in days}

    @invariant()
    def the_rows_agree_with_each_other(self):
        if not hasattr(self, "known"):
            return
        running = list(new(Accreditation).filter(state__in=Accreditation.RUNNING).values_list("state", flat=True))
        assert running == ([self.granted["state"]] if self.is_running else [])
        assert new(Decision).filter(replaced_by=None).get() == self.evaluation.decisions.first()
        self.evaluation.refresh_from_db()
        assert self.evaluation.state == ("published" if self.is_published else "decided")
        newest = self.evaluation.decisions.first()
        assert new(Publication).filter(decision=newest).exists() == self.is_published

    @invariant()
    def every_chain_is_whole(self):
        if not hasattr(self, "known"):
            return
        for model in (Evaluation, Appeal, Correction, Accreditation):
            for thing in new(model):
                assert verify_chain(Step.objects.filter(kind=thing.kind, uid=thing.uid).order_by("seq")) == []


@pytest.mark.everywhere
@pytest.mark.django_db
def test_whatever_happens_the_status_follows_from_what_was_walked():
    run_state_machine_as_test(Aftermath, settings=walks(3, steps=25))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "later"), [(0, 0), (0, 91), (100, 59), (100, 60), (275, 0), (275, 90), (275, 91), (276, 0), (366, 0)]
)
def test_the_model_agrees_on_the_days_of_a_corrected_condition(days, later):
    walk = Aftermath()
    walk.decide(outcome="conditional")
    try:
        walk.time_passes(days, hour=9, minute=0)
        walk.propose_a_correction("juror", "conditional")
        walk.time_passes(later, hour=9, minute=0)
        if walk.correction:
            walk.confirm_the_correction("second juror")
    finally:
        walk.teardown()


@pytest.mark.everywhere
@pytest.mark.django_db
def test_the_whole_way_is_open_to_the_right_people():
    """The model is not too strict: published, contested, upheld, corrected, suspended, reinstated, checked, over."""
    walk = Aftermath()
    walk.decide(outcome="conditional")
    try:
        walk.print_the_report()
        walk.publish("mce")
        walk.time_passes(days=30, hour=23, minute=59)
        walk.lodge("coordinator")
        walk.all_judges_agree_and_rule("accredited")
        walk.print_the_report()
        walk.publish("mce")
        walk.propose_a_correction("juror", "accredited")
        walk.confirm_the_correction("second juror")
        walk.do_something_about_it(("suspend", "mce"), "mce", is_right=True, note="The line is dead.")
        walk.do_something_about_it(("reinstate", "mce"), "mce", is_right=True, note="It is not.")
        walk.print_the_report()
        walk.publish("mce")
        walk.time_passes(days=600, hour=0, minute=0)
        walk.check_at_midterm("mce")
        walk.time_passes(days=600, hour=0, minute=0)
        walk.the_calendar_is_kept()
        walk.the_status_is_what_the_diary_says_on_every_day_that_matters()
        walk.the_rows_agree_with_each_other()
        walk.every_chain_is_whole()
        found = new(Step).exclude(kind__in=["evaluation", "recommendation"]).order_by("pk").values_list("kind", "move")
        assert [f"{kind} {name}" for kind, name in found] == [
            "accreditation begin",
            "appeal lodge",
            "appeal uphold",
            "accreditation replace",
            "accreditation begin",
            "correction propose",
            "correction confirm",
            "accreditation suspend",
            "accreditation reinstate",
            "accreditation replace",
            "accreditation begin",
            "accreditation check_midterm",
            "accreditation expire",
        ]
    finally:
        walk.teardown()
