"""Random users try random moves of a round, an evaluation and a visit, compared with a very small model."""

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from evaluation.answers.judgements import AnswerInput, Closed, Saved, save_answer, save_finding
from evaluation.judging.evidence import judge
from evaluation.models import Answer, Evaluation, Finding, Reply, Role, Scorecard, Step, Visit
from evaluation.panel.decisions import Verdict, decide
from evaluation.response.replies import save_reply
from evaluation.response.response import respond, save_remark
from evaluation.visits.planning import arrange_visit
from evaluation.workflow import Refusal, perform, verify_chain
from tests.bystander import new
from tests.evaluation.workflow.random_walks import walks
from tests.factories import (
    MONDAY,
    SIGNED,
    SUBSTANCE,
    DeclarationFactory,
    HotlineFactory,
    IssueFactory,
    RoundFactory,
    agree,
    attach_what_is_required,
    open_round,
    person,
    write_all_answers,
)

PEOPLE = ("stranger", "contributor", "coordinator", "mce", "assessor", "lead", "panel")
people = st.sampled_from(PEOPLE)
BUTTONS = {
    "submit": "coordinator",
    "send_back": "mce",
    "accept": "mce",
    "reopen_findings": "lead",
    "take_back": "lead",
    "go_on_without_response": "mce",
    "send_back_to_assessors": "panel",
    "publish": "mce",
}
VISIT_AFTER = {
    "reopen_findings": "findings_entered",
    "take_back": "signed_off",
    "send_back_to_assessors": "signed_off",
}
"""The state of the visit after a move of the evaluation."""
presses = st.sampled_from(list(BUTTONS.items())) | st.tuples(st.sampled_from(list(BUTTONS)), people)
"""A button and its user: often the right one, so that conditions are tried as often as rights."""


WAY = (
    ("open_the_round", {"who": "mce"}),
    ("answer_everything", {}),
    ("press_a_button", {"press": ("submit", "coordinator"), "note": ""}),
    ("press_a_button", {"press": ("send_back", "mce"), "note": "Complete 1.1."}),
    ("save_an_answer", {"given": True}),
    ("press_a_button", {"press": ("submit", "coordinator"), "note": ""}),
    ("arrange_the_visit", {"who": "mce", "lead": "lead"}),
    ("press_a_button", {"press": ("accept", "mce"), "note": ""}),
    ("begin_the_visit", {"who": "assessor"}),
    ("finish_recording", {"who": "assessor"}),
    ("go_on_recording", {"who": "assessor"}),
    ("finish_recording", {"who": "lead"}),
    ("finish_recording", {"who": "assessor"}),
    ("see_everything", {}),
    ("save_a_finding", {"given": True}),
    ("sign_the_visit_off", {"who": "lead"}),
    ("judge_the_findings", {"who": "lead"}),
    ("press_a_button", {"press": ("take_back", "lead"), "note": "Look again."}),
    ("press_a_button", {"press": ("reopen_findings", "lead"), "note": "Look again."}),
    ("save_a_finding", {"given": True}),
    ("sign_the_visit_off", {"who": "lead"}),
    ("judge_the_findings", {"who": "lead"}),
    ("respond_to_the_draft", {"who": "coordinator"}),
    ("let_the_panel_declare", {}),
    ("press_a_button", {"press": ("send_back_to_assessors", "panel"), "note": "Unclear."}),
    ("judge_the_findings", {"who": "mce"}),
    ("respond_to_the_draft", {"who": "coordinator", "contests": True}),
    ("answer_the_hotline", {"who": "lead", "level": 2}),
    ("let_the_panel_vote", {}),
    ("decide_upon_it", {"who": "panel", "reasons": SUBSTANCE, "outcome": "accredited"}),
    ("print_the_report", {}),
    ("press_a_button", {"press": ("publish", "mce"), "note": ""}),
    ("close_the_round", {"who": "mce"}),
)
"""The direct way from a planned round to a closed one, with five moves back."""


