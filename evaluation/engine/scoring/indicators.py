"""Score one indicator: which judgement counts, its level, and its contribution to the standard."""

from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction

from evaluation.engine.scoring.evidence import Evidence, Judgement
from evaluation.engine.scoring.measures import measure
from evaluation.engine.scoring.methods import contribution
from evaluation.engine.scoring.scorecard import NOT_COUNTED, IndicatorScore, LevelBasis
from standards.framework import Framework, Indicator, Source, Support

_NOTHING = Judgement()


def find_asked(framework: Framework, evidence: Evidence) -> Collection[str]:
    """Return the codes of the indicators that are asked, by the day, the hotline's traits and its answers."""

    def level_of(indicator: Indicator) -> int | None:
        return level_of_judgement(framework, indicator, evidence.answers.get(indicator.code, _NOTHING))

    return framework.asked(evidence.on, evidence.traits, level_of).keys()


def score_indicator(
    framework: Framework, indicator: Indicator, evidence: Evidence, *, is_asked: bool = True
) -> IndicatorScore:
    """Return the score of one indicator: by the finding, else the figures, else the hotline's answer.

    A missing indicator counts as the worst level. An assessor's “not applicable” that the Guide does not allow is
    ignored. An indicator that requires observation and could not be observed is missing; otherwise “not seen” is
    ignored. If an indicator is in force but not asked of the hotline, neither an earlier answer nor the figures count.
    """
    scale, rule = framework.scale, framework.rule
    if not is_asked and indicator.is_in_force(evidence.on):
        return not_asked_here(framework, indicator)
    answer = evidence.answers.get(indicator.code, _NOTHING)
    finding = evidence.findings.get(indicator.code, _NOTHING)
    disallowed = tuple(
        who
        for who, judgement in ((LevelBasis.HOTLINE, answer), (LevelBasis.ASSESSOR, finding))
        if judgement.not_applicable and not indicator.not_applicable
    )
    if LevelBasis.ASSESSOR in disallowed:
        finding = _NOTHING
    measured = measure(indicator, evidence.figures, evidence.partial).value if indicator.formula else None
    figures_level = _level_from_figures(framework, indicator, measured, evidence)
    excused = answer.not_applicable and indicator.not_applicable
    answer_judgement = (
        Judgement(level=figures_level, value=measured) if indicator.from_figures and not excused else answer
    )
    self_level = level_of_judgement(framework, indicator, answer_judgement)
    seen_level = level_of_judgement(framework, indicator, finding)
    is_unseen = finding.not_seen and requires_observation(indicator, says_not_applicable=answer.not_applicable)
    basis, counts, level = _counting_judgement(
        indicator, evidence, (answer_judgement, self_level), (finding, seen_level), is_unseen
    )
    is_by_hotline = basis is LevelBasis.HOTLINE or (basis is LevelBasis.NOT_APPLICABLE and not finding.is_given)
    if is_by_hotline and not _is_supported(framework, indicator, counts, level):
        basis, counts, level = LevelBasis.UNSUPPORTED, _NOTHING, None
    if (
        indicator.capped_by_figures
        and figures_level is not None
        and level is not None
        and not scale.reaches(figures_level, level)
    ):
        basis, level = LevelBasis.CAPPED, figures_level
    reached, max_points, points, of = _points_and_contribution(framework, indicator, basis, level)
    return IndicatorScore(
        code=indicator.code,
        obligation=indicator.obligation,
        basis=basis,
        level=level,
        value=measured if indicator.capped_by_figures else counts.value,
        weight=rule.obligation[indicator.obligation].weight,
        reached=reached,
        max_points=max_points,
        points=points,
        of=of,
        self_level=self_level,
        self_value=answer_judgement.value,
        self_not_applicable=answer_judgement.not_applicable,
        seen_level=seen_level,
        disallowed=disallowed,
        within=evidence.within.get(indicator.code) if indicator.formula and counts.value is None else None,
    )


def requires_observation(indicator: Indicator, *, says_not_applicable: bool) -> bool:
    """Whether assessors must observe it: its source is the visit, or the hotline answered “not applicable”."""
    return indicator.is_scored and (indicator.source is Source.VISIT or says_not_applicable)


