"""Corrections of a decision: one member proposes a new decision and a second one confirms it; rows are never edited."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from evaluation import queries
from evaluation.models import Correction, Decision, Evaluation
from evaluation.panel import corrections
from evaluation.workflow import Refusal, perform
from portal.access import find_correction, find_evaluation
from portal.moves.pages import offered_moves, perform_move, shown_steps, stages
from portal.moves.stored_notes import pop_note
from portal.presentation.reasons import ShownReason, show_reason
from portal.presentation.refusals import raise_if_forbidden
from portal.presentation.scorecard.decisions import VerdictForms, show_decisions, sign_of
from portal.requests.signed_in import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the form to propose a correction, or the proposed one; a POST proposes."""
    evaluation = find_evaluation(request, uid, "evaluation.decide")
    if request.method != "POST":
        return render_correction(request, evaluation)
    forms_sent = _verdict(evaluation, request.POST)
    if forms_sent.wants_more:
        return render_correction(request, evaluation, sent=forms_sent)
    if not forms_sent.is_valid():
        return render_correction(request, evaluation, sent=forms_sent, status=422)
    return _make(
        request,
        evaluation,
        lambda: corrections.propose(evaluation, forms_sent.verdict, by=request.user, on=evaluation.round.today),
        sent=forms_sent,
        done=_("The correction is proposed. A second member confirms it."),
    )


def _verdict(evaluation: Evaluation, sent: QueryDict | None = None) -> VerdictForms:
    """Return the form of the corrected decision, filled in with the reasons and conditions of the decision."""
    decision, scorecard = evaluation.decisions.first(), evaluation.shown_scorecard
    assert decision is not None
    assert scorecard is not None  # it was decided on
    return VerdictForms(
        evaluation,
        decision.outcome,
        sent,
        proposal=scorecard.proposal,
        kind=Decision.Kind.CORRECTION,
        replaces=decision,
    )


def render_correction(
    request: SignedInRequest,
    evaluation: Evaluation,
    *,
    sent: VerdictForms | None = None,
    refused: list[ShownReason] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the proposed correction, or the form to propose one, with the reasons that prevent the action."""
    user = request.user
    decisions = show_decisions(evaluation)
    proposed = evaluation.corrections.filter(state=Correction.State.PROPOSED).select_related("proposed_by").first()
    reasons = (
        corrections.find_confirmation_reasons(proposed, by=user)
        if proposed
        else corrections.find_proposal_reasons(evaluation, by=user)
    )
    newest = evaluation.latest_scorecard
    may_write = bool(decisions) and not proposed and not reasons
    return render(
        request,
        "panel/correction.html",
        {
            "evaluation": evaluation,
            "stages": stages(evaluation),
            "standing": decisions[0] if decisions else None,
            "proposed": proposed,
            "proposed_sign": sign_of(evaluation, proposed.outcome) if proposed else None,
            "demands": corrections.verdict_of(proposed).requirements if proposed else (),
            "verdict": (sent or _verdict(evaluation)) if may_write else None,
            "unsent": sent.decision["reasons"].value() if sent and not may_write else "",
            "shut_reasons": [show_reason(reason, evaluation) for reason in reasons],
            "refused": refused or [],
            "moves": offered_moves(proposed, user) if proposed else [],
            "moves_base": reverse(
                "workspace:move_correction", args=[evaluation.uid, proposed.uid, "drop"]
            ).removesuffix("drop/")
            if proposed
            else "",
            "stored_note": pop_note(request),
            "newest": newest,
            "newest_sign": sign_of(evaluation, newest.proposal) if newest else None,
            "is_scored_again": bool(decisions)
            and newest is not None
            and not newest.repeats(decisions[0].decision.scorecard),
            "steps": shown_steps(queries.steps_of(evaluation, *([proposed] if proposed else []), newest=6), evaluation),
        },
        status=status,
    )


def _make(
    request: SignedInRequest,
    evaluation: Evaluation,
    do: Callable[[], Any],
    *,
    done: Any,
    sent: VerdictForms | None = None,
    then: str = "",
) -> HttpResponse:
    """Call `do` and redirect to `then`, or to the page of the correction; if it is refused, render the reasons."""
    try:
        do()
    except Refusal as refusal:
        raise_if_forbidden(refusal, evaluation)
        evaluation.refresh_from_db()
        lines = [show_reason(reason, evaluation) for reason in refusal.reasons]
        return render_correction(request, evaluation, sent=sent, refused=lines, status=409)
    messages.success(request, done)
    return HttpResponseRedirect(then or _here(evaluation))


def _here(evaluation: Evaluation) -> str:
    return reverse("workspace:correction", args=[evaluation.uid])


@require_POST
def confirm(request: SignedInRequest, uid: UUID, correction: UUID) -> HttpResponse:
    """Confirm as the second member: write the corrected decision and redirect to it."""
    found = find_correction(request, uid, correction)
    evaluation = found.evaluation
    return _make(
        request,
        evaluation,
        lambda: perform(found, "confirm", by=request.user, on=evaluation.round.today),
        done=_("The corrected decision is written. MCE prints the report anew and publishes it."),
        then=f"{reverse('workspace:deliberation', args=[uid])}#dec1",
    )


@require_POST
def score_again(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Score again with the figures that count today, before a correction is written."""
    evaluation = find_evaluation(request, uid, "evaluation.decide")
    return _make(
        request,
        evaluation,
        lambda: corrections.score_again(evaluation, by=request.user),
        done=_("It is scored with the figures of today. The decision that stands keeps the scorecard it rests on."),
    )


@require_POST
def make_move(request: SignedInRequest, uid: UUID, correction: UUID, name: str) -> HttpResponse:
    found = find_correction(request, uid, correction)
    return perform_move(request, found, name, back_to=_here(found.evaluation))
