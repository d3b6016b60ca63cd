"""Every move writes the rows that belong to it, whoever performs it, without any other call than `perform`."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from evaluation.figures.intake.confirmation import explain, recheck
from evaluation.models import (
    Accreditation,
    Correction,
    Decision,
    Evaluation,
    Publication,
    StatisticsImport,
    Step,
    Visit,
)
from evaluation.models.states import Stateful
from evaluation.panel import corrections
from evaluation.panel.decisions import Verdict
from evaluation.workflow import ACTS, MACHINES, Refusal, moves_of, perform, verify_chain
from tests.bystander import new
from tests.evaluation.workflow.random_walks import walks
from tests.factories import SUBSTANCE, IssueFactory, StatisticsImportFactory, withdraw
from tests.stage import Stage

State = StatisticsImport.State
AFTER_VISIT = {
    "report": ("signed_off",),
    "response": ("response",),
    "decision": ("response", "closed"),
    "decided": ("closed",),
    "published": ("closed",),
}
"""The states of a visit by that of its evaluation."""
PEOPLE = ("coordinator", "mce", "lead", "assessor", "panel")
people = st.sampled_from(PEOPLE)


class Whole(RuleBasedStateMachine):
    """The state machine of two evaluations, one at its visit and one decided, and three files for the same period."""

    @initialize()
    def begin(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.visited, self.decided = Stage.minimal("study_visit"), Stage.minimal("decided")
        self.performed: list[str] = []
        hotline = self.visited.evaluation.hotline
        drafts = [[["A03", "", "", "", "", value, "measured"]] for value in (1000, 1010, 1020)]
        self.files = [StatisticsImportFactory(hotline=hotline, draft=draft).pk for draft in drafts]

    def teardown(self):
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def press(self, stage: Stage, thing: Stateful, name: str, who: str, **needs: object) -> None:
        state = thing.state
        try:
            perform(thing, name, by=stage.user(who), note="For a reason.", **needs)
        except Refusal:
            thing.refresh_from_db()
            assert thing.state == state
        else:
            self.performed.append(f"{thing.kind} {name}")

    @rule(name=st.sampled_from(["reopen_findings", "send_back", "take_back", "begin_report"]), who=people)
    def press_on_the_evaluation(self, name, who):
        self.press(self.visited, Evaluation.objects.get(pk=self.visited.evaluation.pk), name, who)

    @rule(
        name=st.sampled_from(
            ["begin_on_another_day", "finish_recording", "close_recording", "record_again", "sign_off"]
        ),
        who=st.sampled_from(["lead", "assessor"]),
    )
    def press_on_the_visit(self, name, who):
        self.press(self.visited, Visit.objects.get(evaluation=self.visited.evaluation), name, who)

    @rule(
        which=st.integers(0, 2),
        name=st.sampled_from(["confirm", "confirm", "accept", "send_back", "withdraw"]),
        who=st.sampled_from(["coordinator", "mce"]),
    )
    def press_on_a_file(self, which, name, who):
        file = StatisticsImport.objects.get(pk=self.files[which])
        if name == "confirm" and file.state in (State.CHECKED, State.RETURNED):
            recheck(file)
            explain(file, ["Counted anew."] * len(file.warnings), self.visited.coordinator)
        self.press(self.visited, file, name, who)

    @rule(who=st.sampled_from(["mce", "panel"]))
    def publish(self, who):
        self.press(self.decided, Evaluation.objects.get(pk=self.decided.evaluation.pk), "publish", who)

    @rule(name=st.sampled_from(["correct", "decide_on_appeal"]))
    def replace_a_decision_that_is_not_written(self, name):
        evaluation = Evaluation.objects.get(pk=self.decided.evaluation.pk)
        self.press(self.decided, evaluation, name, "panel")

    @rule()
    def propose_a_correction(self):
        evaluation = Evaluation.objects.get(pk=self.decided.evaluation.pk)
        day = evaluation.round.today
        try:
            corrections.propose(evaluation, Verdict("accredited", SUBSTANCE), by=self.decided.people.jury[0], on=day)
        except Refusal as refused:
            assert "correction_is_open" in str(refused)  # noqa: PT017 - any other reason would be a mistake of this test

    @rule(confirms=st.booleans())
    def end_the_correction(self, confirms):
        correction = Correction.objects.filter(state="proposed").first()
        if correction is None:
            return
        if confirms:
            perform(correction, "confirm", by=self.decided.people.jury[1], on=self.decided.evaluation.round.today)
            IssueFactory(decision=self.decided.evaluation.decisions.first())
        else:
            perform(correction, "drop", by=self.decided.people.jury[1], note="It was right.")

    @rule(
        name=st.sampled_from(["suspend", "reinstate", "withdraw", "take_back_expiry", "expire"]),
        days=st.integers(0, 5000),
    )
    def press_on_the_accreditation(self, name, days):
        accreditation = new(Accreditation).order_by("-pk").first()
        if accreditation:
            needs = {"on": timezone.localdate() + timedelta(days=days)} if name == "expire" else {}
            if name == "withdraw":
                if accreditation.is_running and accreditation.today <= accreditation.valid_until:
                    withdraw(accreditation, by=self.decided.people.mce)
                return
            self.press(self.decided, accreditation, name, "mce", **needs)

    # --- Invariants ------------------------------------------------------------------------------------------------

    @invariant()
    def visit_and_evaluation_go_together(self):
        for visit in new(Visit).select_related("evaluation"):
            assert (visit.state in Visit.AFTER_SIGN_OFF) == (visit.evaluation.state in AFTER_VISIT)
            if visit.evaluation.state in AFTER_VISIT:
                assert visit.state in AFTER_VISIT[visit.evaluation.state]
            assert visit.state != "under_way" or visit.evaluation.state == "study_visit"

    @invariant()
    def what_is_published_has_its_publication_and_its_accreditation(self):
        for evaluation in Evaluation.objects.filter(state__in=["decided", "published"]):
            newest = evaluation.decisions.first()
            assert (evaluation.state == "published") == Publication.objects.filter(decision=newest).exists()
        for publication in new(Publication).select_related("decision"):
            decision = publication.decision
            granted = Accreditation.objects.filter(decision=decision)
            before = Accreditation.objects.filter(decision__evaluation=decision.evaluation_id, state="withdrawn")
            assert granted.exists() == (decision.valid_until is not None) or before.exists()
        for accreditation in new(Accreditation):
            assert accreditation.state != "granted"
            assert Publication.objects.filter(decision=accreditation.decision).exists()

    @invariant()
    def a_confirmed_correction_has_written_its_decision(self):
        for correction in Correction.objects.all():
            written = Decision.objects.filter(kind="correction", replaces=correction.decision).exists()
            assert written or correction.state != "confirmed"

    @invariant()
    def one_file_counts_for_a_time_and_has_its_figures(self):
        files = StatisticsImport.objects.filter(pk__in=self.files)
        states = [file.state for file in files]
        assert states.count("confirmed") <= 1
        assert states.count("accepted") <= 1
        for file in files:
            was_confirmed = Step.objects.filter(uid=file.uid, move="confirm").exists()
            assert (file.figures.count(), len(file.draft)) == ((1, 0) if was_confirmed else (0, 1))
            assert file.superseded_by is not None or file.state != "superseded"

    @invariant()
    def every_chain_is_whole(self):
        chains = {(step.kind, step.uid) for step in new(Step)}
        for kind, uid in chains:
            steps = Step.objects.filter(kind=kind, uid=uid).select_related("words__by").order_by("seq")
            assert verify_chain(steps) == []


@pytest.mark.everywhere
@pytest.mark.django_db
def test_whatever_is_performed_what_belongs_together_is_there():
    run_state_machine_as_test(Whole, settings=walks(8, steps=30))


def test_every_act_belongs_to_a_move():
    kinds = {machine.kind: machine for machine in MACHINES}
    assert [(kind, name) for kind, name in ACTS if name not in moves_of(kinds[kind]())] == []


@pytest.mark.everywhere
@pytest.mark.django_db
def test_a_move_whose_act_lacks_what_it_needs_is_not_made():
    stage = Stage.minimal("decided")
    day = stage.evaluation.round.today
    correction = corrections.propose(
        stage.evaluation, Verdict("accredited", SUBSTANCE), by=stage.people.jury[0], on=day
    )
    with pytest.raises(TypeError, match="on"):
        perform(correction, "confirm", by=stage.people.jury[1])
    with pytest.raises(TypeError, match="has no act that needs on"):
        perform(stage.evaluation, "accept", by=stage.people.mce, on=day)
    correction.refresh_from_db()
    assert (correction.state, new(Decision).count()) == ("proposed", 1)
