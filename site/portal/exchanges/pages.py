"""The page of exchange for a user's hotlines, and the page of one visit."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from evaluation import queries
from evaluation.exchanges.matches import Match
from evaluation.exchanges.visits import exchanges_of, find_level_changes, matches_of
from evaluation.models import Exchange, Hotline, User
from evaluation.models.people.permissions import is_allowed
from evaluation.models.people.roles import HOTLINE_ROLES
from evaluation.workflow import Refusal, arrow, perform
from portal.access import find_exchange
from portal.exchanges.showing import Indicators
from portal.moves.pages import offered_moves, perform_move, shown_steps
from portal.moves.stored_notes import pop_note
from portal.presentation.form_days import DayInput
from portal.presentation.passages import language_name
from portal.presentation.reasons import show_reason
from portal.presentation.refusals import raise_if_forbidden
from portal.presentation.tiles import place_of
from portal.requests.signed_in import SignedInRequest

MOST_MATCHES = 12


@require_safe
def exchanges(request: SignedInRequest) -> HttpResponse:
    """Show the offers and matches of the user's hotlines, and the visits that the user may see."""
    user = request.user
    own = Hotline.objects.filter(pk__in=user.hotlines_as(*HOTLINE_ROLES)).select_related("host_offer")
    names, indicators = Hotline.objects.names(), Indicators()
    context = {
        "exchanges": exchanges_of(user),
        "hotlines": [_show_hotline(user, hotline, names, indicators) for hotline in own.order_by("recorded_name")],
        "may_plan": is_allowed("exchange.plan", user),
    }
    return render(request, "exchanges/exchanges.html", context)


def _show_hotline(user: User, hotline: Hotline, names: dict[str, str], indicators: Indicators) -> dict[str, Any]:
    return {
        "hotline": hotline,
        "offer": getattr(hotline, "host_offer", None),
        "may_offer": is_allowed("exchange.offer", user, hotline),
        "matches": [show_match(match, names, indicators) for match in matches_of(hotline, place_of)[:MOST_MATCHES]],
    }


def show_match(match: Match, names: dict[str, str], indicators: Indicators) -> dict[str, Any]:
    """Return a match as a row: the hotlines' names, the indicators in the order of the Guide, and the languages."""
    shown = sorted((indicators.show(key) for key in match.gains), key=lambda one: one.place)
    return {
        "match": match,
        "visitor": names[match.visitor],
        "host": names[match.host],
        "indicators": shown,
        "languages": ", ".join(language_name(code) for code in match.languages),
    }


class HeldForm(forms.ModelForm[Exchange]):
    """The day of the visit, and the visitor's report."""

    class Meta:
        model = Exchange
        fields = ("held_on", "report")
        widgets = {
            "held_on": DayInput,
            "report": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {
            "held_on": gettext_lazy("Its last day, if it took several."),
            "report": gettext_lazy(
                "What you saw and what you will do. The host reads it. No names of persons, no case."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True


@require_safe
def exchange(request: SignedInRequest, uid: UUID) -> HttpResponse:
    return render_exchange(request, find_exchange(request, uid))


def render_exchange(request: SignedInRequest, found: Exchange, held: HeldForm | None = None) -> HttpResponse:
    """Render the page of a visit, with an invalid report if there is one."""
    user = request.user
    may_hold = arrow(found, "hold") is not None and is_allowed("exchange.visit", user, found)
    indicators = Indicators()
    came = find_level_changes(found) if found.is_over and is_allowed("exchange.compare", user, found) else None
    return render(
        request,
        "exchanges/exchange.html",
        {
            "exchange": found,
            "indicators": [indicators.show(key) for key in found.levels],
            "came": came and _show_changes(came, indicators),
            "moves": offered_moves(found, user),
            "stored_note": pop_note(request),
            "held_form": (held or HeldForm(instance=found)) if may_hold else None,
            "wrong": held if held is not None and held.errors else None,
            "steps": shown_steps(queries.steps_of(found)),
        },
        status=422 if held is not None and held.errors else 200,
    )


def _show_changes(came: Any, indicators: Indicators) -> dict[str, Any]:
    standing, changes = came
    rows = [{"indicator": indicators.show(one.key), "before": one.before, "after": one.after} for one in changes]
    return {"round": standing.evaluation.round.name, "scale": standing.framework.scale, "rows": rows}


def page_of(found: Exchange) -> str:
    return reverse("workspace:exchange", args=[found.uid])


@require_POST
def hold(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Record the day of the visit and the report. An invalid or refused report stays in its form."""
    found = find_exchange(request, uid, "exchange.visit")
    kept = find_exchange(request, uid)
    form = HeldForm(request.POST, instance=kept)
    if not form.is_valid():
        return render_exchange(request, found, form)
    needs = {"day": form.cleaned_data["held_on"], "report": form.cleaned_data["report"]}
    try:
        perform(found, "hold", by=request.user, **needs)
    except Refusal as refusal:
        raise_if_forbidden(refusal, found)
        for reason in refusal.reasons:
            form.add_error("held_on" if reason.day else None, show_reason(reason, found).sentence)
        return render_exchange(request, found, form)
    messages.success(request, _("The report is saved. The host reads it."))
    return HttpResponseRedirect(page_of(found))


@require_POST
def make_move(request: SignedInRequest, uid: UUID, name: str) -> HttpResponse:
    found = find_exchange(request, uid)
    return perform_move(request, found, name, back_to=page_of(found))
