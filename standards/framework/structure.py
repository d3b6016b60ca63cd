"""The framework of an edition: its domains, standards and indicators, its scale, its rule, its procedure."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import groupby
from math import lcm
from typing import Any

from standards.framework.asking import Asking
from standards.framework.canonical import canonical, digest, drop_redundant_key
from standards.framework.condition import Method, Test, write_condition
from standards.framework.indicator import Indicator, texts_asked_for, write_indicator
from standards.framework.rule import Outcome, Procedure, Result, Rule
from standards.framework.scale import Scale


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard. `weight` is its weight in the mean of its domain. `key` is as in `Indicator`.

    With `best`, its score is the mean of that many of its best indicators, each with equal weight. `excused_at_most`
    replaces that of the rule for its score.
    """

    code: str
    indicators: tuple[Indicator, ...]
    weight: int = 1
    key: str = ""
    best: int = 0
    excused_at_most: int | None = None

    def __post_init__(self) -> None:
        drop_redundant_key(self)

    @property
    def permanent_key(self) -> str:
        return self.key or self.code


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain. `weight` is its weight in the mean of the whole. `key` is as in `Indicator`.

    With `best`, its score is the mean of that many of its best standards, each with equal weight. `excused_at_most`
    replaces that of the rule for its score.
    """

    code: str
    standards: tuple[Standard, ...]
    weight: int = 1
    key: str = ""
    best: int = 0
    excused_at_most: int | None = None

    def __post_init__(self) -> None:
        drop_redundant_key(self)

    @property
    def permanent_key(self) -> str:
        return self.key or self.code

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(i for standard in self.standards for i in standard.indicators)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of domains, by their codes. `weight` is its weight in the mean of the groups, if the whole is that."""

    code: str
    domains: tuple[str, ...]
    weight: int = 1


