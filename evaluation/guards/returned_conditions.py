"""The conditions of sending chosen answers back, and of submitting again."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evaluation.guards.conditions import about
from evaluation.guards.reasons import Condition, Reason

if TYPE_CHECKING:
    from evaluation.models import Evaluation
    from evaluation.models.judgements import Evidence


@Condition
def every_returned_answer_is_settled(evaluation: "Evaluation") -> Iterator[Reason]:
    """Each answer that was sent back was changed since, or the hotline has commented on it to the reviewers since."""
    returned = evaluation.returned
    if not returned:
        return
    evidence: dict[str, list[Evidence]] = {}
    for link in evaluation.evidence.all():
        evidence.setdefault(link.code, []).append(link)
    unchanged = {
        answer.code: returned[answer.code][-1].step.at
        for answer in evaluation.answers.all()
        if answer.code in returned
        and answer.content_digest(evidence.get(answer.code, ())) == returned[answer.code][-1].sha256
    }
    if not unchanged:
        return
    written = evaluation.discussions.filter(
        audience="review",
        code__in=list(unchanged),
        comments__is_deleted=False,
        comments__by__memberships__hotline=evaluation.hotline_id,
    ).values_list("code", "comments__written_at")
    replied = {code for code, at in written if at >= unchanged[code]}
    yield from about(
        "unchanged_since_sent_back",
        evaluation.framework,
        (evaluation.asked[code] for code in returned if code in unchanged and code not in replied),
    )


@Condition
def some_answers_are_fixed(evaluation: "Evaluation") -> Iterator[Reason]:
    """Some answers were sent back, and others cannot be changed."""
    if not evaluation.fixed_codes:
        yield Reason("no_answer_is_fixed")
