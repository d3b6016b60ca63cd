"""The withdrawal of an accreditation for good: proposed by MCE, answered by the hotline, confirmed by a second person."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation import queries
from evaluation.accreditation import withdrawals
from evaluation.models import Appeal, Withdrawal
from evaluation.models.accreditation.accreditation import first_day_heard_until
from evaluation.models.people.permissions import is_allowed
from evaluation.models.people.ties import untied_coordinators
from evaluation.panel.appeals import find_appeal_reasons
from evaluation.workflow import Refusal, perform
from portal.access import find_accreditation, find_withdrawal
from portal.moves.pages import ShownStep, offered_moves, perform_move, shown_steps
from portal.moves.stored_notes import pop_note
from portal.presentation.form_days import DayInput
from portal.presentation.form_values import read_words
from portal.presentation.reasons import ShownReason, show_reason
from portal.presentation.refusals import raise_if_forbidden
from portal.requests.signed_in import SignedInRequest

TAGS: dict[str, str] = {
    Withdrawal.State.PROPOSED: "wait",
    Withdrawal.State.HEARD: "wait",
    Withdrawal.State.CONFIRMED: "stop",
}
_FIELD_OF = {
    "thin_ground": "ground",
    "heard_outside": "heard_until",
    "takes_effect_outside": "takes_effect_on",
}
"""The field of the form that a reason is about."""


class ProposalForm(forms.Form):
    """The ground, the last day to be heard, and the day on which the withdrawal takes effect."""

    ground = forms.CharField(
        label=gettext_lazy("Ground"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("The hotline reads it word for word. It is not public."),
        error_messages={"required": gettext_lazy("Write the ground.")},
    )
    heard_until = forms.DateField(
        label=gettext_lazy("The hotline is heard until"),
        widget=DayInput(),
        error_messages={"required": gettext_lazy("Give a day.")},
    )
    takes_effect_on = forms.DateField(
        label=gettext_lazy("It takes effect on"),
        widget=DayInput(),
        help_text=gettext_lazy("From this day on a second coordinator can confirm it."),
        error_messages={"required": gettext_lazy("Give a day.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the form, then what was entered to be read once more, then propose the withdrawal."""
    found = find_accreditation(request, uid, "accreditation.run")
    first = first_day_heard_until(found)
    initial = {"heard_until": first, "takes_effect_on": first + timedelta(days=1)}
    form = ProposalForm(request.POST or None, initial=initial)
    refused: list[ShownReason] = []
    is_read_back = False
    if request.method == "POST" and form.is_valid():
        withdrawal = withdrawals.draft_withdrawal(found, by=request.user, **form.cleaned_data)
        reasons = withdrawals.find_proposal_reasons(withdrawal, by=request.user)
        if not reasons and "confirmed" in request.POST and "read" in request.POST:
            try:
                withdrawals.propose(withdrawal)
            except Refusal as refusal:
                reasons = list(refusal.reasons)
            else:
                messages.success(request, _("The withdrawal is proposed, and the hotline is asked for its statement."))
                return HttpResponseRedirect(_page_of(withdrawal))
        for reason in reasons:
            if field := _FIELD_OF.get(reason.code):
                form.add_error(field, show_reason(reason, found).sentence)
            else:
                refused.append(show_reason(reason, found))
        is_read_back = not reasons and "change" not in request.POST
        if is_read_back and "confirmed" in request.POST:
            refused.append(_not_ticked())
    elif request.method != "POST":
        draft = withdrawals.draft_withdrawal(found, ground="", by=request.user, **initial)
        reasons = [
            one for one in withdrawals.find_proposal_reasons(draft, by=request.user) if one.code not in _FIELD_OF
        ]
        refused = [show_reason(reason, found) for reason in reasons]
    return render(
        request,
        "accreditation/propose_withdrawal.html",
        {
            "accreditation": found,
            "form": form,
            "refused": refused,
            "is_read_back": is_read_back,
            "written": {name: request.POST.get(name, "") for name in form.fields} if is_read_back else {},
            "first_day": first,
            "second_people": [one.name for one in untied_coordinators(request.user, found.hotline)],
        },
        status=422 if request.method == "POST" and (form.errors or refused) else 200,
    )


def _not_ticked() -> ShownReason:
    return ShownReason(_("Tick that you have read it"), _("Nothing is recorded before."))


def _page_of(found: Withdrawal) -> str:
    return reverse("workspace:withdrawal", args=[found.uid])


# --- The page --------------------------------------------------------------------------------------------------------


@require_safe
def withdrawal(request: SignedInRequest, uid: UUID) -> HttpResponse:
    return render_withdrawal(request, find_withdrawal(request, uid))


