"""The scorecard: the proposed outcome with its reasons, and the moves to the hotline and to the panel."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from evaluation import queries
from evaluation.judging import evidence as judging
from evaluation.models import Evaluation
from evaluation.models.people.permissions import is_allowed
from evaluation.workflow import Refusal
from portal.access import find_evaluation
from portal.figures.corrections import corrections_context
from portal.figures.series.provenance import provenance_of, show_origins
from portal.moves.pages import offered_moves, shown_steps, stages
from portal.presentation.refusals import report_refusal
from portal.presentation.scorecard.decisions import show_decisions
from portal.presentation.scorecard.outcomes import scorecard_view
from portal.presentation.scorecard.revised import show_revised
from portal.presentation.scorecard.visible_scorecard import SCORED, address_of_why, read_card
from portal.presentation.undecided_drafts import undecided_drafts, warn_of_undecided
from portal.requests.signed_in import SignedInRequest
from portal.scorecards.publication import offer_publication


@require_safe
def scorecard(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the stored scorecard, or that of the current evidence. Every number links to its explanation."""
    evaluation, user = find_evaluation(request, uid), request.user
    texts = evaluation.round.edition.texts(get_language())
    of_decision = "decided" in request.GET
    read = read_card(evaluation, user, of_decision=of_decision)
    address = address_of_why(evaluation, of_decision=of_decision)
    return render(
        request,
        "scorecards/scorecard.html",
        {
            "evaluation": evaluation,
            "stored": read.stored,
            "card": read.card,
            "revised": show_revised(evaluation, read.stored),
            "explained": scorecard_view(read.card, evaluation.framework, texts, address),
            "stands": read.is_decided,
            "is_followed_up": evaluation.followed_up is not None,
            "may_rehearse": is_allowed("evaluation.rehearse", user, evaluation),
            "stages": stages(evaluation),
            "texts": texts,
            "origins": show_origins(evaluation.framework, provenance_of(evaluation, user, scorecard=read.stored)),
            "decisions": show_decisions(evaluation),
            "may_deliberate": is_allowed("evaluation.deliberate", user, evaluation),
            "moves": [
                *offered_moves(evaluation, user, only=("reopen_findings",)),
                *offer_publication(evaluation, user),
            ],
            "may_judge": evaluation.state == Evaluation.State.REPORT
            and is_allowed("evaluation.judge", user, evaluation),
            "undecided": undecided_drafts(evaluation, user),
            "undecided_on": "scorecard",
            "is_scored": evaluation.state in SCORED,
            **corrections_context(evaluation, user),
            "steps": shown_steps(queries.steps_of(evaluation, newest=5), evaluation),
        },
    )


@require_POST
def judge(request: SignedInRequest, uid: UUID) -> HttpResponse:
    evaluation = find_evaluation(request, uid, "evaluation.judge")
    try:
        judging.judge(evaluation, by=request.user)
    except Refusal as refusal:
        report_refusal(request, refusal, evaluation)
        return HttpResponseRedirect(reverse("workspace:evaluation", args=[uid]))
    messages.success(request, _("The findings are scored and the hotline has the draft."))
    warn_of_undecided(request, evaluation.recommendations.undecided().count())
    return HttpResponseRedirect(reverse("workspace:scorecard", args=[uid]))
