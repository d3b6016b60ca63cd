"""Attach documents and addresses to an answer, and download documents."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from evaluation.files.documents import attach_address, attach_document
from evaluation.files.kinds import Unacceptable
from evaluation.models import Evaluation, User
from portal.access import find_document, find_evaluation
from portal.answers.self_assessment import PAGE
from portal.presentation.uploaded_files import EvidenceForm, describe_refusal
from portal.requests.bodies import check_right_before_body, longest_evidence
from portal.requests.signed_in import SignedInRequest, refuse_foreign_form
from portal.requests.stored_files import serve

NOT_AN_ADDRESS = gettext_lazy("That is not an address. Write it whole, such as https://example.org/protocol.")


def may_answer(request: SignedInRequest, uid: UUID, code: str) -> None:
    """Raise 404 or 403 unless the user may answer this indicator."""
    find_to_answer(request, uid, code)


def find_to_answer(request: SignedInRequest, uid: UUID, code: str) -> Evaluation:
    """Return the evaluation, for a user who may answer this indicator of it. Raises 404 or 403."""
    evaluation = find_evaluation(request, uid, "evaluation.answer")
    if code not in evaluation.framework.indicators:
        raise Http404
    return evaluation


@check_right_before_body(may_answer, longest_evidence)
@csrf_protect
@require_POST
def add(request: SignedInRequest, uid: UUID, code: str) -> HttpResponse:
    """Add the chosen files and the entered address, and save the other values of the page."""
    evaluation = find_evaluation(request, uid, "evaluation.answer")
    if refusal := refuse_foreign_form(request):
        return refusal
    standard = evaluation.framework.standard_of[code]
    changed = PAGE.save_form(request, evaluation, standard.code)
    for indicator in standard.indicators:
        if problem := _add_one(request, evaluation, indicator.code, is_asked=indicator.code == code):
            changed.setdefault(indicator.code, {}).update(problem)
    return PAGE.show(request, evaluation, standard.code, changed, code)


def _add_one(request: SignedInRequest, evaluation: Evaluation, code: str, *, is_asked: bool) -> dict[str, Any]:
    """Attach the files and the address of one indicator; return the problems, with the entered address.

    Each file and address is attached independently: a problem with one does not stop the others.
    """
    names = {name: f"{name}-{code}" for name in ("document", "address")}
    if is_asked and not any(name in request.POST or name in request.FILES for name in names.values()):
        names = {name: name for name in names}  # a form of one indicator alone
    address, uploads = request.POST.get(names["address"], ""), request.FILES.getlist(names["document"])
    if not (address.strip() or uploads):
        return {"evidence_problem": _("Choose a document, or write an address.")} if is_asked else {}
    problems, left = [], ""
    if address.strip() and (problem := _add_address(evaluation, code, address, by=request.user)):
        problems.append(problem)
        left = address
    for upload in uploads:
        try:
            attach_upload(evaluation, code, upload, by=request.user)
        except Unacceptable as refused:
            problems.append(describe_refusal(refused))
    return {"evidence_problem": " ".join(problems), "submitted_address": left} if problems else {}


def _add_address(evaluation: Evaluation, code: str, address: str, *, by: User) -> str:
    """Attach the address; return the problem, or an empty text."""
    form = EvidenceForm({"address": address})
    if not form.is_valid():
        return str(NOT_AN_ADDRESS)
    try:
        attach_address(evaluation, code, address=form.cleaned_data["address"], by=by)
    except Unacceptable as problem:
        return describe_refusal(problem)
    return ""


def attach_upload(evaluation: Evaluation, code: str, upload: "UploadedFile[bytes]", *, by: User) -> None:
    """Attach an uploaded file; one that is too big is not read. Raises Unacceptable."""
    limit, name = settings.EVIDENCE_MAX_BYTES, upload.name or ""
    if (upload.size or 0) > limit:
        raise Unacceptable("too_big", name)
    attach_document(evaluation, code, content=upload.read(), name=name, limit=limit, by=by)


@require_safe
def download(request: SignedInRequest, uid: UUID, document: UUID) -> FileResponse:
    evaluation = find_evaluation(request, uid)
    return serve(request, find_document(request, evaluation, document))
