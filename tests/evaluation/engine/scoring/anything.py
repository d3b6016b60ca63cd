"""Strategies for any valid framework and any evidence, for the properties of the engine."""

from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from evaluation.engine.scoring import Evidence, Judgement, Partial
from standards.framework import (
    Aggregation,
    Asking,
    Band,
    Bound,
    Condition,
    Domain,
    Formula,
    Framework,
    Group,
    Indicator,
    Measure,
    Method,
    MinimumBase,
    Obligation,
    Outcome,
    Result,
    Rule,
    Scale,
    Source,
    Standard,
    Support,
    Test,
)
from standards.framework.indicator import SupportAt


@lru_cache(maxsize=4_096, typed=True)
def among(*values: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for one of these values, always the same, as Hypothesis examines each new strategy."""
    return st.sampled_from(values)


ITEMS = ("A03", "A04", "A05")
numbers = st.fractions(0, 120, max_denominator=30)
known_or_not = st.none() | numbers
MONTHS = tuple(f"2025-{month:02}" for month in range(1, 13))
parts = st.builds(Partial, among(MONTHS[:3], MONTHS[:6], MONTHS[3:6], MONTHS[:2]), st.just(12), numbers)
"""Totals of a part of the year, often of the same part."""
PERCENTS = (0, 25, Fraction(100, 3), 34, 50, 60, 65, Fraction(133, 2), 67, 75, 80, 90, 100)
TRAITS = ("own_number", "across_borders")
DAYS = (date(2026, 1, 1), date(2027, 1, 1))


@dataclass(frozen=True)
class Size:
    """The maximal numbers of parts of a framework."""

    domains: int = 3
    standards: int = 2
    indicators: int = 3


SMALL = Size(2, 2, 2)


def rising(draw: st.DrawFn, scale: Scale) -> tuple[int, ...]:
    """Draw points for each level of a scale, never fewer for a better one, more than 0 for the best."""
    points = sorted(draw(st.lists(st.integers(-3, 5), min_size=len(scale.levels), max_size=len(scale.levels))))
    points[-1] = max(points[-1], 1)
    return tuple(points[::-1] if scale.falling else points)


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    lowest = draw(st.integers(0, 1))
    scale = Scale(lowest, lowest + draw(st.integers(1, 3)), draw(st.booleans()))
    if draw(st.booleans()):
        return scale
    return Scale(scale.lowest, scale.highest, scale.falling, rising(draw, scale))


def by_rank(scale: Scale) -> list[int]:
    """Return the levels of a scale, the best first."""
    return sorted(scale.levels, key=scale.rank, reverse=True)


@st.composite
def bands(draw: st.DrawFn, scale: Scale) -> tuple[Band, ...]:
    """Draw bands as in editions: more is better, or less is; not every level has one."""
    levels = draw(st.lists(among(*by_rank(scale)), min_size=1, unique=True))
    better, comparison = draw(among((True, ">="), (True, ">"), (False, "<="), (False, "<")))
    limits = sorted(
        draw(st.lists(among(*range(0, 101, 5)), min_size=len(levels), max_size=len(levels), unique=True)),
        reverse=better,
    )
    levels.sort(key=scale.rank, reverse=True)
    return tuple(Band(comparison, str(limit), level) for limit, level in zip(limits, levels, strict=True))


@st.composite
def indicators(draw: st.DrawFn, code: str, weighed: tuple[Obligation, ...], scale: Scale) -> Indicator:
    obligation = draw(among(*weighed))
    kind = draw(among("scale", "scale", "yes_no", "typed", "counted", "shown", "reported", "capped"))
    other: dict[str, Any] = {}
    measure = {"scale": Measure.SCALE, "capped": Measure.SCALE, "yes_no": Measure.YES_NO}.get(kind, Measure.NUMERIC)
    if kind == "capped":
        measure = draw(among(Measure.SCALE, Measure.YES_NO))
    if kind in {"counted", "reported", "capped"}:
        other["formula"] = Formula(draw(among("A04", "A04/A03", "A04/(A03-A05)", "A04/(A03+A05)")))
        other["minimum_base"] = MinimumBase.read(draw(among("", "A03>=20")))
        other["unit"] = draw(among("percent", "number"))
        other["minimum_months"] = draw(among(0, 0, 3, 6))
    if kind in {"typed", "counted", "capped"}:
        other["bands"] = draw(bands(scale))
    if draw(st.booleans()):
        other["counts_with"] = draw(among(*Support))
    if draw(among(False, False, True)):
        at = draw(st.lists(among(None, *scale.levels), min_size=1, max_size=2, unique=True))
        other["counts_at"] = tuple(SupportAt(level, draw(among(*Support))) for level in at)
    if draw(among(False, False, True)):
        other["points"] = rising(draw, scale)
    return Indicator(
        code,
        obligation.code,
        measure,
        Source.STATISTICS if kind in {"counted", "reported"} else draw(among(Source.DOCUMENTS, Source.VISIT)),
        not_applicable=obligation.excusable and draw(st.booleans()),
        asked_from=draw(among(None, None, *DAYS)),
        **other,
    )


@st.composite
def obligations(draw: st.DrawFn, scale: Scale) -> tuple[Obligation, ...]:
    count = draw(st.integers(1, 3))
    return tuple(
        Obligation(
            f"o{number}",
            weight=draw(st.integers(0 if number else 1, 3)),
            wanted=draw(among(None, *scale.levels)),
            excusable=draw(st.booleans()),
        )
        for number in range(count)
    )


SCOPED = (Test.COMPLETE, Test.EVERY, Test.SHARE, Test.AT_LEAST, Test.BELOW, Test.SCORE)
WITH_PERCENT = (Test.SHARE, Test.SCORE, Test.DOMAINS, Test.GROUPS, Test.STANDARDS)


@dataclass
class Parts:
    """The parts that the conditions of a framework can name."""

    scale: Scale
    obligations: list[str]
    domains: list[str]
    standards: list[str]
    indicators: list[str]
    shown: list[str]
    """The indicators that are shown and not scored."""
    groups: list[str] = field(default_factory=list)

    @property
    def tests(self) -> tuple[Test, ...]:
        """Return the tests of kinds of parts that the framework has."""
        return (Test.DOMAINS, Test.STANDARDS, *([Test.GROUPS] if self.groups else []))


@st.composite
def conditions(draw: st.DrawFn, parts: Parts, tests: tuple[Test, ...], *, inside: bool = False) -> Condition:
    """Draw a condition by one of the tests; `inside` a standard it can only be narrowed by obligation."""
    test = draw(among(*tests))
    fields: dict[str, Any] = {}
    if test is Test.ANY:
        some = draw(
            st.lists(conditions(parts, tuple(set(tests) - {Test.ANY, Test.INCOMPLETE})), min_size=1, max_size=3)
        )
        return Condition(test, conditions=tuple(some), count=draw(st.none() | st.integers(1, len(some))))
    if test is Test.FIGURE:
        codes = draw(st.lists(among(*parts.shown), min_size=1, max_size=2, unique=True))
        bound = Bound(draw(among(">=", ">", "<=", "<")), str(draw(st.integers(0, 120))))
        return Condition(test, codes=tuple(codes), figure=bound)
    if test in {Test.EVERY, Test.SHARE, Test.BELOW, Test.AT_LEAST}:
        fields["level"] = draw(among(*parts.scale.levels))
    if test in WITH_PERCENT:
        fields["percent"] = draw(among(*PERCENTS))
        fields["strictly"] = fields["percent"] != 100 and draw(among(False, False, True))
    if test in {Test.BELOW, Test.FAILING, Test.AT_LEAST}:
        fields["count"] = draw(st.integers(0, 2))
    if test in {Test.DOMAINS, Test.GROUPS, Test.STANDARDS}:
        fields["count"] = draw(among(None, None, 0, 1, 2))
    if test in {*SCOPED, Test.INCOMPLETE}:
        fields["obligation"] = draw(among(None, None, *parts.obligations))
        if not inside:
            place = draw(among("", "", "domain", "standard", "codes", *(["group"] if parts.groups else [])))
            if place == "codes":
                fields["codes"] = tuple(draw(st.lists(among(*parts.indicators), min_size=1, unique=True)))
            elif place:
                fields[place] = draw(among(*getattr(parts, f"{place}s")))
    if test is Test.SCORE and (fields["obligation"] or "codes" in fields):
        fields["method"] = draw(among(None, *Method))
    return Condition(test, **fields)


@st.composite
def rules(draw: st.DrawFn, parts: Parts, obligations: tuple[Obligation, ...], *, steady: bool) -> Rule:
    """Draw a rule. If `steady`, holds have no condition other than missing parts."""
    methods = [draw(among(*Method)) for _ in range(3)]
    passing = tuple(draw(st.lists(conditions(parts, SCOPED, inside=True), max_size=2)))
    tests = (*SCOPED, *parts.tests, Test.ANY, *([Test.FAILING] if passing else []))
    tests += (Test.FIGURE,) if parts.shown else ()
    best = tuple(draw(st.lists(conditions(parts, tests), min_size=1, max_size=3)))
    next_best = tuple(draw(st.lists(conditions(parts, tests), min_size=1, max_size=2)))
    if draw(st.booleans()):
        best = (*best, Condition(Test.REACHED, outcome="second"))
    becomes = draw(st.sampled_from(("", "first")))
    outcomes = [Outcome("first", 36, best), Outcome("second", 12, next_best, becomes), Outcome("none", 0)]
    if draw(st.booleans()):
        hold = draw(st.lists(conditions(parts, (Test.INCOMPLETE,)), min_size=1, max_size=2))
        if not steady and draw(st.booleans()):
            hold.append(draw(conditions(parts, SCOPED)))
        outcomes.insert(draw(st.integers(0, 2)), Outcome("hold", 0, tuple(hold)))
    grouping: dict[str, Any] = {}
    if parts.groups:
        grouping["group"] = draw(among(Method.MEAN, Method.LOWEST))
        grouping["of_groups"] = methods[-1] is Method.MEAN and draw(st.booleans())
    written = [*passing, *(condition for outcome in outcomes for condition in outcome.conditions)]
    has_share = Method.SHARE in {*methods, *(part.method for condition in written for part in condition.flat())}
    return Rule(
        obligations,
        tuple(outcomes),
        Aggregation(*methods, draw(among(*parts.scale.levels)) if has_share else None, **grouping),
        excused_at_most=draw(among(100, 100, 0, 30, 50)),
        passing=passing,
    )


@st.composite
def frameworks(draw: st.DrawFn, size: Size | None = None, *, steady: bool = True) -> Framework:
    size = size or Size()
    scale = draw(scales())
    weighed = draw(obligations(scale))
    shape = [
        [draw(st.integers(1, size.indicators)) for _ in range(draw(st.integers(1, size.standards)))]
        for _ in range(draw(st.integers(1, size.domains)))
    ]
    domains = tuple(
        Domain(
            f"D{d}",
            tuple(
                Standard(
                    f"{d}.{s}",
                    tuple(draw(indicators(f"{d}.{s}.{i}", weighed, scale)) for i in range(1, count + 1)),
                    draw(st.integers(1, 3)),
                )
                for s, count in enumerate(standards, 1)
            ),
            draw(st.integers(1, 3)),
        )
        for d, standards in enumerate(shape, 1)
    )
    every = [indicator for domain in domains for indicator in domain.indicators]
    parts = Parts(
        scale,
        [obligation.code for obligation in weighed],
        [domain.code for domain in domains],
        [standard.code for domain in domains for standard in domain.standards],
        [indicator.code for indicator in every],
        [indicator.code for indicator in every if not indicator.is_scored],
    )
    groups = draw(grouped([domain.code for domain in domains])) if draw(among(False, False, True)) else ()
    parts.groups = [group.code for group in groups]
    framework = Framework("T0", domains, draw(rules(parts, weighed, steady=steady)), scale, groups=groups)
    framework = draw(asking_some(framework)) if draw(st.booleans()) else framework
    if draw(among(False, False, True)):
        framework = replace(framework, results=(draw(further_results(parts, framework.rule)),))
    return draw(with_options(framework)) if draw(st.booleans()) else framework


@st.composite
def grouped(draw: st.DrawFn, domains: list[str]) -> tuple[Group, ...]:
    """Draw groups that contain each domain once. The domains of a group need not be adjacent."""
    places = {code: draw(st.integers(1, 3)) for code in domains}
    found = {place: tuple(code for code in domains if places[code] == place) for place in sorted({*places.values()})}
    return tuple(Group(f"G{place}", inside, draw(st.integers(1, 3))) for place, inside in found.items())


@st.composite
def further_results(draw: st.DrawFn, parts: Parts, rule: Rule) -> Result:
    tests = (*SCOPED, *parts.tests, *([Test.FAILING] if rule.passing else []))
    every = st.lists(conditions(parts, tests), min_size=1, max_size=2)
    if rule.aggregation.level is None:
        every = every.filter(lambda drawn: all(one.method is not Method.SHARE for one in drawn))
    low, high = tuple(draw(every)), tuple(draw(every))
    high += (Condition(Test.REACHED, outcome="seal_low"),) if draw(st.booleans()) else ()
    return Result("seal", (Outcome("seal_high", 24, high), Outcome("seal_low", 12, low), Outcome("seal_none", 0)))


def asking_everybody(framework: Framework) -> Framework:
    """Return the framework with every indicator asked of every hotline."""
    domains = [
        replace(
            domain,
            standards=tuple(
                replace(s, indicators=tuple(replace(i, asked_if=()) for i in s.indicators)) for s in domain.standards
            ),
        )
        for domain in framework.domains
    ]
    return replace(framework, domains=tuple(domains))


@st.composite
def asking_some(draw: st.DrawFn, framework: Framework) -> Framework:
    """Draw the condition under which indicators are asked: a trait, or an answer that may come later in the Guide."""
    order = draw(st.permutations(list(framework.indicators)))
    asked: dict[str, tuple[Asking, ...]] = {}
    for place, code in enumerate(order):
        if draw(st.booleans()):
            before = [i for i in map(framework.indicators.__getitem__, order[:place]) if i.has_answered_level]
            asked[code] = tuple(draw(st.lists(askings(before, framework.scale), min_size=1, max_size=2, unique=True)))
    domains = [
        replace(
            domain,
            standards=tuple(
                replace(s, indicators=tuple(replace(i, asked_if=asked.get(i.code, ())) for i in s.indicators))
                for s in domain.standards
            ),
        )
        for domain in framework.domains
    ]
    return replace(framework, domains=tuple(domains), traits=TRAITS)


@st.composite
def askings(draw: st.DrawFn, before: list[Indicator], scale: Scale) -> Asking:
    if not before or draw(among(True, False, False)):
        return Asking(trait=draw(among(*TRAITS)))
    other = draw(st.sampled_from(before))
    possible = st.sampled_from(sorted(other.answer_levels(scale)))
    if draw(st.booleans()):
        return Asking(code=other.code, least=draw(possible))
    levels = draw(st.lists(possible, min_size=1, max_size=2, unique=True))
    return Asking(code=other.code, levels=tuple(sorted(levels)))


@st.composite
def with_options(draw: st.DrawFn, framework: Framework) -> Framework:
    """Draw further options of parts or the rule: best of several, redistributed points, or caps of their own."""
    rule, methods = framework.rule, framework.rule.aggregation
    kinds = ["caps", "moved", *(["best"] if methods.domain is methods.overall is Method.MEAN else [])]
    kind = draw(st.sampled_from(kinds))
    if kind == "moved":
        return replace(framework, rule=replace(rule, excused_at_most=100, redistributes=True))

    def option(count: int) -> dict[str, int | None]:
        if kind == "caps":
            return {"excused_at_most": draw(among(None, 0, 40, 100))}
        return {"best": draw(st.integers(0, count))}

    domains = [
        replace(
            domain,
            standards=tuple(replace(one, **option(len(one.indicators))) for one in domain.standards),
            **option(len(domain.standards)),
        )
        for domain in framework.domains
    ]
    return replace(framework, domains=tuple(domains))


@st.composite
def judgements(draw: st.DrawFn, indicator: Indicator, scale: Scale) -> Judgement:
    """Draw a valid judgement of the indicator, or none."""
    kind = draw(among("nothing", "said", "said", "excused"))
    if kind == "nothing":
        return Judgement()
    if kind == "excused":
        return Judgement(not_applicable=True)
    support = {"has_words": draw(st.booleans()), "has_evidence": draw(st.booleans())}
    if indicator.measure is Measure.NUMERIC:
        return Judgement(value=draw(numbers), **support)
    allowed = (scale.worst, scale.best) if indicator.measure is Measure.YES_NO else scale.levels
    return Judgement(level=draw(among(*allowed)), **support)


NOT_SEEN = st.builds(Judgement, has_words=st.booleans(), not_seen=st.just(True))


def findings(indicator: Indicator, scale: Scale) -> st.SearchStrategy[Judgement]:
    """Return a strategy for an assessor's finding, or one that could not be observed."""
    return judgements(indicator, scale) | NOT_SEEN


@st.composite
def evidence_for(draw: st.DrawFn, framework: Framework) -> Evidence:
    every = framework.indicators.values()
    withheld = [i for i in every if i.formula and i.bands]
    return Evidence(
        answers={i.code: draw(judgements(i, framework.scale)) for i in every},
        findings={i.code: draw(findings(i, framework.scale)) for i in every if draw(st.booleans())},
        figures={item: draw(known_or_not) for item in ITEMS},
        partial={item: draw(parts) for item in ITEMS if draw(st.booleans())},
        withheld={i.code: draw(among(*framework.scale.levels)) for i in withheld if draw(st.booleans())},
        on=draw(among(None, date(2026, 6, 1))),
        traits=tuple(trait for trait in framework.traits if draw(st.booleans())),
    )


@st.composite
def examined(draw: st.DrawFn, size: Size | None = None, *, steady: bool = True) -> tuple[Framework, Evidence]:
    framework = draw(frameworks(size, steady=steady))
    return framework, draw(evidence_for(framework))
