"""Read the facts of a decision from the database, in a constant number of queries."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone, translation

from evaluation.answers.judgements import judgements_at
from evaluation.answers.pinned_figures import pinned_imports
from evaluation.answers.submission import read_submission
from evaluation.engine import scoring
from evaluation.figures.dictionary.items import code_name
from evaluation.figures.publishing.withholding import PublicFigures as Withholding
from evaluation.figures.publishing.withholding import withhold
from evaluation.figures.series.counting import counting_imports
from evaluation.judging.revision import find_changed_findings
from evaluation.models import (
    AnswerVersion,
    Decision,
    EarlierVisit,
    Evaluation,
    FindingVersion,
    Recommendation,
    Scorecard,
    StatisticsImport,
    TeamMember,
    User,
    Visit,
)
from evaluation.response.replies import replies_to, response_to
from evaluation.result_sentences import describe_check_result
from evaluation.scorecards import read_payload
from reports.document import (
    ChangeFacts,
    ConditionText,
    DecisionFacts,
    EditionFacts,
    Facts,
    FiguresFile,
    FindingFacts,
    FrozenScorecard,
    HotlineFacts,
    HowDecided,
    RecommendationFacts,
    RequirementFacts,
    ResponseFacts,
    RoundFacts,
    RuleTexts,
    SubmissionFacts,
    VisitFacts,
)
from standards.framework import Framework
from standards.models import Texts
from standards.presentation.asking_sentences import describe_askings
from standards.presentation.condition_sentences import describe_condition
from standards.presentation.rule_sentences import (
    describe_methods,
    describe_obligation,
    describe_overall,
    describe_score,
)


def read_facts(decision: Decision, language: str, *, issue: int = 1) -> Facts:
    """Return the present facts of the report on `decision`. Levels and scores are those of the stored scorecard."""
    decision = Decision.objects.select_related(
        "replaces", "scorecard", "evaluation__round__edition", "evaluation__hotline", "evaluation__operator"
    ).get(pk=decision.pk)
    evaluation, stored = decision.evaluation, decision.scorecard
    edition, hotline, round_ = evaluation.round.edition, evaluation.hotline, evaluation.round
    payload, voted = read_payload(stored), decision.voted
    card, evidence = payload.card, payload.evidence
    figures = withhold(edition.framework, evidence.figures, evidence.partial)
    return Facts(
        language=language,
        issue=issue,
        address=_address(),
        edition=EditionFacts(edition.code, edition.sha256, edition.source_language, edition.is_sample),
        framework=edition.framework,
        hotline=HotlineFacts(
            name=hotline.name,
            code=hotline.code,
            operator=evaluation.operator.name if evaluation.operator else "",
            is_invented=hotline.is_invented,
        ),
        examined=RoundFacts(round_.name, round_.figures_from, round_.figures_until),
        visit=_visit(evaluation, voted.decided_at),
        scorecard=FrozenScorecard(card, stored.sha256, stored.input_digest),
        rule_texts=read_rule_texts(edition.framework, card, edition.texts(language), language),
        decision=DecisionFacts(
            outcome=decision.outcome,
            reasons=decision.reasons,
            departs=decision.departs,
            decided_on=decision.decided_on,
            valid_until=decision.valid_until,
            how=HowDecided(decision.kind),
            replaces=decision.replaces.decided_on if decision.replaces else None,
            demands=tuple(RequirementFacts(r.text, r.due_on, r.code) for r in decision.requirements.all()),
            hand_in_by=decision.hand_in_by,
            last_day_to_appeal=None if decision.kind == Decision.Kind.APPEAL else decision.last_day_to_appeal,
        ),
        answers=_answers(evaluation, voted.decided_at),
        findings=_findings(evaluation, voted.decided_at),
        figures=_measured(edition.framework, figures),
        withheld=figures.withheld,
        response=_response(voted.scorecard),
        recommendations=_advice(evaluation.pk),
        files=_describe_origin(files_counted(evaluation, stored.judged_at), language),
        submission=_submission(evaluation, stored.judged_at),
    )


def _address() -> str:
    """Return the address, without scheme, at which the number in the footer is verified.

    It redirects to the reader's language.
    """
    return f"{settings.WAGTAILADMIN_BASE_URL.partition('://')[2].rstrip('/')}/verify/"


def read_rule_texts(framework: Framework, card: scoring.Scorecard, texts: Texts, language: str) -> RuleTexts:
    """Return the sentences of the edition's rule, and the results of its conditions, in the language of the report."""
    with translation.override(language):
        return RuleTexts(
            conditions={
                outcome.outcome: tuple(
                    ConditionText(describe_condition(check.condition, framework, texts), describe_check_result(check))
                    for check in outcome.checks
                )
                for tested in (card, *card.by_result.values())
                for outcome in tested.outcomes
            },
            methods=describe_methods(framework),
            domain_methods={
                domain.code: describe_score(domain.code, "domain", framework.rule.aggregation.domain, framework)[0]
                for domain in framework.domains
            },
            overall_method=describe_overall(framework),
            obligations={o.code: describe_obligation(o, framework, texts) for o in framework.rule.obligations},
            askings={
                code: describe_askings(framework.indicators[code], framework, texts)
                for code, score in card.indicators.items()
                if score.basis is scoring.LevelBasis.NOT_ASKED_HERE
            },
        )


