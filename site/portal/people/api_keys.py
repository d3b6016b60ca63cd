"""The API keys of a hotline's case system: create, show once, end."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.figures.intake.api_keys import LONGEST, creator_may_connect, end_key, make_key
from evaluation.models import SystemKey
from portal.access import find_hotline
from portal.requests.signed_in import SignedInRequest

OFFERED = {30: _("30 days"), 90: _("3 months"), 180: _("6 months"), 365: _("a year")}
"""The validity periods on offer, by days."""


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        help_text=_("Which system sends with it, such as “Case system, office in the capital”."),
        error_messages={"required": _("Say which system it is for.")},
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        choices=list(OFFERED.items()),
        initial=LONGEST.days,
        help_text=_("After that the system needs a new key."),
        error_messages={"required": _("Choose for how long.")},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def system_keys(request: SignedInRequest, code: str) -> HttpResponse:
    """List the keys of a hotline. A new key is in the response to its form only."""
    hotline = find_hotline(request, code, "statistics.connect")
    form = KeyForm(request.POST if request.method == "POST" else None)
    made: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        until = timezone.localdate() + timedelta(days=form.cleaned_data["days"])
        key, token = make_key(hotline, form.cleaned_data["name"], until, by=request.user)
        made = {"key": key, "token": token, "address": request.build_absolute_uri(reverse("api:send"))}
        form = KeyForm()
    today = timezone.localdate()
    keys = list(SystemKey.objects.filter(hotline=hotline).select_related("hotline", "made_by"))
    for key in keys:
        if key.ended_at is None and not creator_may_connect(key):  # the row is updated within the hour
            key.ended_at = timezone.now()
    return render(
        request,
        "people/api_keys.html",
        {
            "hotline": hotline,
            "form": form,
            "made": made,
            "working": [key for key in keys if key.ended_at is None and key.expires_on >= today],
            "ended": [key for key in keys if key.ended_at is not None or key.expires_on < today],
            "schema": request.build_absolute_uri(reverse("api:openapi-json")),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def end(request: SignedInRequest, code: str, uid: UUID) -> HttpResponse:
    hotline = find_hotline(request, code, "statistics.connect")
    key = get_object_or_404(SystemKey, hotline=hotline, uid=uid)
    end_key(key, by=request.user)
    messages.success(request, gettext("The key “%(name)s” opens nothing any more.") % {"name": key.name})
    return redirect("workspace:system_keys", code)


urlpatterns = [
    path("figures/of/<str:code>/keys/", system_keys, name="system_keys"),
    path("figures/of/<str:code>/keys/<uuid:uid>/end/", end, name="end_system_key"),
]
