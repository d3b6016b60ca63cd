"""Correct a round: move its last day, add or remove a hotline, remind late ones, discard a plan."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from evaluation.models import Evaluation, Hotline, Round
from evaluation.rounds.planning import add_hotline, has_begun, late_evaluations, remind_late
from evaluation.workflow import Refusal, perform
from portal.access import find_round
from portal.letters.recipients import warn_of_hotlines_without_people
from portal.moves.letters_first import letters_first, wants_change
from portal.presentation.form_days import DayInput
from portal.presentation.reasons import show_reason
from portal.requests.signed_in import SignedInRequest


class _Reasoned(forms.Form):
    """A form that requires a reason for the log and the letters."""

    prefix: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"] = forms.CharField(
            label=_("Reason"),
            help_text=_("Your words go to those concerned and to the log."),
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": _("Say why.")},
        )


class DeadlineForm(_Reasoned):
    prefix = "deadline"
    until = forms.DateField(
        label=_("New last day"),
        help_text=_("Today or later. The day counts to its end, in the round’s time zone."),
        widget=DayInput,
        error_messages={"required": _("Give the new last day.")},
    )


class AddForm(_Reasoned):
    prefix = "add"
    hotline = forms.ModelChoiceField(
        label=_("Hotline"),
        queryset=Hotline.objects.none(),
        error_messages={"required": _("Choose the hotline.")},
    )
    renewing = forms.BooleanField(
        label=_("Start from the last answers"),
        help_text=_("Copies them. What was answered, found and recommended last time is shown in any case."),
        required=False,
    )

    def __init__(self, round_: Round, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hotline = self.fields["hotline"]
        assert isinstance(hotline, forms.ModelChoiceField)
        hotline.queryset = Hotline.objects.exclude(evaluations__round=round_)


class EvaluationField(forms.ModelChoiceField[Evaluation]):
    """A choice of evaluations of one round, by the name of the hotline."""

    def label_from_instance(self, evaluation: Evaluation) -> str:
        return evaluation.hotline.name


class RemoveForm(_Reasoned):
    prefix = "remove"
    evaluation = EvaluationField(
        label=_("Hotline"),
        queryset=Evaluation.objects.none(),
        help_text=_("Only hotlines that have not begun. Others are excused on the page of their evaluation."),
        error_messages={"required": _("Choose the hotline.")},
    )

    def __init__(self, round_: Round, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = round_.evaluations.filter(state=Evaluation.State.SELF_ASSESSMENT).select_related("hotline")
        unbegun = [evaluation.pk for evaluation in waiting if not has_begun(evaluation)]
        choice = self.fields["evaluation"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = waiting.filter(pk__in=unbegun)


class ReminderForm(forms.Form):
    note = forms.CharField(
        label=_("Your words"),
        required=False,
        help_text=_("They stand in the letter to everybody at these hotlines, and in the log."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _page(request: SignedInRequest, round_: Round, *, status: int = 200, **given: Any) -> HttpResponse:
    return render(
        request,
        "rounds/correct.html",
        {
            "round": round_,
            "deadline": DeadlineForm(),
            "add": AddForm(round_),
            "remove": RemoveForm(round_),
            "reminder": ReminderForm(),
            "late": late_evaluations(round_),
            "refused": [],
        }
        | given,
        status=status,
    )


@require_safe
def correct_round(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the forms that correct an open round; redirect to the board for others."""
    round_ = find_round(request, uid, "round.open")
    if round_.state != Round.State.OPEN:
        return HttpResponseRedirect(reverse("workspace:board", args=[uid]))
    return _page(request, round_)


def _correct(
    request: SignedInRequest,
    round_: Round,
    name: str,
    form: forms.Form,
    label: str,
    act: Callable[[dict[str, Any]], tuple[str, Iterable[Evaluation]]],
) -> HttpResponse:
    """Call `act` with a valid form's data, after its letters were shown; it returns the message and who is written to.

    Render the page again if the form is invalid or refused, or is to be changed. `label` is that of the button.
    """
    if not form.is_valid():
        return _page(request, round_, status=422, **{name: form})
    if wants_change(request):
        return _page(request, round_, status=200, **{name: form})
    try:
        with letters_first(request, label) as first:
            message, written = act(form.cleaned_data)
    except Refusal as refusal:
        target = form[next(iter(form.fields))].auto_id
        refused = [{"text": show_reason(reason).sentence, "target": target} for reason in refusal.reasons]
        round_.refresh_from_db()
        return _page(request, round_, status=422, refused=refused, **{name: form})
    if first.page:
        return first.page
    warn_of_hotlines_without_people(request, [evaluation.hotline for evaluation in written])
    messages.success(request, message)
    return HttpResponseRedirect(reverse("workspace:board", args=[round_.uid]))


