"""The confirmation page of an irreversible act: it shows the whole form again, with a second button."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from evaluation.models import Appeal, Decision, Evaluation
from evaluation.panel.decisions import draft_decision, terms_of_decision
from portal.presentation.scorecard.decisions import VerdictForms, sign_of
from portal.requests.returned_forms import RENDERED_FOR
from portal.workspace.requests import SignedInRequest

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
) -> HttpResponse:
    """Render the verdict as it would be recorded. The form of the page submits everything again, confirmed.

    `appeal` is the one that the verdict rules on; `is_upheld` if it upholds the contested decision.
    """
    verdict, today = forms.verdict, evaluation.round.today
    decision = draft_decision(evaluation, verdict.outcome, today)
    if appeal is None:
        action, back = reverse("workspace:decide", args=[evaluation.uid]), "dec"
        page = reverse("workspace:deliberation", args=[evaluation.uid])
    else:
        decision.kind, decision.replaces = Decision.Kind.APPEAL, appeal.decision
        action, back = reverse("workspace:rule", args=[appeal.uid]), "rc"
        page = reverse("workspace:appeal", args=[appeal.uid])
    return render(
        request,
        "workspace/panel/confirmation.html",
        {
            "evaluation": evaluation,
            "appeal": appeal,
            "is_upheld": is_upheld,
            "verdict": verdict,
            "sign": sign_of(evaluation, verdict.outcome),
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
