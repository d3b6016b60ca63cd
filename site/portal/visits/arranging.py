"""Propose a study visit, or arrange it as agreed by telephone, and change its team."""

import re
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.forms.models import model_to_dict
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from evaluation.models import Evaluation, Step, User, Visit
from evaluation.visits import planning
from evaluation.visits.assessors import assessors_today
from evaluation.visits.limits import find_former_limit, may_be_limited, propose_limit
from evaluation.visits.planning import TeamPlan, arrange_visit, propose_visit
from evaluation.workflow import Refusal, arrow
from portal.access import find_evaluation, find_visit
from portal.letters.recipients import warn_of_hotlines_without_people
from portal.presentation.form_days import DayInput, check_order
from portal.presentation.reasons import ShownReason, show_reason
from portal.presentation.refusals import raise_if_forbidden
from portal.requests.signed_in import SignedInRequest


class CodesField(forms.CharField):
    """Codes of indicators, separated by commas or spaces; cleaned to a list without duplicates."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return list(dict.fromkeys(re.split(r"[\s,;]+", super().clean(value).strip()))) if value else []


class TeamForm(forms.ModelForm[Visit]):
    """The team of a visit, and the fields that are set with it. Only a further visit can be limited to indicators."""

    lead = forms.ModelChoiceField(
        label=gettext_lazy("Lead assessor"),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Choose the lead assessor"),
    )
    members = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Team"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Who comes from the same country, worked there or declared a stake cannot go."),
    )
    only_codes = CodesField(
        label=gettext_lazy("Limited to these indicators"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Their codes, such as 1.1.2, 3.2.1. The others keep the findings of the earlier visit. Those that the last "
            "decision and open recommendations name are filled in. Leave it empty for a visit about all of them."
        ),
    )
    have_declared = forms.BooleanField(
        label=gettext_lazy("Each of them has said that nothing ties them to this hotline"),
        required=False,
        help_text=gettext_lazy("Otherwise each gets a letter and declares it on the page of the visit."),
    )
    field_order = ["lead", "members", *Visit.PROPOSED_FIELDS, "have_declared"]

    class Meta:
        model = Visit
        fields: Sequence[str] = Visit.PROPOSED_FIELDS
        help_texts = {
            "alone_because": gettext_lazy("Only if nobody but the lead assessor goes. The reason stands in the log."),
        }

    def __init__(self, *args: Any, evaluation: Evaluation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_be_limited(evaluation):
            del self.fields["only_codes"]
        for name in ("lead", "members"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = assessors_today()


class ArrangeForm(TeamForm):
    """A team with the days: suggested to the hotline, or already agreed on with it."""

    agreed_with = forms.CharField(
        label=gettext_lazy("Who agreed on the days at the hotline"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("If they are agreed on already. Otherwise they are suggested to the hotline."),
    )
    words = forms.CharField(
        label=gettext_lazy("What the hotline should know about the days"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = [*TeamForm.field_order, "starts_on", "ends_on", "agreed_with", "words"]

    class Meta(TeamForm.Meta):
        fields = Visit.ARRANGED
        widgets = dict.fromkeys(("starts_on", "ends_on"), DayInput)

    def clean(self) -> dict[str, Any]:
        super().clean()
        check_order(self)
        cleaned = self.cleaned_data
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if ends and not starts and "starts_on" not in self.errors:
            self.add_error("starts_on", _("Give the first day too."))
        if cleaned.get("agreed_with") and not starts and "starts_on" not in self.errors:
            self.add_error("starts_on", _("Give the days that are agreed on."))
        if starts and not ends:
            cleaned["ends_on"] = starts
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Propose the visit with its team; or arrange it, if its days are already agreed on."""
    evaluation = find_evaluation(request, uid, "visit.arrange")
    present = Visit.objects.filter(evaluation=evaluation).prefetch_related("team").first()
    if present is not None and (present.has_begun or present.agreed_days):
        messages.error(request, _("The visit is arranged already. Its days and its team are changed on its page."))
        return HttpResponseRedirect(reverse("workspace:visit", args=[uid]))
    sent = request.POST if request.method == "POST" else None
    form = ArrangeForm(sent, evaluation=evaluation, initial=_as_initial(present))
    refused = _save(form, evaluation, lambda: _arrange(request, evaluation, form))
    if refused is None:
        warn_of_hotlines_without_people(request, [evaluation.hotline])
        return HttpResponseRedirect(reverse("workspace:evaluation", args=[uid]))
    context = {"evaluation": evaluation, "visit": present, "form": form, "refused": refused}
    return render(request, "visits/arrange.html", context, status=422 if refused or form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change_team(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Change the team of a visit that has days; once it has begun, only if the team cannot go on."""
    visit = find_visit(request, uid, "visit.arrange")
    if arrow(visit, "change_team") is None:
        messages.error(request, _("The team is changed while the visit has days and is not over."))
        return HttpResponseRedirect(reverse("workspace:visit", args=[uid]))
    sent = request.POST if request.method == "POST" else None
    form = TeamForm(sent, evaluation=visit.evaluation, initial=_as_initial(visit))
    refused = _save(form, visit, lambda: _change_team(request, visit, form))
    if refused is None:
        return HttpResponseRedirect(reverse("workspace:visit", args=[uid]))
    context = {"evaluation": visit.evaluation, "visit": visit, "form": form, "refused": refused, "is_team": True}
    return render(request, "visits/arrange.html", context, status=422 if refused or form.errors else 200)


def _save(form: TeamForm, thing: Evaluation | Visit, do: Callable[[], None]) -> list[ShownReason] | None:
    """Call `do` for a valid form; return the reasons if it is refused, an empty list if it is not called, else None."""
    if not form.is_bound or not form.is_valid():
        return []
    try:
        with transaction.atomic():
            do()
    except Refusal as refusal:
        raise_if_forbidden(refusal, thing)
        return [show_reason(reason, thing) for reason in refusal.reasons]
    return None


def _arrange(request: SignedInRequest, evaluation: Evaluation, form: ArrangeForm) -> None:
    wanted = form.cleaned_data.copy()
    words = wanted.pop("words")
    if wanted["agreed_with"]:
        arrange_visit(evaluation, by=request.user, **wanted)
        messages.success(request, _("The visit is arranged. The team and the hotline have a letter with the days."))
        return
    wanted.pop("agreed_with")
    propose_visit(evaluation, by=request.user, words=words, **wanted)
    messages.success(request, _("The visit is proposed. The team and the hotline have a letter."))


def _change_team(request: SignedInRequest, visit: Visit, form: TeamForm) -> None:
    wanted = form.cleaned_data.copy()
    have_declared = wanted.pop("have_declared")
    lead, members = wanted.pop("lead"), tuple(wanted.pop("members"))
    planning.change_team(visit, TeamPlan(lead, members, Visit(**wanted), have_declared), by=request.user)
    messages.success(request, _("The team is changed. The team and the hotline have a letter."))


def _is_to_be_limited(visit: Visit) -> bool:
    """Return whether a visit is planned again and not proposed since, so that its limit is not set yet."""
    planned = Step.objects.filter(kind=visit.kind, uid=visit.uid, move__in=("propose", "plan_again"))
    last = planned.order_by("seq").last()
    return visit.agreed_days is None and last is not None and last.move == "plan_again"


def _as_initial(visit: Visit | None) -> dict[str, Any]:
    if visit is None:
        return {}
    find_limit = propose_limit if _is_to_be_limited(visit) else find_former_limit
    return {
        **model_to_dict(visit, Visit.PROPOSED_FIELDS),
        "only_codes": find_limit(visit.evaluation),
        "lead": visit.lead and visit.lead.user_id,
        "members": [member.user_id for member in visit.team.all() if not member.is_lead],
    }


urlpatterns = [
    path("evaluations/<uuid:uid>/visit/arrange/", arrange, name="arrange_visit"),
    path("evaluations/<uuid:uid>/visit/team/", change_team, name="change_team"),
]
