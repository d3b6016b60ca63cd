"""The hotline's response to the draft: each finding is accepted or contested, and the response is submitted once.

A finding with a remark or with a proof is contested. Any other finding is accepted, or left without an answer, which
does not contest it.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from evaluation.answers.judgements import Closed, Conflict, Saved
from evaluation.answers.unresolved_texts import STORES, Kind, TextStore, rows_of
from evaluation.files.documents import save_document
from evaluation.files.inspection import Upload
from evaluation.files.kinds import Unacceptable
from evaluation.models import (
    Document,
    DraftAcceptance,
    DraftRemark,
    DraftRemarkVersion,
    Evaluation,
    Remark,
    RemarkProof,
    Reply,
    Response,
    Step,
    User,
)
from evaluation.models.evaluation import find_unanswered
from evaluation.models.reasons import Reason
from evaluation.workflow import Act, act_of, perform, register_act

GENERAL_REMARK = ""
"""The code of the remark on the whole draft."""


def drafted_remarks(evaluation: Evaluation) -> dict[str, DraftRemark]:
    """Return the draft remarks by indicator code."""
    return {draft.code: draft for draft in evaluation.draft_remarks.select_related("by")}


def drafted_proofs(evaluation: Evaluation) -> dict[str, list[RemarkProof]]:
    """Return the proofs of the draft remarks, by indicator code."""
    found: dict[str, list[RemarkProof]] = {}
    for proof in evaluation.remark_proofs.filter(remark=None).select_related("document", "by"):
        found.setdefault(proof.code, []).append(proof)
    return found


def accepted_codes(evaluation: Evaluation) -> set[str]:
    """Return the codes of the indicators whose findings the drafted response accepts."""
    return set(evaluation.draft_acceptances.values_list("code", flat=True))


def find_acceptable(evaluation: Evaluation) -> list[str]:
    """Return the codes of the asked indicators with an uncontested finding, in the order of the Guide."""
    contested = _contested(evaluation)
    found = {finding.code for finding in evaluation.findings.all() if finding.is_given}
    return [code for code in evaluation.asked if code in found and code not in contested]


def _contested(evaluation: Evaluation) -> set[str]:
    """Return the codes of the indicators that have a draft remark with text, or a proof."""
    drafted = evaluation.remark_proofs.filter(remark=None).values_list("code", flat=True)
    return {*_written(evaluation), *drafted}


def _lock_open(evaluation: Evaluation) -> Evaluation | None:
    """Lock the evaluation, so that nothing is written after the response. Return None if no response can be given."""
    locked = Evaluation.objects.select_for_update().select_related("hotline").get(pk=evaluation.pk)
    return locked if locked.state == Evaluation.State.RESPONSE else None


@transaction.atomic
def save_remark(
    evaluation: Evaluation, code: str, words: str, *, version: int, by: User, save_uid: UUID | None = None
) -> Saved | Conflict | Closed:
    """Save one draft remark if `version` is current; 0 if there is none. A text removes the acceptance of its finding.

    Saving the same text or the same `save_uid` again adds no version. The evaluation is locked, so that no remark is
    saved after the response. All versions are stored until the response is submitted.
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
    if words.strip():
        locked.draft_acceptances.filter(code=code).delete()
    return Saved(number)


@transaction.atomic
def accept_findings(evaluation: Evaluation, codes: Iterable[str], *, by: User) -> list[str] | Closed:
    """Accept the findings on these indicators. Return the codes that are accepted; contested ones are left out."""
    locked = _lock_open(evaluation)
    if locked is None:
        return Closed()
    wanted = set(codes)
    accepted = [code for code in find_acceptable(locked) if code in wanted]
    rows = [DraftAcceptance(evaluation=locked, code=code, by=by) for code in accepted]
    DraftAcceptance.objects.bulk_create(rows, ignore_conflicts=True)
    return accepted


@transaction.atomic
def take_acceptance_back(evaluation: Evaluation, code: str) -> bool:
    """Delete the acceptance of a finding. Return whether there was one."""
    locked = _lock_open(evaluation)
    return locked is not None and bool(locked.draft_acceptances.filter(code=code).delete()[0])


@transaction.atomic
def add_remark_proof(
    evaluation: Evaluation, code: str, *, by: User, upload: Upload | None = None, thing: Document | str = ""
) -> RemarkProof | Closed:
    """Attach a proof to the remark on an indicator: an uploaded file, a document of the hotline or an address.

    Deletes the acceptance of its finding. Raises Unacceptable if the same proof is already attached.
    """
    locked = _lock_open(evaluation)
    if locked is None:
        return Closed()
    document = save_document(locked.hotline, upload, by=by) if upload else thing if not isinstance(thing, str) else None
    what = {"document": document, "address": thing if document is None else ""}
    if locked.remark_proofs.filter(remark=None, code=code, **what).exists():
        raise Unacceptable("shown_already", upload.name if upload else str(thing))
    locked.draft_acceptances.filter(code=code).delete()
    return RemarkProof.objects.create(evaluation=locked, code=code, by=by, **what)


