"""The public explanation of a score, from the published result alone, without texts or names."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from evaluation.engine.scoring import LevelBasis, Scorecard, read_scorecard
from evaluation.figures.publishing.withholding import withhold
from evaluation.models import Answer, Decision
from evaluation.result_sentences import describe_basis, describe_disallowed, describe_level_reason
from evaluation.scorecards import read_inputs
from portal.presentation.indicators.figure import show_figure
from portal.presentation.indicators.indicator import ShownIndicator
from portal.presentation.public_hotline import read_hotline
from portal.presentation.scorecard.explained_number import Reader, describe, is_known
from standards.framework import Framework
from standards.models import Texts
from standards.presentation.asking_sentences import describe_askings


@require_safe
def why(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Show the explanation of one number of a hotline's published result."""
    if code != code.upper():
        return redirect("pages:why", code.upper(), number, permanent=True)
    shown = read_hotline(code)
    if shown is None or shown.result is None or shown.decision is None:
        raise Http404
    edition, number = shown.decision.evaluation.round.edition, number.rstrip("/")
    framework, texts = edition.framework, edition.texts(get_language())
    if not is_known(number, framework):
        raise Http404
    card = read_scorecard(shown.result["scorecard"])
    base = reverse("pages:why", args=[code, "number"]).removesuffix("number/")
    reader = Reader(framework, card, texts, lambda other: f"{base}{other}/")
    return render(
        request,
        "public/why.html",
        {
            "hotline": shown.hotline,
            "decision": shown.decision,
            "indicator": _indicator(shown.decision, framework, card, texts, number)
            if number in framework.indicators
            else None,
            **describe(reader, number),
        },
    )


def _indicator(decision: Decision, framework: Framework, card: Scorecard, texts: Texts, code: str) -> dict[str, Any]:
    """Return an indicator with both levels, and its figure unless that is too small to be published."""
    score, indicator = card.indicators[code], framework.indicators[code]
    inputs = read_inputs(decision.scorecard)
    public = withhold(framework, inputs.figures, inputs.partial)
    is_withheld = code in public.withheld
    return {
        "score": score,
        "label": "" if score.level is None else texts[f"level/{score.level}"],
        "whose": describe_basis(score.basis),
        "reason": describe_level_reason(score.basis),
        "disallowed": [describe_disallowed(who) for who in score.disallowed],
        "is_withheld": is_withheld,
        "shown": ShownIndicator(
            indicator=indicator,
            framework=framework,
            texts=texts,
            judgement=Answer(),  # the words are not published
            evidence=[],
            asked_of=describe_askings(indicator, framework, texts),
            is_asked_here=score.basis is not LevelBasis.NOT_ASKED_HERE,
            figure=None if is_withheld else show_figure(indicator, framework, texts, public),
        ),
    }
