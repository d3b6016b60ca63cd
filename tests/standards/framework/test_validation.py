"""The problems of an edition, with their place, field and remedy."""

from dataclasses import replace

import pytest

from standards.framework import (
    Aggregation,
    Bound,
    Condition,
    Domain,
    Formula,
    Framework,
    Indicator,
    Measure,
    Method,
    Obligation,
    Outcome,
    Procedure,
    Rule,
    Scale,
    Source,
    Standard,
    Test,
    find_problems,
    read_bands,
)

MUST, MAY = Obligation("must", 3, 2, excusable=False), Obligation("may")
ONE = (Indicator("1.1.1", "may", Measure.SCALE),)
LAST = Outcome("refused", 0)
COMPLETE = Condition(Test.COMPLETE)


def problems_of(indicators: tuple[Indicator, ...] = (), scale: Scale | None = None, **rule: object) -> list[tuple]:
    """Return each problem with its place, its field and its sentence."""
    framework = Framework(
        "bad",
        (Domain("D1", (Standard("1.1", indicators or ONE),)),),
        Rule(**({"obligations": (MUST, MAY), "outcomes": (LAST,)} | rule)),
        scale or Scale(),
    )
    return [(problem.where, problem.name, str(problem)) for problem in find_problems(framework)]


def test_every_problem_of_the_parts_is_told_with_its_place_and_its_entry() -> None:
    twice = Indicator("1.1.1", "must", Measure.SCALE, not_applicable=True)
    high = Indicator("1.1.2", "core", Measure.NUMERIC, bands=read_bands(">=1:4"))
    capped = Indicator("1.1.3", "may", Measure.SCALE, Source.STATISTICS, formula=Formula("A01"))
    few = Indicator("1.1.4", "may", Measure.YES_NO, points=(0, 1))
    assert problems_of((twice, twice, high, capped, few)) == [
        ("indicator/1.1.1", "code", "The code 1.1.1 stands twice. Each code may stand once in an edition."),
        ("indicator/1.1.1", "not_applicable", "1.1.1 is must and may not allow “not applicable”."),
        (
            "indicator/1.1.2",
            "obligation",
            "1.1.2 is “core”, which the edition does not name. Take one of: must, may.",
        ),
        ("indicator/1.1.2", "bands", "1.1.2 has a band for level 4, which the scale does not have."),
        (
            "indicator/1.1.3",
            "bands",
            "1.1.3 is capped by figures only with a formula and bands. Write both, or neither.",
        ),
        (
            "indicator/1.1.3",
            "source",
            "1.1.3 is judged by people. Take another source than statistics, or make it a number.",
        ),
        (
            "indicator/1.1.4",
            "points",
            "1.1.4 needs 4 points, one for each level from 0 to 3, never fewer for a better level, "
            "and more than 0 for the best.",
        ),
    ]


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (
            {"obligations": ()},
            ("rule", "obligations", "The decision rule has no obligation. Name at least one, with its weight."),
        ),
        (
            {"obligations": (MUST, MUST, MAY)},
            ("obligation/must", "code", "The obligation must stands twice. Each may stand once."),
        ),
        (
            {"obligations": (Obligation("must", -1), MAY)},
            ("obligation/must", "weight", "The obligation must weighs -1. Give it a weight of at least 0."),
        ),
        (
            {"obligations": (Obligation("must", 0), replace(MAY, weight=0))},
            (
                "obligation/must",
                "weight",
                "Every obligation weighs 0, so that nothing would count. Give one of them a weight.",
            ),
        ),
        (
            {"obligations": (Obligation("must", 1, 7), MAY)},
            ("obligation/must", "wanted", "The obligation must asks for level 7, which the scale does not have."),
        ),
        ({"outcomes": ()}, ("rule", "outcomes", "The decision rule has no outcome.")),
        (
            {"outcomes": (LAST, LAST)},
            ("outcome/refused", "code", "The outcome refused stands twice. Each may stand once."),
        ),
        (
            {"outcomes": (Outcome("best", 36, (Condition(Test.SCORE, percent=80),)),)},
            (
                "outcome/best",
                "conditions",
                "The last outcome must have no condition: it is what is left when nothing else holds.",
            ),
        ),
        (
            {"outcomes": (Outcome("best", 36), LAST)},
            (
                "outcome/best",
                "conditions",
                "Only the last outcome may have no condition. Write its conditions, or put it last.",
            ),
        ),
        (
            {"excused_at_most": 101},
            (
                "rule",
                "excused_at_most",
                "The share that “not applicable” may take out of the score is a number from 0 to 100.",
            ),
        ),
        (
            {"aggregation": Aggregation(overall=Method.SHARE)},
            (
                "aggregation",
                "level",
                "A share counts from a level: give the aggregation one if a tier or a condition is a share, "
                "and none otherwise.",
            ),
        ),
        (
            {"aggregation": Aggregation(overall=Method.SHARE, level=9)},
            ("aggregation", "level", "There is no level 9 in the scale, from which a share counts."),
        ),
        (
            {"passing": (Condition(Test.DOMAINS, percent=60),)},
            ("passing/0", "test", "A standard cannot pass by the test “domains” of another part."),
        ),
        (
            {
                "outcomes": (
                    Outcome("best", 36, (Condition(Test.REACHED, outcome="good"),)),
                    Outcome("good", 12, (Condition(Test.REACHED, outcome="best"),)),
                    LAST,
                )
            },
            (
                "outcome/best",
                "conditions",
                "The outcome best asks for itself, by way of what it asks for: best → good → best. Remove one of these "
                "“reached”.",
            ),
        ),
    ],
)
def test_every_problem_of_a_rule_is_told(rule: dict[str, object], problem: tuple[str, str, str]) -> None:
    assert problem in problems_of(**rule)