@transaction.atomic
def remove_remark_proof(proof: RemarkProof) -> bool:
    """Remove a proof before the response is submitted. Its document is kept. Return whether it was removed."""
    if _lock_open(proof.evaluation) is None:
        return False
    proof.delete()
    return True


@transaction.atomic
def respond(evaluation: Evaluation, *, by: User, accepts_others: bool = False) -> Response:
    """Submit the draft as the hotline's response, and return the response.

    With `accepts_others`, every uncontested finding is accepted. Raises Refusal if a finding is contested without
    words, or if the response is empty.
    """
    perform(evaluation, "respond", by=by, accepts_others=accepts_others)
    return Response.objects.get(scorecard=evaluation.latest_scorecard)


def _written(evaluation: Evaluation) -> dict[str, str]:
    """Return the draft remarks that are not blank, by indicator code."""
    words = {code: draft.words.strip() for code, draft in drafted_remarks(evaluation).items()}
    return {code: text for code, text in words.items() if text}


def _check_draft(evaluation: Evaluation, *, by: User | None, note: str, accepts_others: bool) -> Iterator[Reason]:
    written = _written(evaluation)
    without = _contested(evaluation) - set(written)
    if without:
        in_order = (code for code in evaluation.framework.indicators if code in without)
        yield Reason("contested_without_words", codes=tuple(in_order))
    elif not (written or accepts_others or accepted_codes(evaluation)):
        yield Reason("empty_response")


def _write_response(evaluation: Evaluation, *, by: User, accepts_others: bool) -> None:
    """Create the response with its remarks, their proofs and a blank reply to each. Delete the draft."""
    written = _written(evaluation)
    scorecard = evaluation.latest_scorecard
    assert scorecard is not None  # the hotline responds to a draft, which has a scorecard
    accepted = accepted_codes(evaluation)
    response = Response.objects.create(
        scorecard=scorecard,
        words=written.pop(GENERAL_REMARK, ""),
        accepted=[code for code in find_acceptable(evaluation) if accepts_others or code in accepted],
        given_by=by,
    )
    in_order = [code for code in evaluation.framework.indicators if code in written]
    remarks = [Remark(response=response, code=code, words=written[code]) for code in in_order]
    Reply.objects.bulk_create(Reply(remark=remark) for remark in Remark.objects.bulk_create(remarks))
    for remark in remarks:
        evaluation.remark_proofs.filter(remark=None, code=remark.code).update(remark=remark)
    evaluation.draft_remarks.all().delete()
    evaluation.draft_acceptances.all().delete()
    DraftRemarkVersion.objects.filter(evaluation=evaluation).delete()


def forget_outdated_acceptances(evaluation: Evaluation) -> None:
    """Delete draft acceptances of findings that were changed since they were accepted."""
    newer = Q(evaluation__findings__code=F("code"), evaluation__findings__at__gt=F("at"))
    outdated = evaluation.draft_acceptances.filter(newer)
    DraftAcceptance.objects.filter(pk__in=list(outdated.values_list("pk", flat=True))).delete()


# --- Moves of the visit ----------------------------------------------------------------------------------------------


def move_visit(evaluation: Evaluation, name: str, step: Step) -> None:
    """Move the visit as part of a step of its evaluation, without a user."""
    perform(evaluation.visit, name, by=None, caused_by=step)


def _close_if_nothing_is_contested(evaluation: Evaluation, step: Step, *, accepts_others: bool) -> None:
    if not find_unanswered(evaluation):
        move_visit(evaluation, "close", step)


@act_of(Evaluation.kind, "go_on_without_response")
def _close(evaluation: Evaluation, step: Step) -> None:
    move_visit(evaluation, "close", step)


@act_of(Evaluation.kind, "excuse")
def _close_if_signed_off(evaluation: Evaluation, step: Step) -> None:
    """Close the visit if its findings are signed off or responded to; otherwise leave it unchanged."""
    visit = evaluation.arranged_visit
    if visit is not None and visit.state in (visit.State.SIGNED_OFF, visit.State.RESPONSE):
        move_visit(evaluation, "close", step)


@act_of(Evaluation.kind, "take_back", "send_back_to_assessors")
def _take_findings_back(evaluation: Evaluation, step: Step) -> None:
    move_visit(evaluation, "take_findings_back", step)


register_act(
    Evaluation.kind,
    "respond",
    act=Act(check=_check_draft, prepare=_write_response, meets=("no_response",), run=_close_if_nothing_is_contested),
)


STORES[Kind.REMARK] = TextStore(
    lambda evaluation, code, submitted, **how: save_remark(evaluation, code, submitted.words, **how),
    rows_of(DraftRemark),
    rows_of(DraftRemarkVersion),
)
