"""Random actions of panel members, compared with a small model of the votes that count."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from evaluation.judging.evidence import judge
from evaluation.models import Comment, Decision, Declaration, Evaluation, Role, Step, Vote
from evaluation.models.people.permissions import is_allowed
from evaluation.models.people.ties import stakes_of
from evaluation.panel.decisions import Demand, Verdict, comment, decide, declare, vote
from evaluation.response.response import respond
from evaluation.workflow import Refusal, perform, verify_chain
from tests.bystander import new
from tests.evaluation.workflow.random_walks import walks
from tests.factories import MONDAY, SUBSTANCE, TeamMemberFactory, person
from tests.stage import Stage

MEMBERS = ("one", "two", "three", "four")
NEVER = ("compatriot", "assessor", "mce", "coordinator", "root")
"""A member of the hotline's country, a member who was on the team, and users who are no members."""
anybody = st.sampled_from([*MEMBERS, *MEMBERS, *NEVER])
outcomes = st.sampled_from(["accredited", "accredited", "conditional", "deferred", "splendid"])
words = st.sampled_from(["It holds.", "It holds.", " "])

ties = st.permutations(["accredited", "accredited", "deferred", "deferred"])
some_votes = st.lists(st.sampled_from(["accredited", "conditional", "deferred"]), max_size=4) | ties


FAVOUR = ("accredited", "conditional", "deferred", "not_accredited")
"""The outcomes of the small edition, the most favourable one first."""


def winner_of(votes: Counter) -> tuple[str | None, int]:
    """Return the outcome that more than half voted for, or else voted for or exceeded, and the number of those votes."""
    for outcome in FAVOUR:
        if 2 * votes[outcome] > votes.total():
            return outcome, votes[outcome]
    backing = 0
    for outcome in FAVOUR:
        backing += votes[outcome]
        if 2 * backing > votes.total():
            return outcome, backing
    return None, 0