@dataclass(frozen=True)
class Framework:
    """The structure of an edition: domains in order, the scale, the decision rule, the procedure.

    `traits` are the codes of traits that a hotline may have, for indicators that are asked only of hotlines with them.
    `results` are further results besides that of the rule. The codes of outcomes are unique over all of them. With
    `groups`, every domain is in one of them.
    """

    code: str
    domains: tuple[Domain, ...]
    rule: Rule
    scale: Scale = field(default_factory=Scale)
    procedure: Procedure = field(default_factory=Procedure)
    traits: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()
    groups: tuple[Group, ...] = ()

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Every indicator by code, in the order of the Guide."""
        return {i.code: i for domain in self.domains for i in domain.indicators}

    @cached_property
    def by_key(self) -> dict[str, Indicator]:
        """Every indicator by its permanent key, in the order of the Guide."""
        return {i.permanent_key: i for i in self.indicators.values()}

    @cached_property
    def code_by_key(self) -> dict[str, str]:
        """The code of every domain, standard and indicator by its permanent key, in the order of the Guide."""
        found = {}
        for part in self.parts:
            found[part.permanent_key] = part.code
            if isinstance(part, Standard):
                found.update((indicator.permanent_key, indicator.code) for indicator in part.indicators)
        return found

    @cached_property
    def standards(self) -> dict[str, Standard]:
        return {s.code: s for domain in self.domains for s in domain.standards}

    @cached_property
    def parts(self) -> tuple[Domain | Standard, ...]:
        """Every domain and every standard, each domain before its standards."""
        found: list[Domain | Standard] = []
        for domain in self.domains:
            found += [domain, *domain.standards]
        return tuple(found)

    @property
    def parts_of_whole(self) -> tuple[Domain | Group, ...]:
        """The parts of the whole, if its score is the mean of its parts: the domains, or the groups."""
        return self.groups if self.rule.aggregation.of_groups else self.domains

    @cached_property
    def domain_of(self) -> dict[str, Domain]:
        """The domain of each indicator and each standard, by code."""
        found = {}
        for domain in self.domains:
            for standard in domain.standards:
                found[standard.code] = domain
                found.update((indicator.code, domain) for indicator in standard.indicators)
        return found

    @cached_property
    def standard_of(self) -> dict[str, Standard]:
        return {i.code: s for s in self.standards.values() for i in s.indicators}

    @cached_property
    def group_of(self) -> dict[str, Group]:
        """The group of each domain that is in one, by the code of the domain."""
        return {code: group for group in self.groups for code in group.domains}

    def find_group(self, code: str) -> Group | None:
        return next((group for group in self.groups if group.code == code), None)

    def is_in_group(self, domain: str, group: str | None) -> bool:
        """Whether a domain is in a group, both by code. For None instead of a group, every domain is."""
        return group is None or (domain in self.group_of and self.group_of[domain].code == group)

    @cached_property
    def group_starting_with(self) -> dict[str, Group]:
        """The group that starts with a domain, by the code of the domain.

        A group starts with the first domain of the Guide, and with each one that follows a domain of another group.
        """
        runs = (next(run).code for _, run in groupby(self.domains, key=lambda domain: self.group_of.get(domain.code)))
        return {code: self.group_of[code] for code in runs if code in self.group_of}

    @cached_property
    def depends_on_best_parts(self) -> bool:
        """Whether some score depends only on the best or the lowest of its parts, so that gains do not add up."""
        aggregation = self.rule.aggregation
        looks_at_groups = aggregation.of_groups or any(
            condition.group or condition.test is Test.GROUPS for condition in self.rule.conditions()
        )
        takes_lowest = looks_at_groups and aggregation.group is Method.LOWEST
        return takes_lowest or any(part.best for part in self.parts)

    @cached_property
    def excludes_all_not_applicable(self) -> bool:
        """Whether indicators that are not applicable are left out of every score without a limit."""
        return self.rule.excused_at_most == 100 and all(part.excused_at_most in (None, 100) for part in self.parts)

    @cached_property
    def common_points(self) -> int:
        """The least common multiple of the points of every indicator's best level."""
        tables = {indicator.points for indicator in self.indicators.values()} | {()}
        return lcm(*(self.scale.points_of(self.scale.best, table) for table in tables))

    @cached_property
    def digest(self) -> str:
        """The sha256 of its canonical form, which identifies an edition."""
        return digest(canonical(write_framework(self)))

    def has_highest_obligation(self, indicator: Indicator) -> bool:
        """Whether an indicator's obligation is the highest of the rule."""
        return indicator.obligation == self.rule.highest_obligation.code

    @cached_property
    def by_result(self) -> dict[str, "Framework"]:
        """For each further result, by code, the same framework with the outcomes of that result."""
        return {
            result.code: replace(self, rule=replace(self.rule, outcomes=result.outcomes), results=())
            for result in self.results
        }

    @cached_property
    def results_of_outcomes(self) -> dict[str, str]:
        """The code of the further result of each outcome of one, by the code of the outcome."""
        return {outcome.code: result.code for result in self.results for outcome in result.outcomes}

    def for_outcome(self, outcome: str) -> "Framework":
        """Return the framework that tests an outcome: that of its further result, or this one."""
        result = self.results_of_outcomes.get(outcome)
        return self.by_result[result] if result else self

    @cached_property
    def outcome_codes(self) -> tuple[str, ...]:
        """The outcomes of the decision in the order tested, then those of the further results."""
        return (*(outcome.code for outcome in self.rule.outcomes), *self.results_of_outcomes)

    @cached_property
    def asks_some_only(self) -> bool:
        """Whether some indicator is asked of some hotlines only."""
        return any(indicator.asked_if for indicator in self.indicators.values())

    def in_force(self, on: date | None) -> dict[str, Indicator]:
        """Return the indicators that the edition asks on a day, of all or some hotlines, by code."""
        return {code: indicator for code, indicator in self.indicators.items() if indicator.is_in_force(on)}

    def asked(
        self, on: date | None, traits: Collection[str], level_of: Callable[[Indicator], int | None]
    ) -> dict[str, Indicator]:
        """Return the indicators that are asked on a day of a hotline with these traits and answers, by code.

        `level_of` returns the level of the hotline's own answer to an indicator, or None. The answer to an indicator
        that is not asked itself does not count.
        """
        in_force = self.in_force(on)
        if not self.asks_some_only:
            return in_force

        def holds(asking: Asking, asked: Collection[str]) -> bool:
            if asking.trait:
                return asking.trait in traits
            return asking.code in asked and asking.holds_at(level_of(in_force[asking.code]), self.scale)

        return _find_asked(in_force, holds)

    def possibly_asked(self, on: date | None, traits: Collection[str]) -> dict[str, Indicator]:
        """Return the indicators that can be asked on a day of a hotline with these traits, by code.

        Some answers of the hotline to other indicators have them asked.
        """

        def holds(asking: Asking, asked: Collection[str]) -> bool:
            return asking.trait in traits if asking.trait else asking.code in asked

        return _find_asked(self.in_force(on), holds)

    def text_paths(self) -> Iterator[str]:
        """Yield the paths of the texts that an edition must have in a language before that language is published."""
        yield "title"
        for level in self.scale.levels:
            yield f"level/{level}"
        for obligation in self.rule.obligations:
            yield f"obligation/{obligation.code}"
        for outcome in self.rule.outcomes:
            yield f"outcome/{outcome.code}"
        for trait in self.traits:
            yield f"trait/{trait}"
        for group in self.groups:
            yield f"group/{group.code}"
        for result in self.results:
            yield f"result/{result.code}"
            yield from (f"outcome/{outcome.code}" for outcome in result.outcomes)
        for domain in self.domains:
            yield from (f"domain/{domain.code}/title", f"domain/{domain.code}/short_title")
        for standard in self.standards.values():
            yield f"standard/{standard.code}/title"
        for indicator in self.indicators.values():
            path = f"indicator/{indicator.code}"
            is_advised = indicator.is_scored and self.rule.obligation[indicator.obligation].wanted is not None
            texts = texts_asked_for(indicator.measure, self.scale.levels, is_advised=is_advised)
            yield from (f"{path}/{text.path}" for text in texts)


