"""Find outcomes that defer the decision and accredit at the same time, and that become no better outcome."""

from collections.abc import Iterator

from standards.framework import Framework, ValidationProblem
from standards.framework.problem import gettext_noop
from standards.framework.rule import Outcome


def find_outcome_problems(framework: Framework) -> Iterator[ValidationProblem]:
    """Yield a problem for each outcome with months of validity and a condition that defers the decision."""
    for outcome in framework.rule.outcomes:
        if outcome.defers_decision and outcome.accredits:
            yield ValidationProblem(
                gettext_noop(
                    "The outcome %(code)s holds the decision up because something is missing, and would accredit for "
                    "%(months)s months all the same. Write 0 months, or remove the condition."
                ),
                f"outcome/{outcome.code}",
                "months",
                code=outcome.code,
                months=outcome.months,
            )
        if outcome.becomes and not _may_become(framework, outcome):
            yield ValidationProblem(
                gettext_noop(
                    "The outcome %(code)s becomes %(becomes)s when its conditions are met. Write the code of a better "
                    "outcome that accredits, for one that accredits, or empty it."
                ),
                f"outcome/{outcome.code}",
                "becomes",
                code=outcome.code,
                becomes=outcome.becomes,
            )
    for result in framework.results:
        for outcome in result.outcomes:
            if outcome.becomes:
                yield ValidationProblem(
                    gettext_noop(
                        "The outcome %(code)s of a further result has no conditions of a panel, so it becomes no other "
                        "one. Empty it."
                    ),
                    f"outcome/{outcome.code}",
                    "becomes",
                    code=outcome.code,
                )


def _may_become(framework: Framework, outcome: Outcome) -> bool:
    """Whether the outcome accredits and becomes another one that accredits and is better."""
    ranked = framework.rule.ranked_outcomes
    codes = [one.code for one in ranked if one.accredits]
    return (
        outcome.code in codes and outcome.becomes in codes and codes.index(outcome.becomes) > codes.index(outcome.code)
    )
