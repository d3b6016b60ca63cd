"""The hotline's response to the draft: remarks are saved one by one and submitted once, before the panel decides."""

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from evaluation.assessment.judgements import Closed, Conflict, Saved
from evaluation.guards.reasons import Reason
from evaluation.models import DraftRemark, DraftRemarkVersion, Evaluation, Remark, Reply, Response, User
from evaluation.workflow import Act, Notify, notify_nobody, perform, register_act

GENERAL_REMARK = ""
"""The code of the remark on the whole draft."""


def drafted_remarks(evaluation: Evaluation) -> dict[str, DraftRemark]:
    """The draft remarks by code."""
    return {draft.code: draft for draft in evaluation.draft_remarks.select_related("by")}


@transaction.atomic
def save_remark(
    evaluation: Evaluation, code: str, words: str, *, version: int, by: User, save_uid: UUID | None = None
) -> Saved | Conflict | Closed:
    """Save one remark if `version` is current; 0 if there was none.

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


@transaction.atomic
def respond(
    evaluation: Evaluation, *, by: User, nothing_to_add: bool = False, notify: Notify = notify_nobody
) -> Response:
    """Submit the drafted remarks as the hotline's response, notify in the same transaction, and return it.

    Raises Refusal if the draft is empty unless `nothing_to_add`, and if it is not empty with `nothing_to_add`.
    """
    notify(perform(evaluation, "respond", by=by, nothing_to_add=nothing_to_add))
    return Response.objects.get(scorecard=evaluation.latest_scorecard)


def _written(evaluation: Evaluation) -> dict[str, str]:
    """Return the remarks of the draft that are not empty, by code."""
    words = {code: draft.words.strip() for code, draft in drafted_remarks(evaluation).items()}
    return {code: text for code, text in words.items() if text}


def _check_nothing_to_add(
    evaluation: Evaluation, *, by: User | None, note: str, nothing_to_add: bool
) -> Iterator[Reason]:
    written = _written(evaluation)
    if bool(written) == nothing_to_add:
        yield Reason("something_is_written" if written else "empty_response")


def _write_response(evaluation: Evaluation, *, by: User, nothing_to_add: bool) -> None:
    """Write the response with its remarks and a blank reply for each, and delete the draft."""
    written = _written(evaluation)
    scorecard = evaluation.latest_scorecard
    assert scorecard is not None  # the draft that was sent to the hotline
    response = Response.objects.create(scorecard=scorecard, words=written.pop(GENERAL_REMARK, ""), given_by=by)
    in_order = [code for code in evaluation.framework.indicators if code in written]
    remarks = [Remark(response=response, code=code, words=written[code]) for code in in_order]
    Reply.objects.bulk_create(Reply(remark=remark) for remark in Remark.objects.bulk_create(remarks))
    evaluation.draft_remarks.all().delete()
    DraftRemarkVersion.objects.filter(evaluation=evaluation).delete()


register_act(
    Evaluation.kind,
    "respond",
    act=Act(check=_check_nothing_to_add, prepare=_write_response, meets=("no_response",)),
)
