"""The newer tests and methods of the rule, each on both sides of its line."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from evaluation.engine.improvement.gains import gains, smallest_set
from evaluation.engine.improvement.hypothetical import blocking_indicators
from evaluation.engine.scoring import (
    Check,
    Evidence,
    Judgement,
    LevelBasis,
    Scorecard,
    read_scorecard,
    score,
    write_scorecard,
)
from evaluation.engine.scoring.explanation import calculation_of
from standards.framework import (
    Aggregation,
    Bound,
    Condition,
    Domain,
    Framework,
    MalformedEdition,
    Measure,
    Method,
    Outcome,
    Rule,
    Standard,
    Support,
    Test,
)
from standards.framework.indicator import read_supports
from tests.evaluation.engine.scoring.shapes import ESSENTIAL, OBLIGATIONS, asked, counted, framework_of, in_turn, row_of

LAST = Outcome("none", 0)


def framework_with(*conditions: Condition) -> Framework:
    """Return two domains of two core indicators each, and a number that is shown and not scored."""
    number = replace(row_of(3, domain=2)[2], measure=Measure.NUMERIC, unit="percent")
    rule = Rule(OBLIGATIONS, (Outcome("top", 36, conditions), LAST))
    return framework_of([row_of(2)], [[*row_of(2, domain=2), number]], rule=rule)


def check(condition: Condition, *levels: int, figure: Fraction | None = None) -> Check:
    """Return the check of a condition with the four indicators at these levels."""
    framework = framework_with(condition)
    scored = [i for i in framework.indicators.values() if i.is_scored]
    answers = in_turn(scored, *levels) | ({"2.1.3": Judgement(value=figure)} if figure is not None else {})
    return score(framework, Evidence(answers)).outcomes[0].checks[0]


@pytest.mark.parametrize(
    ("condition", "short", "enough"),
    [
        (Condition(Test.AT_LEAST, level=2, count=2), (2, 1, 1, 1), (2, 1, 1, 2)),
        (Condition(Test.DOMAINS, percent=60, count=1), (1, 1, 1, 2), (1, 1, 2, 2)),
        (Condition(Test.STANDARDS, percent=60, count=2), (1, 1, 2, 2), (2, 2, 2, 2)),
        (Condition(Test.SCORE, percent=50, strictly=True), (3, 3, 0, 0), (3, 3, 1, 0)),
        (Condition(Test.SCORE, percent=Fraction(200, 3)), (2, 2, 2, 1), (2, 2, 2, 2)),
        (Condition(Test.SCORE, percent=Fraction(200, 3), strictly=True), (2, 2, 2, 2), (2, 2, 2, 3)),
        (Condition(Test.SHARE, level=2, percent=50, strictly=True), (2, 2, 1, 1), (2, 2, 2, 1)),
        (
            Condition(Test.ANY, conditions=(Condition(Test.SCORE, percent=90), Condition(Test.EVERY, level=2))),
            (3, 3, 3, 1),
            (2, 2, 2, 2),
        ),
        (
            Condition(
                Test.ANY,
                count=2,
                conditions=(
                    Condition(Test.EVERY, level=1),
                    Condition(Test.SCORE, percent=50),
                    Condition(Test.SCORE, domain="D1", percent=100),
                ),
            ),
            (2, 2, 0, 2),
            (3, 3, 0, 0),
        ),
    ],
)
def test_a_condition_does_not_hold_just_below_its_line_and_holds_on_it(
    condition: Condition, short: tuple[int, ...], enough: tuple[int, ...]
) -> None:
    assert check(condition, *short).holds is False
    assert check(condition, *enough).holds is True


@pytest.mark.parametrize(
    ("bound", "outside", "within"),
    [(">=80", Fraction(799, 10), Fraction(80)), (">80", 80, 81), ("<=10.5", 11, Fraction(21, 2)), ("<5", 5, 4)],
)
def test_a_figure_that_is_not_scored_decides_by_its_bound(bound: str, outside: Fraction, within: Fraction) -> None:
    condition = Condition(Test.FIGURE, codes=("2.1.3",), figure=Bound.read(bound))
    assert check(condition, 3, 3, 3, 3, figure=Fraction(outside)).holds is False
    assert check(condition, 3, 3, 3, 3, figure=Fraction(within)).holds is True
    assert check(condition, 3, 3, 3, 3).holds is False
    assert check(condition, 3, 3, 3, 3).codes == ("2.1.3",)


def test_a_check_of_one_figure_has_its_value_and_one_of_several_how_many_are_outside() -> None:
    one = Condition(Test.FIGURE, codes=("2.1.3",), figure=Bound(">=", "80"))
    assert check(one, 3, 3, 3, 3, figure=Fraction(75)).found == 75
    numbers = [replace(row_of(3)[place], measure=Measure.NUMERIC, unit="percent") for place in range(3)]
    several = Condition(Test.FIGURE, codes=("1.1.1", "1.1.2", "1.1.3"), figure=Bound(">=", "80"))
    framework = framework_of([numbers], rule=Rule(OBLIGATIONS, (Outcome("top", 36, (several,)), LAST)))
    answers = {code: Judgement(value=Fraction(value)) for code, value in (("1.1.1", 79), ("1.1.2", 90))}
    found = score(framework, Evidence(answers)).outcomes[0].checks[0]
    assert (found.holds, found.codes, found.found) == (False, ("1.1.1", "1.1.3"), 2)


def test_a_check_names_the_figures_that_are_not_published() -> None:
    condition = Condition(Test.FIGURE, codes=("1.1.1", "1.1.2"), figure=Bound(">=", "80"))
    rule = Rule(OBLIGATIONS, (Outcome("top", 36, (condition,)), LAST))
    framework = framework_of([[counted("1.1.1"), counted("1.1.2", "A06/A05")]], rule=rule)
    figures = {"A05": Fraction(100), "A06": Fraction(90)}
    evidence = Evidence(figures=figures, withheld={"1.1.1": 3}, within={"1.1.1": (">=80",)})
    found = score(framework, evidence).outcomes[0].checks[0]
    assert (found.holds, found.codes, found.withheld) == (True, (), ("1.1.1",))
    short = score(framework, replace(evidence, within={"1.1.1": ()})).outcomes[0].checks[0]
    assert (short.holds, short.codes, short.withheld) == (False, ("1.1.1",), ("1.1.1",))


def test_alternatives_name_what_is_short_in_those_that_do_not_hold() -> None:
    every, score_of_all = Condition(Test.EVERY, level=2), Condition(Test.AT_LEAST, level=3, count=1)
    several = Condition(Test.ANY, count=2, conditions=(every, score_of_all))
    found = check(several, 3, 1, 2, 2)
    assert [part.holds for part in found.parts] == [False, True]
    assert found.codes == found.parts[0].codes == ("1.1.2",)


def test_a_scorecard_keeps_the_checks_of_alternatives() -> None:
    several = Condition(Test.ANY, conditions=(Condition(Test.SCORE, percent=90), Condition(Test.COMPLETE)))
    framework = framework_with(several)
    card = score(framework, Evidence())
    assert [part.holds for part in card.outcomes[0].checks[0].parts] == [False, False]
    assert read_scorecard(write_scorecard(card)) == card


# --- The way to an outcome ------------------------------------------------------------------------------------------


def plan(condition: Condition, *levels: int) -> dict[str, int] | None:
    framework = framework_with(condition)
    scored = [i for i in framework.indicators.values() if i.is_scored]
    found = smallest_set(framework, Evidence(in_turn(scored, *levels)), "top")
    return None if found is None else {one.code: one.level_to for one in found.improvements}


@pytest.mark.parametrize(
    ("condition", "levels", "improvements"),
    [
        (Condition(Test.AT_LEAST, level=2, count=3), (3, 3, 0, 1), {"2.1.2": 2}),
        (Condition(Test.DOMAINS, percent=60, count=1), (0, 0, 1, 1), {"2.1.1": 3}),
        (Condition(Test.SCORE, percent=50, strictly=True), (3, 3, 0, 0), {"2.1.1": 1}),
        (Condition(Test.SHARE, level=2, percent=50, strictly=True), (2, 2, 1, 1), {"2.1.1": 2}),
        (
            Condition(
                Test.ANY,
                conditions=(Condition(Test.EVERY, level=3), Condition(Test.SCORE, domain="D2", percent=50)),
            ),
            (0, 0, 0, 2),
            {"2.1.1": 1},
        ),
        (Condition(Test.FIGURE, codes=("2.1.3",), figure=Bound(">=", "80")), (0, 0, 0, 0), None),
        (
            Condition(
                Test.ANY,
                conditions=(
                    Condition(Test.FIGURE, codes=("2.1.3",), figure=Bound(">=", "80")),
                    Condition(Test.AT_LEAST, level=1, count=1),
                ),
            ),
            (0, 0, 0, 0),
            {"1.1.1": 1},
        ),
    ],
)
def test_the_smallest_set_of_improvements_takes_the_shortest_alternative(
    condition: Condition, levels: tuple[int, ...], improvements: dict[str, int] | None
) -> None:
    assert plan(condition, *levels) == improvements


def test_at_least_none_always_reach_a_level() -> None:
    framework = framework_with(Condition(Test.AT_LEAST, level=3, count=0))
    assert score(framework, Evidence()).outcomes[0].holds


def test_an_obligation_narrows_a_number_of_indicators() -> None:
    essential, core = row_of(2, ESSENTIAL), row_of(2, domain=2)
    condition = Condition(Test.AT_LEAST, obligation=ESSENTIAL, level=2, count=1)
    framework = framework_of([essential], [core], rule=Rule(OBLIGATIONS, (Outcome("top", 36, (condition,)), LAST)))
    assert score(framework, Evidence(in_turn([*essential, *core], 1, 1, 3, 3))).proposal.outcome == "none"
    assert score(framework, Evidence(in_turn([*essential, *core], 1, 2, 0, 0))).proposal.outcome == "top"


# --- How an answer counts -------------------------------------------------------------------------------------------


def counting(answer: Judgement, **declared: Any) -> LevelBasis:
    indicator = asked("1.1.1", not_applicable=True, **declared)
    return score(framework_of([[indicator]]), Evidence({"1.1.1": answer})).indicators["1.1.1"].basis


@pytest.mark.parametrize(
    ("counts_at", "answer", "basis"),
    [
        ("", Judgement(level=0), LevelBasis.HOTLINE),
        ("0:words", Judgement(level=0), LevelBasis.UNSUPPORTED),
        ("0:words", Judgement(level=0, has_words=True), LevelBasis.HOTLINE),
        ("", Judgement(level=2, has_words=True), LevelBasis.UNSUPPORTED),
        ("2:words", Judgement(level=2, has_words=True), LevelBasis.HOTLINE),
        ("2:nothing", Judgement(level=2), LevelBasis.HOTLINE),
        ("2:nothing", Judgement(level=3), LevelBasis.UNSUPPORTED),
        ("", Judgement(not_applicable=True), LevelBasis.NOT_APPLICABLE),
        ("na:either", Judgement(not_applicable=True), LevelBasis.UNSUPPORTED),
        ("na:either", Judgement(not_applicable=True, has_evidence=True), LevelBasis.NOT_APPLICABLE),
    ],
)
def test_what_an_answer_counts_with_depends_on_its_level(counts_at: str, answer: Judgement, basis: LevelBasis) -> None:
    assert counting(answer, counts_with=Support.EVIDENCE, counts_at=read_supports(counts_at)) is basis


def test_an_assessors_not_applicable_needs_no_proof() -> None:
    indicator = asked("1.1.1", not_applicable=True, counts_at=read_supports("na:evidence"))
    finding = {"1.1.1": Judgement(not_applicable=True)}
    card = score(framework_of([[indicator]]), Evidence({"1.1.1": Judgement(not_applicable=True)}, finding))
    assert card.indicators["1.1.1"].basis is LevelBasis.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("least", "words", "is_explained"), [(0, "Yes", True), (0, " ", False), (3, "a b", False), (3, "a b c", True)]
)
def test_words_explain_an_answer_from_a_number_on(least: int, words: str, is_explained: bool) -> None:
    assert asked("1.1.1", least_words=least).is_explained_by(words) is is_explained


@pytest.mark.parametrize("text", ["0", "0:photo", "x:words", "1:words,2:words", "123:words"])
def test_what_is_not_written_so_is_refused(text: str) -> None:
    with pytest.raises(MalformedEdition):
        read_supports(text)


# --- The best of several, redistributed points, caps of a part ------------------------------------------------------


def score_standard(*levels: int | None, **options: Any) -> Scorecard:
    """Return the scorecard of one standard with these levels; None is not applicable."""
    indicators = [replace(one, not_applicable=True) for one in row_of(len(levels))]
    rule = Rule(OBLIGATIONS, (LAST,), redistributes=options.pop("redistributes", False))
    standard = Standard("1.1", tuple(indicators), **options)
    judged = [Judgement(not_applicable=True) if level is None else Judgement(level=level) for level in levels]
    answers = dict(zip([one.code for one in indicators], judged, strict=True))
    return score(Framework("T0", (Domain("D1", (standard,)),), rule), Evidence(answers))


@pytest.mark.parametrize(
    ("levels", "best", "ratio"),
    [
        ((3, 0, 2), 2, Fraction(5, 6)),
        ((3, 0, 2), 3, Fraction(5, 9)),
        ((3, None, 0), 2, Fraction(1, 2)),
        ((None,), 1, None),
    ],
)
def test_only_the_best_of_a_standard_count(levels: tuple[int | None, ...], best: int, ratio: Fraction | None) -> None:
    assert score_standard(*levels, best=best).standards["1.1"].ratio == ratio


def test_only_the_best_standards_of_a_domain_count_each_once() -> None:
    standards = tuple(Standard(f"1.{number}", (asked(f"1.{number}.1"),), weight=number, best=0) for number in (1, 2, 3))
    framework = Framework("T0", (Domain("D1", standards, best=2),), Rule(OBLIGATIONS, (LAST,)))
    card = score(framework, Evidence({f"1.{n}.1": Judgement(level=level) for n, level in ((1, 3), (2, 0), (3, 2))}))
    assert card.domains[0].ratio == Fraction(5, 6)
    account = calculation_of(framework, card, "D1")
    assert [(term.code, term.counts) for term in account.terms] == [("1.1", True), ("1.2", False), ("1.3", True)]
    assert account.ratio == card.domains[0].ratio


def test_a_standard_without_a_score_is_none_of_the_best_of_its_domain() -> None:
    standards = tuple(Standard(f"1.{n}", (asked(f"1.{n}.1", not_applicable=True),)) for n in (1, 2))
    framework = Framework("T0", (Domain("D1", standards, best=2),), Rule(OBLIGATIONS, (LAST,)))
    card = score(framework, Evidence({"1.1.1": Judgement(level=2), "1.2.1": Judgement(not_applicable=True)}))
    assert (card.domains[0].ratio, card.domains[0].self_score) == (Fraction(2, 3), Fraction(2, 3))


def test_a_standard_has_a_cap_of_its_own_for_what_does_not_apply() -> None:
    assert score_standard(3, None).overall == 1
    assert score_standard(3, None, excused_at_most=0).overall == Fraction(1, 2)
    assert score_standard(3, None, excused_at_most=25).overall == Fraction(2, 3)


@pytest.mark.parametrize(("redistributes", "overall"), [(False, Fraction(3, 9)), (True, Fraction(6, 12))])
def test_the_points_of_what_does_not_apply_go_to_the_rest_of_its_standard(
    redistributes: bool, overall: Fraction
) -> None:
    """Of two standards of six points, one has three points that do not apply."""
    first = [asked("1.1.1"), asked("1.1.2", not_applicable=True)]
    framework = framework_of(
        [first, [asked("1.2.1"), asked("1.2.2")]],
        rule=Rule(
            OBLIGATIONS,
            (LAST,),
            Aggregation(Method.SUM, Method.SUM, Method.SUM),
            redistributes=redistributes,
        ),
    )
    codes = list(framework.indicators)
    answers = dict(
        zip(codes, [Judgement(level=3), Judgement(not_applicable=True), *[Judgement(level=0)] * 2], strict=True)
    )
    assert score(framework, Evidence(answers)).overall == overall


def redistributed(first: tuple[int | None, ...], second: tuple[int | None, ...], *, at_most: int = 100) -> Scorecard:
    """Return the scorecard of two standards of one domain with redistributed points; None is not applicable.

    `at_most` is the percentage of points that may leave the score.
    """
    rows = [
        [replace(one, code=f"1.{number}.{place}", not_applicable=True) for place, one in enumerate(row_of(len(row)), 1)]
        for number, row in ((1, first), (2, second))
    ]
    methods = Aggregation(Method.SUM, Method.SUM, Method.SUM)
    rule = Rule(OBLIGATIONS, (LAST,), methods, redistributes=True, excused_at_most=at_most)
    framework = framework_of(rows, rule=rule)
    judged = [Judgement(not_applicable=True) if one is None else Judgement(level=one) for one in (*first, *second)]
    return score(framework, Evidence(dict(zip(framework.indicators, judged, strict=True))))


def test_points_that_move_stay_exact_where_they_are_no_whole_numbers() -> None:
    """One of three threes is redistributed to the other two, each of which then has 9/2.

    The second standard has three.
    """
    card = redistributed((1, 2, None), (3,))
    assert card.overall == Fraction(Fraction(3, 2) + 3 + 3, 9 + 3)


def test_points_of_a_whole_standard_that_does_not_apply_move_nowhere() -> None:
    card = redistributed((None, None), (1, None, 3))
    assert (card.standards["1.1"].ratio, card.standards["1.2"].ratio) == (None, Fraction(2, 3))
    assert card.overall == Fraction(2, 3)


def test_only_points_that_move_nowhere_leave_the_score() -> None:
    """Six points of the first standard leave the score.

    The three of the second go to the others, which have six of nine.
    """
    assert redistributed((None, None), (1, None, 3), at_most=0).overall == Fraction(6, 9 + 6)


def test_where_the_best_count_a_plan_leaves_out_what_is_not_needed() -> None:
    standard = Standard("1.1", tuple(row_of(3)), best=1)
    rule = Rule(OBLIGATIONS, (Outcome("top", 36, (Condition(Test.SCORE, percent=100),)), LAST))
    framework = Framework("T0", (Domain("D1", (standard,)),), rule)
    evidence = Evidence(in_turn(list(standard.indicators), 0, 2, 1))
    plan = smallest_set(framework, evidence, "top")
    assert plan is not None
    assert len(plan.improvements) == 1
    assert plan.is_proven is False
    assert gains(framework, evidence)["1.1.2"].overall == Fraction(1, 3)


def test_where_the_best_count_nothing_may_reach_an_outcome() -> None:
    standard = Standard("1.1", tuple(row_of(2)), best=1)
    figure = Condition(Test.FIGURE, codes=("1.1.3",), figure=Bound(">=", "80"))
    number = replace(row_of(3)[2], measure=Measure.NUMERIC, unit="percent")
    rule = Rule(OBLIGATIONS, (Outcome("top", 36, (figure,)), LAST))
    framework = Framework("T0", (Domain("D1", (standard, Standard("1.2", (number,)))),), rule)
    assert smallest_set(framework, Evidence(in_turn(list(standard.indicators), 0, 0)), "top") is None


def test_the_best_of_a_standard_are_the_terms_of_its_score() -> None:
    card = score_standard(3, None, 0, 2, best=2)
    indicators = [replace(one, not_applicable=True) for one in row_of(4)]
    framework = Framework(
        "T0", (Domain("D1", (Standard("1.1", tuple(indicators), best=2),)),), Rule(OBLIGATIONS, (LAST,))
    )
    account = calculation_of(framework, card, "1.1")
    assert [term.counts for term in account.terms] == [True, False, False, True]
    assert (account.ratio, account.is_of_parts, account.best) == (Fraction(5, 6), True, 2)


def test_a_figure_that_is_within_its_bound_asks_for_nothing_more() -> None:
    figure = Condition(Test.FIGURE, codes=("2.1.3",), figure=Bound(">=", "80"))
    framework = framework_with(figure, Condition(Test.AT_LEAST, level=3, count=1))
    scored = [i for i in framework.indicators.values() if i.is_scored]
    answers = in_turn(scored, 0, 0, 0, 0) | {"2.1.3": Judgement(value=Fraction(90))}
    plan = smallest_set(framework, Evidence(answers), "top")
    assert plan is not None
    assert [one.code for one in plan.improvements] == ["1.1.1"]


def test_what_blocks_an_outcome_is_named_through_its_alternatives() -> None:
    several = Condition(
        Test.ANY, conditions=(Condition(Test.SCORE, domain="D1", percent=90), Condition(Test.EVERY, level=3))
    )
    framework = framework_with(several)
    scored = [i for i in framework.indicators.values() if i.is_scored]
    card = score(framework, Evidence(in_turn(scored, 3, 1, 3, 0)))
    assert blocking_indicators(framework, card, "top") == {"1.1.2", "2.1.2"}


def test_indicators_that_weigh_nothing_give_no_score_and_no_gain() -> None:
    weightless = (replace(OBLIGATIONS[0], weight=1), *(replace(one, weight=0) for one in OBLIGATIONS[1:]))
    condition = Condition(Test.SCORE, domain="D1", percent=50)
    rule = Rule(weightless, (Outcome("top", 36, (condition,)), LAST))
    framework = framework_of([row_of(2)], [row_of(1, ESSENTIAL, domain=2)], rule=rule)
    evidence = Evidence(in_turn(list(framework.indicators.values()), 0, 0, 3))
    card = score(framework, evidence)
    assert (card.domains[0].ratio, card.overall) == (None, 1)
    assert smallest_set(framework, evidence, "top") is None
    assert gains(framework, evidence)["1.1.1"].overall == 0
