"""An independent implementation of the engine's method, as slow and simple as the rule is written."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from evaluation.engine.scoring import Evidence, Judgement
from standards.framework import Condition, Framework, Indicator, Measure, Method, Source, Standard, Support, Test


@dataclass(frozen=True)
class Found:
    """The result of an indicator: it is `in` the score, `excused` from it, or `out` of it altogether."""

    indicator: Indicator
    place: str
    level: int | None
    self_level: int | None = None
    """The level of the hotline's answer."""
    value: Fraction | None = None
    """The figure of an indicator that is shown and not scored."""


def rank(framework: Framework, level: int) -> int:
    """Return the rank of a level, 0 for the worst."""
    worst_first = sorted(framework.scale.levels, reverse=framework.scale.falling)
    return worst_first.index(level)


def measured(indicator: Indicator, evidence: Evidence) -> Fraction | None:
    if indicator.formula is None:
        return None
    text = indicator.formula.text
    base = indicator.minimum_base
    items = {item for item in ("A03", "A04", "A05") if item in text or (base and item == base.item)}
    named = {item: evidence.figures.get(item) for item in items}
    if None in named.values() and indicator.minimum_months:
        named = of_a_part(items, evidence, indicator.minimum_months)
    if None in named.values():
        return None
    if base and named[base.item] < base.at_least:
        return None
    if "/" not in text:
        return named["A04"]
    below = eval(text.split("/")[1], {}, named)  # noqa: S307 - our own formulas
    if below <= 0:
        return None
    return named["A04"] / below * (100 if indicator.unit == "percent" else 1)


def of_a_part(items: set[str], evidence: Evidence, least: int) -> dict[str, Fraction | None]:
    """Return the items' values over the same months.

    None if one has a total or other months, or the months are too few.
    """
    parts = {item: evidence.partial[item] for item in items & evidence.partial.keys()}
    times = [parts[item].months for item in items if item in parts and evidence.figures.get(item) is None]
    if len(times) < len(items) or times != [times[0]] * len(items) or len(times[0]) < least:
        return dict.fromkeys(items)
    return {item: part.value for item, part in parts.items()}


def level_of(framework: Framework, indicator: Indicator, value: Fraction) -> int:
    for band in indicator.bands:
        limit = Fraction(band.bound)
        if {">=": value >= limit, ">": value > limit, "<=": value <= limit, "<": value < limit}[band.comparison]:
            return band.level
    return framework.scale.worst


def is_asked(framework: Framework, indicator: Indicator, evidence: Evidence) -> bool:
    """Return whether the indicator is in force and one of its alternatives applies, following questions recursively."""
    if evidence.on and indicator.asked_from and indicator.asked_from > evidence.on:
        return False
    if not indicator.asked_if:
        return True
    for asking in indicator.asked_if:
        if asking.trait:
            if asking.trait in evidence.traits:
                return True
            continue
        before, answer = framework.indicators[asking.code], evidence.answers.get(asking.code, Judgement())
        if answer.not_applicable or not is_asked(framework, before, evidence):
            continue
        level = answer.level if answer.value is None else level_of(framework, before, answer.value)
        if level is None:
            continue
        if level in asking.levels or (
            asking.least is not None and rank(framework, level) >= rank(framework, asking.least)
        ):
            return True
    return False


