"""What devices sent after their assessor had finished: the lead decides on rows, the author takes back their own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from evaluation.answers.unresolved_texts import Kind, take_back_late_texts
from evaluation.visits.recording import is_recording
from evaluation.visits.sheets.late_rows import take_back_late_rows
from evaluation.workflow import Refusal, perform
from portal.access import find_visit
from portal.moves.stored_notes import pop_note, store_note
from portal.presentation.form_values import read_words
from portal.presentation.refusals import report_refusal
from portal.requests.signed_in import SignedInRequest
from portal.visits.sheets.reading import find_current


def _redirect_to_list(uid: UUID) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('workspace:visit', args=[uid])}#late")


def _decide(request: SignedInRequest, uid: UUID, name: str, success: str, **needs: Any) -> HttpResponse:
    visit = find_visit(request, uid, "visit.view")
    note, back_to = read_words(request.POST, "note"), reverse("workspace:visit", args=[uid])
    rows = set(request.POST.getlist("row"))
    try:
        perform(visit, name, by=request.user, note=note, rows=rows, **needs)
    except Refusal as refusal:
        report_refusal(request, refusal, visit)
        store_note(request, back_to, note, form="late")
    else:
        pop_note(request, back_to, form="late")
        messages.success(request, success)
    return _redirect_to_list(uid)


@require_POST
def take(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Take the chosen rows into the sheets of their authors."""
    templates = find_current(find_visit(request, uid, "visit.view"))
    return _decide(request, uid, "take_late_rows", _("The rows are in the sheets now."), templates=templates)


@require_POST
def leave_out(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Leave the chosen rows out, with the reason."""
    return _decide(request, uid, "leave_out_late_rows", _("The rows are left out. Their author reads why."))


@require_POST
def take_back(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Take back, in one act, all texts and rows of the user that came too late."""
    visit = find_visit(request, uid, "visit.observe")
    if not is_recording(visit, request.user):
        messages.error(request, _("This is possible while the visit is under way and you have not finished."))
        return _redirect_to_list(uid)
    left = take_back_late_texts(visit.evaluation, Kind.OBSERVATION, by=request.user)
    left += take_back_late_rows(visit, find_current(visit), by=request.user)
    if left:
        sentence = ngettext(
            "%(count)d of them was changed elsewhere meanwhile: what is recorded there stays. Look at it on the page of "
            "its indicator or sheet.",
            "%(count)d of them were changed elsewhere meanwhile: what is recorded there stays. Look at them on the pages "
            "of their indicators or sheets.",
            left,
        )
        messages.warning(request, sentence % {"count": left})
    else:
        messages.success(request, _("All that came too late is recorded now."))
    return _redirect_to_list(uid)


_LATE = "evaluations/<uuid:uid>/visit/late/"
urlpatterns = [
    path(f"{_LATE}take/", take, name="take_late_rows"),
    path(f"{_LATE}leave-out/", leave_out, name="leave_out_late_rows"),
    path(f"{_LATE}take-back/", take_back, name="take_back_late"),
]
