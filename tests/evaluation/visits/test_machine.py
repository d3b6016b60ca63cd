"""Random users plan a visit in random order, compared with a small model."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from evaluation.models import Agenda, Role, Step, SuggestedDates, User, Visit
from evaluation.visits.agendas import Session, is_for_other_days, newest_agenda, save_agenda, write_agenda
from evaluation.visits.dates import accept_dates, change_dates, suggest_dates, take_back_dates
from evaluation.visits.interests import declare_interests, step_aside
from evaluation.visits.planning import TeamPlan, propose_visit
from evaluation.workflow import Refusal, perform, verify_chain
from tests.evaluation.workflow.random_walks import walks
from tests.factories import begin_visit, person
from tests.stage import Stage

PEOPLE = ("coordinator", "mce", "lead", "second", "third", "panel")
TEAM = ("lead", "second", "third")
people = st.sampled_from(PEOPLE)
offsets = st.integers(5, 12)
WITH_DAYS = ("dates_agreed", "team_confirmed", "agenda_sent")
BEFORE = ("proposed", *WITH_DAYS)

WAY = (
    ("propose", {"who": "mce", "second": "second"}),
    ("suggest", {"who": "coordinator", "offset": 5}),
    ("suggest", {"who": "lead", "offset": 6}),
    ("suggest", {"who": "lead", "offset": 7}),
    ("take_back", {"who": "second", "number": 2}),
    ("accept", {"who": "coordinator", "number": 1}),
    ("declare", {"who": "lead"}),
    ("declare", {"who": "second"}),
    ("send_the_agenda", {"who": "lead"}),
    ("move", {"who": "mce", "offset": 9}),
    ("send_the_agenda", {"who": "second"}),
    ("put_off", {"who": "coordinator"}),
    ("suggest", {"who": "mce", "offset": 8}),
    ("accept", {"who": "coordinator", "number": 0}),
    ("step_aside", {"who": "second"}),
    ("change_the_team", {"who": "mce", "second": "third"}),
    ("declare", {"who": "third"}),
    ("send_the_agenda", {"who": "lead"}),
    ("begin", {"who": "lead"}),
    ("cancel", {"who": "mce"}),
)
"""The moves of one way through every move, including two back."""


class Planning(RuleBasedStateMachine):
    """The state machine. Its model: state, dates, open suggestions, team, declarations, stakes."""

    @initialize(start=st.integers(0, len(WAY)))
    def set_the_stage(self, start):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        stage = Stage.minimal("study_visit", visit_state="cancelled")
        self.evaluation, self.today = stage.evaluation, stage.evaluation.round.today
        self.users = {
            "coordinator": stage.coordinator,
            "mce": stage.people.mce,
            "lead": stage.people.lead,
            "second": stage.people.assessor,
            "third": person(Role.ASSESSOR),
            "panel": stage.people.panel,
        }
        self.state, self.offset, self.steps = "cancelled", None, 0
        self.suggested: list[tuple[int, str]] = []
        self.team: set[str] = {"lead", "second"}
        self.declared: set[str] = set()
        self.tied: set[str] = set()
        for name, given in WAY[:start]:
            getattr(self, name)(**given)

    def teardown(self):
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    # --- The model -----------------------------------------------------------------------------------------------

    @property
    def visit(self) -> Visit:
        return Visit.objects.get(evaluation=self.evaluation)

    def user(self, who: str) -> User:
        return User.objects.get(pk=self.users[who].pk)

    def day(self, offset: int):
        return self.today + timedelta(days=offset)

    @property
    def is_independent(self) -> bool:
        return not self.team & self.tied

    def is_free(self, who: str) -> bool:
        return who in self.team and who not in self.tied

    def speaks(self, who: str) -> bool:
        return who in ("mce", "coordinator") or self.is_free(who)

    @staticmethod
    def side(who: str) -> str:
        return "hotline" if who == "coordinator" else "team"

    def expect(self, may: bool, act) -> bool:
        """Assert that the act succeeds exactly if it may."""
        try:
            act()
        except Refusal:
            assert not may
        else:
            assert may
            self.steps += 1
        return may

    def confirm(self) -> None:
        """Confirm the team in the model, as happens once the dates are agreed on and everybody has declared."""
        if self.state == "dates_agreed" and self.team <= self.declared and self.is_independent:
            self.state, self.steps = "team_confirmed", self.steps + 1

    # --- Rules ---------------------------------------------------------------------------------------------------

    @rule(who=people, second=st.sampled_from(["second", "third"]))
    def propose(self, who, second):
        may = who == "mce" and self.state in ("proposed", "cancelled") and not {"lead", second} & self.tied
        members = [self.user(second)]

        def act():
            propose_visit(self.evaluation, lead=self.user("lead"), members=members, by=self.user(who))

        if self.expect(may, act):
            self.declared = set() if self.state == "cancelled" else self.declared & {"lead", second}
            self.team, self.state = {"lead", second}, "proposed"

    @rule(who=people, second=st.sampled_from(["second", "third"]))
    def change_the_team(self, who, second):
        is_open = self.state in WITH_DAYS or (self.state == "under_way" and not self.is_independent)
        may = who == "mce" and is_open and not {"lead", second} & self.tied
        plan = TeamPlan(self.user("lead"), (self.user(second),))
        if self.expect(may, lambda: perform(self.visit, "change_team", by=self.user(who), wanted=plan)):
            self.team, self.state = {"lead", second}, "dates_agreed"
            self.declared &= self.team
            self.confirm()

    @rule(who=people, offset=offsets)
    def suggest(self, who, offset):
        side = self.side(who)
        count = sum(one[1] == side for one in self.suggested)
        may = self.state == "proposed" and self.speaks(who) and count < 10
        period = (self.day(offset), self.day(offset))
        if self.expect(may, lambda: suggest_dates(self.visit, [period], by=self.user(who))):
            self.suggested = sorted({*self.suggested, (offset, side)})

    @rule(who=people, number=st.integers(0, 3))
    def accept(self, who, number):
        if number >= len(self.suggested):
            return
        offset, side = self.suggested[number]
        found = SuggestedDates.objects.get(visit=self.visit, starts_on=self.day(offset), side=side, is_open=True)
        may = self.state == "proposed" and self.speaks(who) and self.side(who) != side and self.is_independent
        if self.expect(may, lambda: accept_dates(found, by=self.user(who))):
            self.state, self.offset, self.suggested = "dates_agreed", offset, []
            self.confirm()

    @rule(who=people, number=st.integers(0, 3))
    def take_back(self, who, number):
        if number >= len(self.suggested):
            return
        offset, side = self.suggested[number]
        found = SuggestedDates.objects.get(visit=self.visit, starts_on=self.day(offset), side=side, is_open=True)
        may = self.state == "proposed" and self.speaks(who) and self.side(who) == side
        if self.expect(may, lambda: take_back_dates(found, by=self.user(who))):
            self.suggested = [one for one in self.suggested if one != (offset, side)]

    @rule(who=people)
    def declare(self, who):
        may = self.state in BEFORE and self.is_free(who)
        if self.expect(may, lambda: declare_interests(self.visit, [self.user(who)], by=self.user(who))):
            self.declared |= {who}
            self.confirm()

    @rule(who=st.sampled_from(["second", "third", "coordinator"]))
    def step_aside(self, who):
        may = self.state in (*BEFORE, "under_way") and self.is_free(who)
        if self.expect(may, lambda: step_aside(self.visit, "I advised them.", by=self.user(who))):
            self.tied |= {who}

    @rule(who=people, offset=offsets)
    def move(self, who, offset):
        may = who == "mce" and self.state in WITH_DAYS and self.is_independent
        wanted = {"agreed_with": "Ana", "reason": "A strike."}

        def act():
            change_dates(self.visit, self.day(offset), self.day(offset), by=self.user(who), **wanted)

        if self.expect(may, act):
            self.offset = offset
            self.state = "dates_agreed" if self.state == "dates_agreed" else "team_confirmed"

    @rule(who=people)
    def put_off(self, who):
        may = self.state in WITH_DAYS and (who in ("mce", "coordinator") or (who == "lead" and self.is_free(who)))
        if self.expect(may, lambda: perform(self.visit, "put_off", by=self.user(who), note="A strike.")):
            self.state = "proposed"

    @rule(who=people)
    def cancel(self, who):
        may = who == "mce" and self.state in (*BEFORE, "under_way")
        if self.expect(may, lambda: perform(self.visit, "cancel", by=self.user(who), note="It closed.")):
            self.state, self.suggested = "cancelled", []

    @rule(who=people)
    def send_the_agenda(self, who):
        """Send a new version if the visit was moved since the last one."""
        newest = newest_agenda(self.visit)
        sessions = [Session("Opening")]
        agenda = write_agenda(sessions, language="en", template="A", published_at=None, by=self.user(who))
        saved = save_agenda(self.visit, agenda, seen=newest.version if newest else 0)
        if not isinstance(saved, Agenda):
            assert self.state not in (*WITH_DAYS, "under_way")
            return
        is_new = saved.sent_at is None
        may = (
            self.state in ("team_confirmed", "agenda_sent", "under_way")
            and (who == "mce" or self.is_free(who))
            and self.is_independent
            and is_new
        )
        if self.expect(may, lambda: perform(self.visit, "send_agenda", by=self.user(who), agenda=saved)):
            self.state = "under_way" if self.state == "under_way" else "agenda_sent"

    @rule(who=people)
    def begin(self, who):
        may = self.state in ("team_confirmed", "agenda_sent") and self.is_free(who) and self.is_independent
        if self.expect(may, lambda: begin_visit(self.visit, by=self.user(who))):
            self.state = "under_way"

    @rule(who=people)
    def take_the_beginning_back(self, who):
        may = self.state == "under_way" and self.is_free(who)
        if self.expect(may, lambda: perform(self.visit, "take_back_beginning", by=self.user(who), note="Too early.")):
            self.state = "team_confirmed"

    # --- Invariants ----------------------------------------------------------------------------------------------

    @invariant()
    def everything_is_as_the_model_says(self):
        if not hasattr(self, "steps"):
            return
        visit = self.visit
        assert visit.state == self.state
        if self.state in (*WITH_DAYS, "under_way"):
            assert visit.agreed_days == (self.day(self.offset),) * 2
        else:
            assert visit.agreed_days is None
        members = {member.user_id: member.declared_at for member in visit.team.all()}
        if self.steps:  # until then the stage's team remains
            assert members.keys() == {self.users[who].pk for who in self.team}
            declared = {key for key, at in members.items() if at}
            assert declared == {self.users[who].pk for who in self.declared & self.team}
        is_open = visit.suggested_dates.filter(is_open=True)
        assert sorted(((one.starts_on - self.today).days, one.side) for one in is_open) == self.suggested
        sent = visit.agendas.exclude(sent_at=None).first()
        if self.state == "agenda_sent":
            assert sent is not None
            assert not is_for_other_days(sent, visit)

    @invariant()
    def each_move_has_its_step(self):
        if hasattr(self, "steps"):
            steps = list(Step.objects.filter(kind="visit").select_related("words__by").order_by("seq"))
            assert (len(steps), verify_chain(steps)) == (self.steps, [])


@pytest.mark.everywhere
@pytest.mark.django_db
def test_random_people_plan_only_in_open_ways():
    run_state_machine_as_test(Planning, settings=walks(2, steps=16))


@pytest.mark.everywhere
@pytest.mark.django_db
def test_the_way_is_open_to_the_right_people():
    planning = Planning()
    try:
        planning.set_the_stage(len(WAY))
        planning.everything_is_as_the_model_says()
        planning.each_move_has_its_step()
        assert (planning.state, planning.steps) == ("cancelled", 23)
    finally:
        planning.teardown()
