"""Hand the replies to the hotline's response to the panel: the findings that they change are saved and scored again."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from evaluation.answers.judgements import AnswerInput, change_finding
from evaluation.engine import scoring
from evaluation.joined_words import in_language_of_record
from evaluation.judging.evidence import store_scorecard
from evaluation.models import Evaluation, Finding, Reply, Scorecard, Step
from evaluation.models.answers.judgements import Observed
from evaluation.models.evaluation import find_remarks
from evaluation.response.response import move_visit
from evaluation.scorecards import read_inputs
from evaluation.workflow import act_of

_JUDGED_FIELDS = ("level", "value", "not_applicable", "not_seen")


@dataclass(frozen=True, slots=True)
class Change:
    """A finding before and after the assessors' reply."""

    was: scoring.Judgement
    now: scoring.Judgement


def find_changed_findings(scorecard: Scorecard | None) -> dict[str, Change]:
    """Return the findings that differ from those of the scorecard that this one revises, by indicator code.

    Empty, without a query, if it revises none.
    """
    if scorecard is None or scorecard.revises is None:
        return {}
    before, after = read_inputs(scorecard.revises).findings, read_inputs(scorecard).findings
    missing = scoring.Judgement()
    found = {code: Change(before.get(code, missing), now) for code, now in after.items()}
    return {code: one for code, one in found.items() if _judged_values(one.was) != _judged_values(one.now)}


def changes_finding(reply: Reply, finding: Observed | None) -> bool:
    """Whether a reply has a judgement that differs from the finding."""
    return reply.has_judgement and (finding is None or _judged_values(reply) != _judged_values(finding))


def _judged_values(judged: object) -> tuple[object, ...]:
    return tuple(getattr(judged, name) for name in _JUDGED_FIELDS)


@act_of(Evaluation.kind, "answer_remarks")
def _hand_over(evaluation: Evaluation, step: Step) -> None:
    """Freeze the replies, save and score the findings that they change, and close the visit.

    Findings cannot be changed after that, as the visit is closed.
    """
    replies = [remark.reply for remark in find_remarks(evaluation)]
    Reply.objects.filter(pk__in=[reply.pk for reply in replies]).update(given_at=step.at)
    if _write_changes(evaluation, {reply.remark.code: reply for reply in replies}):
        store_scorecard(evaluation, revises=evaluation.latest_scorecard)
    move_visit(evaluation, "close", step)


def _write_changes(evaluation: Evaluation, replies: dict[str, Reply]) -> int:
    """Save the findings that the replies change, each with the author of the reply. Return their number."""
    contested = Finding.objects.select_for_update().filter(evaluation=evaluation, code__in=replies)
    changed = [finding for finding in contested if changes_finding(replies[finding.code], finding)]
    for finding in changed:
        reply = replies[finding.code]
        assert reply.by is not None  # every reply has words and an author
        finding.evaluation = evaluation
        change_finding(finding, _changed(finding, reply), by=reply.by)
    return len(changed)


def _changed(finding: Finding, reply: Reply) -> AnswerInput:
    """Return the values of the changed finding: the judgement of the reply, and the words of both."""
    with in_language_of_record(finding.evaluation):
        reason = _("After the response of the hotline: %(words)s") % {"words": reply.words.strip()}
    words = "\n\n".join(text for text in (finding.words.strip(), reason) if text)
    return AnswerInput(
        **{name: getattr(reply, name) for name in _JUDGED_FIELDS}, words=words, good_practice=finding.good_practice
    )
