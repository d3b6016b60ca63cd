"""The days of a study visit: suggested, accepted, or moved as agreed by telephone."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.models import Visit
from evaluation.visits.dates import accept_dates, change_dates, suggest_dates, take_back_dates
from evaluation.workflow import Refusal, arrow
from portal.access import find_visit
from portal.presentation.form_days import DayInput, check_order
from portal.presentation.reasons import ShownReason, show_reason
from portal.presentation.refusals import raise_if_forbidden, report_refusal
from portal.requests.signed_in import SignedInRequest

PERIODS = 3
"""How many periods the form has."""


class SuggestForm(forms.Form):
    """Up to three periods, and a message to the other side."""

    words = forms.CharField(
        label=gettext_lazy("What the other side should know"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = []
        for number in range(1, PERIODS + 1):
            for name, label in (
                ("starts_on", _("Period %(number)d: first day")),
                ("ends_on", _("Period %(number)d: last day")),
            ):
                names.append(f"{name}_{number}")
                self.fields[names[-1]] = forms.DateField(
                    label=label % {"number": number},
                    required=names[-1] == "starts_on_1",
                    widget=DayInput,
                    error_messages={"required": _("Give the first day of at least one period.")},
                )
        self.order_fields([*names, "words"])

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.periods = []
        for number in range(1, PERIODS + 1):
            first, last = f"starts_on_{number}", f"ends_on_{number}"
            check_order(self, first, last)
            starts, ends = self.cleaned_data.get(first), self.cleaned_data.get(last)
            if starts:
                self.periods.append((starts, ends or starts))
            elif ends and first not in self.errors:
                self.add_error(first, _("Give the first day too."))
        return self.cleaned_data


class MoveForm(forms.Form):
    """Days on which both sides agreed by telephone, with the reason. Without a last day it is one day."""

    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=DayInput)
    ends_on = forms.DateField(label=gettext_lazy("Last day"), required=False, widget=DayInput)
    agreed_with = forms.CharField(label=gettext_lazy("Who agreed on the days at the hotline"), max_length=120)
    reason = forms.CharField(
        label=gettext_lazy("Why the visit is moved"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Your words go to those concerned and to the log."),
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        check_order(self)
        cleaned = self.cleaned_data
        if cleaned.get("starts_on") and not cleaned.get("ends_on"):
            cleaned["ends_on"] = cleaned["starts_on"]
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Suggest days to the other side."""
    visit = find_visit(request, uid, "visit.agree")
    if arrow(visit, "suggest_dates") is None:
        messages.error(request, _("Days are suggested while the visit has none."))
        return HttpResponseRedirect(reverse("workspace:visit", args=[uid]))
    form = SuggestForm(request.POST if request.method == "POST" else None)

    def do() -> None:
        words = form.cleaned_data["words"]
        suggest_dates(visit, form.periods, by=request.user, words=words)
        messages.success(request, _("The days are suggested. The other side has a letter."))

    return _answer(request, visit, form, do, "visits/suggest_dates.html")


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Move the visit to days on which both sides have agreed."""
    visit = find_visit(request, uid, "visit.arrange")
    if arrow(visit, "change_dates") is None:
        messages.error(request, _("A visit is moved while it has days and has not begun."))
        return HttpResponseRedirect(reverse("workspace:visit", args=[uid]))
    form = MoveForm(
        request.POST if request.method == "POST" else None,
        initial={"starts_on": visit.starts_on, "ends_on": visit.ends_on},
    )

    def do() -> None:
        change_dates(visit, by=request.user, **form.cleaned_data)
        messages.success(request, _("The visit is moved. The team and the hotline have a letter with the days."))

    return _answer(request, visit, form, do, "visits/move_dates.html")


def _answer(
    request: SignedInRequest, visit: Visit, form: forms.Form, do: Callable[[], None], template: str
) -> HttpResponse:
    """Call `do` for a valid form and redirect to the visit; otherwise render the form with the errors."""
    refused: list[ShownReason] = []
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                do()
        except Refusal as refusal:
            raise_if_forbidden(refusal, visit)
            refused = [show_reason(reason, visit) for reason in refusal.reasons]
        else:
            return HttpResponseRedirect(reverse("workspace:visit", args=[visit.evaluation.uid]))
    context = {"evaluation": visit.evaluation, "visit": visit, "form": form, "refused": refused}
    return render(request, template, context, status=422 if refused or form.errors else 200)


@require_POST
def accept(request: SignedInRequest, uid: UUID, suggestion: UUID) -> HttpResponse:
    """Accept days that the other side suggested."""
    visit = find_visit(request, uid, "visit.agree")
    found = get_object_or_404(visit.suggested_dates.select_related("visit__evaluation"), uid=suggestion)
    try:
        accept_dates(found, by=request.user)
    except Refusal as refusal:
        report_refusal(request, refusal, visit)
    else:
        messages.success(request, _("The days are agreed on. The team and the hotline have a letter with them."))
    return HttpResponseRedirect(reverse("workspace:visit", args=[uid]))


@require_POST
def take_back(request: SignedInRequest, uid: UUID, suggestion: UUID) -> HttpResponse:
    """Withdraw days that the user's own side suggested."""
    visit = find_visit(request, uid, "visit.agree")
    found = get_object_or_404(visit.suggested_dates.select_related("visit__evaluation"), uid=suggestion)
    try:
        take_back_dates(found, by=request.user)
    except Refusal as refusal:
        report_refusal(request, refusal, visit)
    else:
        messages.success(request, _("The days are taken back."))
    return HttpResponseRedirect(reverse("workspace:visit", args=[uid]))


urlpatterns = [
    path("evaluations/<uuid:uid>/visit/dates/", suggest, name="suggest_dates"),
    path("evaluations/<uuid:uid>/visit/dates/move/", move, name="move_dates"),
    path("evaluations/<uuid:uid>/visit/dates/<uuid:suggestion>/accept/", accept, name="accept_dates"),
    path("evaluations/<uuid:uid>/visit/dates/<uuid:suggestion>/back/", take_back, name="take_back_dates"),
]
