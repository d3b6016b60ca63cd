"""The questions of a desk review: both sides read them; the hotline answers before the visit, with evidence."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.answers.judgements import Closed, Conflict
from evaluation.files.inspection import inspect_upload
from evaluation.files.kinds import Unacceptable
from evaluation.models import DeskProof, DeskQuestion, Document
from evaluation.models.people.permissions import is_allowed
from evaluation.visits.desk_review import (
    LONGEST_WORDS,
    InvalidAnswerWords,
    add_desk_proof,
    count_awaited,
    is_desk_open,
    questions_to,
    remove_desk_proof,
    save_desk_answer,
)
from portal.access import find_desk_question, find_evaluation
from portal.presentation.uploaded_files import EvidenceForm, describe_refusal
from portal.requests.bodies import check_right_before_body, longest_evidence
from portal.requests.signed_in import SignedInRequest
from portal.requests.stored_files import serve
from portal.visits.letters import write_answer_letters


class AnswerForm(EvidenceForm):
    """The answer, with optional documents and an address."""

    field_order = ("words", "document", "address")
    words = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write the answer.")},
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


@require_safe
def questions(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show all questions with their answers to the hotline, the team and MCE."""
    evaluation = find_evaluation(request, uid, "visit.read_questions")
    texts = evaluation.round.edition.texts(get_language())
    found = questions_to(evaluation)
    return render(
        request,
        "visits/questions.html",
        {
            "evaluation": evaluation,
            "rows": [(one, texts[f"indicator/{one.code}/wording"], show_proofs(one)) for one in found],
            "awaited": sum(one.is_awaited for one in found),
            "may_answer": is_desk_open(evaluation.arranged_visit)
            and is_allowed("evaluation.answer", request.user, evaluation),
        },
    )


def _find(request: SignedInRequest, uid: UUID) -> DeskQuestion:
    """Return the question for users who may read it; in a POST, for the hotline's people, who answer it."""
    return find_desk_question(request, uid, "evaluation.answer" if request.method == "POST" else "visit.read_questions")


@check_right_before_body(_find, longest_evidence)
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show one question and its answer, with the form for the hotline while it can be answered."""
    found = _find(request, uid)
    if request.method != "POST":
        return _draw(request, found)
    form = AnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        return _draw(request, found, form=form, status=422)
    return _save(request, found, form)


def _save(request: SignedInRequest, found: DeskQuestion, form: AnswerForm) -> HttpResponse:
    """Save the answer and its evidence in one transaction."""
    submitted = form.cleaned_data
    try:
        with transaction.atomic():
            saved = save_desk_answer(found, submitted["words"], version=submitted["version"], by=request.user)
            if isinstance(saved, DeskQuestion):
                _add_proofs(found, submitted["document"], submitted["address"], request)
                if count_awaited(found.evaluation) == 0 and not found.is_answered:
                    write_answer_letters(found.evaluation, by=request.user)
    except InvalidAnswerWords:
        form.add_error("words", _("Write the answer."))
        return _draw(request, found, form=form, status=422)
    except Unacceptable as problem:
        form.add_error("address" if problem.name == submitted["address"] else "document", describe_refusal(problem))
        return _draw(request, found, form=form, status=422)
    if isinstance(saved, Closed):
        return _draw(request, found, form=form, is_closed=True, status=423)
    if isinstance(saved, Conflict):
        return _draw(request, saved.theirs, form=form, is_conflict=True, status=409)
    messages.success(request, _("Your answer is saved, and the team of the visit reads it."))
    return HttpResponseRedirect(reverse("workspace:questions", args=[found.evaluation.uid]))


def _add_proofs(
    found: DeskQuestion, documents: "Iterable[UploadedFile[bytes]]", address: str, request: SignedInRequest
) -> None:
    for document in documents:
        name = document.name or ""
        if (document.size or 0) > settings.EVIDENCE_MAX_BYTES:
            raise Unacceptable("too_big", name)
        upload = inspect_upload(document.read(), name, limit=settings.EVIDENCE_MAX_BYTES)
        add_desk_proof(found, by=request.user, upload=upload)
    if address:
        add_desk_proof(found, by=request.user, address=address)


def _draw(
    request: SignedInRequest,
    found: DeskQuestion,
    *,
    form: AnswerForm | None = None,
    is_closed: bool = False,
    is_conflict: bool = False,
    status: int = 200,
) -> HttpResponse:
    evaluation = found.evaluation
    texts = evaluation.round.edition.texts(get_language())
    may_answer = is_desk_open(evaluation.arranged_visit) and is_allowed("evaluation.answer", request.user, evaluation)
    if form is None:
        form = AnswerForm(initial={"words": found.answer, "version": found.version})
    elif is_conflict:
        form.data = {**dict(form.data.items()), "version": found.version}
    return render(
        request,
        "visits/question.html",
        {
            "evaluation": evaluation,
            "question": found,
            "wording": texts[f"indicator/{found.code}/wording"],
            "proofs": show_proofs(found, may_remove=may_answer),
            "form": form if may_answer or is_closed else None,
            "is_closed": is_closed,
            "is_conflict": is_conflict,
        },
        status=status,
    )


# --- The evidence of an answer ---------------------------------------------------------------------------------------


def show_proofs(found: DeskQuestion, *, may_remove: bool = False) -> list[dict[str, Any]]:
    """Return the documents and addresses for the evidence component."""
    return [_show_proof(found, proof, may_remove=may_remove) for proof in found.proofs.all()]


def _show_proof(found: DeskQuestion, proof: DeskProof, *, may_remove: bool) -> dict[str, Any]:
    item: dict[str, Any] = {"meta": date_format(timezone.localtime(proof.at), "SHORT_DATE_FORMAT")}
    if may_remove:
        item["remove_url"] = reverse("workspace:remove_desk_proof", args=[found.uid, proof.uid])
    if proof.document is None:
        return item | {"name": proof.address, "url": proof.address, "is_address": True}
    url = reverse("workspace:desk_document", args=[found.uid, proof.document.uid])
    return item | {"name": proof.document.name, "url": url}


@require_POST
def remove_proof(request: SignedInRequest, uid: UUID, proof: UUID) -> HttpResponse:
    found = find_desk_question(request, uid, "evaluation.answer")
    shown = get_object_or_404(found.proofs, uid=proof)
    shown.question = found
    if not remove_desk_proof(shown):
        messages.error(request, _("It stays: the visit has begun, and the answers are as the team has read them."))
    return HttpResponseRedirect(reverse("workspace:question", args=[uid]))


@require_safe
def document(request: SignedInRequest, uid: UUID, document: UUID) -> FileResponse:
    found = find_desk_question(request, uid)
    return serve(request, get_object_or_404(Document.objects.filter(desk_proofs__question=found), uid=document))


urlpatterns = [
    path("evaluations/<uuid:uid>/questions/", questions, name="questions"),
    path("questions/<uuid:uid>/", question, name="question"),
    path("questions/<uuid:uid>/proofs/<uuid:proof>/remove/", remove_proof, name="remove_desk_proof"),
    path("questions/<uuid:uid>/documents/<uuid:document>/", document, name="desk_document"),
]
