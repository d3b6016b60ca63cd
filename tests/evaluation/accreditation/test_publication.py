"""Publishing an outcome, and its accreditation: it begins, is suspended, withdrawn, checked, replaced, and ends."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from evaluation.accreditation.status import status_on
from evaluation.models import Accreditation, Evaluation, Publication, Step
from evaluation.models.reasons import Reason
from evaluation.workflow import Refusal, find_reasons, perform, possible_moves
from tests.bystander import new
from tests.factories import (
    AppealFactory,
    DecisionFactory,
    EvaluationFactory,
    IssueFactory,
    PublicationFactory,
    ScorecardFactory,
    person,
    scorecard_of,
    withdraw,
)
from tests.stage import Stage

pytestmark = pytest.mark.django_db

LONG_AGO = date(2020, 1, 31)
FAR = date(2099, 5, 4)


def set_clock(
    monkeypatch: pytest.MonkeyPatch, year: int, month: int, day: int, hour: int = 12, minute: int = 0
) -> None:
    """Set the clock to this moment, in UTC."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(year, month, day, hour, minute, tzinfo=UTC))


def decided(stage: Stage, **details: object) -> None:
    """Replace the newest decision by another one, printed and not published."""
    newest = stage.evaluation.decisions.first()
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state="decided")
    stage.evaluation.refresh_from_db()
    IssueFactory(decision=DecisionFactory(scorecard=scorecard_of(stage.evaluation), replaces=newest, **details))


def granted(**details: object) -> Accreditation:
    """Return the accreditation of a published outcome, whatever the hotline's stage."""
    decision = DecisionFactory(
        scorecard=ScorecardFactory(evaluation=EvaluationFactory(state="published")),
        **{"decided_on": date(2026, 5, 4), "valid_until": FAR, **details},
    )
    return PublicationFactory(decision=decision).decision.accreditation


def why_not(accreditation: Accreditation, name: str, by: object) -> tuple[Reason, ...]:
    return find_reasons(accreditation, name, by)


# --- Publication ---------------------------------------------------------------------------------------------------


def test_publishing_writes_what_is_public_and_begins_what_it_grants():
    stage = Stage.minimal("decided")
    step = perform(stage.evaluation, "publish", by=stage.people.mce)
    decision = stage.evaluation.decisions.get()
    publication, accreditation = new(Publication).get(), new(Accreditation).get()
    assert (publication.decision, publication.by, publication.at) == (decision, stage.people.mce, step.at)
    assert (accreditation.hotline, accreditation.decision, accreditation.state) == (
        stage.evaluation.hotline,
        decision,
        "valid",
    )
    steps = new(Step).filter(kind="accreditation").values_list("move", "source", "target", "words__by")
    assert list(steps) == [("begin", "granted", "valid", stage.people.mce.pk)]


@pytest.mark.parametrize("details", [{"valid_until": None}, {"valid_until": None, "hand_in_by": FAR}])
def test_what_accredits_nobody_is_published_and_begins_nothing(details):
    stage = Stage.minimal("decided")
    decided(stage, **details)
    perform(stage.evaluation, "publish", by=stage.people.mce)
    assert (new(Publication).count(), new(Accreditation).count()) == (1, 0)


def test_nothing_is_published_while_an_appeal_is_open():
    stage = Stage.minimal("decided")
    AppealFactory(decision=stage.evaluation.decisions.get(), lodged_by=stage.coordinator)
    with pytest.raises(Refusal) as refused:
        perform(stage.evaluation, "publish", by=stage.people.mce)
    assert refused.value.reasons == (Reason("appeal_is_open"),)
    assert new(Publication).count() == 0


def test_a_refused_publication_leaves_nothing_behind():
    stage = Stage.minimal("decided")
    with pytest.raises(Refusal):
        perform(stage.evaluation, "publish", by=stage.people.panel)
    assert (new(Publication).count(), new(Accreditation).count()) == (0, 0)


def test_a_newer_published_decision_replaces_what_the_hotline_held():
    stage = Stage.minimal("published")
    first = new(Accreditation).get()
    decided(stage, valid_until=FAR)
    perform(stage.evaluation, "publish", by=stage.people.mce)
    first.refresh_from_db()
    assert first.state == "replaced"
    assert new(Accreditation).exclude(pk=first.pk).get().state == "valid"


def test_a_decision_that_accredits_nobody_ends_what_the_hotline_held():
    stage = Stage.minimal("published")
    decided(stage, outcome="not_accredited", valid_until=None)
    perform(stage.evaluation, "publish", by=stage.people.mce)
    assert list(new(Accreditation).values_list("state", flat=True)) == ["replaced"]
    assert status_on(stage.evaluation.hotline, stage.evaluation.round.today).kind == "none"


def test_a_deferral_leaves_what_runs_as_it_is():
    accreditation = granted()
    stage = Stage.minimal("decided")
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(hotline=accreditation.hotline)
    stage.evaluation.refresh_from_db()
    decided(stage, outcome="deferred", valid_until=None, hand_in_by=FAR)
    perform(stage.evaluation, "publish", by=stage.people.mce)
    accreditation.refresh_from_db()
    assert accreditation.state == "valid"
    assert status_on(accreditation.hotline, stage.evaluation.round.today).decision == accreditation.decision


