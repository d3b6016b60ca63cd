"""The conditions of moves after an accreditation: of follow-up visits, and of the conditions that the panel set."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evaluation.guards.decision_conditions import it_has_not_ended, no_appeal_is_open
from evaluation.guards.reasons import Condition, Reason, wrong_state

if TYPE_CHECKING:
    from evaluation.models import Accreditation, Evaluation, Fulfilment, Recommendation


@Condition
def its_accreditation_runs(evaluation: "Evaluation") -> Iterator[Reason]:
    """The current decision granted an accreditation that is valid or suspended, and whose last day has not passed."""
    accreditation = getattr(evaluation.current_decision, "accreditation", None)
    if accreditation is None or not accreditation.is_running:
        yield Reason("no_running_accreditation")
    else:
        yield from it_has_not_ended.reasons(accreditation)


@Condition
def the_time_to_appeal_is_over(evaluation: "Evaluation") -> Iterator[Reason]:
    """The hotline cannot appeal against the current decision any more: the time has passed, or an appeal was closed."""
    decision = evaluation.current_decision
    if decision is None or decision.kind == decision.Kind.APPEAL:
        return
    states = evaluation.appeals.model.State
    closed = evaluation.appeals.filter(decision=decision, withdrawal=None).exclude(
        state__in=(states.WRITTEN, states.LODGED)
    )
    if evaluation.round.today <= decision.last_day_to_appeal and not closed.exists():
        yield Reason("time_to_appeal", day=decision.last_day_to_appeal)


@Condition
def no_correction_is_open(evaluation: "Evaluation") -> Iterator[Reason]:
    """No correction is proposed: it could not be confirmed before the next decision."""
    if evaluation.corrections.filter(state=evaluation.corrections.model.State.PROPOSED).exists():
        yield Reason("correction_is_open")


@Condition
def a_follow_up_is_under_way(evaluation: "Evaluation") -> Iterator[Reason]:
    """A follow-up visit of an accredited hotline is under way, and the current decision is published."""
    if evaluation.followed_up is None or getattr(evaluation.current_decision, "publication", None) is None:
        yield Reason("no_follow_up")


@Condition
def no_follow_up_is_under_way(evaluation: "Evaluation") -> Iterator[Reason]:
    """No follow-up visit is under way: excusing the hotline must not undo a published outcome."""
    if evaluation.followed_up is not None:
        yield Reason("follow_up_is_under_way")


@Condition
def nothing_newer_is_published(evaluation: "Evaluation") -> Iterator[Reason]:
    """No outcome of another round has replaced the accreditation that the follow-up visit reviews."""
    decision, followed = evaluation.current_decision, evaluation.followed_up
    if followed is None and decision is not None and decision.kind in decision.REVIEWS:
        followed = decision.followed_up
    accreditation = getattr(followed, "accreditation", None)
    if accreditation is not None and accreditation.is_replaced and _is_replaced_by_another(accreditation):
        yield Reason("newer_outcome")


def _is_replaced_by_another(accreditation: "Accreditation") -> bool:
    """Whether an outcome of the hotline from another evaluation was published later. Deferrals do not count."""
    decision = accreditation.decision
    later = type(decision)._default_manager.filter(
        evaluation__hotline=accreditation.hotline_id, hand_in_by=None, publication__at__gt=decision.publication.at
    )
    return bool(later.exclude(evaluation=decision.evaluation_id).exists())


# --- The conditions that the panel set -------------------------------------------------------------------------------


@Condition
def it_is_asked(fulfilment: "Fulfilment") -> Iterator[Reason]:
    """The decision that sets it is current, and its accreditation, if it has begun, runs and has not ended."""
    decision = fulfilment.requirement.decision
    accreditation = getattr(decision, "accreditation", None)
    if getattr(decision, "replaced_by", None) is not None or (accreditation and not accreditation.is_running):
        yield Reason("condition_is_over")
    elif decision.valid_until is not None and decision.evaluation.round.today > decision.valid_until:
        yield Reason("has_ended", day=decision.valid_until)


@Condition
def the_panel_does_not_decide_anew(fulfilment: "Fulfilment") -> Iterator[Reason]:
    """The panel has not taken the decision up again because of an unmet condition."""
    if fulfilment.evaluation.state == fulfilment.evaluation.State.DECISION:
        yield Reason("panel_decides_anew")


@Condition
def evidence_is_added(fulfilment: "Fulfilment") -> Iterator[Reason]:
    """There is a proof: a document, an address, or the reason why there can be neither."""
    if not fulfilment.proofs.exists():
        yield Reason("no_proof")


@Condition
def there_is_something_to_check(fulfilment: "Fulfilment") -> Iterator[Reason]:
    """The hotline has sent evidence, or a follow-up visit that began after the decision has been signed off."""
    if fulfilment.state == fulfilment.State.EVIDENCE_SENT:
        return
    evaluation = fulfilment.evaluation
    visit = evaluation.arranged_visit
    if evaluation.followed_up is None or visit is None or visit.state != visit.State.SIGNED_OFF:
        yield Reason("nothing_to_check")


@Condition
def it_seems_met(fulfilment: "Fulfilment") -> Iterator[Reason]:
    """The check found that it seems to be met."""
    if not fulfilment.seems_met:
        yield Reason("check_says_not_met")


@Condition
def the_evaluation_is_decided(fulfilment: "Fulfilment") -> Iterator[Reason]:
    """No follow-up visit and no new decision of the panel is under way."""
    evaluation = fulfilment.evaluation
    if not evaluation.is_decided:
        yield wrong_state(evaluation, *evaluation.DECIDED_AND_LATER)


@Condition
def no_appeal_suspends_it(fulfilment: "Fulfilment") -> Iterator[Reason]:
    """No appeal against the decision is open: until the ruling, the condition does not fall due."""
    yield from no_appeal_is_open.reasons(fulfilment.evaluation)


@Condition
def no_correction_replaces_it(fulfilment: "Fulfilment") -> Iterator[Reason]:
    """No correction of the decision is proposed, which may change the condition."""
    yield from no_correction_is_open.reasons(fulfilment.evaluation)


PANEL_MAY_RULE = (the_evaluation_is_decided, no_appeal_suspends_it, no_correction_replaces_it)
"""The conditions of each ruling of the panel on a condition that it set."""


# --- The recommendation on the same indicator ------------------------------------------------------------------------


@Condition
def no_condition_follows_it(recommendation: "Recommendation") -> Iterator[Reason]:
    """No open condition of the current decision is on the same indicator: its work is shown there, once."""
    if recommendation.code in recommendation.evaluation.open_conditions:
        yield Reason("followed_as_condition")


# --- The evaluation --------------------------------------------------------------------------------------------------


@Condition
def there_is_cause_to_decide_anew(evaluation: "Evaluation") -> Iterator[Reason]:
    """A condition of the published decision is not met, or the newest scorecard proposes another outcome."""
    is_published = evaluation.state == evaluation.State.PUBLISHED
    if evaluation.rescored is None and not (is_published and evaluation.has_unmet_condition):
        yield Reason("no_unmet_condition")


@Condition
def a_published_accreditation_runs(evaluation: "Evaluation") -> Iterator[Reason]:
    """The accreditation of the current decision, if it has granted one, runs and has not ended."""
    if getattr(evaluation.current_decision, "accreditation", None) is not None:
        yield from its_accreditation_runs.reasons(evaluation)


@Condition
def a_condition_was_not_met(evaluation: "Evaluation") -> Iterator[Reason]:
    """The panel has taken the decision up again because of an unmet condition."""
    if not evaluation.is_reconsidered or not evaluation.has_unmet_condition:
        yield Reason("no_unmet_condition")


@Condition
def the_conditions_are_met(evaluation: "Evaluation") -> Iterator[Reason]:
    """The newest decision follows from the conditions that are all met, and is not published yet."""
    newest = evaluation.current_decision
    if newest is None or newest.kind != newest.Kind.CONDITIONS_MET or getattr(newest, "publication", None):
        yield Reason("no_decision")
