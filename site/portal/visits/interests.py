"""The declaration of a member of a visit's team: no stake in the hotline, or which one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evaluation.visits.interests import declare_interests, step_aside
from evaluation.workflow import Refusal
from portal.access import find_visit
from portal.accounts.ties import StakeForm
from portal.presentation.reasons import show_reason
from portal.presentation.refusals import raise_if_forbidden
from portal.requests.signed_in import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Declare no stake; or a stake, which ends the member's part in the visit."""
    visit = find_visit(request, uid, "visit.step_aside")
    is_tied = "stake" in request.POST
    form = StakeForm(request.POST if is_tied else None, auto_id="stake_%s")
    context = {"evaluation": visit.evaluation, "visit": visit, "stake_form": form}
    if request.method != "POST":
        return render(request, "visits/interests.html", context)
    if is_tied and not form.is_valid():
        return render(request, "visits/interests.html", context, status=422)
    try:
        if is_tied:
            step_aside(visit, form.cleaned_data["reason"], by=request.user)
        else:
            declare_interests(visit, [request.user], by=request.user)
    except Refusal as refusal:
        raise_if_forbidden(refusal, visit)
        context["refused"] = [show_reason(reason, visit) for reason in refusal.reasons]
        return render(request, "visits/interests.html", context, status=409)
    if is_tied:
        messages.success(request, _("You have stepped aside. This hotline is no longer shown to you."))
        return redirect("workspace:visits")
    messages.success(request, _("It is noted that you have no stake in this hotline."))
    return redirect("workspace:visit", uid=uid)


urlpatterns = [path("evaluations/<uuid:uid>/visit/interests/", declare, name="declare_interests")]
