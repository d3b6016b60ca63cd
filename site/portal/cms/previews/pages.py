"""The previews of a standard and an indicator, by the templates of the real pages. Nothing is saved or sent."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.figures.series.months import Counts
from evaluation.models import Evaluation, Hotline
from evaluation.models.answers.judgements import needs_a_finding
from portal.cms.previews.invented import invent_answer, invent_figures, invent_finding, invent_judgements
from portal.presentation.indicators.figure import show_figure
from portal.presentation.indicators.indicator import ShownIndicator
from reports.preview import reduce_framework, write_preview
from standards.drafts.edition_checks import find_contradictions
from standards.framework import Indicator, Standard
from standards.models import IndicatorPage, StandardPage
from standards.models.tree import preview_of
from standards.public_guide.reader import Reading

POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin"
)
"""No script runs and no form is sent; the page may be shown in the frame of the editor."""

Part = StandardPage | IndicatorPage


class NotYet(Exception):
    """The draft cannot be shown; `sentences` say what is missing or wrong."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


class Draft:
    """An unsaved standard or indicator within its draft edition, with what is shown of it. Raises NotYet."""

    def __init__(self, page: Part) -> None:
        self.page, self.reading = page, Reading.of_draft(page)
        self.framework, self.texts = self.reading.framework, self.reading.texts
        code = page.code if isinstance(page, StandardPage) else page.get_parent().specific.code
        standard = self.framework.standards.get(code)
        if standard is None:
            raise NotYet(_("Write the code of the standard: then it can be shown."))
        self.standard: Standard = standard
        is_shown = (lambda one: one.code == page.code) if isinstance(page, IndicatorPage) else (lambda one: True)
        self.indicators: tuple[Indicator, ...] = tuple(filter(is_shown, standard.indicators))
        if not self.indicators and isinstance(page, IndicatorPage):
            raise NotYet(_("Choose how the indicator is answered and where it is checked: then it can be shown."))
        if not self.indicators:
            raise NotYet(_("This standard has no indicator yet."))
        shown = {indicator.code for indicator in self.indicators}
        self.reduced = reduce_framework(self.framework, shown)
        wrong = [problem.sentence for problem in find_contradictions(self.reduced)]
        if wrong:
            raise NotYet(*wrong)

    @property
    def evaluation(self) -> Evaluation:
        """An unsaved evaluation of an unsaved, invented hotline."""
        return Evaluation(hotline=Hotline(recorded_name=_("An invented hotline"), is_invented=True))

    def show(self, indicator: Indicator, judgement: Any) -> ShownIndicator:
        figures = Counts(invent_figures(indicator, self.framework.scale), {})
        return ShownIndicator(
            indicator=indicator,
            framework=self.framework,
            texts=self.texts,
            judgement=judgement,
            evidence=[],
            figure=show_figure(indicator, self.framework, self.texts, figures),
        )


def show_questionnaire(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Return the preview of the questionnaire, as the hotline answers it."""
    shown = [draft.show(one, invent_answer(one, draft.framework.scale)) for one in draft.indicators]
    return _render(request, draft, "questionnaire", {"indicators": shown, "may_answer": True})


def show_visit(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Return the preview of the study visit, with the finding next to the answer."""
    pairs = []
    for indicator in draft.indicators:
        answer = invent_answer(indicator, draft.framework.scale)
        pairs.append(
            {
                "shown": draft.show(indicator, invent_finding(indicator, draft.framework.scale)),
                "answer": answer,
                "answer_label": "" if answer.level is None else draft.texts[f"level/{answer.level}"],
                "is_found": False,
                "is_needed": needs_a_finding(indicator, answer),
            }
        )
    return _render(request, draft, "visit", {"pairs": pairs, "may_observe": True})


def show_report(_request: HttpRequest, draft: Draft) -> HttpResponse:
    """Return the preview of the report: the indicator's row and words, and the recommendation if it falls short."""
    return HttpResponse(
        write_preview(
            draft.reduced,
            draft.texts,
            invent_judgements(draft.indicators, draft.framework.scale),
            draft.reading.language,
            on=timezone.localdate(),
            is_sample=draft.reading.is_sample,
        )
    )


MODES: tuple[tuple[str, Any, Callable[[HttpRequest, Draft], HttpResponse]], ...] = (
    ("questionnaire", gettext_lazy("Questionnaire"), show_questionnaire),
    ("visit", gettext_lazy("Study visit"), show_visit),
    ("report", gettext_lazy("Report"), show_report),
)


def _render(request: HttpRequest, draft: Draft, name: str, context: dict[str, Any]) -> HttpResponse:
    return render(
        request,
        f"standards/previews/{name}.html",
        {"page": draft.page, "evaluation": draft.evaluation, "standard": draft.standard, **context},
    )


def _as_preview(show: Callable[[HttpRequest, Draft], HttpResponse]) -> Callable[[Part, HttpRequest], HttpResponse]:
    def preview(page: Part, request: HttpRequest) -> HttpResponse:
        try:
            response = show(request, Draft(page))
        except NotYet as not_yet:
            response = render(
                request, "standards/previews/not_yet.html", {"page": page, "sentences": not_yet.sentences}
            )
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return preview


for _mode, _label, _show in MODES:
    for _model in (StandardPage, IndicatorPage):
        preview_of(_model, _mode, _label)(_as_preview(_show))