def _level_from_figures(
    framework: Framework, indicator: Indicator, measured: Fraction | None, evidence: Evidence
) -> int | None:
    """Return the level of the figures; if their counts are too small to be published, the published level."""
    if not indicator.formula:
        return None
    if measured is None:
        return evidence.withheld.get(indicator.code)
    return indicator.level_of(measured, framework.scale)


def at_level(framework: Framework, score: IndicatorScore, level: int) -> IndicatorScore:
    """Return the score with this level, as if an assessor had found it and the figures confirmed it."""
    reached, _, points, of = _points_and_contribution(
        framework, framework.indicators[score.code], LevelBasis.ASSESSOR, level
    )
    disallowed = tuple(who for who in score.disallowed if who is not LevelBasis.ASSESSOR)
    return replace(
        score, basis=LevelBasis.ASSESSOR, level=level, reached=reached, points=points, of=of, disallowed=disallowed
    )


def _points_and_contribution(
    framework: Framework, indicator: Indicator, basis: LevelBasis, level: int | None
) -> tuple[int, int, int, int]:
    """Return the points of the level and of the best level, and the contribution to the standard."""
    scale, rule = framework.scale, framework.rule
    max_points = scale.points_of(scale.best, indicator.points)
    if basis in NOT_COUNTED:
        return 0, max_points, 0, 0
    reached = scale.points_of(scale.worst if level is None else level, indicator.points)
    weight = rule.obligation[indicator.obligation].weight
    return reached, max_points, *contribution(framework, rule.aggregation.standard, reached, max_points, weight, level)


def not_asked_here(framework: Framework, indicator: Indicator) -> IndicatorScore:
    """Return the score of an indicator that is not asked of the hotline."""
    reached, max_points, points, of = _points_and_contribution(framework, indicator, LevelBasis.NOT_ASKED_HERE, None)
    return IndicatorScore(
        code=indicator.code,
        obligation=indicator.obligation,
        basis=LevelBasis.NOT_ASKED_HERE,
        level=None,
        value=None,
        weight=framework.rule.obligation[indicator.obligation].weight,
        reached=reached,
        max_points=max_points,
        points=points,
        of=of,
        self_level=None,
        self_value=None,
        self_not_applicable=False,
        seen_level=None,
    )


def level_of_judgement(framework: Framework, indicator: Indicator, judgement: Judgement) -> int | None:
    """Return the level of a judgement; None if it has none, is not applicable, or the indicator is not scored."""
    if judgement.not_applicable or not indicator.is_scored:
        return None
    if judgement.value is not None:
        return indicator.level_of(judgement.value, framework.scale)
    return judgement.level


_JudgementAndLevel = tuple[Judgement, int | None]


def _counting_judgement(
    indicator: Indicator,
    evidence: Evidence,
    answer_judgement: _JudgementAndLevel,
    finding_judgement: _JudgementAndLevel,
    is_unseen: bool,
) -> tuple[LevelBasis, Judgement, int | None]:
    """Return the basis of the level, the judgement that counts, and the level.

    “Not applicable” leaves the score only if the Guide allows it.
    """
    (counts, level), source = (
        (finding_judgement, LevelBasis.ASSESSOR)
        if finding_judgement[0].is_given
        else (answer_judgement, LevelBasis.HOTLINE)
    )
    if not indicator.is_in_force(evidence.on):
        return LevelBasis.NOT_ASKED, counts, None
    if not indicator.is_scored:
        return LevelBasis.NOT_SCORED, counts, None
    if is_unseen:
        return LevelBasis.NOT_SEEN, _NOTHING, None
    if counts.not_applicable and indicator.not_applicable:
        return LevelBasis.NOT_APPLICABLE, counts, None
    if counts.not_applicable or not counts.is_given:
        return LevelBasis.MISSING, _NOTHING, None
    if source is LevelBasis.HOTLINE and indicator.from_figures:
        source = LevelBasis.FIGURES
    return source, counts, level


def _is_supported(framework: Framework, indicator: Indicator, answer_judgement: Judgement, level: int | None) -> bool:
    """Whether the hotline's answer has the words or evidence that the Guide requires."""
    return {
        Support.NOTHING: True,
        Support.WORDS: answer_judgement.has_words,
        Support.EVIDENCE: answer_judgement.has_evidence,
        Support.EITHER: answer_judgement.has_words or answer_judgement.has_evidence,
    }[indicator.support_of(level, framework.scale)]
