"""A file that a script sends in parts: each request is answered with the offset of the next part."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST

from evaluation.assessment.evidence.uploads import (
    LONGEST_PART,
    InvalidPart,
    WrongOffset,
    add_part,
    begin_upload,
    finish_upload,
)
from evaluation.files.kinds import Unacceptable
from evaluation.models import Evaluation, PartialUpload, UnresolvedText
from portal.presentation.form_values import read_words
from portal.presentation.indicators.evidence import show_evidence, surroundings_of
from portal.presentation.indicators.missing import find_missing
from portal.presentation.moments import saved_words
from portal.presentation.uploaded_files import describe_refusal
from portal.workspace.assessment.evidence.attaching import find_to_answer
from portal.workspace.assessment.saving import belongs_to_another
from portal.workspace.assessment.standing import describe_standing, show_answer
from portal.workspace.requests import SignedInRequest

MALFORMED = 400


@require_POST
def begin(request: SignedInRequest, uid: UUID, code: str) -> HttpResponse:
    """Begin the upload of a file, or find the one that was interrupted, by `name`, `size` and `digest`."""
    evaluation = find_to_answer(request, uid, code)
    if refusal := belongs_to_another(request):
        return refusal
    size = request.POST.get("size", "")
    try:
        upload = begin_upload(
            evaluation,
            code,
            name=read_words(request.POST, "name"),
            size=int(size) if size.isdecimal() and len(size) < 10 else -1,
            digest=request.POST.get("digest", ""),
            limit=settings.EVIDENCE_MAX_BYTES,
            by=request.user,
        )
    except InvalidPart:
        return HttpResponse(status=MALFORMED)
    except Unacceptable as refused:
        return _refuse(refused)
    return _go_on(request, evaluation, upload)


@require_POST
def receive(request: SignedInRequest, uid: UUID, code: str, upload: UUID) -> HttpResponse:
    """Take a part, which is the whole body; `Upload-Offset` says where it begins."""
    evaluation = find_to_answer(request, uid, code)
    found = get_object_or_404(evaluation.uploads.select_related("link"), uid=upload, code=code, by=request.user)
    found.evaluation = evaluation
    offset = request.headers.get("Upload-Offset", "")
    try:
        add_part(found, request.body, offset=int(offset) if offset.isdecimal() and len(offset) < 10 else -1)
    except WrongOffset as wrong:
        return JsonResponse({"offset": wrong.received}, status=409)
    except InvalidPart:
        return HttpResponse(status=MALFORMED)
    return _go_on(request, evaluation, found)


def _go_on(request: SignedInRequest, evaluation: Evaluation, upload: PartialUpload) -> HttpResponse:
    """Answer with what is wanted next. A complete file is checked and attached first, however often this is asked."""
    if not upload.is_complete:
        address = reverse("workspace:receive_part", args=[evaluation.uid, upload.code, upload.uid])
        return JsonResponse({"address": address, "offset": upload.received, "part": LONGEST_PART})
    try:
        finish_upload(upload, limit=settings.EVIDENCE_MAX_BYTES)
    except Unacceptable as refused:
        return _refuse(refused)
    return JsonResponse({"offset": upload.size, **show_attached(request, evaluation, upload.code)})


def _refuse(refused: Unacceptable) -> JsonResponse:
    return JsonResponse({"problem": describe_refusal(refused)}, status=422)


def show_attached(request: SignedInRequest, evaluation: Evaluation, code: str) -> dict[str, Any]:
    """Return the evidence of an answer as the page shows it, and what the answer stands at and still lacks with it."""
    links = list(evaluation.evidence.filter(code=code).select_related("document", "added_by"))
    surroundings = surroundings_of(evaluation, links)
    for link in links:
        link.evaluation = evaluation
    items = [show_evidence(link, surroundings, removable=True) for link in links]
    answer, indicator = evaluation.answers.get(code=code), evaluation.framework.indicators[code]
    missing = find_missing(UnresolvedText.Kind.ANSWER, evaluation, indicator, answer) if answer.version else ""
    return {
        "items": render_to_string("workspace/assessment/evidence/items.html", {"items": items}, request),
        "count": render_to_string("workspace/assessment/standing/evidence.html", {"count": len(links)}),
        **describe_standing(show_answer(evaluation, answer, missing)),
        "saved": ". ".join(part for part in (saved_words(answer.at), missing) if part) if answer.version else "",
        "is_missing": bool(missing),
    }
