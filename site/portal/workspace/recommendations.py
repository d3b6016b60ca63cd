"""Recommendations: drafted from the Guide, edited by the assessors, issued with the decision, read by the hotline."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.models import Evaluation, Recommendation
from evaluation.rules import is_allowed
from portal.workspace.doorway import find_evaluation, find_recommendation
from portal.workspace.moves import stages
from portal.workspace.wording import obligation_words


class RecommendationForm(forms.ModelForm):
    class Meta:
        model = Recommendation
        fields = ["title", "text", "look_for", "priority", "owner", "due_on", "is_dropped"]
        labels = {"is_dropped": _("Leave it out of the report")}
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "look_for": forms.Textarea(attrs={"rows": 2}),
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }


EDITABLE = (Evaluation.State.REPORT, Evaluation.State.DECISION)
"""The stages in which drafts may be edited; the decision issues them."""


@require_safe
def recommendations(request: HttpRequest, uid: UUID) -> HttpResponse:
    evaluation = find_evaluation(request, uid)
    texts = evaluation.round.edition.texts(get_language())
    may_edit = evaluation.state in EDITABLE and is_allowed("recommendation.edit", request.user, evaluation)
    shown = evaluation.recommendations.all() if may_edit else evaluation.recommendations.filter(is_dropped=False)
    if not may_edit and is_allowed("evaluation.answer", request.user, evaluation):
        shown = shown.filter(state=Recommendation.State.ISSUED)
    return render(
        request,
        "workspace/recommendations.html",
        {
            "evaluation": evaluation,
            "stages": stages(evaluation),
            "rows": [
                {
                    "recommendation": r,
                    "wording": texts[f"indicator/{r.code}/wording"],
                    "obligation": _obligation(evaluation, r),
                    "obligation_words": obligation_words(_obligation(evaluation, r)),
                }
                for r in shown
            ],
            "may_edit": may_edit,
            "source_language": evaluation.round.edition.source_language,
        },
    )


def _obligation(evaluation: Evaluation, recommendation: Recommendation) -> str:
    return evaluation.framework.indicators[recommendation.code].obligation.value


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    recommendation = find_recommendation(request, uid)
    evaluation = recommendation.evaluation
    back = reverse("workspace:recommendations", args=[evaluation.uid])
    if evaluation.state not in EDITABLE or recommendation.state != Recommendation.State.DRAFTED:
        messages.error(request, _("It is issued with the decision and can no longer be changed."))
        return HttpResponseRedirect(back)
    form = RecommendationForm(request.POST or None, instance=recommendation)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The recommendation is saved."))
        return HttpResponseRedirect(f"{back}#r{recommendation.code}")
    return render(
        request,
        "workspace/recommendation.html",
        {"form": form, "recommendation": recommendation, "evaluation": evaluation, "back": back},
        status=422 if form.errors else 200,
    )