def render_withdrawal(
    request: SignedInRequest,
    found: Withdrawal,
    *,
    words: str | None = None,
    version: int | None = None,
    theirs: str | None = None,
    refused: Iterable[ShownReason] = (),
    status: int = 200,
) -> HttpResponse:
    """Render the page; `words` is a refused statement, `theirs` what somebody else has saved meanwhile."""
    user, accreditation = request.user, found.accreditation
    may_answer = is_allowed("withdrawal.answer", user, found)
    is_mce = is_allowed("accreditation.run", user, found)
    appeal = Appeal.objects.filter(withdrawal=found).exclude(state=Appeal.State.WRITTEN).first()
    reasons = withdrawals.find_confirmation_reasons(found, by=user) if is_mce and found.is_open else []
    return render(
        request,
        "accreditation/withdrawal.html",
        {
            "withdrawal": found,
            "accreditation": accreditation,
            "evaluation": found.evaluation,
            "kind": TAGS.get(found.state, ""),
            "has_draft": may_answer and found.is_waiting and found.is_proposed,
            "words": found.statement if words is None else words,
            "version": found.version if version is None else version,
            "theirs": theirs,
            "is_past_hearing": accreditation.today > found.heard_until,
            "is_confirmed_here": is_mce and found.is_open,
            "shut_reasons": [show_reason(reason, found) for reason in reasons],
            "moves": offered_moves(found, user),
            "stored_note": pop_note(request),
            "appeal": appeal,
            "may_appeal": appeal is None and may_answer and not find_appeal_reasons(found, by=user),
            "steps": [_without_ground(one) for one in shown_steps(queries.steps_of(found))],
            "refused": list(refused),
        },
        status=status,
    )


def _without_ground(step: ShownStep) -> ShownStep:
    """Return a step without the ground and the statement, which the page shows itself."""
    return step if step.is_back else replace(step, note="")


@require_POST
def answer(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Save the draft of the hotline's statement; with the button `give`, give the statement."""
    found = find_withdrawal(request, uid, "withdrawal.answer")
    words, version = read_words(request.POST, "statement"), request.POST.get("version", "")
    try:
        with transaction.atomic():
            known = int(version) if version.isdecimal() and len(version) < 10 else 0
            other = withdrawals.save_statement(found, words, version=known, by=request.user)
            if other is not None:
                refused = [ShownReason(_("Somebody else has changed the statement meanwhile"), _("Both are below."))]
                return render_withdrawal(
                    request, found, words=words, version=other.version, theirs=other.words, refused=refused, status=409
                )
    except Refusal as refusal:
        return _refused(request, found, refusal, words)
    if "give" not in request.POST:
        messages.success(request, _("The draft is saved. Missing Children Europe does not see it yet."))
        return HttpResponseRedirect(f"{_page_of(found)}#st")
    try:
        perform(found, "answer", by=request.user)
    except Refusal as refusal:
        return _refused(request, found, refusal, words)
    messages.success(request, _("The statement is given. Missing Children Europe has received it."))
    return HttpResponseRedirect(_page_of(found))


def _refused(request: SignedInRequest, found: Withdrawal, refusal: Refusal, words: str | None = None) -> HttpResponse:
    raise_if_forbidden(refusal, found)
    found = find_withdrawal(request, found.uid)
    reasons = [show_reason(reason, found) for reason in refusal.reasons]
    return render_withdrawal(request, found, words=words, refused=reasons, status=409)


@require_POST
def confirm(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Confirm the withdrawal as the second person, once it is ticked that the page was read."""
    found = find_withdrawal(request, uid, "withdrawal.confirm")
    if "read" not in request.POST:
        return render_withdrawal(request, found, refused=[_not_ticked()], status=422)
    try:
        perform(found, "confirm", by=request.user)
    except Refusal as refusal:
        return _refused(request, found, refusal)
    messages.success(request, _("The accreditation is withdrawn. The hotline is told, and can appeal."))
    return HttpResponseRedirect(_page_of(found))


@require_POST
def make_move(request: SignedInRequest, uid: UUID, name: str) -> HttpResponse:
    found = find_withdrawal(request, uid)
    return perform_move(request, found, name, back_to=_page_of(found))


urlpatterns = [
    path("accreditations/<uuid:uid>/withdrawal/", propose, name="propose_withdrawal"),
    path("withdrawals/<uuid:uid>/", withdrawal, name="withdrawal"),
    path("withdrawals/<uuid:uid>/statement/", answer, name="answer_withdrawal"),
    path("withdrawals/<uuid:uid>/confirmation/", confirm, name="confirm_withdrawal"),
    path("withdrawals/<uuid:uid>/move/<str:name>/", make_move, name="move_withdrawal"),
]
