"""Drafts: recommendations that the assessors edit until the decision issues them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.judging.evidence import update_draft_recommendations
from evaluation.models import Evaluation, Recommendation
from evaluation.models.people.permissions import is_allowed
from evaluation.models.recommendations import USUAL_MONTHS
from evaluation.recommendations.drafting import DERIVED, EDITABLE, WORDS, decide_draft
from evaluation.recommendations.progress import readable_in
from evaluation.workflow import Refusal
from portal.access import find_evaluation, find_recommendation
from portal.moves.pages import stages
from portal.presentation.form_days import DayInput, check_bounds
from portal.presentation.refusals import report_refusal
from portal.presentation.undecided_drafts import report_drafting, sentence_about, undecided_drafts
from portal.recommendations.rows import show
from portal.requests.signed_in import SignedInRequest
from standards.framework import digest


class RecommendationForm(forms.ModelForm[Recommendation]):
    class Meta:
        model = Recommendation
        fields = ["title", "text", "look_for", "priority", "owner", "due_on", "is_dropped"]
        labels = {"is_dropped": _("Leave it out of the report")}
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "look_for": forms.Textarea(attrs={"rows": 2}),
            "due_on": DayInput,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, second, third = (USUAL_MONTHS[priority] for priority in Recommendation.Priority)
        self.fields["due_on"].help_text = gettext(
            "Left open, it is counted from the decision: %(first)d months for the first, %(second)d for the next, "
            "%(third)d when possible."
        ) % {"first": first, "second": second, "third": third}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "due_on" in self.changed_data:
            check_bounds(self, "due_on", "recommendation.due_on", self.instance.evaluation.round.today)
        return cleaned


@require_safe
def recommendations(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """List the recommendations: drafts before the decision, issued ones after it."""
    evaluation = find_evaluation(request, uid)
    edition = evaluation.round.edition
    texts = edition.texts(get_language())
    found = list(readable_in(evaluation, request.user).exclude(relevance=Recommendation.Relevance.REMOVED))
    may_edit = evaluation.state in EDITABLE and is_allowed("recommendation.edit", request.user, evaluation)
    if not may_edit:
        found = [recommendation for recommendation in found if not recommendation.is_dropped]
    return render(
        request,
        "recommendations/recommendations.html",
        {
            "evaluation": evaluation,
            "stages": stages(evaluation),
            "rows": show(evaluation, found, texts),
            "may_edit": may_edit,
            "may_draft": may_edit and evaluation.state == Evaluation.State.REPORT,
            "undecided": undecided_drafts(evaluation, request.user),
            "undecided_on": "recommendations",
            "has_plan": any(recommendation.state != Recommendation.State.DRAFTED for recommendation in found),
            "states": Recommendation.State,
            "relevance": Recommendation.Relevance,
            "source_language": edition.source_language,
        },
    )


@require_POST
def draft(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Update the drafts from the findings, before the draft is sent to the hotline."""
    evaluation = find_evaluation(request, uid, "recommendation.edit")
    if not report_drafting(request, update_draft_recommendations(evaluation)):
        messages.info(request, _("There is nothing to draft: nothing more falls short, or the draft is not open here."))
    return HttpResponseRedirect(reverse("workspace:recommendations", args=[uid]))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Edit a draft. A concurrent change is shown next to the unsaved text and is not overwritten."""
    recommendation = find_recommendation(request, uid, "recommendation.edit")
    back = reverse("workspace:recommendations", args=[recommendation.evaluation.uid])
    if request.method == "POST":
        with transaction.atomic():
            draft = _save(request, recommendation)
    else:
        draft = Draft(RecommendationForm(instance=recommendation), _mark(recommendation))
    if not _is_open(recommendation):
        messages.error(request, _("It is issued with the decision and can no longer be changed."))
        return HttpResponseRedirect(back)
    if draft.is_saved:
        messages.success(request, _("The recommendation is saved."))
        return HttpResponseRedirect(f"{back}#r{recommendation.code}")
    return render(
        request,
        "recommendations/draft.html",
        {
            "draft": draft,
            "recommendation": recommendation,
            "evaluation": recommendation.evaluation,
            "back": back,
            "sentence": sentence_about(recommendation),
            "source_language": recommendation.evaluation.round.edition.source_language,
        },
        status=draft.status,
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft in its form: `mark` is the digest of the stored values, `theirs` has a concurrent change."""

    form: RecommendationForm
    mark: str
    theirs: Mapping[str, Any] | None = None
    is_saved: bool = False

    @property
    def status(self) -> int:
        if self.theirs:
            return 409
        return 422 if self.form.errors else 200


def _is_open(recommendation: Recommendation) -> bool:
    return recommendation.evaluation.state in EDITABLE and recommendation.state == Recommendation.State.DRAFTED


def _mark(recommendation: Recommendation) -> str:
    return digest("\n".join(str(getattr(recommendation, name)) for name in RecommendationForm.Meta.fields))


def _save(request: SignedInRequest, recommendation: Recommendation) -> Draft:
    """Save the form under the row lock, if the draft is unchanged since the form was opened."""
    Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    recommendation.refresh_from_db(fields=["state", "relevance", *DERIVED, *RecommendationForm.Meta.fields])
    mark = _mark(recommendation)
    other = None
    if request.POST.get("mark", mark) != mark:
        other = {name: getattr(recommendation, name) for name in (*WORDS, "priority", "is_dropped")}
    form = RecommendationForm(request.POST, instance=recommendation)
    is_saved = form.is_valid() and other is None and _is_open(recommendation)
    if is_saved:
        if recommendation.relevance == Recommendation.Relevance.REMOVED:  # removed while its form was open
            recommendation.relevance = Recommendation.Relevance.OUTDATED
        form.save()
    return Draft(form, mark, other, is_saved)


PAGES = ("scorecard", "recommendations")
"""The pages with buttons that keep or leave out a draft, by URL name."""


@require_POST
def settle(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Keep a draft or leave it out, by the pressed button."""
    draft = find_recommendation(request, uid, "recommendation.edit")
    page = request.POST.get("from")
    name = page if page in PAGES else "recommendations"
    back = HttpResponseRedirect(f"{reverse(f'workspace:{name}', args=[draft.evaluation.uid])}#undecided")
    choice = request.POST.get("choice")
    if choice not in ("keep", "leave_out"):
        messages.error(request, _("Press “Keep” or “Leave out”."))
        return back
    try:
        is_settled = decide_draft(draft, keep=choice == "keep", by=request.user)
    except Refusal as refusal:
        report_refusal(request, refusal, draft.evaluation)
        return back
    if not is_settled:
        messages.info(request, _("Nothing is to be decided about the draft on %(code)s now.") % {"code": draft.code})
    elif choice == "keep":
        messages.success(request, _("The draft on %(code)s is kept.") % {"code": draft.code})
    else:
        messages.success(request, _("The draft on %(code)s is left out.") % {"code": draft.code})
    return back
