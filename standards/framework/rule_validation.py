"""Validates a decision rule and a procedure: obligations, scoring, outcomes and their conditions."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from standards.framework.problem import ValidationProblem, gettext_noop
from standards.framework.rule import Condition, Method, Procedure, Rule, Test
from standards.framework.scale import Scale
from standards.framework.structure import Framework

CONDITION_FIELDS: dict[Test, tuple[str, ...]] = {
    Test.INCOMPLETE: (),
    Test.COMPLETE: (),
    Test.EVERY: ("level",),
    Test.SHARE: ("level", "percent"),
    Test.BELOW: ("level", "count"),
    Test.SCORE: ("percent",),
    Test.DOMAINS: ("percent",),
    Test.STANDARDS: ("percent",),
    Test.FAILING: ("count",),
    Test.REACHED: ("outcome",),
}
"""The fields that each test requires; no other of level, count, percent and outcome is allowed."""

SCOPE_FIELDS = ("obligation", "domain", "standard", "codes")
SCOPED = (Test.INCOMPLETE, Test.COMPLETE, Test.EVERY, Test.SHARE, Test.BELOW, Test.SCORE)
"""The tests that a scope may narrow."""
PASSING = (Test.COMPLETE, Test.EVERY, Test.SHARE, Test.BELOW, Test.SCORE)
"""The tests by which a standard can pass."""


def find_rule_problems(framework: Framework) -> Iterator[ValidationProblem]:
    rule, scale = framework.rule, framework.scale
    if not rule.obligations:
        yield ValidationProblem(
            gettext_noop("The decision rule has no obligation. Name at least one, with its weight."),
            "rule",
            "obligations",
        )
    for code, times in Counter(obligation.code for obligation in rule.obligations).items():
        if times > 1:
            yield ValidationProblem(
                gettext_noop("The obligation %(code)s stands twice. Each may stand once."),
                f"obligation/{code}",
                "code",
                code=code,
            )
    for code, times in Counter(outcome.code for outcome in rule.outcomes).items():
        if times > 1:
            yield ValidationProblem(
                gettext_noop("The outcome %(code)s stands twice. Each may stand once."),
                f"outcome/{code}",
                "code",
                code=code,
            )
    for obligation in rule.obligations:
        where = f"obligation/{obligation.code}"
        if obligation.weight < 1:
            yield ValidationProblem(
                gettext_noop("The obligation %(code)s weighs %(weight)s. Give it a weight of at least 1."),
                where,
                "weight",
                code=obligation.code,
                weight=obligation.weight,
            )
        if obligation.wanted is not None and obligation.wanted not in scale.levels:
            yield ValidationProblem(
                gettext_noop("The obligation %(code)s asks for level %(level)s, which the scale does not have."),
                where,
                "wanted",
                code=obligation.code,
                level=obligation.wanted,
            )
    if not rule.outcomes:
        yield ValidationProblem(gettext_noop("The decision rule has no outcome."), "rule", "outcomes")
    elif rule.outcomes[-1].conditions:
        yield ValidationProblem(
            gettext_noop("The last outcome must have no condition: it is what is left when nothing else holds."),
            f"outcome/{rule.outcomes[-1].code}",
            "conditions",
        )
    for outcome in rule.outcomes[:-1]:
        if not outcome.conditions:
            yield ValidationProblem(
                gettext_noop("Only the last outcome may have no condition. Write its conditions, or put it last."),
                f"outcome/{outcome.code}",
                "conditions",
            )
    yield from _find_scoring_problems(rule, scale)
    yield from _find_cycles(rule)
    for where, condition in rule.placed_conditions():
        yield from _find_condition_problems(framework, condition, where)


def _find_scoring_problems(rule: Rule, scale: Scale) -> Iterator[ValidationProblem]:
    if not 0 <= rule.excused_at_most <= 100:
        yield ValidationProblem(
            gettext_noop("The share that “not applicable” may take out of the score is a number from 0 to 100."),
            "rule",
            "excused_at_most",
        )
    level = rule.aggregation.level
    chosen = {condition.method for condition in rule.conditions()}
    if (Method.SHARE in {*rule.aggregation.methods, *chosen}) != (level is not None):
        yield ValidationProblem(
            gettext_noop(
                "A share counts from a level: give the aggregation one if a tier or a condition is a share, and none otherwise."
            ),
            "aggregation",
            "level",
        )
    elif level is not None and level not in scale.levels:
        yield ValidationProblem(
            gettext_noop("There is no level %(level)s in the scale, from which a share counts."),
            "aggregation",
            "level",
            level=level,
        )
    for number, condition in enumerate(rule.passing):
        if condition.test not in PASSING or condition.standard or condition.domain or condition.codes:
            yield ValidationProblem(
                gettext_noop("A standard cannot pass by the test “%(test)s” of another part."),
                f"passing/{number}",
                "test",
                test=condition.test.value,
            )


def _find_cycles(rule: Rule) -> Iterator[ValidationProblem]:
    """Yield a problem for outcomes that require each other, which could never be decided."""
    asks = {
        outcome.code: [c.outcome for c in outcome.conditions if c.test is Test.REACHED and c.outcome]
        for outcome in rule.outcomes
    }
    for start in asks:
        if (cycle := _find_cycle(start, asks)) is not None:
            yield ValidationProblem(
                gettext_noop(
                    "The outcome %(code)s asks for itself, by way of what it asks for: %(circle)s. "
                    "Take one of these “reached” away."
                ),
                f"outcome/{start}",
                "conditions",
                code=start,
                circle=" → ".join(cycle),
            )


def _find_cycle(start: str, asks: Mapping[str, list[str]]) -> list[str] | None:
    """Return the shortest cycle from an outcome to itself, or None."""
    seen, paths = set[str](), [[start, code] for code in asks[start]]
    for path in paths:  # extended while it is iterated
        if path[-1] == start:
            return path
        if path[-1] not in seen:
            seen.add(path[-1])
            paths += [[*path, code] for code in asks.get(path[-1], [])]
    return None


def _find_condition_problems(framework: Framework, condition: Condition, where: str) -> Iterator[ValidationProblem]:
    test = condition.test
    for name in ("level", "count", "percent", "outcome"):
        is_given = getattr(condition, name) is not None
        if is_given and name not in CONDITION_FIELDS[test]:
            message = gettext_noop("The test “%(test)s” does not look at %(name)s.")
            yield ValidationProblem(message, where, name, test=test.value, name=name)
        if not is_given and name in CONDITION_FIELDS[test]:
            message = gettext_noop("The test “%(test)s” needs %(name)s.")
            yield ValidationProblem(message, where, name, test=test.value, name=name)
    if test not in SCOPED and any(getattr(condition, name) for name in SCOPE_FIELDS):
        yield ValidationProblem(
            gettext_noop("The test “%(test)s” looks at everything: it takes no obligation, domain, standard or codes."),
            where,
            next(name for name in SCOPE_FIELDS if getattr(condition, name)),
            test=test.value,
        )
    if condition.method is not None and not (test is Test.SCORE and condition.is_choice):
        yield ValidationProblem(
            gettext_noop(
                "Only the score of a choice of indicators has a method of its own. Take the method away, or name the "
                "obligation or the codes that it is about."
            ),
            where,
            "method",
        )
    if test is Test.FAILING and not framework.rule.passing:
        yield ValidationProblem(
            gettext_noop("The test “failing” needs the conditions by which a standard passes."), where, "test"
        )
    if condition.level is not None and condition.level not in framework.scale.levels:
        yield ValidationProblem(
            gettext_noop("There is no level %(level)s in the scale, for which the test “%(test)s” asks."),
            where,
            "level",
            level=condition.level,
            test=test.value,
        )
    if condition.percent is not None and not 0 <= condition.percent <= 100:
        yield ValidationProblem(
            gettext_noop("The test “%(test)s” asks for %(percent)s per cent. Write a number from 0 to 100."),
            where,
            "percent",
            test=test.value,
            percent=condition.percent,
        )
    yield from _find_unknown_names(framework, condition, where)


def _find_unknown_names(framework: Framework, condition: Condition, where: str) -> Iterator[ValidationProblem]:
    """Yield a problem for names in a condition that the edition does not have."""
    known = {
        "obligation": (
            set(framework.rule.obligation),
            gettext_noop("A condition names the obligation %(code)s, which the edition does not have."),
        ),
        "domain": (
            {domain.code for domain in framework.domains},
            gettext_noop("A condition names the domain %(code)s, which the edition does not have."),
        ),
        "standard": (
            set(framework.standards),
            gettext_noop("A condition names the standard %(code)s, which the edition does not have."),
        ),
        "outcome": (
            {outcome.code for outcome in framework.rule.outcomes},
            gettext_noop("A condition names the outcome %(code)s, which the edition does not have."),
        ),
    }
    for name, (codes, message) in known.items():
        code = getattr(condition, name)
        if code is not None and code not in codes:
            yield ValidationProblem(message, where, name, code=code)
    for code in condition.codes:
        if code not in framework.indicators:
            yield ValidationProblem(
                gettext_noop("A condition names the indicator %(code)s, which the edition does not have."),
                where,
                "codes",
                code=code,
            )


def find_procedure_problems(procedure: Procedure) -> Iterator[ValidationProblem]:
    for name, number in asdict(procedure).items():
        if number < 1:
            yield ValidationProblem(
                gettext_noop("The procedure’s “%(name)s” is %(number)s. Write a number of at least 1."),
                "procedure",
                name,
                name=name,
                number=number,
            )
