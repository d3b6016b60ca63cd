"""A letter of MCE to chosen hotlines of a round: written, previewed as its first reader gets it, then sent once."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from evaluation.models import Evaluation, Round
from evaluation.workflow import Refusal, perform
from portal.letters import rounds as letters
from portal.letters.outbox import render_letter
from portal.presentation.reasons.sentences import show_reason
from portal.workspace.access import find_round
from portal.workspace.requests import SignedInRequest
from portal.workspace.rounds.board import visible_evaluations
from portal.workspace.rounds.chosen_hotlines import ChosenHotlinesForm, shown_on_board
from portal.workspace.rounds.pages import warn_of_hotlines_without_people


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
    """Show the form with the hotlines that match the board's filter, then a preview; send it after that."""
    round_ = find_round(request, uid, "round.open")
    evaluations = visible_evaluations(request.user, round_)
    if request.method == "POST":
        form = LetterForm(evaluations, request.POST)
    else:
        form = LetterForm(evaluations, initial={"hotlines": shown_on_board(round_, evaluations, request.GET)})
    preview = None
    if form.is_valid():
        readers = form.choose(evaluations)
        if "send" in request.POST and _send(request, round_, readers, form):
            return HttpResponseRedirect(reverse("workspace:board", args=[uid]))
        preview = None if form.errors else _preview(readers, form.cleaned_data["note"])
    return render(
        request,
        "workspace/rounds/letter.html",
        {"round": round_, "form": form, "preview": preview},
        status=422 if form.errors else 200,
    )


def _preview(evaluations: list[Evaluation], note: str) -> dict[str, Any]:
    """Return the letter as its first reader gets it, and the numbers of readers and hotlines."""
    readers = letters.readers_at(evaluations)
    if not readers:
        return {"people": 0}
    evaluation, person = readers[0]
    subject, body = render_letter(letters.WORD, letters.words_of(evaluation, note), to=person, language=person.language)
    return {
        "people": len({person.pk for _evaluation, person in readers}),
        "hotlines": [evaluation.hotline.name for evaluation in evaluations],
        "codes": [evaluation.hotline.country for evaluation in evaluations],
        "reader": person,
        "subject": subject,
        "body": body,
        "note": note,
    }


def _send(request: SignedInRequest, round_: Round, evaluations: list[Evaluation], form: LetterForm) -> bool:
    note = form.cleaned_data["note"]
    try:
        with transaction.atomic():
            perform(round_, "write_to", by=request.user, note=note, evaluations=evaluations)
            sent = letters.write_words_to_hotlines(evaluations, note=note)
    except Refusal as refusal:
        for reason in refusal.reasons:
            form.add_error("note", show_reason(reason).sentence)
        return False
    words = ngettext("%(count)d letter is on its way.", "%(count)d letters are on their way.", len(sent))
    messages.success(request, words % {"count": len(sent)})
    warn_of_hotlines_without_people(request, [evaluation.hotline for evaluation in evaluations])
    return True


urlpatterns = [path("rounds/<uuid:uid>/letter/", write_to, name="write_to")]
