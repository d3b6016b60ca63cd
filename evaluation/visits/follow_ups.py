"""End the follow-up visit of an accredited hotline without a new decision: restore what the panel decided on."""

from datetime import datetime

from evaluation.answers.judgements import restore_judgements
from evaluation.answers.pinned_figures import restore_pinned
from evaluation.models import Evaluation, Recommendation, Step, User, Visit
from evaluation.response.response import move_visit
from evaluation.scorecards import read_inputs, read_payload, write_scorecard
from evaluation.visits.sheets.rows import sign_off_sheets
from evaluation.workflow import act_of, perform


def find_begin(evaluation: Evaluation) -> Step | None:
    """Return the newest step that reopened a decided evaluation, or None."""
    steps = Step.objects.filter(kind=Evaluation.kind, uid=evaluation.uid, move__in=Evaluation.REOPENING_MOVES)
    return steps.select_related("words").order_by("-seq").first()


def _reset_traits(evaluation: Evaluation, *, by: User | None) -> None:
    """Restore the traits on which the panel decided, and delete the restriction to returned answers."""
    evaluation.fixed_codes = None
    decision = evaluation.current_decision
    if decision is not None and evaluation.framework.traits:
        evaluation.traits = list(read_inputs(decision.scorecard).traits)


@act_of(Evaluation.kind, "end_follow_up", prepare=_reset_traits)
def _end(evaluation: Evaluation, step: Step) -> None:
    """Close or cancel the visit, restore answers, findings and figures, and drop draft recommendations."""
    begun = find_begin(evaluation)
    assert begun is not None  # the move is only possible after such a step
    _end_visit(evaluation.visit, step)
    _restore(evaluation, step, at=begun.at)


def _end_visit(visit: Visit, step: Step) -> None:
    if visit.state in (Visit.State.SIGNED_OFF, Visit.State.RESPONSE):
        move_visit(visit.evaluation, "close", step)
    elif visit.state != Visit.State.CANCELLED:
        sign_off_sheets(visit, step.at)  # so that the rows do not belong to the next visit
        perform(visit, "cancel", by=step.words.by, note=step.words.note, caused_by=step)


def _restore(evaluation: Evaluation, step: Step, *, at: datetime) -> None:
    restore_judgements(evaluation, at=at)
    restore_pinned(evaluation, step, at=at)
    _restore_scorecard(evaluation, at=at)
    drafts = evaluation.recommendations.filter(state=Recommendation.State.DRAFTED, is_dropped=False)
    drafts.update(is_dropped=True, relevance=Recommendation.Relevance.REMOVED)
    evaluation.draft_acceptances.all().delete()  # they accepted findings that are replaced now


def _restore_scorecard(evaluation: Evaluation, *, at: datetime) -> None:
    """Store a copy of the scorecard that was the latest at `at`, if another one was stored since."""
    former = evaluation.scorecards.filter(judged_at__lte=at).first()
    if former is not None and former != evaluation.latest_scorecard:
        payload = read_payload(former)
        write_scorecard(evaluation, payload.evidence, payload.card).save(force_insert=True)
