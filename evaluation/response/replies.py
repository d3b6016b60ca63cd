"""The assessors' replies to the hotline's remarks, saved one by one. A reply keeps or changes the finding.

`evaluation.judging.revision` hands the replies to the panel.
"""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from evaluation.answers.judgements import (
    AnswerInput,
    Closed,
    Conflict,
    InvalidAnswer,
    Saved,
    VersionedTable,
    save_row,
    validate_answer,
)
from evaluation.answers.unresolved_texts import STORES, Kind, TextStore
from evaluation.models import Evaluation, Remark, Reply, ReplyVersion, Response, Scorecard, User
from evaluation.models.answers.judgements import Observed
from standards.framework import Indicator


def response_to(scorecard: Scorecard | int | None) -> Response | None:
    """Return the response to a scorecard, or to the scorecard that it revises, with remarks, proofs and replies.

    Without a scorecard there is none. At most four queries.
    """
    if scorecard is None:
        return None
    remarks = Prefetch("remarks", Remark.objects.select_related("reply__by").prefetch_related("proofs__document"))
    given = Response.objects.filter(_answers([scorecard])).select_related("given_by")
    return given.prefetch_related(remarks).first()


def _answers(scorecards: Collection[Scorecard | int] | QuerySet[Scorecard], prefix: str = "") -> Q:
    """Return the condition that a response is about one of these scorecards, or about one that they revise.

    `in` never matches NULL: with `=`, None would match every response whose scorecard has no revision.
    """
    return Q(**{f"{prefix}scorecard__in": scorecards}) | Q(**{f"{prefix}scorecard__revision__in": scorecards})


def replies_to(response: Response | None) -> dict[str, Reply]:
    """Return the replies to a response that were handed to the panel, by indicator code."""
    remarks = response.remarks.all() if response else ()
    return {remark.code: remark.answer for remark in remarks if remark.answer}


_REPLIES = VersionedTable(
    Reply,
    ReplyVersion,
    Evaluation.State.DECISION,
    ("level", "value", "not_applicable", "not_seen", "words"),
    unset=("given_at",),
)


def may_change(indicator: Indicator, finding: Observed | None) -> bool:
    """Whether a reply may change a finding: not if figures fill the indicator and there is no given finding."""
    return not indicator.from_figures or (finding is not None and finding.is_given)


def save_reply(
    evaluation: Evaluation, code: str, submitted: AnswerInput, *, version: int, by: User, save_uid: UUID | None = None
) -> Saved | Conflict | Closed:
    """Save the reply to one remark if `version` is current and the replies are not handed over. Raises InvalidAnswer.

    A reply with a judgement changes the finding to it; a reply with only words keeps the finding.
    """
    validate_answer(evaluation.framework, code, submitted)
    indicator = evaluation.framework.indicators[code]
    keeps = replace(submitted, words="") == AnswerInput()
    if not keeps and not (
        may_change(indicator, None) or may_change(indicator, evaluation.findings.filter(code=code).first())
    ):
        raise InvalidAnswer("from_figures")
    remark = _remarks_on(evaluation, code).first()
    if remark is None:
        return Closed()
    key = {"remark_id": remark.pk}
    return save_row(_REPLIES, key, evaluation, submitted, version=version, by=by, save_uid=save_uid)


def reply_on(evaluation: Evaluation, code: str) -> QuerySet[Reply]:
    """Return the reply to the hotline's latest remark on an indicator, handed over or not."""
    return Reply.objects.filter(remark__in=_remarks_on(evaluation, code))


def reply_versions(evaluation: Evaluation, code: str) -> QuerySet[ReplyVersion]:
    """Return every version of that reply."""
    return ReplyVersion.objects.filter(remark_id__in=_remarks_on(evaluation, code).values("pk"))


def _remarks_on(evaluation: Evaluation, code: str) -> QuerySet[Remark]:
    latest = Scorecard.objects.latest_of(evaluation)
    return Remark.objects.filter(_answers(latest, "response__"), code=code)


STORES[Kind.REPLY] = TextStore(
    save_reply,
    lambda evaluation, code, _by: reply_on(evaluation, code),
    lambda evaluation, code, _by: reply_versions(evaluation, code),
)
