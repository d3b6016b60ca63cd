"""The confirmation page of an irreversible act: it shows the whole form again, with a second button."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from evaluation.models import Appeal, Decision, Evaluation
from evaluation.panel.decisions import draft_decision, terms_of_decision
from portal.presentation.scorecard.decisions import Sign, VerdictForms, sign_of
from portal.requests.returned_forms import RENDERED_FOR
from portal.requests.signed_in import SignedInRequest

BUTTONS = frozenset({"csrfmiddlewaretoken", RENDERED_FOR, "confirmed", "change", "more"})
"""Fields of a form that are not its content."""


def render_confirmation(
    request: SignedInRequest,
    evaluation: Evaluation,
    forms: VerdictForms,
    *,
    proposal: str,
    appeal: Appeal | None = None,
    is_upheld: bool = False,
    sign: Sign | None = None,
) -> HttpResponse:
    """Render the verdict as it would be recorded. The form of the page submits everything again, confirmed.

    `appeal` is the one that the verdict rules on; `is_upheld` if it upholds what is contested. `sign` is that of its
    outcome, by default an outcome of the edition.
    """
    verdict, today = forms.verdict, evaluation.round.today
    withdrawal = appeal.withdrawal if appeal else None
    decision = draft_decision(evaluation, proposal if withdrawal else verdict.outcome, today)
    if appeal is None:
        action, back = reverse("workspace:decide", args=[evaluation.uid]), "dec"
        page = reverse("workspace:deliberation", args=[evaluation.uid])
    else:
        decision.kind, decision.replaces = Decision.Kind.APPEAL, appeal.decision
        action, back = reverse("workspace:rule", args=[appeal.uid]), "rc"
        page = reverse("workspace:appeal", args=[appeal.uid])
    return render(
        request,
        "panel/confirmation.html",
        {
            "evaluation": evaluation,
            "appeal": appeal,
            "is_upheld": is_upheld,
            "verdict": verdict,
            "withdrawal": withdrawal,
            "sign": sign or sign_of(evaluation, verdict.outcome),
            "proposed": sign_of(evaluation, proposal),
            "departs": verdict.outcome != proposal,
            "terms": terms_of_decision(decision),
            "last_day_to_appeal": decision.last_day_to_appeal,
            "written": {name: words for name, words in forms.sent.items() if name not in BUTTONS and words},
            "action": action,
            "back": back,
            "page": page,
        },
    )
