"""Move the last day of one hotline or several, with a reason: a step and letters for each evaluation."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from evaluation.answers.deadline.extension import (
    MOVE,
    SHORTEN,
    extend_together,
    find_days_to_shorten,
    find_extensions,
)
from evaluation.answers.deadline.timing import last_day_so_far
from evaluation.models import Evaluation, Round, User
from evaluation.models.reasons import Reason
from evaluation.workflow import Refusal, arrow, perform
from portal.access import find_evaluation, find_round
from portal.letters.recipients import warn_of_hotlines_without_people
from portal.moves.letters_first import letters_first, wants_change
from portal.presentation.form_days import describe_bounds
from portal.presentation.reasons import show_reason
from portal.requests.signed_in import SignedInRequest
from portal.rounds.board import visible_evaluations
from portal.rounds.chosen_hotlines import ChosenHotlinesForm, shown_on_board
from portal.rounds.corrections import DeadlineForm


@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show and save the form of a new last day, while the self-assessment is open."""
    evaluation = find_evaluation(request, uid, "evaluation.run")
    page = reverse("workspace:evaluation", args=[uid])
    if not arrow(evaluation, MOVE):
        messages.info(request, _("The self-assessment is submitted. Send it back to give it more time."))
        return HttpResponseRedirect(page)
    form = DeadlineForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _save(request, evaluation, form):
        return HttpResponseRedirect(page)
    return render(
        request,
        "rounds/extend.html",
        {
            "evaluation": evaluation,
            "round": evaluation.round,
            "last_day": last_day_so_far(evaluation),
            "form": form,
            "can_be_shortened": find_days_to_shorten(evaluation) is not None,
        },
        status=422 if form.errors else 200,
    )


def _save(request: SignedInRequest, evaluation: Evaluation, form: DeadlineForm) -> bool:
    """Move the last day and write to the hotline. Return False if refused, with the reasons at the field."""
    if not _move(request, evaluation, form, MOVE):
        return False
    messages.success(request, _("The hotline has more time, and gets a letter."))
    return True


def _move(request: SignedInRequest, evaluation: Evaluation, form: DeadlineForm, move: str) -> bool:
    try:
        perform(evaluation, move, by=request.user, note=form.cleaned_data["note"], until=form.cleaned_data["until"])
    except Refusal as refusal:
        for reason in refusal.reasons:
            form.add_error("until", show_reason(reason).sentence)
        evaluation.refresh_from_db()
        return False
    warn_of_hotlines_without_people(request, [evaluation.hotline])
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def shorten(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show and save the form that shortens a running extension or takes it back."""
    evaluation = find_evaluation(request, uid, "evaluation.run")
    days = find_days_to_shorten(evaluation)
    form = ShortenForm(days, request.POST if request.method == "POST" else None)
    if form.is_valid() and _move(request, evaluation, form, SHORTEN):
        messages.success(request, _("The last day is moved, and the hotline gets a letter."))
        return HttpResponseRedirect(reverse("workspace:evaluation", args=[uid]))
    if days is None:
        messages.info(request, show_reason(Reason("not_extended")).sentence)
        return HttpResponseRedirect(reverse("workspace:evaluation", args=[uid]))
    return render(
        request,
        "rounds/extend.html",
        {
            "evaluation": evaluation,
            "round": evaluation.round,
            "last_day": last_day_so_far(evaluation),
            "form": form,
            "is_shortened": True,
        },
        status=422 if form.errors else 200,
    )


class ShortenForm(DeadlineForm):
    """An earlier last day of one hotline, with the reason."""

    def __init__(self, days: tuple[date, date] | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if days:
            self.fields["until"].help_text = describe_bounds(Reason("day_outside", day=days[0], last=days[1]))


class SeveralForm(ChosenHotlinesForm, DeadlineForm):
    """One day and one reason for the chosen hotlines."""

    field_order = ("until", "note", "hotlines")


@require_http_methods(["GET", "HEAD", "POST"])
def extend_several(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the form with the open self-assessments of the round, then a preview; save after its confirmation.

    Initially the hotlines are chosen that match the board's filter in the address.
    """
    round_ = find_round(request, uid, "round.open")
    evaluations = visible_evaluations(request.user, round_)
    sent = request.POST.getlist(f"{SeveralForm.prefix}-hotlines")
    offered = [one for one in evaluations if one.is_open or one.hotline.country in sent]
    if request.method == "POST":
        form = SeveralForm(offered, request.POST)
    else:
        form = SeveralForm(offered, initial={"hotlines": shown_on_board(round_, offered, request.GET)})
    preview = None
    if form.is_valid():
        if "give" in request.POST and not wants_change(request):
            if answer := _save_several(request, round_, form.choose(evaluations), form):
                return answer
            evaluations = visible_evaluations(request.user, round_)  # another request changed them
        preview = _preview(form.choose(evaluations), form.cleaned_data["until"], by=request.user)
    return render(
        request,
        "rounds/extend_several.html",
        {"round": round_, "form": form, "preview": preview},
        status=422 if form.errors else 200,
    )


def _preview(evaluations: list[Evaluation], until: date, *, by: User) -> dict[str, Any]:
    """Return who gets more time, each with the present last day, and the others by the reason against it."""
    found = find_extensions(evaluations, until, by=by)
    left_out: dict[str, list[str]] = {}
    for one in found:
        if one.reasons:
            left_out.setdefault(show_reason(one.reasons[0]).sentence, []).append(one.evaluation.hotline.name)
    return {"until": until, "given": [one for one in found if not one.reasons], "left_out": left_out}


def _save_several(
    request: SignedInRequest, round_: Round, evaluations: list[Evaluation], form: SeveralForm
) -> HttpResponse | None:
    """Move all last days and write the letters, or show them first; if any is refused, add an error and return None."""
    note = form.cleaned_data["note"]
    try:
        with letters_first(request, _("Give more time")) as first:
            extend_together(evaluations, form.cleaned_data["until"], by=request.user, note=note)
    except Refusal:
        form.add_error(None, _("Nothing is written, because not all of these hotlines can get it. See who can."))
        return None
    if first.page:
        return first.page
    words = ngettext(
        "%(count)d hotline has more time, and gets a letter.",
        "%(count)d hotlines have more time, and each gets a letter.",
        len(evaluations),
    )
    messages.success(request, words % {"count": len(evaluations)})
    warn_of_hotlines_without_people(request, [evaluation.hotline for evaluation in evaluations])
    return HttpResponseRedirect(reverse("workspace:board", args=[round_.uid]))


urlpatterns = [
    path("evaluations/<uuid:uid>/more-time/", extend, name="extend"),
    path("evaluations/<uuid:uid>/less-time/", shorten, name="shorten"),
    path("rounds/<uuid:uid>/more-time/", extend_several, name="extend_several"),
]
