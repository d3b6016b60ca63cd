"""The explanation of a score: its terms with their basis, the rule, and the conditions that depend on it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from evaluation import queries
from evaluation.engine.improvement.hypothetical import choices_of
from evaluation.engine.scoring import IndicatorScore, LevelBasis
from evaluation.models import Evaluation, Finding, User
from evaluation.models.people.permissions import is_allowed
from evaluation.result_sentences import describe_basis, describe_disallowed, describe_level_reason
from portal.access import find_evaluation
from portal.figures.corrections import show_corrections
from portal.figures.series.provenance import provenance_of
from portal.presentation.indicators.figure import show_figure
from portal.presentation.indicators.indicator import ShownIndicator
from portal.presentation.scorecard.explained_number import Reader, describe, is_known
from portal.presentation.scorecard.visible_scorecard import ReadCard, address_of_why, read_card
from portal.requests.signed_in import SignedInRequest
from reports.document import FiguresFile
from reports.fact_reader import files_counted
from standards.models import Texts
from standards.presentation.asking_sentences import describe_askings


@dataclass(frozen=True, slots=True)
class ShownJudgement:
    """A judgement of an indicator with the name of its level."""

    judgement: Any
    label: Any


@dataclass(frozen=True, slots=True)
class IndicatorWhy:
    """An indicator: the judgement that counts and why, answer and finding, the figures with their files."""

    score: IndicatorScore
    shown: ShownIndicator
    label: Any
    whose: str
    reason: str
    disallowed: list[str]
    seen: ShownJudgement | None
    files: tuple[FiguresFile, ...]

    @property
    def is_from_figures(self) -> bool:
        return self.shown.figure is not None

    @property
    def can_be_tried(self) -> bool:
        """Whether it has hypothetical levels."""
        return bool(choices_of(self.shown.framework, self.score))


@require_safe
def why(request: SignedInRequest, uid: UUID, code: str) -> HttpResponse:
    """Show one number: of an indicator, a standard, a domain, the whole, or an outcome. Raises Http404."""
    evaluation = find_evaluation(request, uid)
    code, framework = code.rstrip("/"), evaluation.framework
    if not is_known(code, framework):
        raise Http404
    wanted = {"of_current_evidence": "now" in request.GET, "of_decision": "decided" in request.GET}
    read = read_card(evaluation, request.user, **wanted)
    texts = evaluation.round.edition.texts(get_language())
    reader = Reader(framework, read.card, texts, address_of_why(evaluation, **wanted))
    return render(
        request,
        "scorecards/why.html",
        {
            "evaluation": evaluation,
            "stored": read.stored,
            "shows_findings": read.shows_findings,
            "indicator": _indicator(evaluation, request.user, read, texts, code)
            if code in framework.indicators
            else None,
            "may_rehearse": is_allowed("evaluation.rehearse", request.user, evaluation),
            **describe(reader, code),
        },
    )


def _indicator(evaluation: Evaluation, user: User, read: ReadCard, texts: Texts, code: str) -> IndicatorWhy:
    score, indicator = read.card.indicators[code], evaluation.framework.indicators[code]
    answer = evaluation.answers.select_related("by").get(code=code)
    corrections = show_corrections(evaluation) if indicator.formula else {}
    provenance = provenance_of(evaluation, user, scorecard=read.stored) if indicator.formula else None
    shown = ShownIndicator(
        indicator=indicator,
        correction=corrections[code].sentence if code in corrections else "",
        framework=evaluation.framework,
        texts=texts,
        judgement=answer,
        evidence=[],
        figure=show_figure(indicator, evaluation.framework, texts, read.evidence, provenance),
        asked_from=indicator.asked_from if score.basis is LevelBasis.NOT_ASKED else None,
        asked_of=describe_askings(indicator, evaluation.framework, texts),
        is_asked_here=score.basis is not LevelBasis.NOT_ASKED_HERE,
    )
    return IndicatorWhy(
        score=score,
        shown=shown,
        label="" if score.level is None else texts[f"level/{score.level}"],
        whose=describe_basis(score.basis),
        reason=describe_level_reason(score.basis),
        disallowed=[describe_disallowed(who) for who in score.disallowed],
        seen=_finding_of(evaluation, texts, code, read),
        files=_files(evaluation, read) if indicator.formula else (),
    )


def _finding_of(evaluation: Evaluation, texts: Texts, code: str, read: ReadCard) -> ShownJudgement | None:
    if not read.shows_findings:
        return None
    found: QuerySet[Finding] = queries.decided_findings(evaluation) if read.is_decided else evaluation.findings.all()
    finding = found.filter(code=code, version__gt=0).select_related("by").first()
    if finding is None or not finding.is_given:
        return None
    return ShownJudgement(finding, "" if finding.level is None else texts[f"level/{finding.level}"])


def _files(evaluation: Evaluation, read: ReadCard) -> tuple[FiguresFile, ...]:
    return files_counted(evaluation, read.stored.judged_at if read.stored else None)
