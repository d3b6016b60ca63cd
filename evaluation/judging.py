"""Gathers what was found, asks the engine, keeps the scorecard; then the panel's decision on it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from dateutil.relativedelta import relativedelta
from django.db import transaction

from evaluation import scoring
from evaluation.conditions import Reason
from evaluation.crm.importing import totals, totals_of_many
from evaluation.models import Answer, Decision, Evaluation, Finding, Recommendation, Scorecard, Step, User
from evaluation.models.judgements import Judgement
from evaluation.recommending import draft_recommendations
from evaluation.workflow import Refusal, find_reasons, move
from standards.framework import canonical, digest


def gather(evaluation: Evaluation) -> scoring.Evidence:
    """Everything that counts for an evaluation, as it is written now."""
    period = evaluation.round
    return scoring.Evidence(
        answers={answer.code: _pure(answer) for answer in evaluation.answers.all()},
        findings={finding.code: _pure(finding) for finding in evaluation.findings.all()},
        figures=totals(evaluation.hotline, period.figures_from, period.figures_until),
    )


def gather_many(evaluations: Sequence[Evaluation]) -> dict[int, scoring.Evidence]:
    """The same for the evaluations of one round, by key, in a constant number of queries."""
    answers: dict[int, dict[str, scoring.Judgement]] = {evaluation.pk: {} for evaluation in evaluations}
    findings: dict[int, dict[str, scoring.Judgement]] = {evaluation.pk: {} for evaluation in evaluations}
    for model, found in ((Answer, answers), (Finding, findings)):
        for judgement in model.objects.filter(evaluation__in=list(evaluations), version__gt=0):
            found[judgement.evaluation_id][judgement.code] = _pure(judgement)
    periods = {(evaluation.round.figures_from, evaluation.round.figures_until) for evaluation in evaluations}
    hotlines = [evaluation.hotline for evaluation in evaluations]
    figures = {period: totals_of_many(hotlines, *period) for period in periods}
    return {
        evaluation.pk: scoring.Evidence(
            answers=answers[evaluation.pk],
            findings=findings[evaluation.pk],
            figures=figures[evaluation.round.figures_from, evaluation.round.figures_until][evaluation.hotline_id],
        )
        for evaluation in evaluations
    }


def _pure(judgement: Judgement) -> scoring.Judgement:
    return scoring.Judgement(
        level=judgement.level,
        value=None if judgement.value is None else Fraction(judgement.value),
        not_applicable=judgement.not_applicable,
    )


def score_now(evaluation: Evaluation) -> scoring.Scorecard:
    """The score as things stand; nothing is kept."""
    return scoring.score(evaluation.framework, gather(evaluation))


def _nobody(_step: Step) -> None:
    """Tell nobody of a step."""


def judge(evaluation: Evaluation, *, by: User, tell: Callable[[Step], None] = _nobody) -> Scorecard:
    """Score the evaluation, keep the scorecard with everything that went in, draft the recommendations, and propose.

    Computes first and writes in one short transaction, in which `tell` hears of the step. Raises Refusal when the
    evaluation is not ready.
    """
    evaluation.refresh_from_db()
    reasons = [reason for reason in find_reasons(evaluation, "propose", by) if reason.code != "no_scorecard"]
    if reasons:
        raise Refusal("propose", reasons)
    evidence = gather(evaluation)
    card = scoring.score(evaluation.framework, evidence)
    written = _write(evaluation, evidence, card)
    with transaction.atomic():
        kept = evaluation.scorecards.first()
        if kept is None or (kept.input_digest, kept.engine) != (written.input_digest, written.engine):
            kept = written
            kept.save(force_insert=True)
        draft_recommendations(evaluation, card)
        tell(move(evaluation, "propose", by=by))
    return kept


def _write(evaluation: Evaluation, evidence: scoring.Evidence, card: scoring.Scorecard) -> Scorecard:
    inputs = canonical(
        {
            "edition": evaluation.round.edition.sha256,
            "evaluation": str(evaluation.uid),
            "evidence": scoring.write_evidence(evidence),
        }
    )
    payload = canonical(
        {
            "number": evaluation.scorecards.count() + 1,  # so that an earlier result may come back
            "inputs": json.loads(inputs),
            "scorecard": scoring.write_scorecard(card),
        }
    )
    return Scorecard(
        evaluation=evaluation,
        payload=payload,
        sha256=digest(payload),
        input_digest=digest(inputs),
        engine=card.engine,
        proposal=card.proposal.outcome,
        overall_tenths=scoring.as_tenths(card.overall),
    )


def read_kept(scorecard: Scorecard) -> scoring.Scorecard:
    """The engine's result as it was kept."""
    return scoring.read_scorecard(json.loads(scorecard.payload)["scorecard"])


def read_inputs(scorecard: Scorecard) -> scoring.Evidence:
    """What went in, as it was kept."""
    return scoring.read_evidence(json.loads(scorecard.payload)["inputs"]["evidence"])


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the panel writes: an outcome of the edition, and why."""

    outcome: str
    reasons: str


def decide(
    evaluation: Evaluation, verdict: Verdict, *, by: User, on: date, tell: Callable[[Step], None] = _nobody
) -> Decision:
    """Record the panel's decision on the latest scorecard and issue the recommendations.

    Raises Refusal without written reasons, for an outcome that the edition does not have, and for anybody with a
    stake or a seat on the visit's team.
    """
    reasons = [reason for reason in find_reasons(evaluation, "decide", by) if reason.code != "no_decision"]
    rule = evaluation.framework.rule
    if verdict.outcome not in {outcome.code for outcome in rule.outcomes}:
        reasons.append(Reason("no_such_outcome"))
    if not verdict.reasons.strip():
        reasons.append(Reason("no_reasons"))
    if reasons:
        raise Refusal("decide", reasons)
    months = rule.outcome(verdict.outcome).months
    with transaction.atomic():
        scorecard = evaluation.scorecards.latest()
        decision = Decision.objects.create(
            evaluation=evaluation,
            scorecard=scorecard,
            outcome=verdict.outcome,
            reasons=verdict.reasons.strip(),
            departs=verdict.outcome != scorecard.proposal,
            decided_by=by,
            decided_on=on,
            valid_until=on + relativedelta(months=months) if months else None,
        )
        tell(move(evaluation, "decide", by=by, note=verdict.reasons.strip()))
        for recommendation in evaluation.recommendations.filter(is_dropped=False, state=Recommendation.State.DRAFTED):
            move(recommendation, "issue", by=by)
    return decision
