"""Appeals: the hotline lodges one, MCE follows it, members who had no part in the contested decision hear it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation import queries
from evaluation.models import Appeal, Decision, Role, Ruling, User, Withdrawal
from evaluation.models.ballot import Tally
from evaluation.models.people.permissions import is_allowed
from evaluation.panel import appeals as appealing
from evaluation.panel.decisions import describe_tie
from evaluation.scorecards import read_result
from evaluation.workflow import Refusal
from portal.access import find_appeal, find_decision, find_withdrawal, require
from portal.moves.pages import ShownStep, offered_moves, perform_move, shown_steps
from portal.moves.stored_notes import pop_note
from portal.panel.confirmation import render_confirmation
from portal.panel.deliberation import VoteForm
from portal.presentation.reasons import ShownReason, show_reason
from portal.presentation.refusals import raise_if_forbidden
from portal.presentation.scorecard.decisions import (
    Sign,
    VerdictForms,
    outcome_choices,
    outcome_signs,
    show_decisions,
    sign_of,
    signs_of,
)
from portal.presentation.scorecard.outcomes import scorecard_view
from portal.requests.signed_in import SignedInRequest

ROWS_A_PAGE = 40


class GroundsForm(forms.Form):
    grounds = forms.CharField(
        label=_("Grounds"),
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "Say what in the decision is wrong, and why. The members who hear the appeal read it word for word."
        ),
        error_messages={"required": _("Write the grounds of the appeal.")},
    )


# --- The hotline -----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def lodge(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show and save the form in which the hotline contests a decision, with the reasons that prevent it."""
    decision = find_decision(request, uid, "appeal.lodge")
    return _lodge(request, decision, decision, decision.appeals.filter(withdrawal=None).first())


