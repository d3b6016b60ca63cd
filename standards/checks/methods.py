"""Check that a score of a choice of indicators has a method, as it is not that of a standard or a domain."""

from collections.abc import Iterator

from standards.framework import Framework, Test, ValidationProblem
from standards.framework.problem import gettext_noop


def find_method_problems(framework: Framework) -> Iterator[ValidationProblem]:
    """Yield a problem for each condition on the score of a choice of indicators that has no method."""
    rule = framework.rule
    for where, condition in rule.placed_conditions():
        if condition.test is Test.SCORE and condition.is_choice and condition.method is None:
            yield ValidationProblem(
                gettext_noop(
                    "This is the score of some indicators only, and nothing says how it is made of them. Write the method: "
                    "weighted_mean, mean, sum, share or lowest. Without one, %(method)s would be taken."
                ),
                where,
                "method",
                method=rule.aggregation.of_choice(None).value,
            )
