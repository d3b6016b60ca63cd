"""The directory for MCE: the hotlines, their operators, people and rounds."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from evaluation import queries
from evaluation.models import Evaluation, Hotline
from evaluation.models.people.permissions import is_allowed
from portal.access import find_hotline, require
from portal.presentation import time_zones
from portal.presentation.form_values import read_words
from portal.requests.signed_in import SignedInRequest


@require_safe
def hotlines(request: SignedInRequest) -> HttpResponse:
    require(request, "people.invite")
    wanted = read_words(request.GET, "q").strip()
    listed = queries.with_operators(Hotline.objects.all())
    if wanted:
        listed = listed.filter(
            Q(pk__in=Hotline.objects.named(wanted))
            | Q(country__iexact=wanted)
            | Q(operations__operator__name__icontains=wanted, operations__is_current=True)
        ).distinct()
    page = Paginator(listed, 25).get_page(request.GET.get("page"))
    return render(request, "people/hotlines.html", {"page": page, "wanted": wanted})


class ZoneForm(forms.Form):
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))

    def __init__(self, *args: Any, hotline: Hotline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["time_zone"]
        field.initial = hotline.zone
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, name) for name in time_zones.of_people(hotline.zone)]


@require_http_methods(["GET", "HEAD", "POST"])
def hotline(request: SignedInRequest, code: str) -> HttpResponse:
    """Show a hotline. Missing Children Europe sets its time zone here."""
    found = find_hotline(request, code)
    may_change = is_allowed("people.invite", request.user)
    form = ZoneForm(request.POST if request.method == "POST" else None, hotline=found)
    if request.method == "POST":
        require(request, "people.invite")
        if form.is_valid():
            found.time_zone = form.cleaned_data["time_zone"]
            found.save(update_fields=["time_zone"])
            messages.success(request, _("The time zone is saved."))
            return redirect("workspace:hotline", code)
    return render(
        request,
        "people/hotline.html",
        {
            "hotline": found,
            "zone_form": form if may_change else None,
            "operations": found.operations.select_related("operator"),
            "people": found.memberships.today().select_related("user").order_by("user__name"),
            "evaluations": Evaluation.objects.filter(hotline=found).select_related("round"),
        },
        status=422 if form.is_bound else 200,
    )
