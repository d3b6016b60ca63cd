"""Test the conditions of the decision rule against the scores. In an appeal, hotlines read these docstrings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluation.engine.scoring.methods import as_ratio, total_share
from evaluation.engine.scoring.scorecard import Check, DomainScore, GroupScore, IndicatorScore, OutcomeCheck
from standards.framework import Condition, Framework, Method, Outcome, Test


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores to which the rule is applied."""

    framework: Framework
    overall: Fraction | None
    domains: tuple[DomainScore, ...]
    groups: tuple[GroupScore, ...] = ()


# --- Conditions on the indicators of a scope ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scope:
    """The counted indicators that a condition is about, and their score.

    If they are a choice of indicators, `method` computes their score. Without a method, `whole` is their score.
    """

    framework: Framework
    counted: Sequence[IndicatorScore]
    whole: Fraction | None
    method: Method | None

    @property
    def ratio(self) -> Fraction | None:
        if self.method is None:
            return self.whole
        return as_ratio(total_share(self.framework, self.method, self.counted))

    def codes_below(self, level: int | None) -> tuple[str, ...]:
        """Return the codes of the indicators that do not reach a level. A missing indicator reaches no level."""
        scale = self.framework.scale
        wanted = scale.worst if level is None else level
        return tuple(i.code for i in self.counted if i.level is None or not scale.reaches(i.level, wanted))


def _check_incomplete(condition: Condition, scope: Scope) -> Check:
    """Check that an indicator is missing."""
    missing = tuple(i.code for i in scope.counted if i.is_missing)
    return Check(condition, bool(missing), missing, Fraction(len(missing)))


def _check_complete(condition: Condition, scope: Scope) -> Check:
    """Check that no indicator is missing."""
    missing = tuple(i.code for i in scope.counted if i.is_missing)
    return Check(condition, not missing, missing, Fraction(len(missing)))


def _check_every(condition: Condition, scope: Scope) -> Check:
    """Check that every indicator reaches the level. A missing one does not."""
    short = scope.codes_below(condition.level)
    return Check(condition, not short, short, Fraction(len(short)))


def _check_at_least(condition: Condition, scope: Scope) -> Check:
    """Check that at least `count` indicators reach the level. A missing one does not."""
    short = scope.codes_below(condition.level)
    reaching = len(scope.counted) - len(short)
    return Check(condition, reaching >= (condition.count or 0), short, Fraction(reaching))


def _check_share(condition: Condition, scope: Scope) -> Check:
    """Check that the percentage of the indicators reaches the level, compared exactly. Without indicators, it holds."""
    short, of = scope.codes_below(condition.level), len(scope.counted)
    ratio = Fraction(of - len(short), of) if of else None
    return Check(condition, not of or condition.is_reached_by(ratio), short, ratio)


def _check_below(condition: Condition, scope: Scope) -> Check:
    """Check that at most `count` indicators are below the level. A missing one is below."""
    short = scope.codes_below(condition.level)
    return Check(condition, len(short) <= (condition.count or 0), short, Fraction(len(short)))


def _check_score(condition: Condition, scope: Scope) -> Check:
    """Check that the score reaches the percentage, compared exactly. Without a score, the condition fails."""
    ratio = scope.ratio
    return Check(condition, condition.is_reached_by(ratio), (), ratio)


_OVER_INDICATORS: dict[Test, Callable[[Condition, Scope], Check]] = {
    Test.INCOMPLETE: _check_incomplete,
    Test.COMPLETE: _check_complete,
    Test.EVERY: _check_every,
    Test.SHARE: _check_share,
    Test.AT_LEAST: _check_at_least,
    Test.BELOW: _check_below,
    Test.SCORE: _check_score,
}


def check_standard(framework: Framework, indicators: Sequence[IndicatorScore], ratio: Fraction | None) -> bool | None:
    """Return whether a standard passes: every condition of the rule for a standard holds.

    None if the rule has no such conditions, or no indicator of the standard counts.
    """
    counted = [i for i in indicators if i.counts]
    if not framework.rule.passing or not counted:
        return None
    return all(
        _OVER_INDICATORS[condition.test](condition, narrow(framework, condition, counted, ratio)).holds
        for condition in framework.rule.passing
    )


def narrow(
    framework: Framework, condition: Condition, counted: Sequence[IndicatorScore], whole: Fraction | None
) -> Scope:
    """Return the scope of a condition among the indicators `counted`, whose score is `whole`."""
    chosen = [
        i
        for i in counted
        if condition.obligation in (None, i.obligation) and (not condition.codes or i.code in condition.codes)
    ]
    method = framework.rule.aggregation.of_choice(condition.method) if condition.is_choice else None
    return Scope(framework, chosen, whole, method)


