"""More time for one hotline, with a reason: a step of its evaluation, of which the hotline is told."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evaluation.assessment.deadline.timing import last_day_so_far
from evaluation.models import Evaluation
from evaluation.workflow import Refusal, arrow, perform
from portal.letters import rounds as letters
from portal.presentation.reasons.sentences import show_reason
from portal.workspace.access import find_evaluation
from portal.workspace.requests import SignedInRequest
from portal.workspace.rounds.corrections import DeadlineForm
from portal.workspace.rounds.pages import warn_of_hotlines_without_people

MOVE = "extend"


@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """The form of a later last day, while the self-assessment is open."""
    evaluation = find_evaluation(request, uid, "evaluation.run")
    page = reverse("workspace:evaluation", args=[uid])
    if not arrow(evaluation, MOVE):
        messages.info(request, _("The self-assessment is submitted. Send it back to give it more time."))
        return HttpResponseRedirect(page)
    form = DeadlineForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _save(request, evaluation, form):
        return HttpResponseRedirect(page)
    return render(
        request,
        "workspace/rounds/extend.html",
        {"evaluation": evaluation, "round": evaluation.round, "last_day": last_day_so_far(evaluation), "form": form},
        status=422 if form.errors else 200,
    )


def _save(request: SignedInRequest, evaluation: Evaluation, form: DeadlineForm) -> bool:
    """Move the last day and write to the hotline; else return False, with the reasons at the field."""
    former, note = last_day_so_far(evaluation), form.cleaned_data["note"]
    try:
        with transaction.atomic():
            perform(evaluation, MOVE, by=request.user, note=note, until=form.cleaned_data["until"])
            letters.write_extension_letters(evaluation, former, note=note, by=request.user)
    except Refusal as refusal:
        for reason in refusal.reasons:
            form.add_error("until", show_reason(reason).sentence)
        evaluation.refresh_from_db()
        return False
    messages.success(request, _("The hotline has more time, and gets a letter."))
    warn_of_hotlines_without_people(request, [evaluation.hotline])
    return True


urlpatterns = [path("evaluations/<uuid:uid>/more-time/", extend, name="extend")]