@pytest.mark.parametrize(
    ("condition", "name", "sentence"),
    [
        (Condition(Test.SCORE), "percent", "The test “score” needs percent."),
        (Condition(Test.SCORE, percent=60, level=2), "level", "The test “score” does not look at level."),
        (
            Condition(Test.DOMAINS, percent=60, obligation="must"),
            "obligation",
            "The test “domains” takes no obligation. Remove it.",
        ),
        (
            Condition(Test.FAILING, count=1),
            "test",
            "The test “failing” needs the conditions by which a standard passes.",
        ),
        (
            Condition(Test.EVERY, level=9),
            "level",
            "There is no level 9 in the scale, for which the test “every” asks.",
        ),
        (
            Condition(Test.SCORE, percent=101),
            "percent",
            "The test “score” asks for 101 per cent. Write a number from 0 to 100.",
        ),
        (
            Condition(Test.COMPLETE, obligation="core"),
            "obligation",
            "A condition names the obligation core, which the edition does not have.",
        ),
        (
            Condition(Test.COMPLETE, domain="D9"),
            "domain",
            "A condition names the domain D9, which the edition does not have.",
        ),
        (
            Condition(Test.COMPLETE, standard="9.1"),
            "standard",
            "A condition names the standard 9.1, which the edition does not have.",
        ),
        (
            Condition(Test.COMPLETE, codes=("1.1.1", "9.1.1")),
            "codes",
            "A condition names the indicator 9.1.1, which the edition does not have.",
        ),
        (Condition(Test.EVERY, level=1, strictly=True), "strictly", "The test “every” does not look at strictly."),
        (
            Condition(Test.SCORE, percent=100, strictly=True),
            "strictly",
            "Nothing is more than 100 per cent. Ask for less, or remove “more than”.",
        ),
        (Condition(Test.ANY), "conditions", "The test “any” needs conditions."),
        (
            Condition(Test.ANY, conditions=(COMPLETE,), count=2),
            "count",
            "2 of 1 conditions are to hold. Write a number from 1 to 1.",
        ),
        (
            Condition(Test.FIGURE, codes=("1.1.1",), figure=Bound(">=", "80")),
            "codes",
            "The test “figure” looks at numbers that are shown and not scored, and 1.1.1 is none. Ask for its level instead.",
        ),
        (
            Condition(Test.REACHED, outcome="gold"),
            "outcome",
            "A condition names the outcome gold, which is not in the same list of outcomes.",
        ),
    ],
)
def test_a_condition_that_cannot_be_tested_is_told(condition: Condition, name: str, sentence: str) -> None:
    assert problems_of(outcomes=(Outcome("best", 36, (COMPLETE, condition)), LAST)) == [
        ("outcome/best/1", name, sentence)
    ]


@pytest.mark.parametrize("test", [Test.ANY, Test.INCOMPLETE])
def test_an_alternative_that_cannot_be_one_is_told_at_its_place(test: Test) -> None:
    inner = Condition(test, conditions=(COMPLETE,) if test is Test.ANY else ())
    several = Condition(Test.ANY, conditions=(COMPLETE, inner))
    assert problems_of(outcomes=(Outcome("best", 36, (several,)), LAST)) == [
        (
            "outcome/best/0/1",
            "test",
            f"The test “{test.value}” cannot be one of several of which some must hold.",
        )
    ]


def test_an_outcome_that_asks_for_itself_in_an_alternative_is_told() -> None:
    several = Condition(Test.ANY, conditions=(COMPLETE, Condition(Test.REACHED, outcome="best")))
    places = [problem[0] for problem in problems_of(outcomes=(Outcome("best", 36, (several,)), LAST))]
    assert places == ["outcome/best"]


@pytest.mark.parametrize(
    ("scale", "problem"),
    [
        (
            Scale(3, 3),
            ("scale", "", "The scale needs at least two levels. Make its highest level higher than its lowest."),
        ),
        (
            Scale(1, 3, falling=True, points=(0, 1, 2)),
            (
                "scale",
                "points",
                "The scale needs 3 points, one for each level from 1 to 3, never fewer for a better level, "
                "and more than 0 for the best.",
            ),
        ),
    ],
)
def test_a_scale_that_cannot_rank_is_told(scale: Scale, problem: tuple[str, str, str]) -> None:
    assert problem in problems_of(scale=scale, obligations=(MAY,))


def test_a_procedure_without_a_quorum_is_told() -> None:
    framework = Framework(
        "simple", (Domain("D1", (Standard("1.1", ONE),)),), Rule((MUST, MAY), (LAST,)), procedure=Procedure(quorum=0)
    )
    assert [(problem.where, problem.name, str(problem)) for problem in find_problems(framework)] == [
        ("procedure", "quorum", "The procedure’s “quorum” is 0. Write a number of at least 1.")
    ]


@pytest.mark.parametrize(("months", "is_possible"), [(0, True), (1, True), (12, True), (13, False), (-1, False)])
def test_a_number_of_months_is_one_that_a_year_has(months: int, is_possible: bool) -> None:
    shown = Indicator("1.1.1", "may", Measure.NUMERIC, formula=Formula("A01"), minimum_months=months)
    message = f"1.1.1 asks for {months} months. Write a number from 1 to 12, or none for all."
    assert problems_of((shown,)) == ([] if is_possible else [("indicator/1.1.1", "minimum_months", message)])


def test_a_number_of_months_is_asked_of_figures_only() -> None:
    typed = Indicator("1.1.1", "may", Measure.NUMERIC, minimum_months=9)
    message = "1.1.1 asks for a number of months without a formula. Write the formula, or empty it."
    assert problems_of((typed,)) == [("indicator/1.1.1", "minimum_months", message)]
