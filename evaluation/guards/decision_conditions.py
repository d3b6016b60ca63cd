"""The conditions of moves after a decision: of accreditations, appeals and corrections."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from evaluation.guards.reasons import Condition, Reason, wrong_state

if TYPE_CHECKING:
    from evaluation.models import Accreditation, Appeal, Correction, Decision, Evaluation, Ruling, Withdrawal


def midterm_day(decision: "Decision") -> date | None:
    """Return the day from which the mid-term check is due; None if the accreditation ends by then, or there is none."""
    day = decision.counts_from + relativedelta(months=decision.evaluation.framework.procedure.midterm_months)
    return day if decision.valid_until is not None and day < decision.valid_until else None


def reminder_day(decision: "Decision") -> date:
    """Return the day on which the reminder of the end of the accreditation is sent."""
    day: date = decision.valid_until - relativedelta(months=decision.evaluation.framework.procedure.reminder_months)
    return day


# --- The accreditation -----------------------------------------------------------------------------------------------


@Condition
def it_has_not_ended(accreditation: "Accreditation") -> Iterator[Reason]:
    """The last day has not passed, whether or not the calendar has expired the accreditation yet."""
    if accreditation.today > accreditation.valid_until:
        yield Reason("has_ended", day=accreditation.valid_until)


def _state_before_expiry(accreditation: "Accreditation") -> str:
    return accreditation.expiry_step.source if accreditation.expiry_step else ""


@Condition
def it_was_valid_when_it_expired(accreditation: "Accreditation") -> Iterator[Reason]:
    """It was valid when it expired."""
    if _state_before_expiry(accreditation) != accreditation.State.VALID:
        yield Reason("expired_suspended")


@Condition
def it_was_suspended_when_it_expired(accreditation: "Accreditation") -> Iterator[Reason]:
    """It was suspended when it expired."""
    if _state_before_expiry(accreditation) != accreditation.State.SUSPENDED:
        yield Reason("expired_valid")


@Condition
def nothing_newer_runs(accreditation: "Accreditation") -> Iterator[Reason]:
    """The hotline has no other running accreditation."""
    if type(accreditation).objects.filter(hotline=accreditation.hotline_id, state__in=accreditation.RUNNING).exists():
        yield Reason("decision_replaced")


@Condition
def the_midterm_check_is_due(accreditation: "Accreditation") -> Iterator[Reason]:
    """The day of the mid-term check has come, the accreditation has not ended, and no check was made in its period."""
    due = midterm_day(accreditation.decision)
    if due is None:
        yield Reason("no_midterm", day=accreditation.valid_until)
    elif accreditation.midterm_step is not None:
        yield Reason("already_checked")
    elif accreditation.today < due:
        yield Reason("too_early", day=due)
    elif accreditation.today > accreditation.valid_until:
        yield Reason("has_ended", day=accreditation.valid_until)


# --- The decision ----------------------------------------------------------------------------------------------------


def _is_replaced_by(evaluation: "Evaluation", kind: str) -> bool:
    newest = evaluation.decisions.first()
    return newest is not None and newest.kind == kind and getattr(newest, "publication", None) is None


@Condition
def a_correction_is_written(evaluation: "Evaluation") -> Iterator[Reason]:
    """The newest decision corrects the former one, and is not published yet."""
    if not _is_replaced_by(evaluation, "correction"):
        yield Reason("no_decision")


@Condition
def a_decision_on_appeal_is_written(evaluation: "Evaluation") -> Iterator[Reason]:
    """The newest decision was made on an appeal, and is not published yet."""
    if not _is_replaced_by(evaluation, "appeal"):
        yield Reason("no_decision")


@Condition
def no_appeal_is_open(evaluation: "Evaluation") -> Iterator[Reason]:
    """No appeal is open, on which the panel would have to rule first."""
    if evaluation.appeals.filter(state=evaluation.appeals.model.State.LODGED).exists():
        yield Reason("appeal_is_open")


@Condition
def the_decision_can_be_contested(appeal: "Appeal") -> Iterator[Reason]:
    """The decision is current, not made on an appeal and not contested before; the appeal is in time, with grounds.

    Against a withdrawal: it is confirmed and not contested before; the appeal is in time, with grounds.
    """
    decision, evaluation, withdrawal = appeal.decision, appeal.evaluation, appeal.withdrawal
    if not appeal.grounds.strip():
        yield Reason("no_grounds")
    if type(appeal)._base_manager.filter(decision=decision, withdrawal=withdrawal).exclude(pk=appeal.pk).exists():
        yield Reason("already_appealed")
    if withdrawal is not None:
        yield from _withdrawal_reasons(withdrawal)
        return
    if not evaluation.is_decided:
        yield wrong_state(evaluation, *evaluation.DECIDED_AND_LATER)
    if evaluation.decisions.first() != decision:
        yield Reason("decision_replaced")
    if decision.kind == decision.Kind.APPEAL:
        yield Reason("ruled_on_appeal")
    if evaluation.round.today > (last := decision.last_day_to_appeal):
        yield Reason("too_late", day=last)


def _withdrawal_reasons(withdrawal: "Withdrawal") -> Iterator[Reason]:
    """Yield the reasons against an appeal against a withdrawal: it is not confirmed, or the time has passed."""
    last = withdrawal.last_day_to_appeal
    if last is None:
        yield Reason("withdrawal_is_not_confirmed")
    elif withdrawal.accreditation.today > last:
        yield Reason("too_late", day=last)


@Condition
def the_decision_can_be_corrected(correction: "Correction") -> Iterator[Reason]:
    """The decision is current, and no appeal against it is open."""
    evaluation = correction.evaluation
    if not evaluation.is_decided:
        yield wrong_state(evaluation, *evaluation.DECIDED_AND_LATER)
    elif evaluation.decisions.first() != correction.decision:
        yield Reason("decision_replaced")
    yield from no_appeal_is_open.reasons(evaluation)


def _ruling(appeal: "Appeal") -> "Ruling | None":
    return getattr(appeal, "ruling", None)


@Condition
def a_ruling_upholds_it(appeal: "Appeal") -> Iterator[Reason]:
    """The members have ruled: a new decision is written, or the accreditation is reinstated."""
    ruling = _ruling(appeal)
    if ruling is None or not ruling.upholds:
        yield Reason("no_ruling")


@Condition
def a_ruling_dismisses_it(appeal: "Appeal") -> Iterator[Reason]:
    """The members have ruled to uphold the decision or withdrawal."""
    ruling = _ruling(appeal)
    if ruling is None or ruling.upholds:
        yield Reason("no_ruling")