class Panel(RuleBasedStateMachine):
    """The state machine. Its model: `self.votes` (those that count per scorecard), declarations and exclusions.

    `is_second` if they are those of the second vote, for which the edition must allow it: `votes_again`.
    """

    votes_again = False

    @initialize(already=some_votes)
    def set_the_stage(self, already):
        """Begin before the panel with some votes, so that majorities, draws and decisions are frequent."""
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.stage = Stage.minimal("decision")
        framework = self.stage.framework
        edited = replace(framework, procedure=replace(framework.procedure, votes_again_on_ties=self.votes_again))
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(type(self.stage.round.edition), "framework", property(lambda _edition: edited))
        self.people = {name: person(Role.PANEL_MEMBER) for name in MEMBERS} | {
            "compatriot": person(Role.PANEL_MEMBER, country=self.stage.evaluation.hotline.country),
            "assessor": person(Role.PANEL_MEMBER, Role.ASSESSOR),
            "mce": self.stage.people.mce,
            "coordinator": self.stage.coordinator,
            "root": person(is_superuser=True),
        }
        TeamMemberFactory(visit=self.stage.visit, user=self.people["assessor"])
        self.state, self.steps, self.is_second = "decision", 0, False
        self.declared, self.aside, self.votes, self.outcomes = set(), set(), {}, []
        for name in MEMBERS if already else ():
            self.say_no_stake(name)
        for name, outcome in zip(MEMBERS, already, strict=False):
            self.cast(name, outcome, "It holds.")

    def teardown(self):
        if hasattr(self, "patch"):
            self.patch.undo()
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @property
    def evaluation(self) -> Evaluation:
        return Evaluation.objects.get(pk=self.stage.evaluation.pk)

    @property
    def tally(self) -> Counter:
        return Counter(outcome for name, outcome in self.votes.items() if name not in self.aside)

    @property
    def is_tied(self) -> bool:
        return bool(self.tally) and 2 * max(self.tally.values()) <= self.tally.total()

    @property
    def awaited(self) -> set[str]:
        """Who can still vote."""
        return self.declared - self.aside - set(self.votes)

    def is_member(self, who: str) -> bool:
        return who in MEMBERS and who not in self.aside and self.state == "decision"

    def try_it(self, may: bool, act) -> None:
        """Assert that the act succeeds exactly if the model allows it, and otherwise writes nothing."""
        before = [new(model).count() for model in (Declaration, Vote, Comment, Decision, Step)]
        if may:
            act()
            return
        with pytest.raises(Refusal):
            act()
        assert [new(model).count() for model in (Declaration, Vote, Comment, Decision, Step)] == before

    # --- Actions -------------------------------------------------------------------------------------------------

    @rule(who=anybody)
    def say_no_stake(self, who):
        may = self.is_member(who)
        self.try_it(may, lambda: declare(self.evaluation, by=self.people[who]))
        if may:
            self.declared.add(who)

    @rule(who=anybody, reason=words)
    def step_aside(self, who, reason):
        may = self.is_member(who) and bool(reason.strip())
        self.try_it(may, lambda: declare(self.evaluation, by=self.people[who], stake=reason))
        if may:
            self.aside.add(who)

    @rule(who=anybody, outcome=outcomes, text=words)
    def cast(self, who, outcome, text):
        may = self.is_member(who) and who in self.declared and bool(text.strip()) and outcome != "splendid"
        may = may and not (self.is_second and who in self.votes)
        scorecard = self.evaluation.latest_scorecard
        self.try_it(may, lambda: vote(scorecard, outcome, text, by=self.people[who]))
        if may:
            self.votes[who] = outcome

    @rule(who=anybody, text=words)
    def say(self, who, text):
        may = self.is_member(who) and who in self.declared and bool(text.strip())
        scorecard = self.evaluation.latest_scorecard
        self.try_it(may, lambda: comment(scorecard, text, by=self.people[who]))

    @rule(who=anybody)
    def score_again(self, who):
        """Let the panel send back, the lead score again, and the hotline respond without remarks."""
        may = self.is_member(who) and who in self.declared
        self.try_it(
            may, lambda: perform(self.evaluation, "send_back_to_assessors", by=self.people[who], note="Unclear.")
        )
        if may:
            judge(self.evaluation, by=self.stage.people.lead)
            respond(self.evaluation, by=self.stage.coordinator, accepts_others=True)
            self.votes, self.steps, self.is_second = {}, self.steps + 3, False

    @rule(who=anybody)
    def vote_again(self, who):
        may = (
            self.votes_again
            and not self.is_second
            and self.is_member(who)
            and who in self.declared
            and self.tally.total() >= 3
            and self.is_tied
            and not self.awaited
        )
        self.try_it(may, lambda: perform(self.evaluation, "vote_again", by=self.people[who]))
        if may:
            self.votes, self.steps, self.is_second = {}, self.steps + 1, True

    @rule(who=anybody, outcome=st.just("") | outcomes, reasons=st.just(SUBSTANCE) | words, is_asked=st.booleans())
    def record(self, who, outcome, reasons, is_asked):
        """Record an outcome. Without a given one, record the majority's; in a draw one of the two."""
        outcome = outcome or next((leading for leading, _count in self.tally.most_common(1)), "accredited")
        winner, backing = winner_of(self.tally)
        may = (
            self.is_member(who)
            and who in self.votes
            and self.tally.total() >= 3
            and winner == outcome
            and not (self.is_tied and self.votes_again and not self.is_second)
            and (winner == "accredited" or backing >= 2)
            and not self.awaited
            and bool(reasons.strip())
            and (winner == "accredited" or reasons == SUBSTANCE)
            and is_asked == (outcome == "conditional")
        )
        asked = (Demand("Name a deputy.", MONDAY + timedelta(days=60)),) if is_asked else ()
        verdict = Verdict(outcome, reasons, asked)
        self.try_it(may, lambda: decide(self.evaluation, verdict, by=self.people[who], on=MONDAY))
        if may:
            self.state, self.steps = "decided", self.steps + 1
            self.outcomes.append(outcome)

    @rule(who=anybody)
    def take_it_up_again(self, who):
        """Resume after a deferral; the steps up to the panel are skipped here."""
        may = self.state == "decided" and self.outcomes[-1] == "deferred" and who == "mce"
        self.try_it(may, lambda: perform(self.evaluation, "resume", by=self.people[who], note="Hand in the figures."))
        if may:
            Evaluation.objects.filter(pk=self.stage.evaluation.pk).update(state="report")
            type(self.stage.visit).objects.update(state="signed_off")
            judge(self.evaluation, by=self.stage.people.lead)
            respond(self.evaluation, by=self.stage.coordinator, accepts_others=True)
            self.state, self.votes, self.steps, self.is_second = "decision", {}, self.steps + 3, False

    # --- Invariants ----------------------------------------------------------------------------------------------

    @invariant()
    def the_votes_that_count_are_those_of_the_model(self):
        if hasattr(self, "votes"):
            assert self.evaluation.tally.counts == self.tally

    @invariant()
    def every_decision_had_a_quorum_a_majority_and_enough_to_depart(self):
        if not hasattr(self, "votes"):
            return
        decisions = list(new(Decision).order_by("pk"))
        assert [decision.outcome for decision in decisions] == self.outcomes
        for decision in decisions:
            newest = {v.user_id: v.outcome for v in decision.scorecard.votes.filter(voted_at__lte=decision.decided_at)}
            tied_since = set(
                decision.evaluation.hotline.stakes.filter(declared_at__lte=decision.decided_at).values_list(
                    "user", flat=True
                )
            )
            counted = Counter(outcome for user, outcome in newest.items() if user not in tied_since)
            assert counted.total() >= 3
            winner, backing = winner_of(counted)
            assert winner == decision.outcome
            assert not decision.departs or backing >= 2
            assert decision.departs == (decision.outcome != decision.scorecard.proposal)
            assert decision.decided_by_id in newest
            assert decision.requirements.exists() == (decision.outcome == "conditional")

    @invariant()
    def nobody_tied_or_on_the_team_ever_spoke(self):
        if not hasattr(self, "votes"):
            return
        never = [self.people[name].pk for name in NEVER]
        for model in (Vote, Comment, Declaration):
            assert not model.objects.filter(user__in=never).exists()
        for name in self.aside:
            user = type(self.people[name]).objects.get(pk=self.people[name].pk)
            assert "declared" in stakes_of(user, self.stage.evaluation.hotline)
            assert not is_allowed("evaluation.decide", user, self.evaluation)

    @invariant()
    def the_chain_is_whole_and_says_where_it_stands(self):
        if not hasattr(self, "votes"):
            return
        steps = list(new(Step).filter(kind="evaluation").select_related("words__by").order_by("seq"))
        assert (len(steps), verify_chain(steps), self.evaluation.state) == (self.steps, [], self.state)


