"""A correction: one member proposes, another confirms, a new decision replaces the former; never an edit."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from evaluation.models import Correction, Decision, Evaluation, Figure, Requirement, Role, Step
from evaluation.models.reasons import Reason
from evaluation.panel import corrections
from evaluation.panel.decisions import Demand, Verdict, decide, declare, vote
from evaluation.workflow import Refusal, perform
from tests.bystander import new
from tests.evaluation.workflow.racing import at_once
from tests.factories import SUBSTANCE, AppealFactory, CorrectionFactory, DecisionFactory, person
from tests.stage import Stage

pytestmark = pytest.mark.django_db

TODAY = date(2026, 8, 20)
CORRECTED = Verdict("accredited", SUBSTANCE)


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 8, 20, 12, tzinfo=UTC))


def refused(act) -> tuple[Reason, ...]:
    with pytest.raises(Refusal) as refusal:
        act()
    return refusal.value.reasons


def proposed(stage: Stage, verdict: Verdict = CORRECTED) -> Correction:
    return corrections.propose(stage.evaluation, verdict, by=stage.people.jury[0], on=TODAY)


@pytest.mark.parametrize("state", ["decided", "published"])
def test_two_members_put_another_decision_in_the_place_of_the_former(state):
    stage = Stage.minimal(state)
    former = stage.evaluation.decisions.get()
    correction = proposed(stage)
    assert stage.evaluation.decisions.get() == former
    perform(correction, "confirm", by=stage.people.jury[1], on=TODAY)
    decision = new(Decision).first()
    stage.evaluation.refresh_from_db()
    assert (decision.kind, decision.replaces, decision.outcome, decision.reasons, decision.decided_by) == (
        "correction",
        former,
        "accredited",
        CORRECTED.reasons,
        stage.people.jury[1],
    )
    assert (correction.state, stage.evaluation.state) == ("confirmed", "decided")
    steps = Step.objects.filter(kind="correction").values_list("move", "words__by", "words__note")
    assert list(steps) == [
        ("propose", stage.people.jury[0].pk, CORRECTED.reasons),
        ("confirm", stage.people.jury[1].pk, ""),
    ]


def test_nobody_confirms_what_they_proposed_themselves():
    stage = Stage.minimal("decided")
    correction = proposed(stage)
    alone = refused(lambda: perform(correction, "confirm", by=stage.people.jury[0], on=TODAY))
    assert alone == (Reason("needs_another_member"),)
    assert new(Decision).count() == 1


def test_only_members_who_may_decide_propose_confirm_and_drop():
    stage = Stage.minimal("decided")
    tied = person(Role.PANEL_MEMBER, country=stage.evaluation.hotline.country)
    correction = proposed(stage)
    other = Stage.minimal("decided")
    for outsider, code in (
        (stage.people.mce, "not_permitted"),
        (stage.coordinator, "not_permitted"),
        (tied, "has_a_stake"),
    ):
        assert Reason(code) in refused(lambda by=outsider: perform(correction, "confirm", by=by, on=TODAY))
        assert refused(lambda by=outsider: perform(correction, "drop", by=by, note="No.")) == (Reason(code),)
    assert refused(lambda: corrections.propose(other.evaluation, CORRECTED, by=other.people.mce, on=TODAY)) == (
        Reason("not_permitted"),
    )


def test_a_correction_is_whole_before_it_is_proposed():
    stage = Stage.minimal("decided")
    assert refused(lambda: proposed(stage, Verdict("accredited", " "))) == (Reason("no_reasons"),)
    assert refused(lambda: proposed(stage, Verdict("splendid", "All."))) == (Reason("correction_keeps_outcome"),)
    assert not Correction.objects.exists()


@pytest.mark.parametrize("outcome", ["not_accredited", "conditional", "deferred"])
def test_a_correction_never_changes_the_outcome(outcome):
    stage = Stage.minimal("decided")
    demands = (Demand("Name a deputy.", TODAY + timedelta(days=90)),) if outcome == "conditional" else ()
    other = Verdict(outcome, SUBSTANCE, demands)
    assert refused(lambda: proposed(stage, other)) == (Reason("correction_keeps_outcome"),)
    older = CorrectionFactory(
        decision=stage.decision,
        outcome=outcome,
        reasons=SUBSTANCE,
        requirements=[{"text": one.text, "due_on": one.due_on.isoformat(), "code": ""} for one in demands],
        proposed_by=stage.people.jury[0],
    )
    late = refused(lambda: perform(older, "confirm", by=stage.people.jury[1], on=TODAY))
    assert late == (Reason("correction_keeps_outcome"),), "one that was proposed before the rule"
    assert new(Decision).count() == 1


@pytest.mark.parametrize("outcome", ["accredited", "conditional", "deferred"])
def test_a_correction_of_a_refusal_never_accredits(outcome):
    stage = Stage.minimal("decision")
    stage.agree("not_accredited")
    decide(stage.evaluation, Verdict("not_accredited", SUBSTANCE), by=stage.people.jury[0], on=TODAY)
    for demands in ((), (Demand("Name a deputy.", TODAY + timedelta(days=90)),), (Demand("Name a deputy.", None),)):
        other = Verdict(outcome, SUBSTANCE, demands)
        assert refused(lambda other=other: proposed(stage, other)) == (Reason("correction_keeps_outcome"),)


def test_its_conditions_are_kept_as_they_were_proposed_and_none_is_added_or_dropped():
    stage = Stage.minimal("decided")
    former = DecisionFactory(scorecard=stage.decision.scorecard, replaces=stage.decision, outcome="conditional")
    count = 2
    for _time in range(count):
        Requirement.objects.create(decision=former, text="Name one.", due_on=TODAY + timedelta(days=60))
    demand = Demand("Name a deputy.", TODAY + timedelta(days=90), "1.1.2")
    asked = Verdict("conditional", SUBSTANCE, (demand,) * count)
    more = refused(lambda: proposed(stage, Verdict("conditional", SUBSTANCE, (demand,) * (count + 1))))
    assert more == (Reason("correction_keeps_conditions", have=count + 1, need=count),)
    correction = proposed(stage, asked)
    assert corrections.verdict_of(Correction.objects.get()) == asked
    perform(correction, "confirm", by=stage.people.jury[1], on=TODAY)
    decision = new(Decision).first()
    assert (
        list(decision.requirements.values_list("text", "due_on", "code"))
        == [("Name a deputy.", TODAY + timedelta(days=90), "1.1.2")] * count
    )
    assert decision.valid_until == former.valid_until


def test_a_correction_of_a_deferral_keeps_its_day():
    stage = Stage.minimal("decided")
    day = {"valid_until": None, "hand_in_by": date(2026, 11, 4)}
    DecisionFactory(scorecard=stage.decision.scorecard, replaces=stage.decision, outcome="deferred", **day)
    perform(proposed(stage, Verdict("deferred", SUBSTANCE)), "confirm", by=stage.people.jury[1], on=TODAY)
    newest = new(Decision).first()
    assert (newest.kind, newest.valid_until, newest.hand_in_by) == ("correction", None, date(2026, 11, 4))


def test_one_correction_at_a_time_and_a_dropped_one_makes_room():
    stage = Stage.minimal("decided")
    correction = proposed(stage)
    assert refused(lambda: proposed(stage)) == (Reason("correction_is_open"),)
    assert refused(lambda: perform(correction, "drop", by=stage.people.jury[1])) == (Reason("needs_note"),)
    perform(correction, "drop", by=stage.people.jury[1], note="It was right after all.")
    assert proposed(stage).state == "proposed"


def test_nothing_is_corrected_while_an_appeal_is_open_nor_before_it_is_decided():
    stage, before = Stage.minimal("decided"), Stage.minimal("decision")
    correction = proposed(stage)
    before.agree()
    AppealFactory(decision=stage.evaluation.decisions.get(), lodged_by=stage.coordinator)
    assert refused(lambda: perform(correction, "confirm", by=stage.people.jury[1], on=TODAY)) == (
        Reason("appeal_is_open"),
    )
    assert Reason("appeal_is_open") in corrections.find_proposal_reasons(stage.evaluation, by=stage.people.jury[0])
    assert corrections.find_proposal_reasons(before.evaluation, by=before.people.jury[0]) == [Reason("wrong_state")]


def test_a_correction_of_what_another_decision_has_replaced_is_refused():
    stage = Stage.minimal("decided")
    correction = proposed(stage)
    former = stage.evaluation.decisions.get()
    DecisionFactory(scorecard=former.scorecard, replaces=former, kind="appeal")
    late = refused(lambda: perform(correction, "confirm", by=stage.people.jury[1], on=TODAY))
    assert late == (Reason("decision_replaced"),)


def test_the_validity_of_a_correction_counts_from_the_day_of_the_decision_that_it_corrects():
    stage = Stage.minimal("decided")
    former = stage.evaluation.decisions.get()
    again = Verdict("accredited", "The number of the report was wrong.")
    for _time in range(2):
        perform(proposed(stage, again), "confirm", by=stage.people.jury[1], on=TODAY)
        decision = new(Decision).first()
    assert (former.decided_on, decision.counts_from) == (date(2026, 5, 4), date(2026, 5, 4))
    assert (decision.decided_on, decision.valid_until) == (TODAY, date(2029, 5, 4))


def test_it_is_scored_again_with_the_figures_of_today_and_the_decision_keeps_its_own_scorecard():
    stage = Stage.minimal("decided")
    former = stage.evaluation.decisions.get()
    assert refused(lambda: corrections.score_again(stage.evaluation, by=stage.people.panel)) == (
        Reason("nothing_to_score_again"),
    )
    Figure.objects.filter(item="A04").update(value=800)
    kept = corrections.score_again(stage.evaluation, by=stage.people.panel)
    assert (stage.evaluation.latest_scorecard, former.scorecard == kept) == (kept, False)
    assert kept.overall_tenths < former.scorecard.overall_tenths
    assert stage.evaluation.rescored is None, "it proposes the same outcome"
    correction = proposed(stage)
    assert correction.scorecard == kept
    perform(correction, "confirm", by=stage.people.jury[1], on=TODAY)
    assert stage.evaluation.decisions.first().scorecard == kept
    former.refresh_from_db()
    assert former.scorecard != kept


@pytest.mark.parametrize("state", ["decided", "published"])
def test_another_proposal_after_scoring_again_leads_to_a_new_vote_and_to_no_correction(state):
    stage = Stage.minimal(state)
    former, jury = stage.decision, stage.people.jury
    Figure.objects.filter(item="A04").update(value=400)
    rescored = corrections.score_again(stage.evaluation, by=jury[0])
    assert refused(lambda: proposed(stage)) == (Reason("rescored_otherwise"),)
    perform(stage.evaluation, "reconsider", by=jury[0], note="The figures were wrong.")
    stage.evaluation.refresh_from_db()
    assert (stage.evaluation.state, stage.evaluation.tally.cast) == ("decision", 0)
    verdict = Verdict("not_accredited", SUBSTANCE)
    codes = {reason.code for reason in refused(lambda: decide(stage.evaluation, verdict, by=jury[0], on=TODAY))}
    assert {"no_quorum", "not_voted"} <= codes
    assert Reason("no_unmet_condition") in refused(
        lambda: perform(stage.evaluation, "keep_decision", by=jury[0], note="No.")
    )
    for member in jury:
        if not stage.evaluation.declarations.filter(user=member).exists():
            declare(stage.evaluation, by=member)
        vote(rescored, "not_accredited", "As it is now.", by=member)
    decision = decide(stage.evaluation, verdict, by=jury[0], on=TODAY)
    assert (decision.kind, decision.replaces, decision.scorecard) == ("rescored", former, rescored)


def test_only_members_who_may_decide_score_again():
    stage = Stage.minimal("decided")
    for other, code in (
        (stage.people.mce, "not_permitted"),
        (stage.people.lead, "not_permitted"),
        (stage.coordinator, "not_permitted"),
    ):
        assert refused(lambda by=other: corrections.score_again(stage.evaluation, by=by)) == (Reason(code),)


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_write_one_decision():
    stage = Stage.minimal("decided")
    correction = proposed(stage)
    results = at_once(
        *(
            lambda by=by: perform(Correction.objects.get(pk=correction.pk), "confirm", by=by, on=TODAY)
            for by in stage.people.jury[1:]
        )
    )
    assert Decision.objects.filter(kind="correction").count() == 1
    assert sum(isinstance(result, Refusal) for result in results) == 1, results
    assert new(Evaluation).get().state == "decided"