class Walk(RuleBasedStateMachine):
    """The state machine. `self.at` is the model: the expected state of each object. `self.walked` counts the steps.

    Of answers and findings, it only models one indicator and the rest.
    """

    @initialize(start=st.integers(0, len(WAY)))
    def set_the_stage(self, start):
        """Begin somewhere along the way, so that each part of it is tried as often as its beginning."""
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        hotline = HotlineFactory()
        roles = {
            "contributor": [Role.CONTRIBUTOR],
            "coordinator": [Role.COORDINATOR],
            "mce": [Role.MCE_COORDINATOR],
            "assessor": [Role.ASSESSOR],
            "lead": [Role.ASSESSOR],
            "panel": [Role.PANEL_MEMBER],
        }
        self.jury = [person(Role.PANEL_MEMBER), person(Role.PANEL_MEMBER)]
        self.people = {name: person(*roles.get(name, []), hotline=hotline) for name in PEOPLE}
        self.round, self.hotline = RoundFactory(), hotline
        self.at = {"round": "planned"}
        self.walked = {"round": 0, "evaluation": 0, "visit": 0}
        self.answered, self.seen, self.finished, self.is_printed = set(), set(), set(), False
        self.has_voted = self.has_declared = self.drafted = self.contested = False
        for name, given in WAY[:start]:
            getattr(self, name)(**given)

    def teardown(self):
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @property
    def evaluation(self) -> Evaluation:
        return new(Evaluation).get()

    @property
    def is_answered(self) -> bool:
        return self.answered == {"1.1.2", "the rest"}

    @property
    def is_seen(self) -> bool:
        return self.seen == {"9.1.2", "the rest"}

    def expect(self, may: bool, act, **reached: str) -> None:
        """Assert that the act succeeds exactly if it may.

        Then the named objects reach these states, with one step each.
        """
        try:
            act()
        except Refusal:
            assert not may
        else:
            assert may
            self.at.update(reached)
            for kind in reached:
                self.walked[kind] += 1

    # --- Rules ---------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.at["round"] == "planned")
    @rule(who=people)
    def open_the_round(self, who):
        self.expect(who == "mce", lambda: open_round(self.round, [self.hotline], by=self.people[who]), round="open")
        if who == "mce":
            self.at["evaluation"] = "self_assessment"

    @precondition(lambda self: "evaluation" in self.at)
    @rule()
    def answer_everything(self):
        if self.at["evaluation"] == "self_assessment" and not self.is_answered:
            write_all_answers(self.evaluation)
            if not self.evaluation.evidence.exists():
                attach_what_is_required(self.evaluation, self.people["coordinator"])
            self.answered = {"1.1.2", "the rest"}

    @precondition(lambda self: "evaluation" in self.at)
    @rule(given=st.booleans())
    def save_an_answer(self, given):
        answer = Answer.objects.get(evaluation=self.evaluation, code="1.1.2")
        answer_input = AnswerInput(level=3) if given else AnswerInput()
        result = save_answer(
            self.evaluation, "1.1.2", answer_input, version=answer.version, by=self.people["contributor"]
        )
        if self.at["evaluation"] == "self_assessment":
            assert result == Saved(answer.version + 1)
            self.answered = self.answered - {"1.1.2"} | ({"1.1.2"} if given else set())
        else:
            assert result == Closed()

    @precondition(lambda self: "evaluation" in self.at)
    @rule(who=people, lead=st.sampled_from(["lead", "assessor", "contributor"]))
    def arrange_the_visit(self, who, lead):
        may = (
            who == "mce"
            and lead == "lead"
            and self.at["evaluation"] in ("desk_review", "study_visit")
            and "visit" not in self.at
        )

        def arrange():
            arrange_visit(
                self.evaluation,
                starts_on=self.round.today,
                ends_on=self.round.today,
                mode="on_site",
                lead=self.people[lead],
                members=[self.people["assessor"]] if lead == "lead" else [self.people["stranger"]],
                by=self.people[who],
                agreed_with="the coordinator",
            )

        self.expect(may, arrange, visit="team_confirmed")
        if may:
            self.walked["visit"] += 3  # proposed, dates agreed on, declared, confirmed

    @precondition(lambda self: "visit" in self.at)
    @rule(given=st.booleans())
    def save_a_finding(self, given):
        finding = Finding.objects.get(evaluation=self.evaluation, code="9.1.2")
        answer = AnswerInput(level=2, words="We saw it.") if given else AnswerInput()
        result = save_finding(self.evaluation, "9.1.2", answer, version=finding.version, by=self.people["assessor"])
        if self.at["visit"] == "findings_entered":
            assert result == Saved(finding.version + 1)
            self.seen = self.seen - {"9.1.2"} | ({"9.1.2"} if given else set())
        else:
            assert result == Closed()

    @precondition(lambda self: self.at.get("visit") == "findings_entered")
    @rule()
    def see_everything(self):
        write_all_answers(self.evaluation, model=Finding)
        self.seen = {"9.1.2", "the rest"}

    @precondition(lambda self: "evaluation" in self.at)
    @rule(press=presses, note=st.sampled_from(["", "Complete 1.1."]))
    def press_a_button(self, press, note):
        name, who = press
        stage = self.at["evaluation"]
        visit = self.at.get("visit")
        may, target = {
            "submit": (stage == "self_assessment" and who == "coordinator" and self.is_answered, "desk_review"),
            "send_back": (
                stage == "desk_review" and who == "mce" and bool(note) and visit in (None, "team_confirmed"),
                "self_assessment",
            ),
            "accept": (stage == "desk_review" and who == "mce" and visit is not None, "study_visit"),
            "reopen_findings": (stage == "report" and who in ("lead", "mce") and bool(note), "study_visit"),
            "take_back": (stage == "response" and who in ("lead", "mce") and bool(note), "report"),
            "go_on_without_response": (False, "decision"),  # the hotline has two weeks
            "send_back_to_assessors": (
                stage == "decision" and who == "panel" and self.has_declared and bool(note) and not self.contested,
                "report",
            ),
            "publish": (stage == "decided" and who == "mce" and self.is_printed, "published"),
        }[name]
        self.expect(
            may,
            lambda: perform(
                self.evaluation,
                name,
                by=self.people[who],
                note=note,
                **({"signed": SIGNED} if name == "submit" else {}),
            ),
            evaluation=target,
            **({"visit": VISIT_AFTER[name]} if name in VISIT_AFTER else {}),
        )
        self.contested = self.contested and self.at["evaluation"] == "decision"

    @precondition(lambda self: "visit" in self.at)
    @rule(who=people)
    def begin_the_visit(self, who):
        may = (
            self.at["visit"] == "team_confirmed"
            and self.at["evaluation"] == "study_visit"
            and who in ("lead", "assessor")
        )
        self.expect(may, lambda: perform(new(Visit).get(), "begin", by=self.people[who]), visit="under_way")

    @precondition(lambda self: self.at.get("visit") == "under_way")
    @rule(who=people)
    def finish_recording(self, who):
        may = who in {"lead", "assessor"} - self.finished
        finished = self.finished | ({who} if may else set())
        is_last = finished == {"lead", "assessor"}
        state = "findings_entered" if is_last else "under_way"
        self.expect(may, lambda: perform(new(Visit).get(), "finish_recording", by=self.people[who]), visit=state)
        self.finished = finished
        self.walked["visit"] += is_last  # the findings are entered automatically

    @precondition(lambda self: self.at.get("visit") == "under_way")
    @rule(who=people)
    def go_on_recording(self, who):
        may = who in self.finished
        self.expect(may, lambda: perform(new(Visit).get(), "go_on_recording", by=self.people[who]), visit="under_way")
        self.finished -= {who}

    @precondition(lambda self: self.at.get("visit") == "under_way")
    @rule(who=people, note=st.sampled_from(["", "The second is ill."]))
    def close_the_recording(self, who, note):
        may = who == "lead" and "lead" in self.finished and bool(note)
        by = self.people[who]
        self.expect(
            may, lambda: perform(new(Visit).get(), "close_recording", by=by, note=note), visit="findings_entered"
        )

    @precondition(lambda self: self.at.get("visit") == "findings_entered")
    @rule(who=people, note=st.sampled_from(["", "A device had not sent everything."]))
    def record_again(self, who, note):
        may = who == "lead" and bool(note)
        by = self.people[who]
        self.expect(may, lambda: perform(new(Visit).get(), "record_again", by=by, note=note), visit="under_way")
        self.finished = set() if may else self.finished

    @precondition(lambda self: "visit" in self.at)
    @rule(who=people)
    def sign_the_visit_off(self, who):
        may = self.at["visit"] == "findings_entered" and who == "lead" and self.is_seen
        self.expect(
            may,
            lambda: perform(new(Visit).get(), "sign_off", by=self.people[who]),
            visit="signed_off",
            evaluation="report",
        )

    @precondition(lambda self: "evaluation" in self.at)
    @rule(who=people)
    def judge_the_findings(self, who):
        may = self.at["evaluation"] == "report" and who in ("mce", "lead")
        act = lambda: judge(self.evaluation, by=self.people[who])  # noqa: E731
        self.expect(may, act, evaluation="response", visit="response")
        self.has_voted = self.has_voted and not may  # each proposal requires new votes

    @precondition(lambda self: "evaluation" in self.at)
    @rule(who=people, contests=st.booleans())
    def respond_to_the_draft(self, who, contests=False):
        if contests and self.at["evaluation"] == "response":
            draft = self.evaluation.draft_remarks.filter(code="9.1.2").first()
            version = draft.version if draft else 0
            save_remark(self.evaluation, "9.1.2", "Not so.", version=version, by=self.people["contributor"])
            self.drafted = True
        may = self.at["evaluation"] == "response" and who == "coordinator"
        act = lambda: respond(self.evaluation, by=self.people[who], accepts_others=True)  # noqa: E731
        self.expect(may, act, evaluation="decision", **({} if self.drafted else {"visit": "closed"}))
        if may:
            self.contested, self.drafted = self.drafted, False

    @precondition(lambda self: self.at.get("evaluation") == "decision")
    @rule(who=people, level=st.sampled_from([None, 2]))
    def answer_the_hotline(self, who, level):
        """Confirm the finding, or change it, after which the votes on the former scorecard no longer count."""
        if self.contested:
            reply = new(Reply).latest("pk")
            answer = AnswerInput(level=level, words="We looked again.")
            save_reply(self.evaluation, "9.1.2", answer, version=reply.version, by=self.people["assessor"])
        before = new(Finding).get(code="9.1.2").level
        cards = new(Scorecard).count()
        may = self.contested and who in ("mce", "lead")
        act = lambda: perform(self.evaluation, "answer_remarks", by=self.people[who])  # noqa: E731
        self.expect(may, act, evaluation="decision", visit="closed")
        changes = may and level not in (None, before)
        assert new(Finding).get(code="9.1.2").level == (level if changes else before)
        assert new(Scorecard).count() == cards + changes
        self.contested = self.contested and not may
        self.has_voted = self.has_voted and not changes

    @precondition(lambda self: self.at.get("evaluation") == "decision")
    @rule()
    def let_the_panel_declare(self):
        DeclarationFactory(evaluation=self.evaluation, user=self.people["panel"])
        self.has_declared = True

    @precondition(lambda self: self.at.get("evaluation") == "decision")
    @rule()
    def let_the_panel_vote(self):
        agree(self.evaluation.latest_scorecard, self.people["panel"], *self.jury, outcome="accredited")
        self.has_voted = self.has_declared = True

    @precondition(lambda self: "evaluation" in self.at)
    @rule(who=people, reasons=st.sampled_from(["", SUBSTANCE]), outcome=st.sampled_from(["accredited", "splendid"]))
    def decide_upon_it(self, who, reasons, outcome):
        is_time = self.at["evaluation"] == "decision" and self.has_voted and not self.contested
        may = is_time and who == "panel" and bool(reasons) and outcome == "accredited"

        def act():
            decide(self.evaluation, Verdict(outcome, reasons), by=self.people[who], on=MONDAY)

        self.expect(may, act, evaluation="decided")

    @precondition(lambda self: self.at.get("evaluation") == "decided" and not self.is_printed)
    @rule()
    def print_the_report(self):
        IssueFactory(decision=self.evaluation.decisions.get())
        self.is_printed = True

    @rule(who=people)
    def close_the_round(self, who):
        may = self.at["round"] == "open" and who == "mce" and self.at["evaluation"] == "published"
        self.expect(may, lambda: perform(self.round, "close", by=self.people[who]), round="closed")

    # --- Invariants ----------------------------------------------------------------------------------------------

    @invariant()
    def everything_is_where_the_model_says(self):
        if not hasattr(self, "at"):
            return
        self.round.refresh_from_db()
        found = {"round": self.round.state}
        for thing in (*new(Evaluation), *new(Visit)):
            found[thing.kind] = thing.state
        assert found == self.at

    @invariant()
    def every_chain_is_true_and_as_long_as_the_way(self):
        if not hasattr(self, "walked"):
            return
        for kind, count in self.walked.items():
            steps = list(new(Step).filter(kind=kind).select_related("words__by").order_by("seq"))
            assert (len(steps), verify_chain(steps)) == (count, [])
            if steps:
                assert steps[-1].target == self.at[kind]


@pytest.mark.everywhere
@pytest.mark.django_db
def test_random_people_walk_only_open_ways():
    run_state_machine_as_test(Walk, settings=walks(4, steps=40))


@pytest.mark.everywhere
@pytest.mark.django_db
def test_the_whole_way_is_open_to_the_right_people():
    """The model is not too strict: its moves in order lead from a planned round to a closed one."""
    walk = Walk()
    try:
        walk.set_the_stage(len(WAY))
        walk.everything_is_where_the_model_says()
        walk.every_chain_is_true_and_as_long_as_the_way()
        assert walk.at == {"round": "closed", "evaluation": "published", "visit": "closed"}
        assert walk.walked == {"round": 2, "evaluation": 17, "visit": 20}
    finally:
        walk.teardown()