def find(framework: Framework, indicator: Indicator, evidence: Evidence) -> Found:
    in_force = not (evidence.on and indicator.asked_from and indicator.asked_from > evidence.on)
    if in_force and not is_asked(framework, indicator, evidence):
        return Found(indicator, "out", None)
    answer = evidence.answers.get(indicator.code, Judgement())
    finding = evidence.findings.get(indicator.code, Judgement())
    if finding.not_applicable and not indicator.not_applicable:
        finding = Judgement()
    number = measured(indicator, evidence)
    is_shown = indicator.measure is Measure.NUMERIC and not indicator.bands
    if is_shown or (evidence.on and indicator.asked_from and indicator.asked_from > evidence.on):
        return Found(indicator, "out", None, value=figure_of(indicator, answer, finding, number) if is_shown else None)
    shown = level_of(framework, indicator, number) if number is not None else None
    if indicator.formula and number is None:
        shown = evidence.withheld.get(indicator.code)
    counted = (
        indicator.measure is Measure.NUMERIC and indicator.formula is not None and indicator.source is Source.STATISTICS
    )

    def as_level(judgement: Judgement) -> int | None:
        return judgement.level if judgement.value is None else level_of(framework, indicator, judgement.value)

    self_level = None if answer.not_applicable else as_level(answer)
    if counted and not (answer.not_applicable and indicator.not_applicable):
        self_level = shown
    if finding.not_seen and (indicator.source is Source.VISIT or answer.not_applicable):
        return Found(indicator, "in", None, self_level)
    if finding.not_applicable or finding.level is not None or finding.value is not None:
        excused, level = finding.not_applicable, as_level(finding)
    elif counted and not (answer.not_applicable and indicator.not_applicable):
        excused, level = False, shown
    else:
        excused, level = answer.not_applicable, as_level(answer)
        usual = Support.NOTHING if excused or level in (None, framework.scale.worst) else indicator.counts_with
        at = {one.level: one.support for one in reversed(indicator.counts_at)}
        has_support = {
            Support.NOTHING: True,
            Support.WORDS: answer.has_words,
            Support.EVIDENCE: answer.has_evidence,
            Support.EITHER: answer.has_words or answer.has_evidence,
        }[at.get(level, usual) if excused or level is not None else usual]
        if not has_support:
            if excused and indicator.not_applicable:
                return Found(indicator, "in", None, self_level)
            level = None
    if excused:
        return Found(indicator, "excused" if indicator.not_applicable else "in", None, self_level)
    if level is not None and shown is not None and indicator.measure is not Measure.NUMERIC:
        level = min(level, shown, key=lambda level: rank(framework, level))
    return Found(indicator, "in", level, self_level)


def figure_of(indicator: Indicator, answer: Judgement, finding: Judgement, number: Fraction | None) -> Fraction | None:
    if finding.not_applicable or finding.value is not None:
        return finding.value
    is_excused = answer.not_applicable and indicator.not_applicable
    if indicator.formula is not None and indicator.source is Source.STATISTICS and not is_excused:
        return number
    return answer.value


def part_of_best(framework: Framework, found: Found) -> tuple[int, int]:
    """Return the points of the finding, and of the best level."""
    scale = framework.scale
    table = found.indicator.points or scale.points or tuple(rank(framework, level) for level in scale.levels)
    points = dict(zip(scale.levels, table, strict=True))
    return points[scale.worst if found.level is None else found.level], points[scale.best]


def share(framework: Framework, method: Method, found: Found) -> tuple[Fraction, Fraction]:
    """Return the contribution of an indicator, and its possible contribution."""
    points, best = part_of_best(framework, found)
    weight = framework.rule.obligation[found.indicator.obligation].weight
    if method is Method.SUM:
        return Fraction(points * weight), Fraction(best * weight)
    if method is Method.SHARE:
        line = rank(framework, framework.rule.aggregation.level)
        return Fraction(found.level is not None and rank(framework, found.level) >= line), Fraction(1)
    times = weight if method is Method.WEIGHTED_MEAN else 1
    return Fraction(points, best) * times, Fraction(times)


def together(framework: Framework, method: Method, every: list[Found], part: Any = None) -> Fraction | None:
    """Return the score of these indicators; `part` is the standard or domain that contains them all."""
    shares = [share(framework, method, found) for found in every if found.place == "in"]
    if isinstance(part, Standard) and part.best:
        return mean_of_best([Fraction(*part_of_best(framework, f)) for f in every if f.place == "in"], part.best)
    if method is Method.LOWEST:
        return min((brought / best for brought, best in shares), default=None)
    if framework.rule.redistributes:
        return by_whole_standards(framework, method, every)
    inside = sum(best for _, best in shares)
    excused = sum(share(framework, method, found)[1] for found in every if found.place == "excused")
    own = part.excused_at_most if part else None
    may_leave = (inside + excused) * Fraction(framework.rule.excused_at_most if own is None else own, 100)
    of = max(inside, inside + excused - may_leave)
    return sum(brought for brought, _ in shares) / of if of else None


