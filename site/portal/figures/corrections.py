"""Figures corrected after they were pinned: shown next to the pinned ones, and included by a step with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from evaluation.answers.pinned_figures import CorrectedFigure, digest_of_corrections, find_corrections
from evaluation.engine.scoring import Measured
from evaluation.judging.evidence import update_draft_recommendations
from evaluation.models import Evaluation, User
from evaluation.models.people.permissions import is_allowed
from evaluation.result_sentences import format_value
from evaluation.workflow import Refusal, arrow, perform
from portal.access import find_evaluation
from portal.moves.stored_notes import store_note
from portal.presentation.form_values import read_words
from portal.presentation.refusals import report_refusal
from portal.presentation.undecided_drafts import report_drafting
from portal.requests.signed_in import SignedInRequest
from standards.framework import Framework
from standards.models import Texts

MOVE = "count_corrections"


class CountCorrectionsForm(forms.Form):
    note = forms.CharField(
        label=_("Reason"),
        help_text=_("Your words go to the log, which the hotline and the assessors read."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why the corrected figures are to count.")},
    )
    read = forms.CharField(widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A number with its level, if any; the text is empty if there is no number."""

    text: str
    level: int | None
    label: Any


@dataclass(frozen=True, slots=True)
class ShownCorrection:
    """An indicator with its pinned and its corrected figure."""

    code: str
    wording: Any
    counts: ShownFigure
    corrected: ShownFigure
    at: datetime | None
    sentence: str


def show_corrections(evaluation: Evaluation) -> dict[str, ShownCorrection]:
    """Return the corrections that do not count yet, by indicator."""
    return _show_all(evaluation, find_corrections(evaluation))


def _show_all(evaluation: Evaluation, corrections: Mapping[str, CorrectedFigure]) -> dict[str, ShownCorrection]:
    if not corrections:
        return {}
    texts, framework = evaluation.round.edition.texts(get_language()), evaluation.framework
    return {
        code: ShownCorrection(
            code=code,
            wording=texts[f"indicator/{code}/wording"],
            counts=_show(framework, texts, code, found.counts),
            corrected=_show(framework, texts, code, found.corrected),
            at=found.at,
            sentence=describe_correction(framework, found),
        )
        for code, found in corrections.items()
    }


def _show(framework: Framework, texts: Texts, code: str, measured: Measured) -> ShownFigure:
    indicator = framework.indicators[code]
    if measured.value is None:
        return ShownFigure("", None, "")
    level = indicator.level_of(measured.value, framework.scale) if indicator.is_scored else None
    label = "" if level is None else texts[f"level/{level}"]
    return ShownFigure(format_value(indicator, measured.value), level, label)


def describe_correction(framework: Framework, found: CorrectedFigure) -> str:
    """Return the sentence about a correction, as in: Corrected on 3 May 2026 to 84.8 %. It does not count."""
    day = date_format(timezone.localtime(found.at), "DATE_FORMAT") if found.at else ""
    if found.corrected.value is None:
        if not day:
            return gettext("The file accepted after the submission has no number for it. It does not count.")
        return gettext("The file accepted on %(day)s has no number for it. It does not count.") % {"day": day}
    value = format_value(framework.indicators[found.code], found.corrected.value)
    if not day:
        return gettext("Corrected to %(value)s after it was submitted. It does not count.") % {"value": value}
    return gettext("Corrected on %(day)s to %(value)s. It does not count.") % {"day": day, "value": value}


def corrections_context(evaluation: Evaluation, user: User, text: str = "") -> Mapping[str, Any]:
    """Return the context of `figures/corrections.html`; `text` is a refused reason."""
    corrections = find_corrections(evaluation)
    shown = list(_show_all(evaluation, corrections).values())
    may_count = bool(shown) and arrow(evaluation, MOVE) and is_allowed("evaluation.recount", user, evaluation)
    form = (
        CountCorrectionsForm(initial={"note": text, "read": digest_of_corrections(corrections)}) if may_count else None
    )
    return {"corrections": shown, "count_form": form, "unused_reason": "" if form else text}


@require_POST
def count_corrections(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Include the corrected figures, with a reason in the log."""
    evaluation = find_evaluation(request, uid, "evaluation.recount")
    note = read_words(request.POST, "note")
    page = reverse("workspace:evaluation", args=[uid])
    back = HttpResponseRedirect(page)
    try:
        perform(evaluation, MOVE, by=request.user, note=note, seen=request.POST.get("read", ""))
    except Refusal as refusal:
        report_refusal(request, refusal, evaluation)
        store_note(request, page, note, form="corrections")
        return back
    messages.success(request, gettext("The corrected figures count from now on. This is recorded in the log."))
    report_drafting(request, update_draft_recommendations(Evaluation.objects.get(pk=evaluation.pk)))
    return back


urlpatterns = [path("evaluations/<uuid:uid>/figures/count/", count_corrections, name="count_corrections")]
