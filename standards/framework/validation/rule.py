"""Validate a decision rule and a procedure: obligations, scoring, outcomes and their conditions."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from standards.framework.condition import PASSING, Method, Test
from standards.framework.problem import ValidationProblem, gettext_noop
from standards.framework.rule import Procedure, Rule
from standards.framework.structure import Framework
from standards.framework.validation.condition import find_condition_problems


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
    further = [outcome for result in framework.results for outcome in result.outcomes]
    for code, times in Counter(outcome.code for outcome in (*rule.outcomes, *further)).items():
        if times > 1:
            yield ValidationProblem(
                gettext_noop("The outcome %(code)s stands twice. Each may stand once."),
                f"outcome/{code}",
                "code",
                code=code,
            )
    for obligation in rule.obligations:
        where = f"obligation/{obligation.code}"
        if obligation.weight < 0:
            yield ValidationProblem(
                gettext_noop("The obligation %(code)s weighs %(weight)s. Give it a weight of at least 0."),
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
    if rule.obligations and not any(obligation.weight for obligation in rule.obligations):
        yield ValidationProblem(
            gettext_noop("Every obligation weighs 0, so that nothing would count. Give one of them a weight."),
            f"obligation/{rule.highest_obligation.code}",
            "weight",
        )
    if not rule.outcomes:
        yield ValidationProblem(gettext_noop("The decision rule has no outcome."), "rule", "outcomes")
    yield from _find_order_problems(rule)
    yield from _find_scoring_problems(framework)
    yield from _find_cycles(rule)
    for where, condition in rule.placed_conditions():
        yield from find_condition_problems(framework, condition, where)


def find_result_problems(framework: Framework) -> Iterator[ValidationProblem]:
    """Yield the problems of the further results. Their outcomes are validated like those of the rule."""
    for code, times in Counter(result.code for result in framework.results).items():
        if times > 1:
            message = gettext_noop("The result %(code)s stands twice. Each may stand once.")
            yield ValidationProblem(message, f"result/{code}", "code", code=code)
    for result in framework.results:
        if not result.outcomes:
            yield ValidationProblem(
                gettext_noop("The result %(code)s has no outcome. Name it in those that belong to it."),
                f"result/{result.code}",
                "code",
                code=result.code,
            )
            continue
        own = framework.by_result[result.code]
        yield from _find_order_problems(own.rule)
        yield from _find_cycles(own.rule)
        for where, condition in own.rule.placed_conditions():
            if where.startswith("outcome/"):
                yield from find_condition_problems(own, condition, where)


def _find_order_problems(rule: Rule) -> Iterator[ValidationProblem]:
    """Yield a problem unless the last outcome, and no other, has no condition."""
    if rule.outcomes and rule.outcomes[-1].conditions:
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


def _find_scoring_problems(framework: Framework) -> Iterator[ValidationProblem]:
    rule, scale = framework.rule, framework.scale
    if not 0 <= rule.excused_at_most <= 100:
        yield ValidationProblem(
            gettext_noop("The share that “not applicable” may take out of the score is a number from 0 to 100."),
            "rule",
            "excused_at_most",
        )
    level = rule.aggregation.level
    rules = (rule, *(own.rule for own in framework.by_result.values()))
    chosen = {condition.method for one in rules for condition in one.conditions()}
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
        if condition.test not in PASSING or any(
            (condition.standard, condition.domain, condition.group, condition.codes)
        ):
            yield ValidationProblem(
                gettext_noop("A standard cannot pass by the test “%(test)s” of another part."),
                f"passing/{number}",
                "test",
                test=condition.test.value,
            )


def _find_cycles(rule: Rule) -> Iterator[ValidationProblem]:
    """Yield a problem for outcomes that require each other, as none of them could be tested."""
    asks = {
        outcome.code: [
            part.outcome
            for condition in outcome.conditions
            for part in condition.flat()
            if part.test is Test.REACHED and part.outcome
        ]
        for outcome in rule.outcomes
    }
    for start in asks:
        if (cycle := find_cycle(start, asks)) is not None:
            yield ValidationProblem(
                gettext_noop(
                    "The outcome %(code)s asks for itself, by way of what it asks for: %(circle)s. "
                    "Remove one of these “reached”."
                ),
                f"outcome/{start}",
                "conditions",
                code=start,
                circle=" → ".join(cycle),
            )


def find_cycle(start: str, asks: Mapping[str, list[str]]) -> list[str] | None:
    """Return the shortest cycle from a code to itself by breadth-first search, or None."""
    seen, paths = set[str](), [[start, code] for code in asks[start]]
    for path in paths:  # the list grows during the iteration
        if path[-1] == start:
            return path
        if path[-1] not in seen:
            seen.add(path[-1])
            paths += [[*path, code] for code in asks.get(path[-1], [])]
    return None


def find_procedure_problems(procedure: Procedure) -> Iterator[ValidationProblem]:
    for name, number in asdict(procedure).items():
        if not isinstance(number, bool) and number < 1:
            yield ValidationProblem(
                gettext_noop("The procedure’s “%(name)s” is %(number)s. Write a number of at least 1."),
                "procedure",
                name,
                name=name,
                number=number,
            )