def _measured(framework: Framework, rule_texts: Withholding) -> dict[str, scoring.Measured]:
    """Return the figures with their terms, from those items stored with the scorecard that may be published."""
    return {
        code: scoring.measure(indicator, rule_texts.figures, rule_texts.partial)
        for code, indicator in framework.indicators.items()
        if (indicator.from_figures or indicator.capped_by_figures) and code not in rule_texts.withheld
    }


def _response(scorecard: Scorecard) -> ResponseFacts | None:
    """Return the hotline's response to the draft of this scorecard, or of the one that it revises."""
    response = response_to(scorecard)
    if response is None:
        return None
    remarks = {remark.code: remark.words for remark in response.remarks.all()}
    replies = {code: reply.words for code, reply in replies_to(response).items()}
    return ResponseFacts(
        timezone.localdate(response.given_at),
        response.words,
        remarks,
        replies,
        {code: ChangeFacts(change.was, change.now) for code, change in find_changed_findings(scorecard).items()},
        len(response.accepted),
    )


def _submission(evaluation: Evaluation, judged_at: datetime) -> SubmissionFacts | None:
    """Return the submission that the scorecard is based on: the last one before `judged_at`."""
    submission = evaluation.submissions.filter(at__lte=judged_at).first()
    if submission is None:
        return None
    day = timezone.localdate(submission.at, timezone=ZoneInfo(evaluation.round.time_zone))
    return SubmissionFacts(day, "declaration" in read_submission(submission), submission.sha256)


def _answers(evaluation: Evaluation, at: datetime) -> dict[str, str]:
    """Return the texts of the answers at a moment, by indicator, without empty ones."""
    answers = judgements_at(AnswerVersion, evaluation, at)
    return {code: answer.words for code, answer in sorted(answers.items()) if answer.words}


def _findings(evaluation: Evaluation, at: datetime) -> dict[str, FindingFacts]:
    """Return the findings at a moment, by indicator."""
    findings = judgements_at(FindingVersion, evaluation, at)
    return {
        code: FindingFacts(finding.words, finding.good_practice, finding.not_applicable)
        for code, finding in sorted(findings.items())
    }


def _visit(evaluation: Evaluation, at: datetime) -> VisitFacts | None:
    """Return the visit as it was at a moment, also if it was planned again or cancelled since; None without one."""
    earlier = evaluation.earlier_visits.filter(kept_at__gt=at).select_related("lead").last()
    if earlier is not None:
        others = earlier.team.exclude(pk=earlier.lead_id).order_by("pk")
        return _visit_facts(earlier, earlier.lead, [person.name for person in others])
    team = Prefetch("team", TeamMember.objects.select_related("user"))
    visit = Visit.objects.filter(evaluation=evaluation).prefetch_related(team).first()
    if visit is None or visit.agreed_days is None:
        return None
    lead = visit.lead.user if visit.lead else None
    return _visit_facts(visit, lead, [member.user.name for member in visit.team.all() if not member.is_lead])


def _visit_facts(visit: Visit | EarlierVisit, lead: User | None, others: Iterable[str]) -> VisitFacts:
    assert visit.starts_on is not None  # its days are agreed
    assert visit.ends_on is not None
    return VisitFacts(
        starts_on=visit.starts_on,
        ends_on=visit.ends_on,
        is_remote=visit.mode == Visit.Mode.REMOTE,
        lead=lead.name if lead else "",
        team=tuple(others),
    )


def _advice(evaluation: int) -> tuple[RecommendationFacts, ...]:
    issued = Recommendation.objects.communicated().filter(evaluation=evaluation).order_by("priority", "code")
    return tuple(
        RecommendationFacts(r.code, r.priority, r.title, r.text, r.look_for, r.owner, r.due_on) for r in issued
    )


def files_counted(evaluation: Evaluation, at: datetime | None) -> tuple[FiguresFile, ...]:
    """Return the files that counted for an evaluation at a moment; None for now."""
    return tuple(
        FiguresFile(
            name=file.file_name,
            sha256=file.file_digest,
            period_start=file.span[0],
            period_end=file.span[1],
            definitions=file.definitions,
            completeness=file.completeness,
            source_system=file.source_system,
        )
        for file in imports_for(evaluation, at=at)
    )


def imports_for(evaluation: Evaluation, *, at: datetime | None = None) -> list[StatisticsImport]:
    """Return the imports that counted at a moment, by default now: those of its pinned figures, else the live ones."""
    pinned = pinned_imports(evaluation, at=at)
    if pinned is not None:
        return pinned
    period = evaluation.round
    return counting_imports(evaluation.hotline_id, period.figures_from, period.figures_until, at=at)


def _describe_origin(files: Iterable[FiguresFile], language: str) -> tuple[FiguresFile, ...]:
    """Return the files with the names of their codes in the report's language."""
    with translation.override(language):
        return tuple(
            replace(
                file,
                completeness=str(code_name("completeness_note", file.completeness)),
                source_system=str(code_name("source_system", file.source_system)),
            )
            for file in files
        )
