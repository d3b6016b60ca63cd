"""A correction: one member proposes, another confirms, a new decision replaces the former; never an edit."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from evaluation.guards.reasons import Reason
from evaluation.models import Correction, Decision, Evaluation, Figure, Role, Step
from evaluation.panel import corrections
from evaluation.panel.decisions import Demand, Verdict
from evaluation.workflow import Refusal, perform
from tests.evaluation.workflow.racing import at_once
from tests.factories import SUBSTANCE, AppealFactory, DecisionFactory, person
from tests.stage import Stage

pytestmark = pytest.mark.django_db

TODAY = date(2026, 8, 20)
NOT_ACCREDITED = Verdict("not_accredited", SUBSTANCE)


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 8, 20, 12, tzinfo=UTC))


def refused(act) -> tuple[Reason, ...]:
    with pytest.raises(Refusal) as refusal:
        act()
    return refusal.value.reasons


def proposed(stage: Stage, verdict: Verdict = NOT_ACCREDITED) -> Correction:
    return corrections.propose(stage.evaluation, verdict, by=stage.people.jury[0], on=TODAY)


@pytest.mark.parametrize("state", ["decided", "published"])
def test_two_members_put_another_decision_in_the_place_of_the_former(state):
    stage = Stage.minimal(state)
    former = stage.evaluation.decisions.get()
    correction = proposed(stage)
    assert stage.evaluation.decisions.get() == former
    perform(correction, "confirm", by=stage.people.jury[1], on=TODAY)
    decision = Decision.objects.first()
    stage.evaluation.refresh_from_db()
    assert (decision.kind, decision.replaces, decision.outcome, decision.reasons, decision.decided_by) == (
        "correction",
        former,
        "not_accredited",
        NOT_ACCREDITED.reasons,
        stage.people.jury[1],
    )
    assert (correction.state, stage.evaluation.state) == ("confirmed", "decided")
    steps = Step.objects.filter(kind="correction").values_list("move", "words__by", "words__note")
    assert list(steps) == [
        ("propose", stage.people.jury[0].pk, NOT_ACCREDITED.reasons),
        ("confirm", stage.people.jury[1].pk, ""),
    ]


def test_nobody_confirms_what_they_proposed_themselves():
    stage = Stage.minimal("decided")
    correction = proposed(stage)
    alone = refused(lambda: perform(correction, "confirm", by=stage.people.jury[0], on=TODAY))
    assert alone == (Reason("needs_another_member"),)
    assert Decision.objects.count() == 1


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
    assert refused(lambda: corrections.propose(other.evaluation, NOT_ACCREDITED, by=other.people.mce, on=TODAY)) == (
        Reason("not_permitted"),
    )


def test_a_correction_is_whole_before_it_is_proposed():
    stage = Stage.minimal("decided")
    assert refused(lambda: proposed(stage, Verdict("not_accredited", " "))) == (Reason("no_reasons"),)
    assert refused(lambda: proposed(stage, Verdict("conditional", SUBSTANCE))) == (Reason("no_requirements"),)
    assert refused(lambda: proposed(stage, Verdict("splendid", "All."))) == (Reason("no_such_outcome"),)
    assert not Correction.objects.exists()


def test_its_conditions_are_kept_as_they_were_proposed():
    stage = Stage.minimal("decided")
    demand = Demand("Name a deputy.", TODAY + timedelta(days=90), "1.1.2")
    correction = proposed(stage, Verdict("conditional", SUBSTANCE, (demand,)))
    assert corrections.verdict_of(Correction.objects.get()) == Verdict("conditional", SUBSTANCE, (demand,))
    perform(correction, "confirm", by=stage.people.jury[1], on=TODAY)
    decision = Decision.objects.first()
    assert list(decision.requirements.values_list("text", "due_on", "code")) == [
        ("Name a deputy.", TODAY + timedelta(days=90), "1.1.2")
    ]


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
        decision = Decision.objects.first()
    assert (former.decided_on, decision.counts_from) == (date(2026, 5, 4), date(2026, 5, 4))
    assert (decision.decided_on, decision.valid_until) == (TODAY, date(2029, 5, 4))


def test_it_is_scored_again_with_the_figures_of_today_and_the_decision_keeps_its_own_scorecard():
    stage = Stage.minimal("decided")
    former = stage.evaluation.decisions.get()
    assert refused(lambda: corrections.score_again(stage.evaluation, by=stage.people.panel)) == (Reason("nothing_new"),)
    Figure.objects.filter(item="A04").update(value=400)
    kept = corrections.score_again(stage.evaluation, by=stage.people.panel)
    assert (stage.evaluation.latest_scorecard, former.scorecard == kept) == (kept, False)
    assert kept.overall_tenths < former.scorecard.overall_tenths
    correction = proposed(stage)
    assert correction.scorecard == kept
    perform(correction, "confirm", by=stage.people.jury[1], on=TODAY)
    assert stage.evaluation.decisions.first().scorecard == kept
    former.refresh_from_db()
    assert former.scorecard != kept


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
    assert Evaluation.objects.get().state == "decided"
