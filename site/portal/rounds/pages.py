"""Rounds: the list, planning and opening, and the page of one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation import queries
from evaluation.models import HOTLINE_ROLES, Evaluation, Hotline, Membership, Round, Step, User
from evaluation.models.people.permissions import is_allowed
from evaluation.models.reasons import Reason
from evaluation.rounds.planning import OpenedRound, hotlines_without_people, open_planned_round, plan_round
from evaluation.rounds.renewal import hotlines_with_open_self_assessment
from evaluation.workflow import Refusal, perform
from portal.access import find_round, require
from portal.letters.recipients import warn_of_hotlines_without_people
from portal.moves.letters_first import letters_first, wants_change
from portal.moves.pages import offered_moves, perform_move, shown_steps
from portal.presentation.reasons import show_reason
from portal.requests.signed_in import SignedInRequest
from portal.rounds.board import find_undecided_pairs, render_board
from portal.rounds.forms import RoundForm
from standards.models import Edition


@require_safe
def rounds(request: SignedInRequest) -> HttpResponse:
    require(request, "round.view")
    followed = Evaluation.objects.filter(queries.followed_up()).order_by().values("pk")
    newest_first = Round.objects.select_related("edition").order_by("-opens_on", "name")
    listed = newest_first.annotate(
        size=Count("evaluations"),
        published=Count(
            "evaluations", filter=Q(evaluations__state=Evaluation.State.PUBLISHED) | Q(evaluations__in=followed)
        ),
        excused=Count("evaluations", filter=Q(evaluations__state=Evaluation.State.EXCUSED)),
    )
    return render(
        request,
        "rounds/rounds.html",
        {
            "rounds": listed,
            "may_open": is_allowed("round.open", request.user),
            "editions": Edition.objects.all(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_round(request: SignedInRequest) -> HttpResponse:
    """Plan a round; if its opening day has come, open it in the same transaction."""
    require(request, "round.open")
    form = RoundForm(request.POST or None, initial=_renewal_of(request.GET.get("renew", "")))
    return _save_round(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_round(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Edit a round that has not opened."""
    round_ = find_round(request, uid, "round.open")
    if round_.state != Round.State.PLANNED:
        return HttpResponseRedirect(reverse("workspace:correct_round", args=[uid]))
    form = RoundForm(request.POST or None, instance=round_, initial={"hotlines": round_.chosen.all()})
    return _save_round(request, form, round_)


def _save_round(request: SignedInRequest, form: RoundForm, planned: Round | None) -> HttpResponse:
    refused = []
    if request.method == "POST" and form.is_valid() and not wants_change(request):
        opened = None
        try:
            with letters_first(request, _("Open the round")) as first:
                round_ = plan_round(form.save(commit=False), form.cleaned_data["hotlines"], by=request.user)
                if round_.today >= round_.opens_on:
                    opened = open_planned_round(round_, by=request.user)
        except Refusal as refusal:
            refused = [_as_error(reason) for reason in refusal.reasons]
        except IntegrityError:
            form.add_error("name", _("There is a round of this name. Choose another."))
        else:
            if first.page is None and opened:
                _report_opened(request, opened)
            return first.page or HttpResponseRedirect(reverse("workspace:board", args=[round_.uid]))
    return render(
        request,
        "rounds/new.html",
        {"form": form, "refused": refused, "editions": Edition.objects.exists(), "planned": planned},
        status=422 if form.errors or refused else 200,
    )


def _as_error(reason: Reason) -> dict[str, str]:
    return {"text": show_reason(reason).sentence, "target": "id_hotlines_0"}


def _report_opened(request: SignedInRequest, opened: OpenedRound) -> None:
    """Add messages about hotlines that are left out or get no letter."""
    if opened.busy:
        words = _("Left out, because a self-assessment is open already: %(hotlines)s.")
        messages.warning(request, words % {"hotlines": ", ".join(hotline.name for hotline in opened.busy)})
    warn_of_hotlines_without_people(request, [evaluation.hotline for evaluation in opened.evaluations])


def _renewal_of(country: str) -> dict[str, Any]:
    """Return the initial values of the form for the renewal of an accreditation."""
    hotlines = Hotline.objects.filter(country=country)
    return {"hotlines": hotlines, "is_renewing": True} if country and hotlines else {}


@require_safe
def board(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the board of a round; before its opening, the plan."""
    round_ = find_round(request, uid)
    if round_.state == Round.State.PLANNED:
        return _planned(request, round_)
    return render_board(request, round_)


def _planned(request: SignedInRequest, round_: Round) -> HttpResponse:
    """Render a round that has not opened: its days, its hotlines, and its moves."""
    chosen = list(round_.chosen.all())
    busy = {hotline.pk for hotline in hotlines_with_open_self_assessment(chosen)}
    unreached = {hotline.pk for hotline in hotlines_without_people(chosen)}
    readers = Membership.objects.today().filter(
        hotline__in=[hotline.pk for hotline in chosen if hotline.pk not in busy],
        role__in=HOTLINE_ROLES,
        user__is_active=True,
    )
    return render(
        request,
        "rounds/planned.html",
        {
            "round": round_,
            "hotlines": [
                {"hotline": hotline, "is_busy": hotline.pk in busy, "is_unreached": hotline.pk in unreached}
                for hotline in chosen
            ],
            "letters": readers.values("hotline", "user").distinct().count(),
            "unreached": [hotline for hotline in chosen if hotline.pk in unreached],
            "may_correct": is_allowed("round.open", request.user),
            "undecided": find_undecided_pairs(round_) if is_allowed("round.open", request.user) else [],
            "moves": offered_moves(round_, request.user),
            "steps": shown_steps(queries.steps_of(round_)),
        },
    )


@require_POST
def make_move(request: SignedInRequest, uid: UUID, name: str) -> HttpResponse:
    round_ = find_round(request, uid)
    opened = []

    def how(thing: Round, name: str, *, by: User, note: str) -> Step:
        if name != "open":
            return perform(thing, name, by=by, note=note)
        opened.append(open_planned_round(thing, by=request.user))
        return queries.steps_of(thing, newest=1)[0]

    back = reverse("workspace:board", args=[uid])
    answer = perform_move(request, round_, name, back_to=back, how=how, shows_letters=True)
    if opened and answer.status_code == 302:
        _report_opened(request, opened[0])
    return answer
