"""The indicators on which the assessors differ, with the observations, the answer and the form of the finding."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluation.models import Visit
from evaluation.models.people.permissions import is_allowed
from evaluation.models.visits.visit import find_divergent
from evaluation.visits.recording import READABLE_IN
from portal.access import find_visit
from portal.requests.signed_in import SignedInRequest
from portal.visits.recording.findings import PAGE, show_pairs


@require_safe
def divergences(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """List the indicators on which the assessors differ, each with the form of the finding."""
    visit = find_visit(request, uid, "visit.view")
    evaluation = visit.evaluation
    if visit.state not in READABLE_IN:
        messages.info(request, _("What was recorded is compared when all of the team have finished."))
        return HttpResponseRedirect(reverse("workspace:visit", args=[uid]))
    found = {finding.code: finding for finding in evaluation.findings.select_related("by")}
    indicators = [evaluation.framework.indicators[code] for code in find_divergent(visit)]
    pairs = show_pairs(request, evaluation, indicators, found, PAGE, has_last_round=True)
    may_write = visit.state == Visit.State.FINDINGS_ENTERED and is_allowed("visit.observe", request.user, visit)
    context = {
        "evaluation": evaluation,
        "pairs": pairs,
        "kind": PAGE.kind,
        "may_observe": may_write,
        "may_take": may_write,
        "action": reverse(PAGE.address_name, args=[uid, pairs[0]["standard"].code]) if pairs else "",
    }
    return render(request, "visits/divergences.html", context)


urlpatterns = [path("evaluations/<uuid:uid>/divergences/", divergences, name="divergences")]