# --- Conditions on the whole scorecard ---------------------------------------------------------------------------


def _check_domains(condition: Condition, scored: Scored) -> Check:
    """Check that all domains with a score, or at least `count` of them, reach the percentage, compared exactly."""
    return _check_parts(condition, {d.code: d.ratio for d in scored.domains})


def _check_groups(condition: Condition, scored: Scored) -> Check:
    """Check that all groups with a score, or at least `count` of them, reach the percentage, compared exactly."""
    return _check_parts(condition, {group.code: group.ratio for group in scored.groups})


def _check_standards(condition: Condition, scored: Scored) -> Check:
    """Check that all standards with a score, or at least `count` of them, reach the percentage, compared exactly."""
    return _check_parts(condition, {s.code: s.ratio for d in scored.domains for s in d.standards})


def _check_parts(condition: Condition, ratios: Mapping[str, Fraction | None]) -> Check:
    scores = {code: ratio for code, ratio in ratios.items() if ratio is not None}
    short = tuple(code for code, ratio in scores.items() if not condition.is_reached_by(ratio))
    if condition.count is None:
        return Check(condition, not short, short, Fraction(len(short)))
    reaching = len(scores) - len(short)
    return Check(condition, reaching >= condition.count, short, Fraction(reaching))


def _check_failing(condition: Condition, scored: Scored) -> Check:
    """Check that at most `count` standards do not pass."""
    failing = tuple(s.code for d in scored.domains for s in d.standards if s.passes is False)
    return Check(condition, len(failing) <= (condition.count or 0), failing, Fraction(len(failing)))


def _check_reached(condition: Condition, scored: Scored) -> Check:
    """Check that all conditions of another outcome hold."""
    other = scored.framework.rule.outcome(condition.outcome or "")
    failing = [check for check in check_outcome(other, scored).checks if not check.holds]
    return Check(condition, not failing, tuple(code for check in failing for code in check.codes))


def _check_figure(condition: Condition, scored: Scored) -> Check:
    """Check that the figure of each named indicator that is asked is within the bound. A missing figure is not."""
    scores = {i.code: i for d in scored.domains for i in d.indicators}
    asked = [scores[code] for code in condition.codes if scores[code].is_asked]
    outside = tuple(score.code for score in asked if not score.is_within(condition.figure))
    withheld = tuple(score.code for score in asked if score.within is not None)
    found = None
    if asked:
        found = asked[0].value if len(condition.codes) == 1 else Fraction(len(outside))
    return Check(condition, not outside, outside, found, withheld=withheld)


def _check_any(condition: Condition, scored: Scored) -> Check:
    """Check that the required number of alternative conditions hold."""
    parts = tuple(check_condition(alternative, scored) for alternative in condition.conditions)
    holding = sum(part.holds for part in parts)
    failing = dict.fromkeys(code for part in parts if not part.holds for code in part.codes)
    return Check(condition, holding >= condition.alternatives_needed, tuple(failing), Fraction(holding), parts)


_OVER_THE_WHOLE: dict[Test, Callable[[Condition, Scored], Check]] = {
    Test.DOMAINS: _check_domains,
    Test.GROUPS: _check_groups,
    Test.STANDARDS: _check_standards,
    Test.FAILING: _check_failing,
    Test.FIGURE: _check_figure,
    Test.REACHED: _check_reached,
    Test.ANY: _check_any,
}


def check_outcome(outcome: Outcome, scored: Scored) -> OutcomeCheck:
    """Return the result of every condition of an outcome."""
    return OutcomeCheck(
        outcome=outcome.code,
        months=outcome.months,
        checks=tuple(check_condition(condition, scored) for condition in outcome.conditions),
    )


def check_condition(condition: Condition, scored: Scored) -> Check:
    """Return the result of one condition."""
    if condition.test in _OVER_THE_WHOLE:
        return _OVER_THE_WHOLE[condition.test](condition, scored)
    return _OVER_INDICATORS[condition.test](condition, scope_of(condition, scored))


def scope_of(condition: Condition, scored: Scored) -> Scope:
    """Return the scope of a condition: the counted indicators of all parts of the Guide, or of those that it names."""
    in_group = [d for d in scored.domains if scored.framework.is_in_group(d.code, condition.group)]
    domains = [d for d in in_group if condition.domain in (None, d.code)]
    standards = [s for d in domains for s in d.standards if condition.standard in (None, s.code)]
    whole = scored.overall
    if condition.standard:
        whole = next((s.ratio for s in standards), None)
    elif condition.domain:
        whole = next((d.ratio for d in domains), None)
    elif condition.group:
        whole = next((group.ratio for group in scored.groups if group.code == condition.group), None)
    counted = [i for s in standards for i in s.indicators if i.counts]
    return narrow(scored.framework, condition, counted, whole)
