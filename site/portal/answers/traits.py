"""The form in which Missing Children Europe sets the traits of a hotline in one evaluation."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from evaluation.answers.traits import change_traits, find_stated_traits
from evaluation.models import Evaluation, User
from evaluation.models.people.permissions import is_allowed
from evaluation.workflow import Refusal, arrow
from portal.access import find_evaluation
from portal.presentation.refusals import report_refusal
from portal.requests.signed_in import SignedInRequest
from standards.models import Texts

MOVE = "set_traits"


class TraitsForm(forms.Form):
    traits = forms.MultipleChoiceField(
        label=_("Traits of the hotline"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Some indicators are asked of hotlines with one of these only. Answers that are there stay."),
    )

    def __init__(self, evaluation: Evaluation, texts: Texts, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["traits"]
        assert isinstance(choices, forms.MultipleChoiceField)
        choices.choices = [(code, texts[f"trait/{code}"]) for code in evaluation.framework.traits]


@require_http_methods(["GET", "HEAD", "POST"])
def traits(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show and save the form of the traits, while the self-assessment is open."""
    evaluation = find_evaluation(request, uid, "evaluation.run")
    page = reverse("workspace:evaluation", args=[uid])
    if not evaluation.framework.traits:
        messages.info(request, _("The edition of this round names no traits of hotlines."))
        return HttpResponseRedirect(page)
    if not arrow(evaluation, MOVE):
        messages.info(request, _("The self-assessment is submitted. Send it back to change the traits."))
        return HttpResponseRedirect(page)
    form = TraitsForm(
        evaluation,
        evaluation.round.edition.texts(get_language()),
        request.POST if request.method == "POST" else None,
        initial={"traits": _find_last_said(evaluation) if evaluation.traits is None else evaluation.traits},
    )
    if form.is_valid():
        return _save(request, evaluation, form.cleaned_data["traits"], page)
    return render(
        request,
        "answers/traits.html",
        {"evaluation": evaluation, "form": form},
        status=422 if form.errors else 200,
    )


def _find_last_said(evaluation: Evaluation) -> list[str]:
    """Return the traits last stated for the hotline, as the initial value of an evaluation without any."""
    stated = find_stated_traits([evaluation.hotline], evaluation.framework).get(evaluation.hotline_id, {})
    return [code for code, has_it in stated.items() if has_it]


def _save(request: SignedInRequest, evaluation: Evaluation, chosen: list[str], page: str) -> HttpResponse:
    try:
        change_traits(evaluation, chosen, by=request.user)
    except Refusal as refusal:
        report_refusal(request, refusal, evaluation)
        return HttpResponseRedirect(page)
    messages.success(request, _("The traits are saved. What is asked of the hotline follows them."))
    return HttpResponseRedirect(page)


def traits_context(evaluation: Evaluation, user: User, texts: Texts) -> Mapping[str, Any]:
    """Return the context of the traits on the page of an evaluation, and the indicators that are not asked."""
    framework = evaluation.framework
    return {
        "traits": [texts[f"trait/{code}"] for code in evaluation.traits or ()],
        "are_traits_stated": evaluation.traits is not None,
        "may_set_traits": bool(framework.traits)
        and arrow(evaluation, MOVE) is not None
        and is_allowed("evaluation.run", user, evaluation),
        "not_asked": [
            {
                "code": code,
                "url": reverse("workspace:answers", args=[evaluation.uid, framework.standard_of[code].code])
                + f"#i{code}",
            }
            for code in evaluation.in_force
            if code not in evaluation.asked
        ],
    }


urlpatterns = [path("evaluations/<uuid:uid>/traits/", traits, name="traits")]
