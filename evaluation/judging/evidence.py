"""Gather the evidence of an evaluation, score it and store the scorecard."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Sum

from evaluation.answers.pinned_figures import counts_for, counts_for_many, versions_of_figures
from evaluation.engine import scoring
from evaluation.engine.improvement.gains import Gain
from evaluation.engine.improvement.gains import gains as find_gains
from evaluation.models import Answer, Evaluation, Finding, Scorecard, Step, User
from evaluation.models.answers.judgements import Evidence as Attached
from evaluation.recommendations.drafting import Drafting, draft_recommendations
from evaluation.response.response import forget_outdated_acceptances, move_visit
from evaluation.scorecards import read_inputs, write_scorecard
from evaluation.workflow import Act, perform, register_act
from standards.framework import Indicator, Support


def gather_evidence(evaluation: Evaluation) -> scoring.Evidence:
    """Return the stored evidence of an evaluation."""
    attached = _codes_with_evidence([evaluation])
    counted, indicators = counts_for(evaluation), evaluation.framework.indicators
    return scoring.Evidence(
        answers={
            answer.code: _judgement(
                indicators.get(answer.code),
                *_answer_values(answer),
                has_evidence=(evaluation.pk, answer.code) in attached,
            )
            for answer in evaluation.answers.all()
            if not answer.is_carried
        },
        findings={
            finding.code: _judgement(indicators.get(finding.code), *_finding_values(finding))
            for finding in evaluation.findings.all()
        },
        figures=counted.figures,
        partial=counted.partial,
        on=evaluation.round.opens_on,
        traits=tuple(evaluation.traits or ()),
    )


def gather_evidence_for_many(evaluations: Sequence[Evaluation]) -> dict[int, scoring.Evidence]:
    """Return the stored evidence of several evaluations of one round, by key. A constant number of queries."""
    answers: dict[int, dict[str, scoring.Judgement]] = {evaluation.pk: {} for evaluation in evaluations}
    findings: dict[int, dict[str, scoring.Judgement]] = {evaluation.pk: {} for evaluation in evaluations}
    attached = _codes_with_evidence(evaluations)
    indicators = evaluations[0].framework.indicators if evaluations else {}
    for model, found in ((Answer, answers), (Finding, findings)):
        rows = model.objects.filter(evaluation__in=list(evaluations), version__gt=0)
        names = _FINDING_FIELDS if model is Finding else _ANSWER_FIELDS
        for key, code, *values in rows.values_list("evaluation", "code", *names):
            has_evidence = model is Answer and (key, code) in attached
            found[key][code] = _judgement(indicators.get(code), *values, has_evidence=has_evidence)
    counted = counts_for_many(evaluations)
    return {
        evaluation.pk: scoring.Evidence(
            answers=answers[evaluation.pk],
            findings=findings[evaluation.pk],
            figures=counted[evaluation.pk].figures,
            partial=counted[evaluation.pk].partial,
            on=evaluation.round.opens_on,
            traits=tuple(evaluation.traits or ()),
        )
        for evaluation in evaluations
    }


_APPEND_ONLY = (Attached,)
"""Models whose rows are only added or deleted: the newest key and the count identify a version."""


def versions_of(evaluations: Sequence[Evaluation]) -> dict[int, list[Any]]:
    """Return, by evaluation key, a value that changes with every row that `gather_evidence_for_many` reads.

    One query per model.
    """
    found: dict[int, list[Any]] = {
        one.pk: [scoring.ENGINE, one.round.edition.sha256, one.round.opens_on, one.traits] for one in evaluations
    }
    for model in (Answer, Finding):
        judged = model.objects.filter(evaluation__in=list(found), version__gt=0).order_by().values("evaluation")
        for key, *version in judged.values_list("evaluation", Sum("version"), Count("pk")):
            found[key] += [model.__name__, *version]
    for added in _APPEND_ONLY:
        rows = added.objects.filter(evaluation__in=list(found)).order_by().values("evaluation")
        for key, *version in rows.values_list("evaluation", Max("pk"), Count("pk")):
            found[key] += [added.__name__, *version]
    for key, figures in versions_of_figures(evaluations).items():
        found[key].append(figures)
    return found


def _codes_with_evidence(evaluations: Iterable[Evaluation]) -> set[tuple[int, str]]:
    """Return the pairs of evaluation key and code with a document or an address.

    Makes a query only if an edition requires evidence.
    """
    wanted = [
        evaluation
        for evaluation in evaluations
        if any({Support.EVIDENCE, Support.EITHER} & i.supports for i in evaluation.framework.indicators.values())
    ]
    if not wanted:
        return set()
    return set(Attached.objects.filter(evaluation__in=wanted).values_list("evaluation", "code"))


_ANSWER_FIELDS = ("level", "value", "not_applicable", "words")
_FINDING_FIELDS = (*_ANSWER_FIELDS, "not_seen")
_answer_values, _finding_values = attrgetter(*_ANSWER_FIELDS), attrgetter(*_FINDING_FIELDS)


def _judgement(
    indicator: Indicator | None,
    level: int | None,
    value: Decimal | None,
    not_applicable: bool,
    words: str,
    not_seen: bool = False,
    *,
    has_evidence: bool = False,
) -> scoring.Judgement:
    return scoring.Judgement(
        level=level,
        value=None if value is None else Fraction(value),
        not_applicable=not_applicable,
        has_words=bool(words.strip()) if indicator is None else indicator.is_explained_by(words),
        has_evidence=has_evidence,
        not_seen=not_seen,
    )


@transaction.atomic
def judge(evaluation: Evaluation, *, by: User) -> Scorecard:
    """Score the evaluation and send the draft to the hotline. Return the scorecard. Raises Refusal if not ready."""
    perform(evaluation, "propose", by=by)
    return Scorecard.objects.latest_of(evaluation).get()


def _write_proposal(evaluation: Evaluation, *, by: User | None) -> None:
    """Score the evaluation, store the scorecard with its inputs, and draft the recommendations.

    Runs under the lock of the evaluation, so that no other move changes what it reads. Each draft that is sent has its
    own scorecard, with its own response and votes.
    """
    store_scorecard(evaluation)
    forget_outdated_acceptances(evaluation)


def store_scorecard(evaluation: Evaluation, *, revises: Scorecard | None = None) -> None:
    """Score the locked evaluation, store the scorecard, and update the draft recommendations.

    `revises` is the scorecard to which the hotline has responded, if findings were changed after the response.
    """
    evidence = gather_evidence(evaluation)
    card = scoring.score(evaluation.framework, evidence)
    gains = find_gains(evaluation.framework, evidence)
    row = write_scorecard(evaluation, evidence, card)
    row.revises = revises
    row.save(force_insert=True)
    draft_recommendations(evaluation, card, gains)


def _send_findings(evaluation: Evaluation, step: Step) -> None:
    move_visit(evaluation, "send_findings", step)


register_act(Evaluation.kind, "propose", act=Act(prepare=_write_proposal, meets=("no_scorecard",), run=_send_findings))


def update_draft_recommendations(evaluation: Evaluation) -> Drafting:
    """Update the draft recommendations from the stored evidence, so that the team can edit them.

    No scorecard is stored. Computes before locking, and again under the lock if the evidence was changed concurrently.
    Does nothing unless the evaluation is in the state REPORT.
    """
    if evaluation.state != Evaluation.State.REPORT:
        return Drafting()
    version, found = versions_of([evaluation]), _score_with_gains(evaluation)
    with transaction.atomic():
        locked = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
        if locked.state != Evaluation.State.REPORT:
            return Drafting()
        if versions_of([locked]) != version:
            found = _score_with_gains(locked)
        return draft_recommendations(locked, *found)


def _score_with_gains(evaluation: Evaluation) -> tuple[scoring.Scorecard, dict[str, Gain]]:
    evidence = gather_evidence(evaluation)
    return scoring.score(evaluation.framework, evidence), find_gains(evaluation.framework, evidence)


def score_with_current_figures(evaluation: Evaluation, decided: Scorecard) -> Scorecard:
    """Score the inputs of the scorecard `decided` with the figures that count now. Return an unsaved scorecard.

    Later answers, findings and traits are ignored: a follow-up that ended without a decision changes no score.
    """
    counted = counts_for(evaluation)
    evidence = replace(read_inputs(decided), figures=counted.figures, partial=counted.partial)
    return write_scorecard(evaluation, evidence, scoring.score(evaluation.framework, evidence))