def mean_of_best(ratios: list[Fraction], count: int) -> Fraction | None:
    best = sorted(ratios)[-count:]
    return sum(best) / len(best) if best else None


def by_whole_standards(framework: Framework, method: Method, every: list[Found]) -> Fraction | None:
    """Return the mean of the standards' scores, each weighted by all its points, including those that do not apply."""
    parts: list[tuple[Fraction, Fraction]] = []
    for standard in framework.standards.values():
        own = [found for found in every if framework.standard_of[found.indicator.code] is standard]
        inside = [share(framework, method, found) for found in own if found.place == "in"]
        whole = sum(share(framework, method, found)[1] for found in own if found.place != "out")
        of = sum(best for _, best in inside)
        if of:
            parts.append((sum(brought for brought, _ in inside) / of, Fraction(whole)))
    total = sum(whole for _, whole in parts)
    return sum(ratio * whole for ratio, whole in parts) / total if total else None


def self_score_together(framework: Framework, method: Method, every: list[Found], part: Any = None) -> Fraction | None:
    """Return the score of the hotline's answers, if there are any. No answer can leave the score."""
    answered = [Found(found.indicator, "in", found.self_level) for found in every if found.self_level is not None]
    return together(framework, method, answered, part)


def mean(parts: Iterable[tuple[Fraction | None, int]]) -> Fraction | None:
    present = [(ratio, weight) for ratio, weight in parts if ratio is not None]
    return sum(r * w for r, w in present) / sum(w for _, w in present) if present else None


Ratios = dict[str, Fraction | None]