def _find_asked(
    indicators: Mapping[str, Indicator], holds: Callable[[Asking, Collection[str]], bool]
) -> dict[str, Indicator]:
    """Return the indicators without a condition, and repeatedly those of which an alternative holds.

    `holds` takes an alternative and the codes of the indicators that are asked so far.
    """
    asked = {code for code, indicator in indicators.items() if not indicator.asked_if}
    waiting = [indicator for code, indicator in indicators.items() if code not in asked]
    while opened := {one.code for one in waiting if any(holds(asking, asked) for asking in one.asked_if)}:
        asked |= opened
        waiting = [indicator for indicator in waiting if indicator.code not in opened]
    return {code: indicator for code, indicator in indicators.items() if code in asked}


def write_framework(framework: Framework) -> dict[str, Any]:
    """Return the framework as plain data, ready for `canonical`. `read_framework` is its inverse."""
    rule, scale = framework.rule, framework.scale
    return {
        "code": framework.code,
        "scale": {
            "lowest": scale.lowest,
            "highest": scale.highest,
            "falling": scale.falling,
            "points": list(scale.points),
        },
        "rule": {
            "obligations": [asdict(obligation) for obligation in rule.obligations],
            "aggregation": {
                "standard": rule.aggregation.standard.value,
                "domain": rule.aggregation.domain.value,
                "overall": rule.aggregation.overall.value,
                "level": rule.aggregation.level,
                **({"group": rule.aggregation.group.value} if rule.aggregation.group is not Method.MEAN else {}),
                **({"of_groups": True} if rule.aggregation.of_groups else {}),
            },
            "excused_at_most": rule.excused_at_most,
            **({"redistributes": True} if rule.redistributes else {}),
            "passing": [write_condition(condition) for condition in rule.passing],
            "outcomes": _write_outcomes(rule.outcomes),
        },
        "procedure": framework.procedure.written,
        **({"traits": list(framework.traits)} if framework.traits else {}),
        **(
            {"results": [{"code": one.code, "outcomes": _write_outcomes(one.outcomes)} for one in framework.results]}
            if framework.results
            else {}
        ),
        **({"groups": [_write_group(group) for group in framework.groups]} if framework.groups else {}),
        "domains": [
            {
                "code": domain.code,
                **_write_optional_fields(domain),
                "weight": domain.weight,
                "standards": [
                    {
                        "code": standard.code,
                        **_write_optional_fields(standard),
                        "weight": standard.weight,
                        "indicators": [write_indicator(i) for i in standard.indicators],
                    }
                    for standard in domain.standards
                ],
            }
            for domain in framework.domains
        ],
    }


def _write_outcomes(outcomes: tuple[Outcome, ...]) -> list[dict[str, Any]]:
    return [
        {
            "code": outcome.code,
            "months": outcome.months,
            **({"becomes": outcome.becomes} if outcome.becomes else {}),
            "conditions": [write_condition(condition) for condition in outcome.conditions],
        }
        for outcome in outcomes
    ]


def _write_group(group: Group) -> dict[str, Any]:
    return {"code": group.code, "domains": list(group.domains), "weight": group.weight}


def _write_optional_fields(part: Domain | Standard) -> dict[str, Any]:
    """Return the optional fields of a part that are set. Unset ones are left out, so that old digests stay the same."""
    data = {"key": part.key or None, "best": part.best or None, "excused_at_most": part.excused_at_most}
    return {name: value for name, value in data.items() if value is not None}
