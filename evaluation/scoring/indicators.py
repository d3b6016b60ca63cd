"""One indicator: whose word counts, what level that is, and what it brings into its standard."""

from dataclasses import replace
from fractions import Fraction

from evaluation.scoring.evidence import Evidence, Judgement
from evaluation.scoring.measures import measure
from evaluation.scoring.methods import bring
from evaluation.scoring.scorecard import LEFT_OUT, IndicatorScore, Why
from standards.framework import Framework, Indicator, Source, Support

_NOTHING = Judgement()


def score_indicator(framework: Framework, indicator: Indicator, evidence: Evidence) -> IndicatorScore:
    """What an assessor saw counts; else what was counted; else what the hotline says. Missing counts as the worst.

    An assessor's “not applicable” that the Guide does not allow displaces nothing: it is as if nobody had looked.
    What needs eyes and could not be looked at is missing; elsewhere that displaces nothing either.
    """
    scale, rule = framework.scale, framework.rule
    answer = evidence.answers.get(indicator.code, _NOTHING)
    finding = evidence.findings.get(indicator.code, _NOTHING)
    disallowed = tuple(
        who
        for who, word in ((Why.HOTLINE, answer), (Why.ASSESSOR, finding))
        if word.not_applicable and not indicator.not_applicable
    )
    if Why.ASSESSOR in disallowed:
        finding = _NOTHING
    measured = measure(indicator, evidence.figures, evidence.partial).value if indicator.formula else None
    shown = _shown(framework, indicator, measured, evidence)
    excused = answer.not_applicable and indicator.not_applicable
    said = Judgement(level=shown, value=measured) if indicator.from_figures and not excused else answer
    said_level = _level(framework, indicator, said)
    seen_level = _level(framework, indicator, finding)
    is_unseen = finding.not_seen and needs_eyes(indicator, says_not_applicable=answer.not_applicable)
    why, counts, level = _what_counts(indicator, evidence, (said, said_level), (finding, seen_level), is_unseen)
    if why is Why.HOTLINE and not _is_supported(framework, indicator, counts, level):
        why, counts, level = Why.UNSUPPORTED, _NOTHING, None
    if indicator.capped_by_figures and shown is not None and level is not None and not scale.reaches(shown, level):
        why, level = Why.CAPPED, shown
    reached, most, points, of = _bring(framework, indicator, why, level)
    return IndicatorScore(
        code=indicator.code,
        obligation=indicator.obligation,
        why=why,
        level=level,
        value=measured if indicator.capped_by_figures else counts.value,
        weight=rule.obligation[indicator.obligation].weight,
        reached=reached,
        most=most,
        points=points,
        of=of,
        self_level=said_level,
        self_value=said.value,
        self_not_applicable=said.not_applicable,
        seen_level=seen_level,
        disallowed=disallowed,
    )


def needs_eyes(indicator: Indicator, *, says_not_applicable: bool) -> bool:
    """It is seen on the visit, or the hotline says that it does not apply, which somebody must confirm."""
    return indicator.is_scored and (indicator.source is Source.VISIT or says_not_applicable)


def _shown(framework: Framework, indicator: Indicator, measured: Fraction | None, evidence: Evidence) -> int | None:
    """The level that figures show; where their counts are too small to be told, the level that was told instead."""
    if not indicator.formula:
        return None
    if measured is None:
        return evidence.withheld.get(indicator.code)
    return indicator.level_of(measured, framework.scale)


def at_level(framework: Framework, score: IndicatorScore, level: int) -> IndicatorScore:
    """The same indicator, as if an assessor had found it at this level and figures bore it out."""
    reached, _, points, of = _bring(framework, framework.indicators[score.code], Why.ASSESSOR, level)
    disallowed = tuple(who for who in score.disallowed if who is not Why.ASSESSOR)
    return replace(score, why=Why.ASSESSOR, level=level, reached=reached, points=points, of=of, disallowed=disallowed)


def _bring(framework: Framework, indicator: Indicator, why: Why, level: int | None) -> tuple[int, int, int, int]:
    """The points of a level and of the best one, and what the indicator brings into its standard."""
    scale, rule = framework.scale, framework.rule
    most = scale.points_of(scale.best, indicator.points)
    if why in LEFT_OUT:
        return 0, most, 0, 0
    reached = scale.points_of(scale.worst if level is None else level, indicator.points)
    weight = rule.obligation[indicator.obligation].weight
    return reached, most, *bring(framework, rule.aggregation.standard, reached, most, weight, level)


def _level(framework: Framework, indicator: Indicator, judgement: Judgement) -> int | None:
    """The level that a judgement stands for."""
    if judgement.not_applicable or not indicator.is_scored:
        return None
    if judgement.value is not None:
        return indicator.level_of(judgement.value, framework.scale)
    return judgement.level


_Word = tuple[Judgement, int | None]


def _what_counts(
    indicator: Indicator, evidence: Evidence, said: _Word, seen: _Word, is_unseen: bool
) -> tuple[Why, Judgement, int | None]:
    """Which of the words counts. “Not applicable” leaves the score only where the Guide allows it."""
    (counts, level), source = (seen, Why.ASSESSOR) if seen[0].is_given else (said, Why.HOTLINE)
    if not indicator.is_asked(evidence.on):
        return Why.NOT_ASKED, counts, None
    if not indicator.is_scored:
        return Why.NOT_SCORED, counts, None
    if is_unseen:
        return Why.NOT_SEEN, _NOTHING, None
    if counts.not_applicable and indicator.not_applicable:
        return Why.NOT_APPLICABLE, counts, None
    if counts.not_applicable or not counts.is_given:
        return Why.MISSING, _NOTHING, None
    if source is Why.HOTLINE and indicator.from_figures:
        source = Why.FIGURES
    return source, counts, level


def _is_supported(framework: Framework, indicator: Indicator, said: Judgement, level: int | None) -> bool:
    """Whether the hotline's word comes with what the Guide asks for with it. The worst level needs no proof."""
    if level == framework.scale.worst:
        return True
    return {
        Support.NOTHING: True,
        Support.WORDS: said.has_words,
        Support.EVIDENCE: said.has_evidence,
        Support.EITHER: said.has_words or said.has_evidence,
    }[indicator.counts_with]
