"""Receive a file that a script sends in parts: each response has the offset of the next part."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse

from evaluation.answers.evidence.uploads import LONGEST_PART, InvalidPart, WrongOffset, add_part
from evaluation.files.kinds import Unacceptable
from evaluation.models import PartialUpload
from portal.presentation.form_values import read_words
from portal.presentation.uploaded_files import describe_refusal
from portal.requests.signed_in import SignedInRequest, refuse_foreign_form

MALFORMED = 400

GoOn = Callable[[PartialUpload], HttpResponse]
Describe = Callable[[Unacceptable], str]


def answer_begin(
    request: SignedInRequest,
    begin_: Callable[..., PartialUpload],
    go_on: GoOn,
    describe: Describe = describe_refusal,
) -> HttpResponse:
    """Begin an upload by `name`, `size` and `digest`. Refuses a form that was rendered for another user."""
    if refusal := refuse_foreign_form(request):
        return refusal
    size = request.POST.get("size", "")
    try:
        upload = begin_(
            name=read_words(request.POST, "name"),
            size=int(size) if size.isdecimal() and len(size) < 10 else -1,
            digest=request.POST.get("digest", ""),
            limit=settings.EVIDENCE_MAX_BYTES,
            by=request.user,
        )
    except InvalidPart:
        return HttpResponse(status=MALFORMED)
    except Unacceptable as refused:
        return _refuse(refused, describe)
    return go_on(upload)


def answer_part(request: SignedInRequest, found: PartialUpload, go_on: GoOn) -> HttpResponse:
    """Add the body of the request to an upload."""
    offset = request.headers.get("Upload-Offset", "")
    try:
        add_part(found, request.body, offset=int(offset) if offset.isdecimal() and len(offset) < 10 else -1)
    except WrongOffset as wrong:
        return JsonResponse({"offset": wrong.received}, status=409)
    except InvalidPart:
        return HttpResponse(status=MALFORMED)
    return go_on(found)


def answer_next(
    upload: PartialUpload,
    address: str,
    finish: Callable[..., object],
    show: Callable[[], dict[str, Any]],
    describe: Describe = describe_refusal,
) -> HttpResponse:
    """Return the offset of the next part; for a complete file, store it and return the result of `show`."""
    if not upload.is_complete:
        return JsonResponse({"address": address, "offset": upload.received, "part": LONGEST_PART})
    try:
        finish(upload, limit=settings.EVIDENCE_MAX_BYTES)
    except Unacceptable as refused:
        return _refuse(refused, describe)
    return JsonResponse({"offset": upload.size, **show()})


def _refuse(refused: Unacceptable, describe: Describe) -> JsonResponse:
    return JsonResponse({"problem": describe(refused), "code": refused.code}, status=422)