def test_a_correction_does_not_lift_a_suspension_and_brings_nothing_back_that_was_withdrawn():
    found = {}
    for name in ("suspend", "withdraw"):
        stage = Stage.minimal("published")
        accreditation = Accreditation.objects.get(hotline=stage.evaluation.hotline)
        if name == "withdraw":
            withdraw(accreditation, by=stage.people.mce)
        else:
            perform(accreditation, name, by=stage.people.mce, note="The line is dead.")
        decided(stage, valid_until=FAR)
        perform(stage.evaluation, "publish", by=stage.people.mce)
        states = Accreditation.objects.filter(hotline=stage.evaluation.hotline).order_by("pk")
        status = status_on(stage.evaluation.hotline, stage.evaluation.round.today).kind
        found[name] = [*states.values_list("state", flat=True), status]
    assert found == {"suspend": ["replaced", "suspended", "suspended"], "withdraw": ["withdrawn", "withdrawn"]}


def test_a_new_round_ends_a_suspension():
    before, stage = granted(), Stage.minimal("decided")
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(hotline=before.hotline)
    perform(before, "suspend", by=stage.people.mce, note="The line is dead.")
    stage.evaluation.refresh_from_db()
    perform(stage.evaluation, "publish", by=stage.people.mce)
    assert stage.evaluation.decisions.get().accreditation.state == "valid"


# --- Moves of the accreditation --------------------------------------------------------------------------------------


def test_mce_suspends_and_reinstates_with_grounds_and_nobody_else_does():
    stage = Stage.minimal("published")
    accreditation = new(Accreditation).get()
    with pytest.raises(Refusal) as unsaid:
        perform(accreditation, "suspend", by=stage.people.mce)
    assert unsaid.value.reasons == (Reason("needs_note"),)
    for name in ("suspend", "reinstate"):
        for other in (stage.coordinator, stage.people.panel, stage.people.lead, person()):
            assert why_not(accreditation, name, other) == (Reason("not_permitted"),)
        perform(accreditation, name, by=stage.people.mce, note="The line is dead.")
    with pytest.raises(Refusal) as alone:
        perform(accreditation, "withdraw", by=stage.people.mce, note="The line is dead.")
    assert alone.value.reasons == (Reason("not_permitted"),)
    withdraw(accreditation, by=stage.people.mce)
    assert accreditation.state == "withdrawn"
    assert possible_moves(accreditation, stage.people.mce) == {}


def test_the_hotline_gives_its_accreditation_up_by_its_own_wish():
    stage = Stage.minimal("published")
    accreditation = new(Accreditation).get()
    assert list(possible_moves(accreditation, stage.coordinator)) == ["give_up"]
    perform(accreditation, "give_up", by=stage.coordinator, note="We close the line.")
    assert (accreditation.state, accreditation.is_running) == ("withdrawn", False)


def test_the_midterm_check_opens_on_its_day_and_is_made_once(monkeypatch):
    accreditation, mce = (
        granted(decided_on=date(2025, 3, 31), valid_until=date(2028, 3, 31)),
        Stage.minimal("decided").people.mce,
    )
    set_clock(monkeypatch, 2026, 9, 29)
    assert why_not(accreditation, "check_midterm", mce) == (Reason("too_early", day=date(2026, 9, 30)),)
    set_clock(monkeypatch, 2026, 9, 29, 22, 30)  # half past midnight in Brussels
    perform(accreditation, "check_midterm", by=mce, note="Nine of twelve are closed.")
    assert accreditation.state == "valid"
    assert why_not(accreditation, "check_midterm", mce) == (Reason("already_checked"),)


def test_what_ends_before_its_midterm_has_none():
    short = granted(decided_on=date(2026, 5, 4), valid_until=date(2027, 5, 4))
    assert why_not(short, "check_midterm", Stage.minimal("decided").people.mce) == (
        Reason("no_midterm", day=date(2027, 5, 4)),
    )


def test_nothing_is_done_about_what_is_over_even_before_the_calendar_is_kept():
    over, mce = granted(valid_until=LONG_AGO), Stage.minimal("decided").people.mce
    for name in ("suspend", "withdraw"):
        assert why_not(over, name, mce) == (Reason("has_ended", day=LONG_AGO),)


# --- The end ---------------------------------------------------------------------------------------------------------


def test_it_ends_the_day_after_its_last_day_and_not_before():
    accreditation = granted(valid_until=date(2028, 2, 29))
    with pytest.raises(Refusal) as refused:
        perform(accreditation, "expire", by=None, on=date(2028, 2, 29))
    assert refused.value.reasons == (Reason("too_early", day=date(2028, 2, 29)),)
    perform(accreditation, "expire", by=None, on=date(2028, 3, 1))
    assert accreditation.state == "expired"
    step = Step.objects.get(move="expire")
    assert (step.words.by, step.words.name) == (None, "")


def test_nobody_but_the_calendar_ends_it():
    stage = Stage.minimal("published")
    with pytest.raises(Refusal):
        perform(new(Accreditation).get(), "expire", by=stage.coordinator)


@pytest.mark.everywhere
def test_a_hotline_never_holds_two_accreditations_at_once():
    stage = Stage.minimal("published")
    decided(stage, valid_until=FAR)
    perform(stage.evaluation, "publish", by=stage.people.mce)
    decided(stage, valid_until=FAR)
    perform(stage.evaluation, "publish", by=stage.people.mce)
    assert new(Accreditation).filter(state__in=Accreditation.RUNNING).count() == 1
    assert new(Publication).count() == 3
