"""The conditions of the moves of a condition that the panel set, and of the panel's new decision after an unmet one."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evaluation.guards.decision_conditions import no_appeal_is_open
from evaluation.guards.follow_up_conditions import its_accreditation_runs, no_correction_is_open
from evaluation.guards.reasons import Condition, Reason, wrong_state

if TYPE_CHECKING:
    from evaluation.models import Evaluation, Fulfilment, Recommendation


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
