"""The proofs of a recommendation: add, withdraw before submission, download."""

from functools import partial
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from evaluation.files.inspection import Upload, inspect_upload
from evaluation.files.kinds import Unacceptable
from evaluation.models import Document, PartialUpload, Recommendation, User
from evaluation.recommendations import progress
from evaluation.recommendations.uploads import begin_proof, finish_proof
from portal.access import find_recommendation
from portal.moves.pages import offered_moves
from portal.presentation.form_values import read_words
from portal.presentation.uploaded_files import describe_refusal
from portal.recommendations.page import ProofForm, render_recommendation, show_proofs
from portal.requests.bodies import check_right_before_body, longest_evidence
from portal.requests.partial_uploads import answer_begin, answer_next, answer_part
from portal.requests.signed_in import SignedInRequest
from portal.requests.stored_files import serve


def _may_work(request: SignedInRequest, uid: UUID) -> None:
    find_recommendation(request, uid, "recommendation.work")


@check_right_before_body(_may_work, longest_evidence)
@csrf_protect
@require_POST
def add(request: SignedInRequest, uid: UUID) -> HttpResponse:
    recommendation = find_recommendation(request, uid, "recommendation.work")
    form = ProofForm(request.POST, request.FILES)
    if not form.is_valid():
        return render_recommendation(request, recommendation, proof=form)
    _add_each(recommendation, form, by=request.user)
    if form.errors:
        return render_recommendation(request, recommendation, proof=form)
    messages.success(request, _("It is added. Submit the evidence when everything is there."))
    return _back(recommendation)


def _add_each(recommendation: Recommendation, form: ProofForm, *, by: User) -> None:
    """Add each document and the address, with the text; a problem with one does not stop the others."""
    documents, address, words = (form.cleaned_data[name] for name in ("document", "address", "words"))
    for document in documents:
        try:
            progress.add_proof(recommendation, by=by, upload=inspect_document(document), words=words)
        except Unacceptable as problem:
            form.add_error("document", describe_refusal(problem))
    if address or not documents:
        try:
            progress.add_proof(recommendation, by=by, address=address, words=words)
        except Unacceptable as problem:
            form.add_error("address", describe_refusal(problem))
        else:
            form.data = {
                **dict(form.data.items()),
                "address": "",
            }  # already added, so not entered again with a refused document


def inspect_document(upload: "UploadedFile[bytes]") -> Upload:
    """Return the checked upload. Raises Unacceptable."""
    name = upload.name or ""
    if (upload.size or 0) > settings.EVIDENCE_MAX_BYTES:
        raise Unacceptable("too_big", name)
    return inspect_upload(upload.read(), name, limit=settings.EVIDENCE_MAX_BYTES)


def _back(recommendation: Recommendation) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('workspace:recommendation', args=[recommendation.uid])}#proofs")


@require_POST
def begin(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Begin the upload of a document, or continue an interrupted one; `words` explain what it shows."""
    recommendation = find_recommendation(request, uid, "recommendation.work")
    words = read_words(request.POST, "words")
    return answer_begin(
        request, partial(begin_proof, recommendation, words=words), partial(_go_on, request, recommendation)
    )


@require_POST
def receive(request: SignedInRequest, uid: UUID, upload: UUID) -> HttpResponse:
    """Receive a part, which is the whole request body; the header `Upload-Offset` has its position."""
    recommendation = find_recommendation(request, uid, "recommendation.work")
    found = get_object_or_404(recommendation.uploads, uid=upload, by=request.user)
    return answer_part(request, found, partial(_go_on, request, recommendation))


def _go_on(request: SignedInRequest, recommendation: Recommendation, upload: PartialUpload) -> HttpResponse:
    address = reverse("workspace:receive_proof", args=[recommendation.uid, upload.uid])
    return answer_next(upload, address, finish_proof, partial(_show_added, request, recommendation))


def _show_added(request: SignedInRequest, recommendation: Recommendation) -> dict[str, str]:
    """Return the rendered proofs and moves of the recommendation."""
    context = {
        "recommendation": recommendation,
        "proofs": show_proofs(recommendation, may_take_back=True),
        "moves": offered_moves(recommendation, request.user),
    }
    return {
        "items": render_to_string("recommendations/proofs.html", context, request),
        "moves": render_to_string("recommendations/moves.html", context, request),
    }


@require_POST
def remove(request: SignedInRequest, uid: UUID, proof: UUID) -> HttpResponse:
    recommendation = find_recommendation(request, uid, "recommendation.work")
    found = get_object_or_404(recommendation.proofs.select_related("document"), uid=proof)
    try:
        progress.withdraw_proof(found, by=request.user)
    except Unacceptable as problem:
        messages.error(request, describe_refusal(problem))
    return _back(recommendation)


@require_safe
def download(request: SignedInRequest, uid: UUID, document: UUID) -> FileResponse:
    """Return the document, for users who may read the recommendation."""
    recommendation = find_recommendation(request, uid)
    shown = Document.objects.filter(proofs__recommendation=recommendation)
    return serve(request, get_object_or_404(shown, uid=document))
