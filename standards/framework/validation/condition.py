"""Validate one condition of a decision rule: the values of its test, its scope, and the names that it mentions."""

from collections.abc import Iterator

from standards.framework.condition import (
    CONDITION_FIELDS,
    SCOPE_FIELDS,
    SCOPED,
    VALUE_FIELDS,
    Condition,
    Test,
    allowed_fields,
)
from standards.framework.problem import ValidationProblem, gettext_noop
from standards.framework.structure import Framework


def find_condition_problems(framework: Framework, condition: Condition, where: str) -> Iterator[ValidationProblem]:
    yield from _find_value_problems(condition, where)
    yield from _find_scope_problems(condition, where)
    yield from _find_alternative_problems(condition, where)
    test = condition.test
    if condition.method is not None and not (test is Test.SCORE and condition.is_choice):
        yield ValidationProblem(
            gettext_noop(
                "Only the score of a choice of indicators has a method of its own. Remove the method, or name the "
                "obligation or the codes that it is about."
            ),
            where,
            "method",
        )
    if test is Test.GROUPS and not framework.groups:
        yield ValidationProblem(
            gettext_noop("The test “groups” needs groups of domains. Name them, or take another test."), where, "test"
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
    yield from _find_unknown_names(framework, condition, where)


def _find_value_problems(condition: Condition, where: str) -> Iterator[ValidationProblem]:
    """Yield a problem for each value that the test does not read, each missing one, and an impossible percentage."""
    test = condition.test
    for name in VALUE_FIELDS:
        value = getattr(condition, name)
        is_given = bool(value) or (value == 0 and value is not False)
        if is_given and name not in allowed_fields(test):
            message = gettext_noop("The test “%(test)s” does not look at %(name)s.")
            yield ValidationProblem(message, where, name, test=test.value, name=name)
    for name in CONDITION_FIELDS[test]:
        if getattr(condition, name) in (None, ()):
            message = gettext_noop("The test “%(test)s” needs %(name)s.")
            yield ValidationProblem(message, where, name, test=test.value, name=name)
    if condition.percent is None:
        return
    if not 0 <= condition.percent <= 100:
        yield ValidationProblem(
            gettext_noop("The test “%(test)s” asks for %(percent)s per cent. Write a number from 0 to 100."),
            where,
            "percent",
            test=test.value,
            percent=condition.percent,
        )
    elif condition.strictly and condition.percent == 100:
        yield ValidationProblem(
            gettext_noop("Nothing is more than 100 per cent. Ask for less, or remove “more than”."),
            where,
            "strictly",
        )


def _find_scope_problems(condition: Condition, where: str) -> Iterator[ValidationProblem]:
    """Yield a problem if the test has no scope but the condition does."""
    if condition.test in SCOPED:
        return
    own = CONDITION_FIELDS[condition.test]
    narrowed = [name for name in SCOPE_FIELDS if getattr(condition, name) and name not in own]
    if narrowed:
        yield ValidationProblem(
            gettext_noop("The test “%(test)s” takes no %(name)s. Remove it."),
            where,
            narrowed[0],
            test=condition.test.value,
            name=narrowed[0],
        )


def _find_alternative_problems(condition: Condition, where: str) -> Iterator[ValidationProblem]:
    """Yield the problems of the alternatives of a condition."""
    alternatives = condition.conditions
    if not alternatives:
        return
    if not 1 <= condition.alternatives_needed <= len(alternatives):
        yield ValidationProblem(
            gettext_noop("%(count)s of %(of)s conditions are to hold. Write a number from 1 to %(of)s."),
            where,
            "count",
            count=condition.alternatives_needed,
            of=len(alternatives),
        )
    for number, alternative in enumerate(alternatives):
        if alternative.test in (Test.ANY, Test.INCOMPLETE):
            yield ValidationProblem(
                gettext_noop("The test “%(test)s” cannot be one of several of which some must hold."),
                f"{where}/{number}",
                "test",
                test=alternative.test.value,
            )


def _find_unknown_names(framework: Framework, condition: Condition, where: str) -> Iterator[ValidationProblem]:
    """Yield a problem for names in a condition that the edition does not have."""
    known = {
        "obligation": (
            set(framework.rule.obligation),
            gettext_noop("A condition names the obligation %(code)s, which the edition does not have."),
        ),
        "group": (
            {group.code for group in framework.groups},
            gettext_noop("A condition names the group %(code)s, which the edition does not have."),
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
            gettext_noop("A condition names the outcome %(code)s, which is not in the same list of outcomes."),
        ),
    }
    for name, (codes, message) in known.items():
        code = getattr(condition, name)
        if code is not None and code not in codes:
            yield ValidationProblem(message, where, name, code=code)
    for code in condition.codes:
        indicator = framework.indicators.get(code)
        if indicator is None:
            yield ValidationProblem(
                gettext_noop("A condition names the indicator %(code)s, which the edition does not have."),
                where,
                "codes",
                code=code,
            )
        elif condition.test is Test.FIGURE and (indicator.is_scored or not indicator.has_figure):
            yield ValidationProblem(
                gettext_noop(
                    "The test “figure” looks at numbers that are shown and not scored, and %(code)s is none. Ask for its "
                    "level instead."
                ),
                where,
                "codes",
                code=code,
            )
