"""Actions on a recommendation: make a move, set the owner, share good practice."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from evaluation.models import Recommendation
from evaluation.recommendations import progress
from evaluation.workflow import Refusal
from portal.access import find_recommendation
from portal.moves.pages import perform_move
from portal.presentation.refusals import report_refusal
from portal.recommendations.page import OwnerForm, offered_practices, render_recommendation
from portal.requests.signed_in import SignedInRequest


@require_safe
def recommendation(request: SignedInRequest, uid: UUID) -> HttpResponse:
    return render_recommendation(request, find_recommendation(request, uid))


def _page_of(found: Recommendation) -> str:
    return reverse("workspace:recommendation", args=[found.uid])


@require_POST
def make_move(request: SignedInRequest, uid: UUID, name: str) -> HttpResponse:
    """Make a move; redirect to the board if it was made there and is not refused."""
    found = find_recommendation(request, uid)
    before = found.state
    answer = perform_move(request, found, name, back_to=_page_of(found))
    if found.state != before and request.POST.get("from") == "plan":
        return HttpResponseRedirect(f"{reverse('workspace:plan', args=[found.evaluation.uid])}#r{found.code}")
    return answer


@require_POST
def name_owner(request: SignedInRequest, uid: UUID) -> HttpResponse:
    found = find_recommendation(request, uid, "recommendation.work")
    form = OwnerForm(request.POST)
    if not form.is_valid():
        return render_recommendation(request, found, owner=form)
    try:
        progress.set_owner(found, owner=form.cleaned_data["owner"], by=request.user)
    except Refusal as refusal:
        report_refusal(request, refusal, found)
    else:
        messages.success(request, _("It is written down who does it."))
    return HttpResponseRedirect(_page_of(found))


@require_POST
def share(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Share the chosen good practice with the recommendation."""
    found = find_recommendation(request, uid, "recommendation.advise")
    chosen = set(request.POST.getlist("practice"))
    practices = [practice for practice in offered_practices(found) if str(practice.pk) in chosen]
    try:
        progress.share_practices(found, practices, by=request.user)
    except Refusal as refusal:
        report_refusal(request, refusal, found)
    else:
        messages.success(request, _("The hotline reads the chosen good practice here."))
    return HttpResponseRedirect(_page_of(found))
