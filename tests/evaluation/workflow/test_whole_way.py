"""From a planned round to a ruling, and a year of the network: every move writes the rows that belong to it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from evaluation.answers.judgements import AnswerInput
from evaluation.figures.publishing.release import draft_release
from evaluation.models import (
    Appeal,
    Decision,
    DraftRemark,
    DraftRemarkVersion,
    Evaluation,
    Finding,
    NetworkRelease,
    NetworkYear,
    Recommendation,
    Response,
    Role,
    Round,
    Ruling,
    Scorecard,
    Step,
    Visit,
)
from evaluation.models.evaluation import find_unanswered
from evaluation.models.states import Stateful
from evaluation.models.visits.visit import today_is_an_agreed_day
from evaluation.panel import appeals
from evaluation.panel.decisions import Verdict
from evaluation.response.replies import save_reply
from evaluation.response.response import save_remark
from evaluation.visits.dates import Agreement
from evaluation.visits.planning import TeamPlan
from evaluation.workflow import Refusal, perform
from tests.bystander import new
from tests.evaluation.figures.accepted_years import keep, three
from tests.evaluation.workflow.random_walks import walks
from tests.factories import SIGNED, SUBSTANCE, HotlineFactory, IssueFactory, RoundFactory, person, write_answer
from tests.small_edition import SMALL
from tests.stage import Stage

YEAR = 2025
State = Evaluation.State
ONWARD = {
    State.DESK_REVIEW: "accept",
    State.REPORT: "propose",
    State.RESPONSE: "respond",
    State.DECISION: "decide",
    State.DECIDED: "publish",
}
BACK = ("reopen_findings", "take_back", "send_back_to_assessors", "begin_report", "decide_on_appeal")
RIGHT = {"respond": "coordinator", "decide": "panel", "send_back_to_assessors": "panel"}
"""The user who makes each move; the others are made by Missing Children Europe."""
people = st.sampled_from(["coordinator", "mce", "lead", "panel"])
outcomes = st.sampled_from(["accredited", "not_accredited"])


WAY: tuple[tuple[str, dict[str, Any]], ...] = (
    ("press_on_the_round", {"name": "open", "who": "mce"}),
    ("move_the_deadline", {"days": 9}),
    ("add_a_hotline", {"which": 2, "who": "mce"}),
    ("remove_a_hotline", {"which": 0, "who": "mce"}),
    ("let_the_deadline_pass", {}),
    ("press_on_the_round", {"name": "remind", "who": "mce"}),
    ("change_the_team", {"who": "mce", "is_alone": False}),
    ("move_the_visit", {"who": "mce", "days": 2}),
    ("press_on_the_evaluation", {}),
    ("press_on_the_visit", {"name": "begin"}),
    ("press_on_the_visit", {"name": "finish_recording"}),
    ("press_on_the_visit", {"name": "go_on_recording"}),
    ("press_on_the_visit", {"name": "finish_recording"}),
    ("press_on_the_visit", {"name": "close_recording"}),
    ("press_on_the_visit", {"name": "record_again"}),
    ("press_on_the_visit", {"name": "finish_recording"}),
    ("press_on_the_visit", {"name": "close_recording"}),
    ("press_on_the_visit", {"name": "sign_off"}),
    ("press_on_the_evaluation", {}),
    ("type_a_remark", {"words": "It was there."}),
    ("press_on_the_evaluation", {"name": "take_back"}),
    ("press_on_the_evaluation", {}),
    ("press_on_the_evaluation", {}),
    ("answer_the_remarks", {}),
    ("press_on_the_evaluation", {"name": "answer_remarks", "who": "lead"}),
    ("press_on_the_evaluation", {"name": "send_back_to_assessors"}),
    ("press_on_the_evaluation", {}),
    ("type_a_remark", {"words": ""}),
    ("press_on_the_evaluation", {"accepts_others": True}),
    ("let_the_panel_vote", {"outcome": "not_accredited"}),
    ("press_on_the_evaluation", {"outcome": "not_accredited"}),
    ("print_the_report", {}),
    ("press_on_the_evaluation", {}),
    ("lodge_and_hear_an_appeal", {"outcome": "accredited"}),
    ("end_the_appeal", {"name": "uphold", "outcome": "accredited", "by_a_hearer": True}),
    ("print_the_report", {}),
    ("press_on_the_evaluation", {}),
    ("press_on_the_year", {"name": "publish", "who": "mce"}),
    ("press_on_the_year", {"name": "retract", "who": "mce"}),
    ("accept_more_figures", {"calls": 301}),
    ("press_on_the_year", {"name": "publish", "who": "mce"}),
)
"""The direct way, with each rule of the machine."""
WITHOUT_A_MOVE = (
    "answer_the_remarks",
    "let_the_deadline_pass",
    "type_a_remark",
    "let_the_panel_vote",
    "print_the_report",
    "lodge_and_hear_an_appeal",
    "accept_more_figures",
)


class WholeWay(RuleBasedStateMachine):
    """The state machine of a round planned for two of three hotlines, an evaluation, and figures of three hotlines."""

    @initialize(start=st.integers(0, len(WAY)))
    def begin(self, start):
        """Begin somewhere along the way, so that each part of it is tried as often as its beginning."""
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.stage = Stage.minimal("desk_review")
        self.stage.declare()
        write_answer(self.stage.evaluation, "9.1.2", Finding, level=0, words="Nobody came.")
        self.hearers = [person(Role.PANEL_MEMBER) for _ in range(3)]
        self.hotlines = [HotlineFactory() for _ in range(3)]
        self.round = RoundFactory()
        self.round.chosen.set(self.hotlines[:2])
        self.until = self.round.answers_until
        self.sharing, self.year = three(), NetworkYear.objects.create(year=YEAR)
        self.made = 0
        for name, given in WAY[:start]:
            getattr(self, name)(**given)

    def teardown(self):
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @property
    def evaluation(self) -> Evaluation:
        return Evaluation.objects.get(pk=self.stage.evaluation.pk)

    def press(self, thing: Stateful, name: str, who: str, **needs: Any) -> bool:
        """Return whether the move was made. Assert that a refused one leaves the object as it was."""
        state = thing.state
        try:
            with transaction.atomic():
                perform(thing, name, by=self.stage.user(who), note="For a reason.", **needs)
        except Refusal:
            thing.refresh_from_db()
            assert thing.state == state
            return False
        self.made += 1
        return True

    # --- The round ---------------------------------------------------------------------------------------------------

    @rule(name=st.sampled_from(["open", "remind", "close"]), who=st.sampled_from(["mce", "mce", "panel"]))
    def press_on_the_round(self, name, who):
        self.press(self.round, name, who)

    @rule()
    def let_the_deadline_pass(self):
        self.until = self.round.today - timedelta(days=1)
        Round.objects.filter(pk=self.round.pk).update(answers_until=self.until)

    @rule(days=st.integers(-3, 90))
    def move_the_deadline(self, days):
        day = self.round.today + timedelta(days=days)
        if self.press(self.round, "move_deadline", "mce", until=day):
            assert days >= 0
            self.until = self.moved_to = day

    @rule(which=st.integers(0, 2), who=st.sampled_from(["mce", "mce", "lead"]))
    def add_a_hotline(self, which, who):
        self.press(self.round, "add_hotline", who, hotline=self.hotlines[which], renewing=False)

    @rule(which=st.integers(0, 2), who=st.sampled_from(["mce", "mce", "lead"]))
    def remove_a_hotline(self, which, who):
        if self.round.evaluations.filter(hotline=self.hotlines[which]).exists():
            self.press(self.round, "remove_hotline", who, hotline=self.hotlines[which])

    # --- The evaluation ----------------------------------------------------------------------------------------------

    @rule(who=people, is_alone=st.booleans())
    def change_the_team(self, who, is_alone):
        members = () if is_alone else (self.stage.people.assessor,)
        fields = Visit(mode=Visit.Mode.REMOTE, alone_because="One is ill." if is_alone else "")
        wanted = TeamPlan(self.stage.people.lead, members, fields)
        self.press(Visit.objects.get(evaluation=self.stage.evaluation), "change_team", who, wanted=wanted)

    @rule(who=people, days=st.integers(-1, 5))
    def move_the_visit(self, who, days):
        day = self.evaluation.round.today + timedelta(days=days)
        wanted = Agreement(day, day, agreed_with="Ana")
        self.press(Visit.objects.get(evaluation=self.stage.evaluation), "change_dates", who, wanted=wanted)

    @rule(words=st.sampled_from(["", "It was there."]))
    def type_a_remark(self, words):
        draft = DraftRemark.objects.filter(evaluation=self.stage.evaluation, code="1.1.2").first()
        version = draft.version if draft else 0
        save_remark(self.evaluation, "1.1.2", words, version=version, by=self.stage.coordinator)

    @rule(
        name=st.sampled_from(["", "", "", *BACK]),
        who=st.just("") | people,
        outcome=outcomes,
        accepts_others=st.booleans(),
    )
    def press_on_the_evaluation(self, name="", who="", outcome="accredited", accepts_others=False):
        """Make a move.

        Without a name it leads onward from the present state; without a user it is made by the right one.
        """
        evaluation = self.evaluation
        name = name or ONWARD.get(evaluation.state, "submit")
        needs = {
            "submit": {"signed": SIGNED},
            "respond": {"accepts_others": accepts_others},
            "decide": {"verdict": Verdict(outcome, SUBSTANCE), "on": evaluation.round.today},
        }
        self.press(evaluation, name, who or RIGHT.get(name, "mce"), **needs.get(name, {}))

    @rule()
    def answer_the_remarks(self):
        if self.evaluation.state != Evaluation.State.DECISION:
            return
        for code in find_unanswered(self.evaluation):
            save_reply(self.evaluation, code, AnswerInput(words="We looked."), version=0, by=self.stage.people.lead)

    @rule(
        name=st.sampled_from(
            ["begin", "finish_recording", "go_on_recording", "close_recording", "record_again", "sign_off"]
        )
    )
    def press_on_the_visit(self, name):
        visit = Visit.objects.get(evaluation=self.stage.evaluation)
        if name == "begin" and not today_is_an_agreed_day(visit):
            name = "begin_on_another_day"
        self.press(visit, name, "lead")

    @rule(outcome=outcomes)
    def let_the_panel_vote(self, outcome):
        if self.evaluation.state == Evaluation.State.DECISION:
            self.stage.agree(outcome)

    @rule()
    def print_the_report(self):
        decision = self.evaluation.decisions.first()
        if decision and not decision.issues.exists():
            IssueFactory(decision=decision)

    # --- The appeal --------------------------------------------------------------------------------------------------

    @rule(outcome=outcomes)
    def lodge_and_hear_an_appeal(self, outcome):
        newest = self.evaluation.decisions.first()
        if newest is None or appeals.find_appeal_reasons(newest, by=self.stage.coordinator):
            return
        appeal = appeals.lodge(newest, "It was there.", by=self.stage.coordinator)
        for member in self.hearers:
            appeals.declare(appeal, by=member)
            appeals.vote(appeal, outcome, "So I read it.", by=member)

    @rule(name=st.sampled_from(["uphold", "dismiss", "withdraw"]), outcome=outcomes, by_a_hearer=st.booleans())
    def end_the_appeal(self, name, outcome, by_a_hearer):
        appeal = Appeal.objects.filter(state=Appeal.State.LODGED).first()
        if appeal is None:
            return
        needs = {"verdict": Verdict(outcome, SUBSTANCE), "on": self.evaluation.round.today}
        by = self.hearers[0] if by_a_hearer else self.stage.people.panel
        try:
            with transaction.atomic():
                perform(appeal, name, by=by, note="For a reason.", **({} if name == "withdraw" else needs))
        except Refusal:
            appeal.refresh_from_db()
            assert appeal.is_open
        else:
            self.made += 1

    # --- The network -------------------------------------------------------------------------------------------------

    @rule(name=st.sampled_from(["publish", "publish", "retract"]), who=st.sampled_from(["mce", "panel"]))
    def press_on_the_year(self, name, who):
        draft = draft_release(YEAR, invented=False)
        needs = {"draft": draft, "sha256": draft.sha256} if name == "publish" else {}
        self.press(self.year, name, who, **needs)

    @rule(calls=st.integers(300, 305))
    def accept_more_figures(self, calls):
        for number, hotline in enumerate(self.sharing):
            if not hotline.statistics.filter(file_digest__endswith=f"accepted{calls}").exists():
                hotline.statistics.update(state="superseded")
                keep(hotline, calls=calls, criminal=0 if number else 2)

    # --- Invariants --------------------------------------------------------------------------------------------------

    def steps(self, thing: Stateful, *moves: str) -> list[Step]:
        return list(Step.objects.filter(kind=thing.kind, uid=thing.uid, move__in=moves).order_by("seq"))

    @invariant()
    def an_open_round_has_its_evaluations_with_their_answers(self):
        opened = bool(self.steps(self.round, "open"))
        added, removed = len(self.steps(self.round, "add_hotline")), len(self.steps(self.round, "remove_hotline"))
        evaluations = Evaluation.objects.filter(round=self.round)
        assert len(evaluations) == (2 if opened else 0) + added - removed
        assert all(one.answers.count() == len(SMALL.indicators) for one in evaluations)

    @invariant()
    def the_deadline_is_the_one_that_the_log_says(self):
        round_ = Round.objects.get(pk=self.round.pk)
        assert round_.answers_until == self.until
        for step in self.steps(round_, "move_deadline")[-1:]:
            assert f"> {self.moved_to.isoformat()}: For a reason." in step.words.note
        for step in self.steps(round_, "remind"):
            assert any(hotline.name in step.words.note for hotline in self.hotlines)

    @invariant()
    def a_visit_has_the_days_and_the_team_that_were_set_last(self):
        visit = Visit.objects.get(evaluation=self.stage.evaluation)
        names = ", ".join(member.user.name for member in visit.team.order_by("-is_lead", "pk"))
        assert visit.lead is not None
        for step in self.steps(visit, "change_team")[-1:]:
            assert step.words.note.startswith(names)
            assert bool(visit.alone_because) == (visit.team.count() == 1)
        for step in self.steps(visit, "change_dates")[-1:]:
            assert step.words.note == f"{visit.starts_on} > {visit.ends_on}: Ana. For a reason."

    @invariant()
    def each_step_of_the_evaluation_has_written_its_row(self):
        evaluation = self.evaluation
        written = {model: new(model).count() for model in (Scorecard, Response, Decision)}
        assert written[Scorecard] == len(self.steps(evaluation, "propose"))
        assert written[Response] == len(self.steps(evaluation, "respond"))
        upheld = Ruling.objects.exclude(decision=None).count()
        assert written[Decision] == len(self.steps(evaluation, "decide")) + upheld
        if self.steps(evaluation, "propose"):
            assert evaluation.respond_by is not None

    @invariant()
    def a_response_takes_the_place_of_its_draft(self):
        for step in self.steps(self.stage.evaluation, "propose", "respond", "take_back")[-1:]:
            if step.move == "respond":
                models = (DraftRemark, DraftRemarkVersion)
                assert not any(model.objects.filter(evaluation=self.stage.evaluation).exists() for model in models)
                assert hasattr(self.evaluation.latest_scorecard, "response")

    @invariant()
    def what_is_decided_has_its_decision_and_its_recommendations(self):
        if self.evaluation.is_decided:
            assert self.evaluation.decisions.exists()
        if self.steps(self.stage.evaluation, "decide"):
            drafted = self.evaluation.recommendations.filter(state=Recommendation.State.DRAFTED, is_dropped=False)
            assert not drafted.exists()

    @invariant()
    def an_appeal_that_was_ruled_on_has_its_ruling_and_its_decision(self):
        for appeal in new(Appeal):
            ruling = Ruling.objects.filter(appeal=appeal).first()
            assert (ruling is not None) == (appeal.is_upheld or appeal.is_dismissed)
            assert (ruling is not None and ruling.decision is not None) == appeal.is_upheld
            (lodged,) = self.steps(appeal, "lodge")
            assert lodged.words.note == appeal.grounds
            if appeal.is_upheld:
                assert len(self.steps(self.stage.evaluation, "decide_on_appeal")) >= 1

    @invariant()
    def a_public_year_has_a_release_for_each_time_it_was_published(self):
        released = NetworkRelease.objects.filter(network_year=self.year)
        numbers = [release.number for release in released.order_by("number")]
        assert numbers == list(range(1, len(self.steps(self.year, "publish")) + 1))
        assert numbers or not self.year.is_public


@pytest.mark.everywhere
@pytest.mark.django_db
def test_whatever_is_performed_on_the_way_its_rows_are_written_with_it():
    run_state_machine_as_test(WholeWay, settings=walks(4, steps=20))


INVARIANTS = [name for name, method in vars(WholeWay).items() if hasattr(method, "hypothesis_stateful_invariant")]


@pytest.mark.everywhere
@pytest.mark.django_db
def test_the_straight_way_is_open_to_its_end_and_its_rows_are_written():
    way = WholeWay()
    try:
        way.begin(0)
        for number, (name, given) in enumerate(WAY):
            made = way.made
            getattr(way, name)(**given)
            assert (way.made > made) != (name in WITHOUT_A_MOVE), (number, name, given)
            for rule_ in INVARIANTS:
                getattr(way, rule_)()
        assert (len(INVARIANTS), way.evaluation.state) == (8, "published")
        assert way.evaluation.recommendations.filter(state=Recommendation.State.ISSUED).exists()
    finally:
        way.teardown()
