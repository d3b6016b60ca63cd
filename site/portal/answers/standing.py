"""The state of an indicator outside of its form: its status line, and its mark in the list of the page."""

from collections.abc import Callable, Mapping
from typing import Any

from django.template.loader import render_to_string

from evaluation.answers.pinned_figures import counts_for
from evaluation.models import Evaluation
from evaluation.models.answers.judgements import Judgement
from portal.answers.asked import watch_asked
from portal.presentation.indicators.figure import show_figure
from portal.presentation.indicators.indicator import ShownIndicator, show_one_indicator


def show_answer(evaluation: Evaluation, answer: Judgement, missing: str) -> ShownIndicator:
    """Return an indicator with an answer and what it still needs. One query; more if it is filled from figures."""
    shown = show_one_indicator(evaluation, answer.code, answer)
    shown.known_missing = missing
    if shown.indicator.from_figures:
        shown.figure = show_figure(shown.indicator, shown.framework, shown.texts, counts_for(evaluation))
    return shown


def describe_standing(shown: ShownIndicator) -> Mapping[str, Any]:
    """Return the HTML that the script of the page inserts after a save or an upload."""
    return {"standing": shown.standing, "line": _draw("line", shown), "mark": _draw("mark", shown)}


def describe_result(shown: ShownIndicator) -> Mapping[str, Any]:
    """Return the HTML of the level that an entered number gives; nothing if the indicator has no bands."""
    return {"result": _draw("result", shown)} if shown.band_line and not shown.indicator.from_figures else {}


def _draw(part: str, shown: ShownIndicator) -> str:
    return render_to_string(f"answers/standing/{part}.html", {"shown": shown})


def watch_answer(evaluation: Evaluation) -> Callable[[Judgement, str], Mapping[str, Any]]:
    """Return a function to call after a save, which returns the indicators asked and the state of the answer."""
    describe_asked = watch_asked(evaluation)

    def describe(answer: Judgement, missing: str) -> Mapping[str, Any]:
        shown = show_answer(evaluation, answer, missing)
        return {**describe_asked(), **describe_standing(shown), **describe_result(shown)}

    return describe
