"""The score of a choice of indicators uses the method of its condition, or the former default."""

from fractions import Fraction

import pytest

from evaluation.engine.scoring import Evidence, score
from standards.framework import Aggregation, Condition, Method, Outcome, Rule, Test, read_condition, write_condition
from tests.evaluation.engine.scoring.shapes import CORE, DEVELOPMENTAL, OBLIGATIONS, asked, framework_of, levels

FOUND = Evidence(findings=levels(i1_1_1=3, i1_1_2=1, i1_1_3=2))


@pytest.mark.parametrize(
    ("method", "overall", "ratio"),
    [
        (Method.WEIGHTED_MEAN, Method.LOWEST, Fraction(7, 9)),
        (Method.MEAN, Method.LOWEST, Fraction(4, 6)),
        (Method.SUM, Method.MEAN, Fraction(7, 9)),
        (Method.SHARE, Method.MEAN, Fraction(1, 2)),
        (Method.LOWEST, Method.MEAN, Fraction(1, 3)),
        (None, Method.MEAN, Fraction(7, 9)),
        (None, Method.LOWEST, Fraction(1, 3)),
    ],
)
def test_a_condition_says_how_its_score_is_made(method: Method | None, overall: Method, ratio: Fraction) -> None:
    condition = Condition(Test.SCORE, percent=50, codes=("1.1.1", "1.1.2"), method=method)
    rule = Rule(
        OBLIGATIONS,
        (Outcome("accredited", 36, (condition,)), Outcome("refused", 0)),
        Aggregation(overall=overall, level=2 if method is Method.SHARE else None),
    )
    indicators = [asked("1.1.1", CORE), asked("1.1.2", DEVELOPMENTAL), asked("1.1.3", CORE)]
    (check,) = score(framework_of([indicators], rule=rule), FOUND).outcomes[0].checks
    assert check.found == ratio
    assert read_condition(write_condition(condition)) == condition


def test_a_condition_without_a_method_is_written_as_before() -> None:
    assert write_condition(Condition(Test.SCORE, percent=50, codes=("1.1.1",))) == {
        "test": "score",
        "percent": 50,
        "codes": ["1.1.1"],
    }
