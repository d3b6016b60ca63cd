"""Validate the conditions of being asked: the traits and answers that they name, and that none depends on itself."""

from collections import Counter
from collections.abc import Iterator

from standards.framework.indicator import Indicator
from standards.framework.problem import ValidationProblem, gettext_noop
from standards.framework.structure import Framework
from standards.framework.validation.rule import find_cycle


def find_asking_problems(framework: Framework) -> Iterator[ValidationProblem]:
    for code, times in Counter(framework.traits).items():
        if times > 1:
            message = gettext_noop("The trait %(code)s stands twice. Each may stand once.")
            yield ValidationProblem(message, f"trait/{code}", "code", code=code)
    depends_on = {
        code: [asking.code for asking in indicator.asked_if if asking.code]
        for code, indicator in framework.indicators.items()
    }
    for indicator in framework.indicators.values():
        if not indicator.asked_if:
            continue
        yield from _find_unknown_names(framework, indicator)
        if (cycle := find_cycle(indicator.code, depends_on)) is not None:
            yield ValidationProblem(
                gettext_noop(
                    "%(code)s is asked only after an answer to itself, by way of what it waits for: %(circle)s. "
                    "Remove one of these."
                ),
                f"indicator/{indicator.code}",
                "asked_if",
                code=indicator.code,
                circle=" → ".join(cycle),
            )


def _find_unknown_names(framework: Framework, indicator: Indicator) -> Iterator[ValidationProblem]:
    """Yield a problem for a trait, an indicator or a level that does not exist, or that no answer can have."""
    where, code = f"indicator/{indicator.code}", indicator.code
    for asking in indicator.asked_if:
        if asking.trait:
            if asking.trait not in framework.traits:
                yield ValidationProblem(
                    gettext_noop(
                        "%(code)s is asked of hotlines with the trait “%(trait)s”, which the edition does not name. "
                        "Name it on the page of the edition, or take another one."
                    ),
                    where,
                    "asked_if",
                    code=code,
                    trait=asking.trait,
                )
            continue
        other = framework.indicators.get(asking.code)
        if other is None:
            yield ValidationProblem(
                gettext_noop("%(code)s is asked after an answer to %(other)s, which the edition does not have."),
                where,
                "asked_if",
                code=code,
                other=asking.code,
            )
        elif not other.has_answered_level:
            yield ValidationProblem(
                gettext_noop(
                    "%(code)s is asked after an answer to %(other)s, to which no hotline answers with a level. Take another one."
                ),
                where,
                "asked_if",
                code=code,
                other=asking.code,
            )
        for level in asking.named_levels:
            if level not in framework.scale.levels:
                yield ValidationProblem(
                    gettext_noop("%(code)s is asked after level %(level)s, which the scale does not have."),
                    where,
                    "asked_if",
                    code=code,
                    level=level,
                )
            elif other and other.has_answered_level and level not in other.answer_levels(framework.scale):
                yield ValidationProblem(
                    gettext_noop(
                        "%(code)s is asked after level %(level)s of %(other)s, which no answer to it can have."
                    ),
                    where,
                    "asked_if",
                    code=code,
                    level=level,
                    other=asking.code,
                )
