"""Receive a file that a script sends in parts as evidence of an answer."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST

from evaluation.answers.evidence.uploads import begin_upload, finish_upload
from evaluation.models import Evaluation, PartialUpload, UnresolvedText
from portal.answers.evidence.attaching import find_to_answer
from portal.answers.standing import describe_standing, show_answer
from portal.presentation.indicators.evidence import evidence_context, show_evidence
from portal.presentation.indicators.missing import find_missing
from portal.presentation.moments import saved_words
from portal.requests.partial_uploads import answer_begin, answer_next, answer_part
from portal.requests.signed_in import SignedInRequest


@require_POST
def begin(request: SignedInRequest, uid: UUID, code: str) -> HttpResponse:
    """Begin the upload of a file, or continue an interrupted one that matches `name`, `size` and `digest`."""
    evaluation = find_to_answer(request, uid, code)
    return answer_begin(request, partial(begin_upload, evaluation, code), partial(_go_on, request, evaluation))


@require_POST
def receive(request: SignedInRequest, uid: UUID, code: str, upload: UUID) -> HttpResponse:
    """Receive a part, which is the whole request body; the header `Upload-Offset` has its position."""
    evaluation = find_to_answer(request, uid, code)
    own = evaluation.uploads.filter(recommendation=None, save_uid=None)
    found = get_object_or_404(own, uid=upload, code=code, by=request.user)
    found.evaluation = evaluation
    return answer_part(request, found, partial(_go_on, request, evaluation))


def _go_on(request: SignedInRequest, evaluation: Evaluation, upload: PartialUpload) -> HttpResponse:
    address = reverse("workspace:receive_part", args=[evaluation.uid, upload.code, upload.uid])
    return answer_next(upload, address, finish_upload, partial(show_attached, request, evaluation, upload.code))


def show_attached(request: SignedInRequest, evaluation: Evaluation, code: str) -> dict[str, Any]:
    """Return the rendered evidence of an answer, the state of the answer with it, and what is still missing."""
    links = list(evaluation.evidence.filter(code=code).select_related("document", "added_by"))
    context = evidence_context(evaluation, links)
    for link in links:
        link.evaluation = evaluation
    items = [show_evidence(link, context, removable=True) for link in links]
    answer, indicator = evaluation.answers.get(code=code), evaluation.framework.indicators[code]
    missing = find_missing(UnresolvedText.Kind.ANSWER, evaluation, indicator, answer) if answer.version else ""
    return {
        "items": render_to_string("answers/evidence/items.html", {"items": items}, request),
        "count": render_to_string("answers/standing/evidence.html", {"count": len(links)}),
        **describe_standing(show_answer(evaluation, answer, missing)),
        "saved": ". ".join(part for part in (saved_words(answer.at), missing) if part) if answer.version else "",
        "is_missing": bool(missing),
    }