@require_POST
def save_deadline(request: SignedInRequest, uid: UUID) -> HttpResponse:
    round_ = find_round(request, uid, "round.open")

    def act(given: dict[str, Any]) -> tuple[str, Iterable[Evaluation]]:
        perform(round_, "move_deadline", by=request.user, note=given["note"], until=given["until"])
        open_ = round_.evaluations.filter(state=Evaluation.State.SELF_ASSESSMENT).select_related("hotline")
        return gettext("The last day is moved. The hotlines that have not submitted get a letter."), open_

    return _correct(request, round_, "deadline", DeadlineForm(request.POST), gettext("Move the last day"), act)


@require_POST
def add_to_round(request: SignedInRequest, uid: UUID) -> HttpResponse:
    round_ = find_round(request, uid, "round.open")

    def act(given: dict[str, Any]) -> tuple[str, Iterable[Evaluation]]:
        evaluation = add_hotline(
            round_, given["hotline"], renewing=given["renewing"], by=request.user, note=given["note"]
        )
        return gettext("%(hotline)s is in the round.") % {"hotline": evaluation.hotline.name}, [evaluation]

    return _correct(request, round_, "add", AddForm(round_, request.POST), gettext("Add the hotline"), act)


@require_POST
def remove_from_round(request: SignedInRequest, uid: UUID) -> HttpResponse:
    round_ = find_round(request, uid, "round.open")

    def act(given: dict[str, Any]) -> tuple[str, Iterable[Evaluation]]:
        evaluation = given["evaluation"]
        perform(round_, "remove_hotline", by=request.user, note=given["note"], hotline=evaluation.hotline)
        return gettext("%(hotline)s is no longer in the round.") % {"hotline": evaluation.hotline.name}, [evaluation]

    return _correct(request, round_, "remove", RemoveForm(round_, request.POST), gettext("Remove the hotline"), act)


@require_POST
def write_to_the_late(request: SignedInRequest, uid: UUID) -> HttpResponse:
    round_ = find_round(request, uid, "round.open")

    def act(given: dict[str, Any]) -> tuple[str, Iterable[Evaluation]]:
        late = remind_late(round_, by=request.user, note=given["note"])
        words = gettext("Those who are late are written to: %(hotlines)s.")
        return words % {"hotlines": ", ".join(evaluation.hotline.name for evaluation in late)}, late

    return _correct(request, round_, "reminder", ReminderForm(request.POST), gettext("Remind those who are late"), act)


@require_POST
def discard(request: SignedInRequest, uid: UUID) -> HttpResponse:
    round_ = find_round(request, uid, "round.open")
    name = round_.name
    try:
        perform(round_, "discard", by=request.user, note=str(request.POST.get("note", "")))
    except Refusal as refusal:
        for reason in refusal.reasons:
            messages.error(request, show_reason(reason).what)
        return HttpResponseRedirect(reverse("workspace:board", args=[uid]))
    messages.success(request, gettext("The planned round %(name)s is discarded.") % {"name": name})
    return HttpResponseRedirect(reverse("workspace:rounds"))


urlpatterns = [
    path("rounds/<uuid:uid>/correct/", correct_round, name="correct_round"),
    path("rounds/<uuid:uid>/correct/deadline/", save_deadline, name="save_deadline"),
    path("rounds/<uuid:uid>/correct/add/", add_to_round, name="add_to_round"),
    path("rounds/<uuid:uid>/correct/remove/", remove_from_round, name="remove_from_round"),
    path("rounds/<uuid:uid>/correct/late/", write_to_the_late, name="write_to_the_late"),
    path("rounds/<uuid:uid>/discard/", discard, name="discard_round"),
]
