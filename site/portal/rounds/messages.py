"""A letter of MCE to chosen hotlines of a round: written, shown with its readers, then sent once."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from evaluation.models import Evaluation, Round
from evaluation.models.reasons import Reason
from evaluation.workflow import Refusal, perform
from portal.access import find_round
from portal.letters.recipients import warn_of_hotlines_without_people
from portal.moves.letters_first import letters_first, wants_change
from portal.presentation.reasons import show_reason
from portal.requests.signed_in import SignedInRequest
from portal.rounds.board import visible_evaluations
from portal.rounds.chosen_hotlines import ChosenHotlinesForm, shown_on_board


class LetterForm(ChosenHotlinesForm):
    note = forms.CharField(
        label=gettext_lazy("Your words"),
        help_text=gettext_lazy("They stand in the letter to everybody at these hotlines, and in the log."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4000,
        error_messages={"required": gettext_lazy("Write what you have to say.")},
    )
    field_order = ("note", "hotlines")


@require_http_methods(["GET", "HEAD", "POST"])
def write_to(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the form with the hotlines that match the board's filter, then the letters; send them after that."""
    round_ = find_round(request, uid, "round.open")
    evaluations = visible_evaluations(request.user, round_)
    if request.method == "POST":
        form = LetterForm(evaluations, request.POST)
    else:
        form = LetterForm(evaluations, initial={"hotlines": shown_on_board(round_, evaluations, request.GET)})
    if form.is_valid() and not wants_change(request) and (answer := _send(request, round_, evaluations, form)):
        return answer
    return render(
        request,
        "rounds/letter.html",
        {"round": round_, "form": form},
        status=422 if form.errors else 200,
    )


def _send(
    request: SignedInRequest, round_: Round, evaluations: list[Evaluation], form: LetterForm
) -> HttpResponse | None:
    """Send the letters, or show them first; None if refused, with the reasons at the fields."""
    note, readers = form.cleaned_data["note"], form.choose(evaluations)
    try:
        with letters_first(request, gettext("Send the letter")) as first:
            perform(round_, "write_to", by=request.user, note=note, evaluations=readers)
            if not first.written:
                raise Refusal("write_to", [Reason("nobody_reads")])
    except Refusal as refusal:
        for reason in refusal.reasons:
            form.add_error("hotlines" if reason.code == "nobody_reads" else "note", show_reason(reason).sentence)
        return None
    if first.page:
        return first.page
    words = ngettext("%(count)d letter is on its way.", "%(count)d letters are on their way.", len(first.written))
    messages.success(request, words % {"count": len(first.written)})
    warn_of_hotlines_without_people(request, [evaluation.hotline for evaluation in readers])
    return HttpResponseRedirect(reverse("workspace:board", args=[round_.uid]))


urlpatterns = [path("rounds/<uuid:uid>/letter/", write_to, name="write_to")]
