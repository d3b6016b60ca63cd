"""What cannot be changed afterwards is read back before it is recorded: a second page, and a second button."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from evaluation.models import Appeal, Decision, Evaluation
from evaluation.panel.decisions import terms_of
from portal.presentation.scorecard.decisions import VerdictForms, sign_of
from portal.workspace.requests import SignedInRequest

BUTTONS = frozenset({"csrfmiddlewaretoken", "confirmed", "change", "more"})
"""What a form sends besides what was written in it."""


def read_back(
    request: SignedInRequest,
    evaluation: Evaluation,
    forms: VerdictForms,
    *,
    proposal: str,
    appeal: Appeal | None = None,
    stands: bool = False,
) -> HttpResponse:
    """The page that shows a whole verdict as it would be recorded. Its form brings everything back, confirmed.

    `appeal` is the one that the verdict rules on; `stands` when it leaves the contested decision as it is.
    """
    verdict, today = forms.verdict, evaluation.round.today
    if appeal is None:
        action, back = reverse("workspace:decide", args=[evaluation.uid]), "dec"
        page = reverse("workspace:deliberation", args=[evaluation.uid])
    else:
        action, back = reverse("workspace:rule", args=[appeal.uid]), "rc"
        page = reverse("workspace:appeal", args=[appeal.uid])
    return render(
        request,
        "workspace/panel/confirmation.html",
        {
            "evaluation": evaluation,
            "appeal": appeal,
            "stands": stands,
            "verdict": verdict,
            "sign": sign_of(evaluation, verdict.outcome),
            "proposed": sign_of(evaluation, proposal),
            "departs": verdict.outcome != proposal,
            "terms": terms_of(evaluation.framework, verdict.outcome, today),
            "last_day_to_appeal": Decision(evaluation=evaluation, decided_on=today).last_day_to_appeal,
            "written": {name: words for name, words in forms.sent.items() if name not in BUTTONS and words},
            "action": action,
            "back": back,
            "page": page,
        },
    )
