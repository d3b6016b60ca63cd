"""Find outcomes that defer the decision and accredit at the same time."""

from collections.abc import Iterator

from standards.framework import Framework, ValidationProblem
from standards.framework.problem import gettext_noop


def find_outcome_problems(framework: Framework) -> Iterator[ValidationProblem]:
    """Yield a problem for each outcome with months of validity and a condition that defers the decision."""
    for outcome in framework.rule.outcomes:
        if outcome.defers_decision and outcome.accredits:
            yield ValidationProblem(
                gettext_noop(
                    "The outcome %(code)s holds the decision up because something is missing, and would accredit for "
                    "%(months)s months all the same. Write 0 months, or take the condition away."
                ),
                f"outcome/{outcome.code}",
                "months",
                code=outcome.code,
                months=outcome.months,
            )
