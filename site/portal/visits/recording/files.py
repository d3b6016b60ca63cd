"""Photos and documents of observations: added and removed on a page or by a device, and downloaded."""

import hashlib
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from evaluation.files.inspection import inspect_upload
from evaluation.files.kinds import Unacceptable
from evaluation.models import PartialUpload, RecordedFile, Visit
from evaluation.visits.files import LONGEST_SIDE, attach_file, begin_file, finish_file, own_files, remove_file
from portal.access import find_visit
from portal.answers.saving import Fields, read_submission, read_uid
from portal.presentation.form_values import read_words
from portal.requests.bodies import check_right_before_body, longest_evidence
from portal.requests.partial_uploads import MALFORMED, answer_begin, answer_next, answer_part
from portal.requests.signed_in import SignedInRequest, refuse_foreign_form
from portal.requests.stored_files import serve
from portal.visits.recording.observations import PAGE
from portal.visits.recording.progress import readable_files
from portal.visits.shown.files import describe_for_device, describe_refused_file


@require_safe
def recorded_file(request: SignedInRequest, uid: UUID, file: UUID) -> FileResponse:
    """Return a file: a picture is displayed, any other file is downloaded."""
    visit = find_visit(request, uid, "visit.view")
    return serve(request, get_object_or_404(readable_files(visit, request.user), uid=file), is_shown=True)


# --- On the page of a standard ---------------------------------------------------------------------------------------


def find_to_attach(request: SignedInRequest, uid: UUID, standard: str, code: str) -> Visit:
    """Return the visit for a user who records on it, if the standard has this indicator. Raises 404 or 403."""
    visit = find_visit(request, uid, "visit.observe")
    if code not in PAGE.names(visit.evaluation, standard):
        raise Http404
    return visit


@check_right_before_body(find_to_attach, longest_evidence)
@csrf_protect
@require_POST
def add(request: SignedInRequest, uid: UUID, standard: str, code: str) -> HttpResponse:
    """Attach the chosen files of the page, and save its other values."""
    visit = find_to_attach(request, uid, standard, code)
    if refusal := refuse_foreign_form(request):
        return refusal
    changed = PAGE.save_form(request, visit.evaluation, standard)
    for name in PAGE.names(visit.evaluation, standard):
        if problem := _add_one(request, visit, name, is_asked=name == code):
            changed.setdefault(name, {}).update(problem)
    return PAGE.show(request, visit.evaluation, standard, changed, code)


def _add_one(request: SignedInRequest, visit: Visit, code: str, *, is_asked: bool) -> dict[str, Any]:
    """Attach the file of one indicator; return the problem, with the submitted caption."""
    fields = Fields(request.POST, code)
    words, file = read_words(fields, "caption").strip(), request.FILES.get(f"file-{code}")
    if file is None:
        problem = _("Choose a photo or a document.") if is_asked else ""
    elif len(words) > RecordedFile.LONGEST_WORDS:
        problem = _("Write at most %(count)d letters about it, and choose the file again.") % {
            "count": RecordedFile.LONGEST_WORDS
        }
    else:
        problem = _attach(request, visit, code, file, words, read_submission(fields).draft_uid)
    return {"file_problem": problem, "submitted_caption": words} if problem else {}


def _attach(
    request: SignedInRequest, visit: Visit, code: str, file: "UploadedFile[bytes]", words: str, form: UUID
) -> str:
    """Attach a file, once per rendered form and content; return the problem, or an empty text."""
    limit, name = settings.EVIDENCE_MAX_BYTES, file.name or ""
    try:
        if (file.size or 0) > limit:  # not read
            raise Unacceptable("too_big", name)
        content = file.read()
        upload = inspect_upload(content, name, limit=limit, longest_side=LONGEST_SIDE)
        save_uid = uuid5(form, hashlib.sha256(content).hexdigest())
        attach_file(visit, code, upload, save_uid=save_uid, words=words, by=request.user)
    except Unacceptable as refused:
        return describe_refused_file(refused)
    return ""


@require_POST
def remove(request: SignedInRequest, uid: UUID, standard: str, code: str, file: UUID) -> HttpResponse:
    """Delete an own file, and save the values of the page."""
    visit = find_to_attach(request, uid, standard, code)
    if refusal := refuse_foreign_form(request):
        return refusal
    changed = PAGE.save_form(request, visit.evaluation, standard)
    found = own_files(visit, request.user).select_related("by").filter(code=code, uid=file).first()
    if found is not None:  # already removed in another window, if None
        found.visit = visit
        try:
            remove_file(found)
        except Unacceptable as refused:
            changed.setdefault(code, {})["file_problem"] = describe_refused_file(refused)
    return PAGE.show(request, visit.evaluation, standard, changed, code)


# --- From a device ---------------------------------------------------------------------------------------------------


@require_POST
def begin(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Begin the upload of a file by `save_uid`, `code` and digest; return the description of a stored one."""
    visit = find_visit(request, uid, "visit.observe")
    code, save_uid = request.POST.get("code", ""), read_uid(request.POST.get("save_uid", ""))
    if save_uid is None or code not in visit.evaluation.framework.indicators:
        return HttpResponse(status=MALFORMED)
    if stored := own_files(visit, request.user).filter(save_uid=save_uid).first():
        return refuse_foreign_form(request) or JsonResponse(_describe(visit, stored))
    words = read_words(request.POST, "words")
    begin_ = partial(begin_file, visit, code, save_uid=save_uid, words=words)
    return answer_begin(request, begin_, partial(_go_on, visit), describe_refused_file)


@require_POST
def receive(request: SignedInRequest, uid: UUID, upload: UUID) -> HttpResponse:
    """Receive a part, which is the whole request body; the header `Upload-Offset` has its position."""
    visit = find_visit(request, uid, "visit.observe")
    own = visit.evaluation.uploads.filter(by=request.user, save_uid__isnull=False)
    return answer_part(request, get_object_or_404(own, uid=upload), partial(_go_on, visit))


def _go_on(visit: Visit, upload: PartialUpload) -> HttpResponse:
    address = reverse("workspace:receive_recorded_part", args=[visit.evaluation.uid, upload.uid])

    def show() -> dict[str, Any]:
        return _describe(visit, get_object_or_404(own_files(visit, upload.by), save_uid=upload.save_uid))

    return answer_next(upload, address, partial(finish_file, visit), show, describe_refused_file)


def _describe(visit: Visit, file: RecordedFile) -> dict[str, Any]:
    return {"file": describe_for_device(file, visit.evaluation.uid)}


_PLACE = "evaluations/<uuid:uid>/observations/<str:standard>/<str:code>/files/"

urlpatterns = [
    path("evaluations/<uuid:uid>/visit/files/<uuid:file>/", recorded_file, name="recorded_file"),
    path(_PLACE, add, name="add_recorded_file"),
    path(f"{_PLACE}<uuid:file>/remove/", remove, name="remove_recorded_file"),
    path("recording/<uuid:uid>/files/", begin, name="begin_recorded_file"),
    path("recording/<uuid:uid>/files/<uuid:upload>/", receive, name="receive_recorded_part"),
]
