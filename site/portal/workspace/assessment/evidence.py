"""Documents and addresses of an answer: added, removed, read by those who may see the evaluation."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from evaluation.files.documents import attach_address, attach_document, detach
from evaluation.files.kinds import Unacceptable
from evaluation.models import Evaluation, User
from portal.presentation.uploaded_files import EvidenceForm, describe_refusal, serve
from portal.requests.bodies import ask_first, longest_evidence
from portal.workspace.access import find_document, find_evaluation
from portal.workspace.assessment.saving import belongs_to_another
from portal.workspace.assessment.self_assessment import PAGE
from portal.workspace.requests import SignedInRequest

NOT_AN_ADDRESS = gettext_lazy("That is not an address. Write it whole, such as https://example.org/protocol.")


def _may_answer(request: SignedInRequest, uid: UUID, code: str) -> None:
    if code not in find_evaluation(request, uid, "evaluation.answer").framework.indicators:
        raise Http404


@ask_first(_may_answer, longest_evidence)
@csrf_protect
@require_POST
def add(request: SignedInRequest, uid: UUID, code: str) -> HttpResponse:
    """Add the chosen file and the entered address, and save the other values of the page."""
    evaluation = find_evaluation(request, uid, "evaluation.answer")
    if refusal := belongs_to_another(request):
        return refusal
    standard = evaluation.framework.standard_of[code]
    changed = PAGE.save_form(request, evaluation, standard.code)
    for indicator in standard.indicators:
        if problem := _add_one(request, evaluation, indicator.code, is_asked=indicator.code == code):
            changed.setdefault(indicator.code, {}).update(problem)
    return PAGE.show(request, evaluation, standard.code, changed, code)


def _add_one(request: SignedInRequest, evaluation: Evaluation, code: str, *, is_asked: bool) -> dict[str, Any]:
    """Attach the file and the address of one indicator; return the problems, with the entered address."""
    names = {name: f"{name}-{code}" for name in ("document", "address")}
    if is_asked and not any(name in request.POST or name in request.FILES for name in names.values()):
        names = {name: name for name in names}  # a form of one indicator alone
    address = request.POST.get(names["address"], "")
    files: MultiValueDict[str, UploadedFile[bytes]] = MultiValueDict()
    if (upload := request.FILES.get(names["document"])) is not None:
        files["document"] = upload
    if not (address.strip() or files):
        return {"evidence_problem": _("Choose a document, or write an address.")} if is_asked else {}
    form = EvidenceForm({"address": address}, files)
    if not form.is_valid():
        return {"evidence_problem": NOT_AN_ADDRESS, "submitted_address": address}
    try:
        if wanted := form.cleaned_data["address"]:
            attach_address(evaluation, code, address=wanted, by=request.user)
    except Unacceptable as problem:
        return {"evidence_problem": describe_refusal(problem), "submitted_address": address}
    try:
        if upload := form.cleaned_data["document"]:
            _attach(evaluation, code, upload, by=request.user)
    except Unacceptable as problem:  # an address next to it is stored
        return {"evidence_problem": describe_refusal(problem)}
    return {}


def _attach(evaluation: Evaluation, code: str, upload: "UploadedFile[bytes]", *, by: User) -> None:
    limit, name = settings.EVIDENCE_MAX_BYTES, upload.name or ""
    if (upload.size or 0) > limit:
        raise Unacceptable("too_big", name)
    attach_document(evaluation, code, content=upload.read(), name=name, limit=limit, by=by)


@require_POST
def remove(request: SignedInRequest, uid: UUID, link: UUID) -> HttpResponse:
    """Remove evidence, and save the values of the page."""
    evaluation = find_evaluation(request, uid, "evaluation.answer")
    found = get_object_or_404(evaluation.evidence.select_related("document"), uid=link)
    found.evaluation = evaluation
    if refusal := belongs_to_another(request):
        return refusal
    standard = PAGE.standard_of(evaluation, found.code)
    changed = PAGE.save_form(request, evaluation, standard)
    try:
        detach(found)
    except Unacceptable as problem:
        changed.setdefault(found.code, {})["evidence_problem"] = describe_refusal(problem)
    return PAGE.show(request, evaluation, standard, changed, found.code)


@require_safe
def download(request: SignedInRequest, uid: UUID, document: UUID) -> FileResponse:
    evaluation = find_evaluation(request, uid)
    return serve(find_document(request, evaluation, document))