class PanelThatVotesAgain(Panel):
    """The same by an edition in which the members vote once more on a tie, from a tie on."""

    votes_again = True

    @initialize(already=ties)
    def set_the_stage(self, already):
        super().set_the_stage(already)


@pytest.mark.everywhere
@pytest.mark.django_db
@pytest.mark.parametrize("panel", [Panel, PanelThatVotesAgain])
def test_the_panel_decides_only_what_it_agreed_on(panel):
    run_state_machine_as_test(panel, settings=walks(5, steps=30))


@pytest.mark.django_db
def test_the_model_leads_to_conditions_by_a_draw():
    panel = Panel()
    panel.set_the_stage(["conditional", "accredited", "accredited", "conditional"])
    try:
        panel.record("one", "", SUBSTANCE, is_asked=True)
        assert panel.outcomes == ["conditional"]
    finally:
        panel.teardown()


@pytest.mark.everywhere
@pytest.mark.django_db
@pytest.mark.parametrize("casts", [("accredited", "accredited", "deferred"), ("accredited", "deferred")])
def test_the_model_leads_through_a_second_vote(casts):
    """From a tie, with the fourth member aside, to a majority, and to a second tie, which is broken."""
    panel = PanelThatVotesAgain()
    panel.set_the_stage(["accredited", "accredited", "deferred", "deferred"])
    try:
        panel.record("one", "deferred", SUBSTANCE, is_asked=False)
        panel.vote_again("one")
        assert (panel.is_second, panel.tally) == (True, Counter())
        if len(casts) == 3:
            panel.step_aside("four", "I advised them.")
        for name, outcome in zip(MEMBERS, casts * 2, strict=False):
            panel.cast(name, outcome, "It holds.")
            panel.cast(name, "conditional", "Once is enough.")
        panel.vote_again("one")
        panel.record("one", winner_of(panel.tally)[0], SUBSTANCE, is_asked=False)
        panel.every_decision_had_a_quorum_a_majority_and_enough_to_depart()
        panel.the_chain_is_whole_and_says_where_it_stands()
        assert panel.outcomes == ["accredited" if len(casts) == 3 else "deferred"]
    finally:
        panel.teardown()


@pytest.mark.everywhere
@pytest.mark.django_db
def test_the_model_leads_to_a_second_vote_on_each_of_two_scorecards():
    """It begins once the last of four has voted, and a new scorecard has its own first and second vote."""
    panel = PanelThatVotesAgain()
    panel.set_the_stage(["accredited", "conditional", "deferred"])
    try:
        panel.vote_again("one")
        assert panel.awaited == {"four"}
        panel.cast("four", "deferred", "It holds.")
        for _scorecard in range(2):
            panel.vote_again("one")
            assert panel.is_second
            panel.score_again("one")
            for name, outcome in zip(MEMBERS, ("accredited", "accredited", "deferred", "deferred"), strict=True):
                panel.cast(name, "conditional", "At first.")
                panel.cast(name, outcome, "It holds.")
            panel.the_votes_that_count_are_those_of_the_model()
        panel.the_chain_is_whole_and_says_where_it_stands()
    finally:
        panel.teardown()


@pytest.mark.everywhere
@pytest.mark.django_db
def test_the_model_is_no_wall():
    """Its moves in order lead from four undeclared members to a deferral, and from there to an accreditation."""
    panel = Panel()
    panel.set_the_stage([])
    try:
        for name in MEMBERS:
            panel.say_no_stake(name)
        panel.step_aside("four", "I advised them.")
        for outcome in ("deferred", "accredited"):
            for name in MEMBERS[:3]:
                panel.cast(name, outcome, "It holds.")
            panel.record("two", outcome, SUBSTANCE, is_asked=False)
            if outcome == "deferred":
                panel.take_it_up_again("mce")
        panel.every_decision_had_a_quorum_a_majority_and_enough_to_depart()
        panel.the_chain_is_whole_and_says_where_it_stands()
        assert (panel.outcomes, panel.state, panel.tally) == (
            ["deferred", "accredited"],
            "decided",
            Counter(accredited=3),
        )
    finally:
        panel.teardown()
