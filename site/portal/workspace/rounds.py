"""Rounds: opened on a released edition for chosen hotlines, and the board that shows where each one stands."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation import queries
from evaluation.models import Evaluation, Hotline, Round
from evaluation.rounds import open_round
from evaluation.rules import is_allowed
from evaluation.workflow import Refusal
from portal import post
from portal.workspace.doorway import find_round, require
from portal.workspace.heat import heat_rows
from portal.workspace.moves import offered_moves, shown_steps, walk
from portal.workspace.wording import blocker
from standards.models import Edition, Texts


class RoundForm(forms.ModelForm):
    hotlines = forms.ModelMultipleChoiceField(
        label=_("Hotlines"),
        queryset=Hotline.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one hotline.")},
    )
    renewing = forms.BooleanField(
        label=_("Start from the last answers"),
        required=False,
        help_text=_(
            "Where a hotline was in a round before. Each answer counts when the hotline has looked at it again."
        ),
    )

    class Meta:
        model = Round
        fields = ["name", "edition", "opens_on", "answers_until", "figures_from", "figures_until", "time_zone"]
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in ("opens_on", "answers_until", "figures_from", "figures_until")
        }
        help_texts = {
            "edition": _(
                "Only released editions are here. The round keeps to it, whatever changes in the Guide later."
            ),
            "answers_until": _("A date in the round's time zone; the day counts to its end."),
            "figures_from": _("The period whose statistics count, usually the year before."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        zones = sorted(zone for zone in available_timezones() if zone.startswith("Europe/"))
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"), choices=[(zone, zone) for zone in zones], initial="Europe/Brussels"
        )
        self.fields["edition"].queryset = Edition.objects.all()

    def clean(self):
        cleaned = super().clean()
        for first, last, words in (
            ("opens_on", "answers_until", _("The self-assessment ends before the round opens. Give a later day.")),
            ("figures_from", "figures_until", _("The period ends before it begins. Give a later day.")),
        ):
            if cleaned.get(first) and cleaned.get(last) and cleaned[last] < cleaned[first]:
                self.add_error(last, words)
        return cleaned


@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    require(request, "round.view")
    listed = Round.objects.select_related("edition").annotate(
        size=Count("evaluations"),
        published=Count("evaluations", filter=Q(evaluations__state=Evaluation.State.PUBLISHED)),
    )
    return render(
        request,
        "workspace/rounds.html",
        {"rounds": listed, "may_open": is_allowed("round.open", request.user), "editions": Edition.objects.all()},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_round(request: HttpRequest) -> HttpResponse:
    """Plan and open a round in one act: either all its evaluations are there, or nothing is."""
    require(request, "round.open")
    form = RoundForm(request.POST or None, initial=_renewal_of(request.GET.get("renew", "")))
    refused = []
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                round_ = form.save()
                chosen, renewing = form.cleaned_data["hotlines"], form.cleaned_data["renewing"]
                for evaluation in open_round(round_, chosen, by=request.user, renewing=renewing):
                    post.tell_of_step("open", evaluation, by=request.user, request=request)
        except Refusal as refusal:
            refused = [blocker(reason) for reason in refusal.reasons]
        except IntegrityError:
            form.add_error("name", _("There is a round of this name. Choose another."))
        else:
            return HttpResponseRedirect(reverse("workspace:board", args=[round_.uid]))
    return render(
        request,
        "workspace/new_round.html",
        {"form": form, "refused": refused, "editions": Edition.objects.exists()},
        status=422 if form.errors or refused else 200,
    )


def _renewal_of(country: str) -> dict[str, Any]:
    """What the form begins with when somebody comes from an accreditation that is to be renewed."""
    hotlines = Hotline.objects.filter(country=country)
    return {"hotlines": hotlines, "renewing": True} if country and hotlines else {}


@require_safe
def board(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Where the hotlines of a round stand, and how they score by domain; a constant number of queries."""
    round_ = find_round(request, uid)
    evaluations = list(
        queries.for_pages(queries.visible_to(request.user).filter(round=round_)).order_by("hotline__country")
    )
    today = timezone.localdate(timezone=ZoneInfo(round_.time_zone))
    late = {
        evaluation.pk
        for evaluation in evaluations
        if evaluation.state == Evaluation.State.SELF_ASSESSMENT and today > round_.answers_until
    }
    sort = request.GET.get("sort", "needs")
    texts = round_.edition.texts(get_language())
    return render(
        request,
        "workspace/board.html",
        {
            "round": round_,
            "columns": [
                {
                    "state": state,
                    "evaluations": [e for e in evaluations if e.state == state],
                    "late": sum(e.pk in late for e in evaluations if e.state == state),
                }
                for state in Evaluation.State
            ],
            "late": late,
            "size": len(evaluations),
            "rows": heat_rows(evaluations, round_.edition, sort=sort),
            "foremost": texts[f"obligation/{round_.edition.framework.rule.foremost.code}"],
            "domains": _domain_heads(round_, texts),
            "sort": sort,
            "moves": offered_moves(round_, request.user),
            "steps": shown_steps(queries.steps_of(round_)),
        },
    )


def _domain_heads(round_: Round, texts: Texts) -> list[dict]:
    return [
        {
            "code": domain.code,
            "title": texts[f"domain/{domain.code}/title"],
            "short": texts[f"domain/{domain.code}/short_title"],
        }
        for domain in round_.edition.framework.domains
    ]


@require_POST
def make_move(request: HttpRequest, uid: UUID, name: str) -> HttpResponse:
    round_ = find_round(request, uid)
    return walk(request, round_, name, back_to=reverse("workspace:board", args=[uid]))
