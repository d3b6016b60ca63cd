"""The effect of raising a single indicator."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given

from evaluation.engine.improvement.gains import Gain, gains, next_outcome, smallest_set
from evaluation.engine.improvement.possible_levels import higher_levels
from evaluation.engine.scoring import Evidence, Scorecard, score_hypothetical
from evaluation.engine.scoring.engine import aggregate_scores
from evaluation.engine.scoring.indicators import at_level
from standards.framework import (
    Aggregation,
    Condition,
    Framework,
    Method,
    Outcome,
    Rule,
    Test,
)
from tests.evaluation.engine.scoring.anything import examined
from tests.evaluation.engine.scoring.shapes import (
    ESSENTIAL,
    EXCUSED,
    OBLIGATIONS,
    asked,
    framework_of,
    in_turn,
    levels,
    row_of,
)

Case = tuple[Framework, Evidence]


def rule_of(*conditions: Condition, **other) -> Rule:
    return Rule(OBLIGATIONS, (Outcome("top", 36, conditions), Outcome("none", 0)), **other)


def test_a_gain_tells_what_one_indicator_alone_would_change():
    """Two essential indicators are below 2, and the overall score needs one of them to reach 80 per cent."""
    indicators = [asked("1.1.1", ESSENTIAL), asked("1.1.2", ESSENTIAL), *row_of(2, start=3)]
    evidence = Evidence(in_turn(indicators, 1, 3, 3, 1))
    assert gains(framework_of([indicators]), evidence) == {
        "1.1.1": Gain(
            "1.1.1",
            1,
            3,
            Fraction(6, 30),
            (Condition(Test.EVERY, ESSENTIAL, level=2), Condition(Test.SCORE, percent=80)),
            is_needed=True,
        ),
        "1.1.4": Gain("1.1.4", 1, 2, Fraction(2, 30), (), is_needed=False),
    }


def test_at_the_top_a_gain_is_only_one_of_points_and_goes_to_the_best():
    indicators = row_of(5)
    found = gains(framework_of([indicators]), Evidence(in_turn(indicators, 3, 3, 3, 3, 2)))
    assert found == {"1.1.5": Gain("1.1.5", 2, 3, Fraction(1, 15), (), is_needed=False)}


def test_a_standard_that_one_alone_does_not_make_pass_goes_on_failing():
    """Both must reach 2, and together 90 per cent: the first alone only reaches 2."""
    rule = rule_of(
        Condition(Test.FAILING, count=0),
        passing=(Condition(Test.EVERY, level=2), Condition(Test.SCORE, percent=90)),
    )
    framework = framework_of([row_of(2)], rule=rule)
    found = gains(framework, Evidence(levels(i1_1_1=1, i1_1_2=2)))
    assert [(gain.level_to, gain.removes) for gain in found.values()] == [(2, ()), (3, ())]
    nearly = gains(framework, Evidence(levels(i1_1_1=3, i1_1_2=2)))
    assert [gain.removes for gain in nearly.values()] == [(Condition(Test.FAILING, count=0),)]


def test_where_only_the_best_counts_a_gain_is_of_the_conditions_of_the_next_outcome_alone():
    """Raising to the wanted level also meets a condition of the outcome above, which does not count.

    Nor do conditions that already hold.
    """
    begun, good, top = (Condition(Test.EVERY, level=level) for level in (1, 2, 3))
    above = (Condition(Test.SCORE, percent=60), top)
    rule = Rule(OBLIGATIONS, (Outcome("top", 36, above), Outcome("good", 12, (begun, good)), Outcome("none", 0)))
    framework = framework_of([row_of(1)], rule=rule)
    (domain,) = framework.domains
    framework = replace(framework, domains=(replace(domain, best=1),))
    assert [gain.removes for gain in gains(framework, Evidence(levels(i1_1_1=1))).values()] == [(good,)]
    assert [gain.overall for gain in gains(framework, Evidence(levels(i1_1_1=0))).values()] == [Fraction(2, 3)]


def test_where_only_the_best_counts_indicators_that_weigh_nothing_bring_nothing():
    weightless = tuple(replace(one, weight=0) for one in OBLIGATIONS)
    framework = framework_of([row_of(2)], rule=Rule(weightless, (Outcome("none", 0),)))
    (domain,) = framework.domains
    framework = replace(framework, domains=(replace(domain, best=1),))
    found = gains(framework, Evidence(levels(i1_1_1=0, i1_1_2=0)))
    assert [gain.overall for gain in found.values()] == [0, 0]


@given(examined(steady=False))
def test_gains_are_what_raising_one_after_another_shows(case: Case):
    framework, evidence = case
    card = score_hypothetical(framework, evidence)
    target = next_outcome(framework, card)
    plan = smallest_set(framework, evidence, target.code) if target else None
    needed = {improvement.code for improvement in plan.improvements} if plan else set()
    able = {code: higher_levels(framework, score, evidence.withheld) for code, score in card.indicators.items()}
    found = gains(framework, evidence)
    assert list(found) == [code for code, steps in able.items() if steps]
    for code, gain in found.items():
        after = aggregate_scores(
            framework, card.indicators | {code: at_level(framework, card.indicators[code], gain.level_to)}
        )
        assert gain.level_to in able[code]
        assert (gain.level_from, gain.is_needed) == (card.indicators[code].level, code in needed)
        assert gain.overall == (after.overall or 0) - (card.overall or 0)
        assert gain.removes == (newly_met(card, after, target.code) if target else ())


def newly_met(before: Scorecard, after: Scorecard, target: str) -> tuple[Condition, ...]:
    """Return the conditions of an outcome that hold after and did not before."""
    was, then = (next(o.checks for o in card.outcomes if o.outcome == target) for card in (before, after))
    return tuple(now.condition for old, now in zip(was, then, strict=True) if now.holds and not old.holds)


def test_where_nothing_counts_there_is_nothing_to_gain():
    framework = framework_of([[asked("1.1.1", not_applicable=True)]])
    assert gains(framework, Evidence(levels(i1_1_1=EXCUSED))) == {}


def test_a_gain_is_exact_where_more_does_not_apply_than_may_leave_the_score() -> None:
    indicators = [asked("1.1.1"), asked("1.1.2", not_applicable=True), asked("1.1.3")]
    framework = framework_of([indicators], rule=Rule(OBLIGATIONS, (Outcome("none", 0),), excused_at_most=0))
    found = gains(framework, Evidence(levels(i1_1_1=0, i1_1_2=EXCUSED, i1_1_3=0)))
    assert {code: gain.overall for code, gain in found.items()} == {"1.1.1": Fraction(2, 9), "1.1.3": Fraction(2, 9)}


def test_a_standard_without_a_score_takes_nothing_of_a_gain_of_its_domain() -> None:
    rows = [[asked("1.1.1")], [asked("1.2.1", not_applicable=True)]]
    framework = framework_of(rows, rule=Rule(OBLIGATIONS, (Outcome("none", 0),)))
    found = gains(framework, Evidence(levels(i1_1_1=1, i1_2_1=EXCUSED)))
    assert {code: gain.overall for code, gain in found.items()} == {"1.1.1": Fraction(1, 3)}


def test_a_gain_of_a_domain_keeps_the_cap_of_that_domain() -> None:
    """Three of the second domain's six points leave its score, as its own cap allows; the first's cap allows none."""
    rows = [[asked(f"{n}.1.1"), asked(f"{n}.1.2", not_applicable=True)] for n in (1, 2)]
    methods = Aggregation(domain=Method.SUM)
    plain = framework_of(*([row] for row in rows), rule=Rule(OBLIGATIONS, (Outcome("none", 0),), methods))
    first, second = plain.domains
    framework = replace(plain, domains=(replace(first, excused_at_most=0), replace(second, excused_at_most=100)))
    evidence = Evidence(levels(i1_1_1=0, i1_1_2=EXCUSED, i2_1_1=0, i2_1_2=EXCUSED))
    found = {code: gain.overall for code, gain in gains(framework, evidence).items()}
    assert found == {"1.1.1": Fraction(1, 6), "2.1.1": Fraction(1, 3)}


def test_an_outcome_that_is_asked_for_is_reached_by_all_its_conditions() -> None:
    """Each indicator alone meets one of the outcome's two conditions, which is not enough."""
    asked_for = (Condition(Test.EVERY, domain="D1", level=2), Condition(Test.EVERY, domain="D2", level=2))
    reached = Condition(Test.REACHED, outcome="best")
    rule = Rule(OBLIGATIONS, (Outcome("best", 36, asked_for), Outcome("good", 12, (reached,)), Outcome("none", 0)))
    framework = framework_of([row_of(1)], [row_of(1, domain=2)], rule=rule)
    found = gains(framework, Evidence(levels(i1_1_1=1, i2_1_1=1)))
    assert [gain.removes for gain in found.values()] == [(), ()]
    one_left = gains(framework, Evidence(levels(i1_1_1=1, i2_1_1=2)))
    assert one_left["1.1.1"].removes == (reached,)
