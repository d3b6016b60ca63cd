"""The assessors' replies to the hotline's remarks: saved one by one, handed to the panel in one step."""

from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from evaluation.assessment.judgements import AnswerInput, Closed, Conflict, Saved, VersionedTable, save_row
from evaluation.guards.conditions import find_remarks, find_unanswered
from evaluation.models import Evaluation, Remark, Reply, ReplyVersion, Response, Scorecard, Step, User
from evaluation.workflow import Notify, act_of, notify_nobody, perform


def response_to(scorecard: Scorecard | int | None) -> Response | None:
    """Return the response to a scorecard, with its remarks and the replies to them. Two queries."""
    remarks = Prefetch("remarks", Remark.objects.select_related("reply__by"))
    given = Response.objects.filter(scorecard=scorecard).select_related("given_by")
    return given.prefetch_related(remarks).first()


def replies_to(response: Response | None) -> dict[str, Reply]:
    """Return the replies to a response that were handed to the panel, by indicator."""
    remarks = response.remarks.all() if response else ()
    return {remark.code: remark.answer for remark in remarks if remark.answer}


def are_due(evaluation: Evaluation) -> bool:
    """Whether the panel waits for the assessors' replies."""
    return evaluation.state == Evaluation.State.DECISION and bool(find_unanswered(evaluation))


def find_due(evaluations: QuerySet[Evaluation]) -> set[int]:
    """Return the keys of those evaluations on which the panel waits for the assessors' replies. One query."""
    latest = Scorecard.objects.latest_of(OuterRef("response__scorecard__evaluation"))
    unanswered = Remark.objects.filter(
        response__scorecard__evaluation__in=evaluations.filter(state=Evaluation.State.DECISION).order_by().values("pk"),
        response__scorecard=Subquery(latest.values("pk")),
        reply__given_at=None,
    )
    return set(unanswered.values_list("response__scorecard__evaluation", flat=True))


_REPLIES = VersionedTable(Reply, ReplyVersion, Evaluation.State.DECISION, ("words",), unset=("given_at",))


def save_reply(
    evaluation: Evaluation, code: str, words: str, *, version: int, by: User, save_uid: UUID | None = None
) -> Saved | Conflict | Closed:
    """Save the reply to one remark if `version` is current and the replies are not handed over."""
    remark = _remarks_on(evaluation, code).first()
    if remark is None:
        return Closed()
    key = {"remark_id": remark.pk}
    return save_row(_REPLIES, key, evaluation, AnswerInput(words=words), version=version, by=by, save_uid=save_uid)


def reply_on(evaluation: Evaluation, code: str) -> QuerySet[Reply]:
    """Return the reply to the hotline's remark on an indicator, handed over or not."""
    return Reply.objects.filter(remark__in=_remarks_on(evaluation, code))


def reply_versions(evaluation: Evaluation, code: str) -> QuerySet[ReplyVersion]:
    """Return every version of that reply."""
    return ReplyVersion.objects.filter(remark_id__in=_remarks_on(evaluation, code).values("pk"))


def _remarks_on(evaluation: Evaluation, code: str) -> QuerySet[Remark]:
    latest = Subquery(Scorecard.objects.latest_of(evaluation).values("pk"))
    return Remark.objects.filter(response__scorecard=latest, code=code)


@transaction.atomic
def hand_over_replies(evaluation: Evaluation, *, by: User, notify: Notify = notify_nobody) -> Step:
    """Hand the replies to the panel. Raises Refusal if a remark has no reply or they were handed over."""
    step = perform(evaluation, "answer_remarks", by=by)
    notify(step)
    return step


@act_of(Evaluation.kind, "answer_remarks")
def _hand_over(evaluation: Evaluation, step: Step) -> None:
    Reply.objects.filter(remark__in=find_remarks(evaluation)).update(given_at=step.at)
