"""Gathers the facts of a decision from the database, in a number of queries that nothing makes grow."""

import json

from django.conf import settings
from django.db.models import Prefetch

from evaluation import scoring
from evaluation.models import Answer, Decision, Finding, Recommendation, StatisticsImport, Step, TeamMember, Visit
from reports.document import (
    Advice,
    Decided,
    EditionFacts,
    Examined,
    Facts,
    FiguresFile,
    HotlineFacts,
    Kept,
    Seen,
    VisitFacts,
)
from standards.framework import Framework


def gather(decision: Decision, language: str, *, issue: int = 1) -> Facts:
    """Everything that the report on `decision` says, as it stands now; levels and scores as they were kept."""
    decision = Decision.objects.select_related(
        "scorecard", "evaluation__round__edition", "evaluation__hotline", "evaluation__operator"
    ).get(pk=decision.pk)
    evaluation, kept = decision.evaluation, decision.scorecard
    edition, hotline, round_ = evaluation.round.edition, evaluation.hotline, evaluation.round
    payload = json.loads(kept.payload)
    figures = scoring.read_evidence(payload["inputs"]["evidence"]).figures
    return Facts(
        language=language,
        issue=issue,
        address=_address(hotline.country),
        edition=EditionFacts(edition.code, edition.sha256, edition.source_language, edition.is_sample),
        framework=edition.framework,
        hotline=HotlineFacts(
            name=hotline.name,
            code=hotline.code,
            operator=evaluation.operator.name if evaluation.operator else "",
            is_invented=hotline.is_invented,
        ),
        examined=Examined(round_.name, round_.figures_from, round_.figures_until),
        visit=_visit(evaluation.pk),
        kept=Kept(scoring.read_scorecard(payload["scorecard"]), kept.sha256, kept.input_digest),
        decided=Decided(
            outcome=decision.outcome,
            reasons=decision.reasons,
            departs=decision.departs,
            decided_on=decision.decided_on,
            valid_until=decision.valid_until,
        ),
        answers=dict(
            Answer.objects.filter(evaluation=evaluation).exclude(words="").order_by("code").values_list("code", "words")
        ),
        findings=_findings(evaluation.pk),
        figures=_measured(edition.framework, figures),
        advice=_advice(evaluation.pk),
        files=_files(hotline.pk, kept.judged_at, round_.figures_from, round_.figures_until),
    )


def _address(country: str) -> str:
    """Where the outcome will stand once it is published; the site sends a reader on to their language."""
    return f"{settings.WAGTAILADMIN_BASE_URL.partition('://')[2].rstrip('/')}/register/{country}/"


def _measured(framework: Framework, figures: dict[str, scoring.Judgement]) -> dict[str, scoring.Measured]:
    """The statistics with their terms, from the items that were kept with the scorecard."""
    return {
        code: scoring.measure(indicator, figures)
        for code, indicator in framework.indicators.items()
        if indicator.from_figures
    }


def _findings(evaluation: int) -> dict[str, Seen]:
    return {
        finding.code: Seen(finding.words, finding.good_practice, finding.not_applicable)
        for finding in Finding.objects.filter(evaluation=evaluation, version__gt=0).order_by("code")
    }


def _visit(evaluation: int) -> VisitFacts | None:
    team = Prefetch("team", TeamMember.objects.select_related("user"))
    visit = Visit.objects.filter(evaluation=evaluation).prefetch_related(team).first()
    if visit is None:
        return None
    return VisitFacts(
        starts_on=visit.starts_on,
        ends_on=visit.ends_on,
        is_remote=visit.mode == Visit.Mode.REMOTE,
        lead=visit.lead.user.name if visit.lead else "",
        team=tuple(member.user.name for member in visit.team.all() if not member.is_lead),
    )


def _advice(evaluation: int) -> tuple[Advice, ...]:
    issued = Recommendation.objects.filter(
        evaluation=evaluation, is_dropped=False, state=Recommendation.State.ISSUED
    ).order_by("priority", "code")
    return tuple(Advice(r.code, r.priority, r.title, r.text, r.look_for, r.owner, r.due_on) for r in issued)


def _files(hotline, judged_at, start, end) -> tuple[FiguresFile, ...]:
    """The files that counted on the day of judging: confirmed by then, and superseded, if at all, only later."""
    files = list(
        StatisticsImport.objects.filter(hotline=hotline, period_start__gte=start, period_end__lte=end)
        .exclude(state=StatisticsImport.State.READ)
        .order_by("period_start", "uploaded_at", "pk")
    )
    steps = Step.objects.filter(
        kind=StatisticsImport.kind, uid__in=[file.uid for file in files], at__lte=judged_at
    ).order_by("seq")
    stood = {step.uid: step.target for step in steps}
    return tuple(
        FiguresFile(
            name=file.file_name,
            sha256=file.file_digest,
            period_start=file.period_start,
            period_end=file.period_end,
            definitions=file.definitions,
            completeness=file.completeness,
            source_system=file.source_system,
        )
        for file in files
        if stood.get(file.uid) == StatisticsImport.State.CONFIRMED
    )
