"""The hotline's response to the draft: remarks are saved one by one and submitted once, before the panel decides."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from evaluation.assessment.judgements import Closed, Conflict, Saved
from evaluation.guards.conditions import Reason
from evaluation.models import DraftRemark, DraftRemarkVersion, Evaluation, Remark, Reply, Response, User
from evaluation.workflow import Notify, Refusal, find_reasons, notify_nobody, perform

GENERAL_REMARK = ""
"""The code of the remark on the whole draft."""


def drafted_remarks(evaluation: Evaluation) -> dict[str, DraftRemark]:
    """The draft remarks by code."""
    return {draft.code: draft for draft in evaluation.draft_remarks.select_related("by")}


@transaction.atomic
def save_remark(
    evaluation: Evaluation, code: str, words: str, *, version: int, by: User, save_uid: UUID | None = None
) -> Saved | Conflict | Closed:
    """Save the words of one remark if `version` is current; 0 where there was none.

    Saving the same words, or the same `save_uid`, again adds no version. The evaluation is locked, so that no remark is
    saved after the response. Every version is stored until the response is given.
    """
    locked = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
    versions = DraftRemarkVersion.objects.filter(evaluation=locked, code=code)
    if save_uid and (again := versions.filter(save_uid=save_uid).first()):
        return Saved(again.version)
    if locked.state != Evaluation.State.RESPONSE:
        return Closed()
    before = locked.draft_remarks.filter(code=code).select_related("by").first()
    if words == (before.words if before else ""):
        return Saved(before.version if before else 0)
    if before and version != before.version:
        return Conflict(before)
    number = before.version + 1 if before else 1
    fields = {"words": words, "version": number, "by": by, "at": timezone.now()}
    DraftRemark.objects.update_or_create(evaluation=locked, code=code, defaults=fields)
    DraftRemarkVersion.objects.create(evaluation=locked, code=code, save_uid=save_uid, **fields)
    return Saved(number)


def respond(
    evaluation: Evaluation, *, by: User, nothing_to_add: bool = False, notify: Notify = notify_nobody
) -> Response:
    """Submit the draft remarks as the hotline's response, and move the evaluation to the panel.

    Raises Refusal for an empty draft unless there is nothing to add, and for a full one if there is.
    """
    with transaction.atomic():
        locked = Evaluation.objects.select_for_update().select_related("hotline").get(pk=evaluation.pk)
        reasons = [reason for reason in find_reasons(locked, "respond", by) if reason.code != "no_response"]
        words = {code: draft.words.strip() for code, draft in drafted_remarks(locked).items()}
        written = {code: text for code, text in words.items() if text}
        if not reasons and bool(written) == nothing_to_add:
            reasons.append(Reason("something_is_written" if written else "empty_response"))
        if reasons:
            raise Refusal("respond", reasons)
        response = Response.objects.create(
            scorecard=locked.latest_scorecard, words=written.pop(GENERAL_REMARK, ""), given_by=by
        )
        in_order = [code for code in locked.framework.indicators if code in written]
        remarks = [Remark(response=response, code=code, words=written[code]) for code in in_order]
        Reply.objects.bulk_create(Reply(remark=remark) for remark in Remark.objects.bulk_create(remarks))
        notify(perform(evaluation, "respond", by=by))
        locked.draft_remarks.all().delete()
        DraftRemarkVersion.objects.filter(evaluation=locked).delete()
    return response
