"""The observations of one assessor on a visit, standard by standard, until they finish recording."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.answers.entered_answers import EnteredAnswer
from evaluation.answers.unresolved_texts import Kind
from evaluation.models import Evaluation, Observation
from evaluation.visits.recording import is_recording
from evaluation.workflow import Refusal, perform
from portal.access import find_visit
from portal.answers.saving import Changed, TextPage
from portal.presentation.indicators.missing import find_missing
from portal.presentation.refusals import report_refusal
from portal.requests.signed_in import SignedInRequest
from portal.visits.recording.findings import find_visited, render_standard


@require_http_methods(["GET", "HEAD", "POST"])
def observations(request: SignedInRequest, uid: UUID, standard: str) -> HttpResponse:
    """Show the user's observations of a standard. A plain form sends all of it."""
    evaluation = find_visited(request, uid, PAGE.right)
    if request.method == "POST":
        return PAGE.save_plainly(request, evaluation, standard)
    return render_observations(request, evaluation, standard)


def render_observations(
    request: SignedInRequest, evaluation: Evaluation, code: str, *, changed: Changed | None = None, status: int = 200
) -> HttpResponse:
    """Render the answers of a standard, each with the user's observation."""
    visit = evaluation.visit
    own = {seen.code: seen for seen in visit.observations.filter(by=request.user).select_related("by")}
    blank = {code: Observation(visit=visit, code=code) for code in evaluation.framework.indicators}
    may_write = is_recording(visit, request.user)
    return render_standard(
        request, evaluation, code, blank | own, PAGE, may_write=may_write, changed=changed, status=status
    )


PAGE = TextPage(
    kind=Kind.OBSERVATION,
    address_name="workspace:observations",
    right="visit.observe",
    history_right="visit.observe",
    written_at=Evaluation.State.STUDY_VISIT,
    read=EnteredAnswer.read_observation,
    draw=render_observations,
    find=find_visited,
    missing=find_missing,
    is_by_standard=True,
    closed_words=gettext_lazy(
        "This can be recorded only while the visit is under way and you have not finished. Your text is kept until you "
        "discard it."
    ),
)
save = require_POST(PAGE.save)


def _end(request: SignedInRequest, uid: UUID, name: str, success: str) -> HttpResponse:
    """Perform the move with which an assessor finishes or resumes recording."""
    visit = find_visit(request, uid, "visit.observe")
    try:
        perform(visit, name, by=request.user)
    except Refusal as refusal:
        report_refusal(request, refusal, visit)
    else:
        messages.success(request, success)
    return HttpResponseRedirect(f"{reverse('workspace:visit', args=[uid])}#recording")


@require_POST
def finish(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Record that the assessor has finished recording."""
    return _end(request, uid, "finish_recording", _("You have finished recording."))


@require_POST
def go_on(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Resume recording after having finished."""
    return _end(request, uid, "go_on_recording", _("You can go on recording."))


urlpatterns = [
    path("evaluations/<uuid:uid>/observations/<str:standard>/", observations, name="observations"),
    path("evaluations/<uuid:uid>/observations/<str:standard>/<str:code>/", save, name="save_observation"),
    path("evaluations/<uuid:uid>/visit/finish/", finish, name="finish_recording"),
    path("evaluations/<uuid:uid>/visit/go-on/", go_on, name="go_on_recording"),
]
