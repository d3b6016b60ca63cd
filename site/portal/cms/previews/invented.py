"""Invents an answer, a finding and figures for an indicator, so that a preview shows it in use."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil

from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.engine.scoring import Evidence
from evaluation.engine.scoring import Judgement as ScoredJudgement
from evaluation.models import Answer, Finding
from reports.preview import InventedJudgements
from standards.framework import Indicator, Measure, Scale
from standards.framework.units import PERCENT

DENOMINATOR = 200
"""The denominator of an invented ratio."""
WITHOUT_BANDS = Fraction(42)
"""The invented number if there are no bands."""


def invent_answer(indicator: Indicator, scale: Scale) -> Answer:
    """Return the hotline's answer: the second best level, yes, or a number of that level; none if figures fill it."""
    answer = Answer(code=indicator.code)
    if indicator.from_figures:
        return answer
    answer.version, answer.at = 1, timezone.now()
    answer.words = _("An invented answer: here the hotline writes how it does this.")
    _judge(answer, indicator, scale, rank=_second_best(indicator, scale))
    return answer


def invent_finding(indicator: Indicator, scale: Scale) -> Finding:
    """Return the finding: one level worse than the answer, where there is one."""
    finding = Finding(code=indicator.code, version=1, at=timezone.now())
    finding.words = _("An invented finding: here the assessors write what they saw.")
    _judge(finding, indicator, scale, rank=max(0, _second_best(indicator, scale) - 1))
    return finding


def _second_best(indicator: Indicator, scale: Scale) -> int:
    best = scale.rank(scale.best)
    return best if indicator.measure is Measure.YES_NO else best - 1


def _judge(judged: Answer | Finding, indicator: Indicator, scale: Scale, *, rank: int) -> None:
    """Set a judgement in the measure of the indicator: yes or no, a number, or the level of this rank."""
    if indicator.measure is Measure.NUMERIC:
        value = _value_at(indicator, scale, rank)
        judged.value = Decimal(value.numerator) / Decimal(value.denominator)
    elif indicator.measure is Measure.YES_NO:
        judged.level = scale.best if rank == scale.rank(scale.best) else scale.worst
    else:
        judged.level = next(level for level in scale.levels if scale.rank(level) == rank)


def _value_at(indicator: Indicator, scale: Scale, rank: int) -> Fraction:
    """Return a value whose level has this rank, or else the nearest rank that a band gives."""
    if not indicator.bands:
        return WITHOUT_BANDS
    return min(
        reversed(indicator.sample_values()), key=lambda value: abs(scale.rank(indicator.level_of(value, scale)) - rank)
    )


def invent_figures(indicator: Indicator, scale: Scale) -> dict[str, Fraction | None]:
    """Return totals of the items that the indicator's formula needs, and enough cases for its smallest base."""
    formula, base = indicator.formula, indicator.minimum_base
    if formula is None:
        return {}
    wanted = _value_at(indicator, scale, _second_best(indicator, scale))
    numerator, signed = formula.parts()
    found: dict[str, Fraction | None] = {numerator: wanted}
    if signed:
        (_sign, first), *others = signed
        tenth = DENOMINATOR // 10
        totals = {first: DENOMINATOR - sum(sign * tenth for sign, _item in others)}
        totals |= {item: tenth for _sign, item in others}
        share = wanted / 100 if indicator.unit == PERCENT else wanted
        totals = {numerator: round(share * DENOMINATOR), **totals}
        enough = ceil(Fraction(base.at_least, totals[base.item])) if base and totals.get(base.item) else 1
        found = {item: Fraction(total * enough) for item, total in totals.items()}
    if base:
        found.setdefault(base.item, Fraction(max(base.at_least, DENOMINATOR)))
    return found


def invent_judgements(indicators: Sequence[Indicator], scale: Scale) -> InventedJudgements:
    """Return the same answers, findings and figures, as the engine and the report read them."""
    answers = {indicator.code: invent_answer(indicator, scale) for indicator in indicators}
    findings = {i.code: invent_finding(i, scale) for i in indicators if not i.from_figures}
    figures = {item: total for one in indicators for item, total in invent_figures(one, scale).items()}
    return InventedJudgements(
        Evidence(
            answers={code: _as_evidence(answer) for code, answer in answers.items()},
            findings={code: _as_evidence(finding) for code, finding in findings.items()},
            figures=figures,
        ),
        answers={code: answer.words for code, answer in answers.items() if answer.words},
        findings={code: finding.words for code, finding in findings.items()},
    )


def _as_evidence(judged: Answer | Finding) -> ScoredJudgement:
    return ScoredJudgement(
        level=judged.level,
        value=None if judged.value is None else Fraction(judged.value),
        has_words=bool(judged.words),
        has_evidence=judged.version > 0,
    )
