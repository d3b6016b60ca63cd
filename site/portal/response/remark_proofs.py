"""Evidence attached to a remark of the response: new files, addresses, and documents that the hotline already has."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.answers.judgements import Closed
from evaluation.files.inspection import Upload, inspect_upload
from evaluation.files.kinds import Unacceptable
from evaluation.models import Document, Evaluation, RemarkProof, User
from evaluation.response.response import add_remark_proof, drafted_proofs, remove_remark_proof
from portal.access import find_evaluation
from portal.presentation.form_values import read_words
from portal.presentation.uploaded_files import EvidenceForm, describe_refusal
from portal.requests.bodies import check_right_before_body, longest_evidence
from portal.requests.signed_in import SignedInRequest
from portal.response.content import show_remark_proofs
from portal.response.response import PAGE

MOST_SHOWN = 50
"""The most documents of the hotline that are listed; others are found by searching their names."""


class ProofForm(EvidenceForm):
    """Documents to upload, documents that the hotline has, and an address; at least one of them.

    Existing documents are offered if their names contain `words`.
    """

    field_order = ("document", "known", "address")
    known = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Documents that you have here already"),
        queryset=Document.objects.none(),
        to_field_name="uid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *sent: Any, evaluation: Evaluation, words: str) -> None:
        super().__init__(*sent)
        known: Any = self.fields["known"]
        known.queryset = documents = Document.objects.filter(hotline=evaluation.hotline_id).order_by("name", "pk")
        self.is_long = documents[MOST_SHOWN : MOST_SHOWN + 1].exists()
        chosen = [one for one in documents if str(one.uid) in sent[0].getlist("known")] if sent else []
        shown = dict.fromkeys([*chosen, *documents.filter(name__icontains=words)[:MOST_SHOWN]])
        known.choices = [(document.uid, document.name) for document in shown]

    def clean(self) -> None:
        given = self.cleaned_data
        if not self.errors and not any(given[name] for name in ("document", "known", "address")):
            self.add_error("document", _("Choose a document, or write an address."))


def _find(request: SignedInRequest, uid: UUID, code: str) -> Evaluation:
    evaluation = find_evaluation(request, uid, PAGE.right)
    if code not in evaluation.framework.indicators:
        raise Http404
    return evaluation


@check_right_before_body(_find, longest_evidence)
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def proofs(request: SignedInRequest, uid: UUID, code: str) -> HttpResponse:
    """Show the evidence of the remark on an indicator, and the form to add to it."""
    evaluation = _find(request, uid, code)
    words = read_words(request.GET, "q")
    if request.method != "POST":
        return _draw(request, evaluation, code, ProofForm(evaluation=evaluation, words=words))
    form = ProofForm(request.POST, request.FILES, evaluation=evaluation, words=words)
    if not form.is_valid():
        return _draw(request, evaluation, code, form, status=422)
    try:
        with transaction.atomic():
            added = _add(evaluation, code, form, by=request.user)
    except Unacceptable as problem:
        form.add_error(_field_of(problem, form), describe_refusal(problem))
        return _draw(request, evaluation, code, form, status=422)
    if not added:
        messages.error(request, PAGE.closed_text(evaluation))
        return _draw(request, evaluation, code, form, status=423)
    return HttpResponseRedirect(PAGE.address(evaluation, name=code))


def _field_of(problem: Unacceptable, form: ProofForm) -> str:
    """Return the name of the field that contains the refused file or address."""
    given = form.cleaned_data
    if problem.name == given["address"]:
        return "address"
    is_known = problem.code == "shown_already" and problem.name in {document.name for document in given["known"]}
    return "known" if is_known else "document"


def _add(evaluation: Evaluation, code: str, form: ProofForm, *, by: User) -> bool:
    """Add all or nothing; return whether the response is still open. Raises Unacceptable."""
    given = form.cleaned_data
    things = [*given["known"], *([given["address"]] if given["address"] else [])]
    added = [
        *(add_remark_proof(evaluation, code, by=by, upload=_inspect(upload)) for upload in given["document"]),
        *(add_remark_proof(evaluation, code, by=by, thing=thing) for thing in things),
    ]
    return not any(isinstance(one, Closed) for one in added)


def _inspect(upload: "UploadedFile[bytes]") -> Upload:
    name = upload.name or ""
    if (upload.size or 0) > settings.EVIDENCE_MAX_BYTES:
        raise Unacceptable("too_big", name)
    return inspect_upload(upload.read(), name, limit=settings.EVIDENCE_MAX_BYTES)


def _draw(
    request: SignedInRequest, evaluation: Evaluation, code: str, form: ProofForm, *, status: int = 200
) -> HttpResponse:
    texts = evaluation.round.edition.texts(get_language())
    is_open = evaluation.state == PAGE.written_at
    shown = drafted_proofs(evaluation).get(code, [])
    return render(
        request,
        "response/remark_proofs.html",
        {
            "evaluation": evaluation,
            "code": code,
            "wording": texts[f"indicator/{code}/wording"],
            "proofs": show_remark_proofs(evaluation, shown, may_remove=is_open),
            "form": form,
            "words": read_words(request.GET, "q"),
            "is_open": is_open,
            "back": PAGE.address(evaluation, name=code),
        },
        status=status,
    )


@require_POST
def remove(request: SignedInRequest, uid: UUID, proof: UUID) -> HttpResponse:
    evaluation = find_evaluation(request, uid, PAGE.right)
    found = get_object_or_404(RemarkProof, evaluation=evaluation, remark=None, uid=proof)
    if not remove_remark_proof(found):
        messages.error(request, PAGE.closed_text(evaluation))
    return HttpResponseRedirect(PAGE.address(evaluation, name=found.code))


urlpatterns = [
    path("evaluations/<uuid:uid>/response/<str:code>/proofs/", proofs, name="remark_proofs"),
    path("evaluations/<uuid:uid>/response/proofs/<uuid:proof>/remove/", remove, name="remove_remark_proof"),
]