class Naive:
    """All results of the engine, by code, computed naively."""

    def __init__(self, framework: Framework, evidence: Evidence) -> None:
        self.framework = framework
        self.asked = {code for code, i in framework.indicators.items() if is_asked(framework, i, evidence)}
        self.found = {code: find(framework, i, evidence) for code, i in framework.indicators.items()}
        self.standards, self.domains, self.groups, self.overall = self.tiers(together)
        self.self_scored = self.tiers(self_score_together)
        self.holding = [o.code for o in framework.rule.outcomes if self.all_hold(o.conditions)]
        self.results = {
            result.code: [o.code for o in result.outcomes if self.all_hold(o.conditions)]
            for result in framework.results
        }

    def tiers(self, add: Callable[..., Fraction | None]) -> tuple[Ratios, Ratios, Ratios, Fraction | None]:
        """Return the scores of standards, domains, groups and the whole."""
        framework, methods = self.framework, self.framework.rule.aggregation
        standards = {
            s.code: add(framework, methods.standard, self.of(s.indicators), s) for s in framework.standards.values()
        }
        domains = {}
        for domain in framework.domains:
            ratios = [standards[s.code] for s in domain.standards]
            if domain.best:
                domains[domain.code] = mean_of_best([ratio for ratio in ratios if ratio is not None], domain.best)
            elif methods.domain is Method.MEAN:
                domains[domain.code] = mean((standards[s.code], s.weight) for s in domain.standards)
            else:
                domains[domain.code] = add(framework, methods.domain, self.of(domain.indicators), domain)
        groups: Ratios = {}
        for group in framework.groups:
            inside = [(domains[d.code], d.weight) for d in framework.domains if d.code in group.domains]
            ratios = [ratio for ratio, _ in inside if ratio is not None]
            groups[group.code] = mean(inside) if methods.group is Method.MEAN else min(ratios, default=None)
        if methods.of_groups:
            return standards, domains, groups, mean((groups[g.code], g.weight) for g in framework.groups)
        if methods.overall is Method.MEAN:
            return standards, domains, groups, mean((domains[d.code], d.weight) for d in framework.domains)
        return standards, domains, groups, add(framework, methods.overall, list(self.found.values()))

    def of(self, indicators: Iterable[Indicator]) -> list[Found]:
        return [self.found[i.code] for i in indicators]

    def all_hold(self, conditions: Iterable[Condition], standard: str | None = None) -> bool:
        return all(self.holds(condition, standard) for condition in conditions)

    def passes(self, code: str) -> bool | None:
        """Return whether a standard passes; None if nothing applies."""
        counted = [f for f in self.of(self.framework.standards[code].indicators) if f.place == "in"]
        if not self.framework.rule.passing or not counted:
            return None
        return self.all_hold(self.framework.rule.passing, code)

    def holds(self, condition: Condition, within: str | None) -> bool:
        framework, line = self.framework, Fraction(condition.percent or 0) / 100

        def enough(ratio: Fraction) -> bool:
            return ratio > line if condition.strictly else ratio >= line

        match condition.test:
            case Test.ANY:
                holding = [one for one in condition.conditions if self.holds(one, within)]
                return len(holding) >= (1 if condition.count is None else condition.count)
            case Test.FIGURE:
                asked = [code for code in condition.codes if code in self.asked]
                return all(self.is_within(condition, self.found[code].value) for code in asked)
            case Test.DOMAINS | Test.STANDARDS | Test.GROUPS if condition.count is not None:
                ratios = getattr(self, condition.test.value)
                return sum(ratio is not None and enough(ratio) for ratio in ratios.values()) >= condition.count
            case Test.REACHED:
                every = [*framework.rule.outcomes, *(o for result in framework.results for o in result.outcomes)]
                return self.all_hold(next(o.conditions for o in every if o.code == condition.outcome))
            case Test.DOMAINS:
                return all(ratio is None or enough(ratio) for ratio in self.domains.values())
            case Test.GROUPS:
                return all(ratio is None or enough(ratio) for ratio in self.groups.values())
            case Test.STANDARDS:
                return all(ratio is None or enough(ratio) for ratio in self.standards.values())
            case Test.FAILING:
                return [self.passes(code) for code in framework.standards].count(False) <= condition.count
        standard = within or condition.standard
        chosen = [
            found
            for code, found in self.found.items()
            if found.place == "in"
            and standard in (None, framework.standard_of[code].code)
            and condition.domain in (None, framework.domain_of[code].code)
            and condition.group
            in (None, *(g.code for g in framework.groups if framework.domain_of[code].code in g.domains))
            and condition.obligation in (None, found.indicator.obligation)
            and (not condition.codes or code in condition.codes)
        ]
        if condition.test is Test.SCORE:
            ratio = self.score_of(condition, standard, chosen)
            return ratio is not None and enough(ratio)
        missing = sum(found.level is None for found in chosen)
        if condition.test is Test.INCOMPLETE:
            return missing > 0
        if condition.test is Test.COMPLETE:
            return missing == 0
        wanted = rank(framework, condition.level)
        reached = sum(found.level is not None and rank(framework, found.level) >= wanted for found in chosen)
        if condition.test is Test.EVERY:
            return reached == len(chosen)
        if condition.test is Test.BELOW:
            return len(chosen) - reached <= condition.count
        if condition.test is Test.AT_LEAST:
            return reached >= condition.count
        return not chosen or enough(Fraction(reached, len(chosen)))

    def is_within(self, condition: Condition, value: Fraction | None) -> bool:
        if value is None:
            return False
        limit = Fraction(condition.figure.bound)
        return {">=": value >= limit, ">": value > limit, "<=": value <= limit, "<": value < limit}[
            condition.figure.comparison
        ]

    def score_of(self, condition: Condition, standard: str | None, chosen: list[Found]) -> Fraction | None:
        if condition.obligation or condition.codes:
            method = self.framework.rule.aggregation.overall
            usual = Method.WEIGHTED_MEAN if method is Method.MEAN else method
            return together(self.framework, condition.method or usual, chosen)
        if standard:
            return self.standards[standard]
        if condition.domain:
            return self.domains[condition.domain]
        return self.groups[condition.group] if condition.group else self.overall
