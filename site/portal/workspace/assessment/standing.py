"""What the questionnaire says of an indicator outside of its form: its line, its mark in the list of the page."""

from collections.abc import Callable, Mapping
from typing import Any

from django.template.loader import render_to_string

from evaluation.assessment.pinned_figures import counts_for
from evaluation.models import Evaluation
from evaluation.models.judgements import Judgement
from portal.presentation.indicators.figure import show_figure
from portal.presentation.indicators.indicator import ShownIndicator, show_alone
from portal.workspace.assessment.asked import watch_asked


def show_answer(evaluation: Evaluation, answer: Judgement, missing: str) -> ShownIndicator:
    """Return an indicator with an answer and what that still needs. One query; more where figures fill it."""
    shown = show_alone(evaluation, answer.code, answer)
    shown.known_missing = missing
    if shown.indicator.from_figures:
        shown.figure = show_figure(shown.indicator, shown.framework, shown.texts, counts_for(evaluation))
    return shown


def describe_standing(evaluation: Evaluation, answer: Judgement, missing: str) -> Mapping[str, Any]:
    """Return what the script of the page puts in place after a save."""
    shown = show_answer(evaluation, answer, missing)
    context = {"shown": shown}
    parts = ("line", "mark", *(("result",) if shown.band_line and not shown.indicator.from_figures else ()))
    drawn = {part: render_to_string(f"workspace/assessment/standing/{part}.html", context) for part in parts}
    return {"standing": shown.standing, **drawn}


def watch_answer(evaluation: Evaluation) -> Callable[[Judgement, str], Mapping[str, Any]]:
    """Return a function that returns, after a save, which indicators are asked, and what the stored answer stands at."""
    describe_asked = watch_asked(evaluation)
    return lambda answer, missing: {**describe_asked(), **describe_standing(evaluation, answer, missing)}
