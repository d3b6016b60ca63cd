"""The list “What next” of Home and of the page of an evaluation: the lines of all nouns in one order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from evaluation.models import Evaluation, Role, Step, User
from evaluation.models.people.permissions import is_allowed
from portal.accreditation.tasks import (
    lines_of_accreditation,
    lines_of_conditions,
    lines_of_deferral,
    lines_of_withdrawals,
)
from portal.answers.tasks import line_of_reading, lines_of_returned, missing_figures, submitted_without_figures
from portal.discussions.tasks import lines_of_mentions
from portal.exchanges.tasks import lines_of_exchanges
from portal.figures.tasks import lines_of_files
from portal.panel.tasks import line_of_decision, lines_of_appeal, lines_of_correction
from portal.practices.tasks import lines_of_practices
from portal.recommendations.tasks import lines_of_drafts
from portal.response.tasks import line_of_replies, line_of_response
from portal.rounds.tasks import line_of_excused
from portal.scorecards.tasks import SCORE, line_of_scoring
from portal.tasks import Line
from portal.visits.shown.follow_up import lines_of_follow_up
from portal.visits.tasks import lines_of_visit

State = Evaluation.State


def lines_of_hotlines(evaluations: Iterable[Evaluation], user: User) -> list[Line]:
    """Return the first lines: the tasks of the user's own hotlines, and comments to answer."""
    evaluations = list(evaluations)
    hotlines = user.hotlines_as(Role.CONTRIBUTOR, Role.COORDINATOR)
    own = [evaluation for evaluation in evaluations if evaluation.hotline_id in hotlines]
    keys = {evaluation.hotline_id for evaluation in own}
    return [
        *missing_figures(own),
        *lines_of_returned(own),
        *lines_of_withdrawals(keys, user),
        *lines_of_conditions(own, user),
        *lines_of_mentions(evaluations, user),
        *lines_of_files(keys, user),
        *lines_of_practices(keys, user),
        *lines_of_exchanges(keys, user),
    ]


def figures_for_mce(evaluation: Evaluation, user: User) -> Iterator[Line]:
    """Yield the lines about missing figures for MCE, before and after the submission."""
    if is_allowed("evaluation.run", user, evaluation):
        if evaluation.is_open:
            yield from missing_figures([evaluation])
        elif evaluation.state == State.DESK_REVIEW:
            yield from submitted_without_figures(evaluation)


def lines_of_stage(evaluation: Evaluation, user: User, steps: Sequence[Step] = ()) -> list[Line]:
    """Return the lines of an evaluation after its submission: what happens next and when, and whom it waits for.

    `steps` has the steps of the evaluation, newest first.
    """
    followed = lines_of_follow_up(evaluation, user)
    return [*followed, *_lines_of_stage(evaluation, user, steps, is_followed_up=bool(followed))]


def _lines_of_stage(
    evaluation: Evaluation, user: User, steps: Sequence[Step], *, is_followed_up: bool
) -> Iterator[Line]:
    """Yield the lines of the present stage. A follow-up visit without returned answers has no submission."""
    match evaluation.state:
        case State.DESK_REVIEW:
            if not is_followed_up and not is_allowed("evaluation.run", user, evaluation):
                yield line_of_reading(evaluation, steps)
            yield from lines_of_visit(evaluation, user)
        case State.STUDY_VISIT:
            yield from lines_of_visit(evaluation, user)
        case State.EXCUSED:
            yield line_of_excused(steps)
        case State.REPORT:
            drafts = list(lines_of_drafts(evaluation, user))
            yield from drafts
            if not drafts or is_allowed(SCORE.right, user, evaluation):
                yield line_of_scoring(evaluation, user)
        case State.RESPONSE:
            yield line_of_response(evaluation, user)
        case State.DECISION if evaluation.awaits_replies:
            yield line_of_replies(evaluation, user)
        case State.DECISION:
            yield line_of_decision(evaluation, user)
        case State.DECIDED | State.PUBLISHED:
            yield from _lines_of_outcome(evaluation, user)


def _lines_of_outcome(evaluation: Evaluation, user: User) -> Iterator[Line]:
    """Yield the lines of the newest decision."""
    decision = evaluation.decisions.first()
    if decision is None:
        return
    decision.evaluation = evaluation
    yield from lines_of_deferral(decision)
    if not is_allowed("evaluation.answer", user, evaluation):  # else they are among the first lines
        yield from lines_of_conditions([evaluation], user)
    yield from lines_of_appeal(decision, user)
    yield from lines_of_correction(evaluation, user)
    yield from lines_of_accreditation(decision, user)


def most_urgent_first(lines: Iterable[Line]) -> list[Line]:
    """Return the lines, those of kind `stop` first; `is_main` marks the first line that has a button, and no other."""
    ordered = sorted(lines, key=lambda line: line.kind != "stop")
    main = next((line for line in ordered if line.act), None)
    return [replace(line, is_main=line is main) for line in ordered]