@require_http_methods(["GET", "HEAD", "POST"])
def lodge_against_withdrawal(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show and save the form in which the hotline contests the withdrawal of its accreditation."""
    withdrawal = find_withdrawal(request, uid, "appeal.lodge")
    decision = withdrawal.accreditation.decision
    return _lodge(request, withdrawal, decision, Appeal.objects.filter(withdrawal=withdrawal).first())


def _lodge(
    request: SignedInRequest, contested: Decision | Withdrawal, decision: Decision, lodged: Appeal | None
) -> HttpResponse:
    if lodged is not None:
        return HttpResponseRedirect(reverse("workspace:appeal", args=[lodged.uid]))
    withdrawal = contested if isinstance(contested, Withdrawal) else None
    form = GroundsForm(request.POST or None)
    reasons = appealing.find_appeal_reasons(contested, by=request.user)
    if request.method == "POST" and form.is_valid():
        grounds = form.cleaned_data["grounds"]
        try:
            appeal = appealing.lodge(contested, grounds, by=request.user)
        except Refusal as refusal:
            reasons = list(refusal.reasons)
        else:
            messages.success(request, _("The appeal is lodged. Members who had no part in what is contested hear it."))
            return HttpResponseRedirect(reverse("workspace:appeal", args=[appeal.uid]))
    evaluation = decision.evaluation
    last_day = contested.last_day_to_appeal
    unwritten = appealing.unwritten_appeal(contested, by=request.user)
    return render(
        request,
        "panel/lodge_appeal.html",
        {
            "decision": decision,
            "withdrawal": withdrawal,
            "evaluation": evaluation,
            "sign": sign_of(evaluation, decision.outcome),
            "last_day": last_day,
            "days_left": (last_day - evaluation.round.today).days if last_day else 0,
            "shut_reasons": [show_reason(reason, evaluation) for reason in reasons],
            "form": form,
            "hearers": appealing.find_hearers(evaluation, unwritten if withdrawal else None),
        },
        status=422 if form.errors or (request.method == "POST" and reasons) else 200,
    )


# --- One appeal ------------------------------------------------------------------------------------------------------


@require_safe
def appeal(request: SignedInRequest, uid: UUID) -> HttpResponse:
    found, user = find_appeal(request, uid), request.user
    if found.is_open and is_allowed("appeal.hear", user, found) and appealing.find_declaration(found, user) is None:
        return redirect("workspace:declare_on_appeal", uid)
    return render_appeal(request, found)


def render_appeal(
    request: SignedInRequest,
    found: Appeal,
    *,
    sent: dict[str, Any] | None = None,
    refused: tuple[str, list[ShownReason]] = ("", []),
    status: int = 200,
) -> HttpResponse:
    """Render one appeal; `sent` has invalid forms by act, `refused` the refused act with its reasons."""
    user, evaluation = request.user, found.evaluation
    is_hearing = is_allowed("appeal.hear", user, found)
    ruling = Ruling.objects.filter(appeal=found).select_related("decision", "by").first()
    shown = {row.decision.pk: row for row in show_decisions(evaluation)}
    tally = found.tally
    context = {
        "appeal": found,
        "evaluation": evaluation,
        "contested": shown[found.decision_id],
        "withdrawal": found.withdrawal,
        "ruling": ruling,
        "anew": shown[ruling.decision_id] if ruling and ruling.decision_id else None,
        "moves": offered_moves(found, user),
        "stored_note": pop_note(request),
        "steps": _steps(found),
        "is_hearing": is_hearing,
        "cast": tally.cast,
        "hearers": appealing.find_hearers(evaluation, found) if found.is_open else None,
        "invite": reverse("workspace:invite") if is_allowed("people.invite", user) else "",
        "quorum": evaluation.framework.procedure.quorum,
        "refused_act": refused[0],
        "refused": refused[1],
    }
    if is_hearing or (user.has_role(Role.MCE_COORDINATOR) and not found.is_open):
        context |= _voices(found, user)
    if is_hearing and found.is_open:
        context |= _hearing(found, user, tally, sent or {})
    return render(request, "panel/appeal.html", context, status=status)


def _steps(found: Appeal) -> list[ShownStep]:
    """Return the steps without the notes of lodging and ruling, which the page shows elsewhere."""
    steps = queries.steps_of(found)
    return [
        shown if step.move == "withdraw" else replace(shown, note="")
        for step, shown in zip(steps, shown_steps(steps), strict=True)
    ]


def _voices(found: Appeal, user: User) -> dict[str, Any]:
    """Return the own vote; also the other votes, once the member has voted or the appeal is closed."""
    signs = _signs(found)
    votes = found.counted_votes
    own = next((vote for vote in votes if vote.user_id == user.pk), None)
    return {
        "own": own,
        "own_sign": signs[own.outcome] if own else None,
        "votes": [{"vote": vote, "sign": signs[vote.outcome]} for vote in votes] if own or not found.is_open else [],
        "uncounted": [vote.user.name for vote in found.uncounted_votes],
    }


def _signs(found: Appeal) -> dict[str, Sign]:
    """Return the sign of each thing that members can vote for."""
    if found.withdrawal is None:
        return outcome_signs(found.evaluation)
    return {
        Appeal.REINSTATED: Sign("accredited", gettext("The accreditation is reinstated")),
        Appeal.STANDS: Sign("withdrawn", gettext("The withdrawal stands")),
    }


def _hearing(found: Appeal, user: User, tally: Tally, sent: dict[str, Any]) -> dict[str, Any]:
    """Return the context of a hearing member: the scorecard of the decision, the vote and the ruling."""
    evaluation, contested = found.evaluation, found.decision
    declaration = appealing.find_declaration(found, user)
    if declaration is None or declaration.has_stake:
        return {"may_speak": False}
    reasons = appealing.find_ruling_reasons(found, user)
    verdict = sent.get("rule") or (_verdict(found, tally.winner) if tally.winner and not reasons else None)
    signs = _signs(found)
    texts = evaluation.round.edition.texts(get_language())
    return {
        "may_speak": True,
        "explained": None
        if found.withdrawal
        else scorecard_view(read_result(contested.scorecard), evaluation.framework, texts),
        "vote_form": sent.get("vote") or VoteForm(choices=found.choices),
        "choices": _tiles(found),
        "shut_reasons": [show_reason(reason, evaluation) for reason in reasons],
        "verdict": verdict,
        "tie": describe_tie(tally),
        "winner": signs[tally.winner] if tally.winner else None,
        "upholds": tally.winner is not None and tally.winner != found.contested,
    }


def _verdict(found: Appeal, outcome: str, sent: QueryDict | None = None) -> VerdictForms:
    """Return the form of the ruling. If the decision is upheld, its requirements are unchanged and not asked for."""
    if found.withdrawal is not None:
        return VerdictForms(found.evaluation, outcome, sent, proposal=outcome, asks=False)
    if outcome == found.decision.outcome:
        return VerdictForms(found.evaluation, outcome, sent, proposal=outcome, asks=False)
    proposal, appealed = found.decision.scorecard.proposal, Decision.Kind.APPEAL
    return VerdictForms(found.evaluation, outcome, sent, proposal=proposal, kind=appealed, replaces=found.decision)


def _tiles(found: Appeal) -> list[dict[str, Any]]:
    """Return the outcomes as tiles, the contested one first: a vote for it dismisses the appeal."""
    if found.withdrawal is not None:
        return [{"value": code, "label": sign.name, "meaning": ""} for code, sign in reversed(_signs(found).items())]
    contested = found.decision.outcome
    choices = outcome_choices(found.evaluation, found.decision.scorecard.proposal)
    for choice in choices:
        is_upheld = choice["value"] == contested
        act = gettext("The decision stands") if is_upheld else gettext("In its place")
        choice["meaning"] = " · ".join(part for part in (act, choice["meaning"]) if part)
    return sorted(choices, key=lambda choice: choice["value"] != contested)


# --- Actions of members ----------------------------------------------------------------------------------------------


def _make(
    request: SignedInRequest, found: Appeal, act: str, do: Callable[[], Any], *, form: Any, done: Any, then: str
) -> HttpResponse:
    """Call `do` and redirect to `then`; if it is refused, render the page with the form and the reasons."""
    try:
        do()
    except Refusal as refusal:
        raise_if_forbidden(refusal, found)
        found.refresh_from_db()
        refused = (act, [show_reason(reason, found.evaluation) for reason in refusal.reasons])
        return render_appeal(request, found, sent={act: form}, refused=refused, status=409)
    messages.success(request, done)
    return HttpResponseRedirect(then)


def _here(found: Appeal) -> str:
    return reverse("workspace:appeal", args=[found.uid])


@require_POST
def vote(request: SignedInRequest, uid: UUID) -> HttpResponse:
    found = find_appeal(request, uid, "appeal.hear")
    form = VoteForm(request.POST, choices=found.choices)
    if not form.is_valid():
        return render_appeal(request, found, sent={"vote": form}, status=422)
    outcome, words = form.cleaned_data["outcome"], form.cleaned_data["words"]
    return _make(
        request,
        found,
        "vote",
        lambda: appealing.vote(found, outcome, words, by=request.user),
        form=form,
        done=_("Your vote is kept. You see the others’ votes now."),
        then=f"{_here(found)}#votes",
    )


@require_POST
def rule(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Record the outcome that more than half voted for, with reasons and, for a new outcome, requirements."""
    found = find_appeal(request, uid, "appeal.hear")
    outcome = request.POST.get("outcome", "")
    if outcome not in found.choices:
        outcome = found.tally.winner or found.contested
    verdict = _verdict(found, outcome, request.POST)
    if verdict.wants_more or "change" in request.POST:
        return render_appeal(request, found, sent={"rule": verdict})
    if not verdict.is_valid():
        return render_appeal(request, found, sent={"rule": verdict}, status=422)
    written, today = verdict.verdict, found.evaluation.round.today
    if "confirmed" not in request.POST and not appealing.find_verdict_reasons(
        found, written, by=request.user, on=today
    ):
        is_upheld = written.outcome == found.contested
        return render_confirmation(
            request,
            found.evaluation,
            verdict,
            proposal=found.decision.scorecard.proposal,
            appeal=found,
            is_upheld=is_upheld,
            sign=_signs(found)[written.outcome],
        )
    return _make(
        request,
        found,
        "rule",
        lambda: appealing.rule(found, written, by=request.user, on=today),
        form=verdict,
        done=_("The ruling is recorded, and the hotline is told."),
        then=_here(found),
    )


@require_POST
def make_move(request: SignedInRequest, uid: UUID, name: str) -> HttpResponse:
    found = find_appeal(request, uid)
    return perform_move(request, found, name, back_to=reverse("workspace:appeal", args=[uid]))


# --- All appeals -----------------------------------------------------------------------------------------------------


_IS_WAITING = ExpressionWrapper(Q(state=Appeal.State.LODGED), output_field=BooleanField())


@require_safe
def appeals(request: SignedInRequest) -> HttpResponse:
    """List all appeals of the network for MCE, open ones first; a constant number of queries."""
    require(request, "network.follow")
    listed = Appeal.objects.exclude(state=Appeal.State.WRITTEN).select_related(
        "evaluation__hotline", "decision__evaluation__round__edition", "withdrawal"
    )
    listed = listed.defer("decision__evaluation__round__edition__structure").annotate(is_waiting=_IS_WAITING)
    rows = Paginator(listed.order_by("-is_waiting", "-lodged_at"), ROWS_A_PAGE).get_page(request.GET.get("page"))
    signs = signs_of(row.decision.evaluation.round.edition for row in rows)
    return render(
        request,
        "panel/appeals.html",
        {
            "page": rows,
            "rows": [
                {"appeal": row, "sign": signs[row.decision.evaluation.round.edition_id, row.decision.outcome]}
                for row in rows
            ],
        },
    )
