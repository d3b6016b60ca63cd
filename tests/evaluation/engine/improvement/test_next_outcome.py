"""The next outcome, the smallest set that reaches it, and the effect of each indicator alone."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import prod

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from evaluation.engine.improvement.gains import next_outcome, smallest_set
from evaluation.engine.improvement.possible_levels import higher_levels
from evaluation.engine.scoring import Evidence, Judgement, Scorecard, score_hypothetical
from evaluation.engine.scoring.engine import aggregate_scores
from evaluation.engine.scoring.indicators import at_level
from standards.framework import (
    Aggregation,
    Condition,
    Framework,
    Measure,
    Method,
    Outcome,
    Rule,
    Scale,
    Test,
    read_bands,
)
from tests.evaluation.engine.scoring.anything import SMALL, examined
from tests.evaluation.engine.scoring.shapes import (
    CORE,
    DEVELOPMENTAL,
    ESSENTIAL,
    EXCUSED,
    OBLIGATIONS,
    RULE,
    asked,
    framework_of,
    in_turn,
    levels,
    row_of,
)

Case = tuple[Framework, Evidence]


def rule_of(*conditions: Condition, **other) -> Rule:
    return Rule(OBLIGATIONS, (Outcome("top", 36, conditions), Outcome("none", 0)), **other)


def plan(framework: Framework, evidence: Evidence, target: str = "top") -> dict[str, tuple[int | None, int]] | None:
    """Return the present and the new level of each indicator of the smallest set."""
    found = smallest_set(framework, evidence, target)
    if found is None:
        return None
    assert (found.target, found.is_proven) == (target, True)
    return {i.code: (i.level_from, i.level_to) for i in found.improvements}


# --- The next outcome --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        ((3, 3), None),
        ((3, 1), "accredited"),
        ((0, 3), "conditional"),
        ((None, 3), "conditional"),
        ((None, 0), "conditional"),
    ],
)
def test_the_next_outcome_is_the_nearest_better_one_and_from_a_hold_what_is_above_it(found, outcome):
    indicators = [asked("1.1.1", ESSENTIAL), asked("1.1.2")]
    answers = {i.code: Judgement(level=level) for i, level in zip(indicators, found, strict=True) if level is not None}
    framework = framework_of([indicators])
    following = next_outcome(framework, score_hypothetical(framework, Evidence(answers)))
    assert (following and following.code) == outcome


def test_from_a_hold_the_next_outcome_is_above_what_would_be_had_without_it():
    """One of three indicators is missing and the others are at their best: without the hold it would be `good`."""
    rule = Rule(
        OBLIGATIONS,
        (
            Outcome("held", 0, (Condition(Test.INCOMPLETE),)),
            Outcome("best", 36, (Condition(Test.EVERY, level=3),)),
            Outcome("good", 12, (Condition(Test.BELOW, level=3, count=1),)),
            Outcome("none", 0),
        ),
    )
    framework = framework_of([row_of(3)], rule=rule)
    card = score_hypothetical(framework, Evidence(levels(i1_1_1=3, i1_1_2=3)))
    assert card.proposal.outcome == "held"
    assert next_outcome(framework, card) == rule.outcome("best")
    assert plan(framework, Evidence(levels(i1_1_1=3, i1_1_2=3)), "good") == {"1.1.3": (None, 0)}


# --- The smallest set --------------------------------------------------------------------------------------------


def test_the_fewest_indicators_rise_and_no_further_than_needed():
    """10 of 18 points are found and 14 (75 %) are required: two indicators must rise, by four levels together."""
    indicators = row_of(6)
    framework = framework_of([indicators], rule=rule_of(Condition(Test.SCORE, percent=75)))
    assert plan(framework, Evidence(in_turn(indicators, 2, 2, 2, 2, 1, 1))) == {"1.1.5": (1, 3), "1.1.6": (1, 3)}


def test_among_as_many_the_first_in_the_guide_rises():
    indicators = row_of(5)
    framework = framework_of([indicators], rule=rule_of(Condition(Test.SCORE, percent=60)))
    assert plan(framework, Evidence(in_turn(indicators, 1, 1, 1, 1, 1))) == {"1.1.1": (1, 3), "1.1.2": (1, 3)}


def test_among_as_many_steps_the_first_in_the_guide_rises_less():
    """Three points are missing for two indicators: one and two, in this order, rather than two and one."""
    indicators = row_of(4)
    framework = framework_of([indicators], rule=rule_of(Condition(Test.SCORE, percent=75)))
    assert plan(framework, Evidence(in_turn(indicators, 1, 1, 2, 2))) == {"1.1.1": (1, 2), "1.1.2": (1, 3)}


def test_a_condition_on_each_forces_its_indicators_and_the_score_takes_the_heaviest():
    indicators = [asked("1.1.1", DEVELOPMENTAL), asked("1.1.2", CORE), asked("1.1.3", ESSENTIAL), asked("1.1.4")]
    rule = rule_of(Condition(Test.EVERY, DEVELOPMENTAL, level=1), Condition(Test.SCORE, percent=60))
    framework = framework_of([indicators], rule=rule)
    evidence = Evidence(in_turn(indicators, 0, 0, 1, 2))
    assert plan(framework, evidence) == {"1.1.1": (0, 2), "1.1.3": (1, 3)}


def test_a_target_that_is_reached_asks_for_nothing():
    framework = framework_of([row_of(2)])
    assert plan(framework, Evidence(in_turn(row_of(2), 3, 3)), "conditional") == {}


def test_a_hold_is_no_target():
    framework = framework_of([row_of(1, ESSENTIAL)])
    assert plan(framework, Evidence(levels(i1_1_1=3)), "deferred") is None


def test_a_hold_before_the_target_must_be_lifted_even_where_the_target_does_not_ask_for_it():
    framework = framework_of([[asked("1.1.1", ESSENTIAL), *row_of(9, start=2)]])
    evidence = Evidence({f"1.1.{n}": Judgement(level=3) for n in range(2, 11)})
    assert plan(framework, evidence, "not_accredited") == {"1.1.1": (None, 0)}
    assert plan(framework, evidence, "accredited") == {"1.1.1": (None, 2)}


def test_of_a_hold_with_two_things_missing_the_smaller_is_completed():
    rule = Rule(
        OBLIGATIONS,
        (
            Outcome("held", 0, (Condition(Test.INCOMPLETE, CORE), Condition(Test.INCOMPLETE, ESSENTIAL))),
            Outcome("none", 0),
        ),
    )
    framework = framework_of([[*row_of(2), asked("1.1.3", ESSENTIAL)]], rule=rule)
    assert plan(framework, Evidence(), "none") == {"1.1.3": (None, 0)}


def test_where_too_much_does_not_apply_not_even_everything_reaches_the_score():
    """At most half may leave the score; three of four do not apply, so that one of two is the maximum."""
    indicators = [asked(f"1.1.{n}", not_applicable=True) for n in range(1, 5)]
    rule = rule_of(Condition(Test.SCORE, percent=60), excused_at_most=50)
    evidence = Evidence(levels(i1_1_1=0, i1_1_2=EXCUSED, i1_1_3=EXCUSED, i1_1_4=EXCUSED))
    assert plan(framework_of([indicators], rule=rule), evidence) is None
    within = rule_of(Condition(Test.SCORE, percent=50), excused_at_most=50)
    assert plan(framework_of([indicators], rule=within), evidence) == {"1.1.1": (0, 3)}


def test_what_has_no_score_reaches_none():
    framework = framework_of([[asked("1.1.1", not_applicable=True)]], rule=rule_of(Condition(Test.SCORE, percent=0)))
    assert plan(framework, Evidence(levels(i1_1_1=EXCUSED))) is None


def test_on_a_falling_scale_to_rise_is_to_a_lower_number():
    framework = framework_of([row_of(2)], rule=rule_of(Condition(Test.EVERY, level=2)), scale=Scale(1, 4, falling=True))
    assert plan(framework, Evidence(levels(i1_1_1=4, i1_1_2=1))) == {"1.1.1": (4, 2)}


def test_the_lowest_of_several_rises_only_together():
    """A domain is the mean of two standards scored by their worst indicator: the one with only one low one rises."""
    rule = rule_of(Condition(Test.SCORE, percent=50), aggregation=Aggregation(Method.LOWEST, Method.MEAN, Method.MEAN))
    framework = framework_of([row_of(2), [asked("1.2.1"), asked("1.2.2")]], rule=rule)
    evidence = Evidence(levels(i1_1_1=0, i1_1_2=0, i1_2_1=3, i1_2_2=0))
    assert plan(framework, evidence) == {"1.2.2": (0, 3)}


def test_standards_pass_where_that_takes_the_fewest():
    """One standard may fail: the one with two low indicators stays as it is."""
    rule = rule_of(Condition(Test.FAILING, count=1), passing=(Condition(Test.BELOW, level=2, count=0),))
    framework = framework_of([row_of(2), [asked("1.2.1"), asked("1.2.2")]], rule=rule)
    assert plan(framework, Evidence(levels(i1_1_1=0, i1_1_2=0, i1_2_1=1, i1_2_2=2))) == {"1.2.1": (1, 2)}


def test_a_set_that_nobody_has_proved_still_reaches_the_target_and_spares_nothing(monkeypatch: pytest.MonkeyPatch):
    """There is no time to search six scores over mixed indicators.

    Each indicator of the set is needed, at no lower level.
    """
    indicators = [asked(f"{s}.{n}", list(RULE.obligation)[(s * n) % 3]) for s in range(1, 12) for n in range(1, 9)]
    named = [Condition(Test.SCORE, percent=61 + 5 * k, codes=tuple(i.code for i in indicators[k::5])) for k in range(5)]
    standards = [[*indicators[n : n + 8]] for n in range(0, 88, 8)]
    every = Condition(Test.SCORE, percent=70, codes=tuple(i.code for i in indicators))
    indifferent = asked("12.1")
    framework = framework_of([*standards, [indifferent]], rule=rule_of(*named, every))
    evidence = Evidence({i.code: Judgement(level=n * n % 7 % 3) for n, i in enumerate([*indicators, indifferent])})
    known = smallest_set(framework, evidence, "top")
    monkeypatch.setattr("evaluation.engine.improvement.smallest_set.MOST_NODES", 0)
    found = smallest_set(framework, evidence, "top")
    assert known is not None
    assert found is not None
    assert (known.is_proven, found.is_proven) == (True, False)
    assert len(found.improvements) >= len(known.improvements) == 33
    assert indifferent.code not in {i.code for i in found.improvements}
    card = score_hypothetical(framework, evidence)
    raised = {i.code: i.level_to for i in found.improvements}
    assert reached(framework, card, raised, "top")
    for code in raised:
        assert not reached(framework, card, {c: level for c, level in raised.items() if c != code}, "top")


def test_where_a_hold_asks_for_more_than_something_missing_it_may_also_be_left_unmet():
    """The hold applies only from 50 per cent on: at 50 the missing one must be completed, below that it need not."""

    def held(percent: int) -> Framework:
        return framework_of(
            [row_of(4)],
            rule=Rule(
                OBLIGATIONS,
                (
                    Outcome("held", 0, (Condition(Test.INCOMPLETE), Condition(Test.SCORE, percent=50))),
                    Outcome("top", 12, (Condition(Test.SCORE, percent=percent),)),
                    Outcome("none", 0),
                ),
            ),
        )

    evidence = Evidence(levels(i1_1_1=1, i1_1_2=0, i1_1_3=0))
    assert plan(held(25), evidence) == {"1.1.1": (1, 3)}
    doubtful = smallest_set(held(50), Evidence(levels(i1_1_1=3, i1_1_2=3, i1_1_3=0)), "top")
    assert doubtful is not None
    assert ([(i.code, i.level_to) for i in doubtful.improvements], doubtful.is_proven) == ([("1.1.4", 0)], False)


def test_a_step_that_not_all_of_the_lowest_can_make_is_no_step():
    """Standards are scored by their worst indicator, and one is held down by a number that has no better band."""
    rule = rule_of(Condition(Test.SCORE, percent=60), aggregation=Aggregation(Method.LOWEST, Method.MEAN, Method.MEAN))
    stuck = asked("1.1.1", measure=Measure.NUMERIC, bands=read_bands(">=8:1"))
    framework = framework_of([[stuck, asked("1.1.2")], [asked("1.2.1")]], rule=rule)
    evidence = Evidence(levels(i1_1_1=Judgement(value=Fraction(2)), i1_1_2=2, i1_2_1=2))
    assert plan(framework, evidence) == {"1.1.1": (0, 1), "1.2.1": (2, 3)}


def test_the_steps_of_the_lowest_serve_the_domain_and_the_whole_alike():
    """Each domain requires half, the whole 60 per cent: two levels in the first standard, one in the second."""
    rule = rule_of(
        Condition(Test.DOMAINS, percent=50),
        Condition(Test.SCORE, percent=60),
        aggregation=Aggregation(Method.LOWEST, Method.MEAN, Method.MEAN),
    )
    framework = framework_of([row_of(2)], [row_of(1, domain=2)], rule=rule)
    evidence = Evidence(levels(i1_1_1=1, i1_1_2=1, i2_1_1=1))
    assert plan(framework, evidence) == {"1.1.1": (1, 2), "1.1.2": (1, 2), "2.1.1": (1, 2)}


@pytest.mark.parametrize(("percent", "expected"), [(59, {}), (60, {"1.1.41": (0, 1)})])
def test_a_score_must_reach_the_line_and_not_only_be_shown_so(percent, expected):
    """120 of 201 points are 59.7 per cent."""
    indicators = row_of(67, DEVELOPMENTAL)
    framework = framework_of([indicators], rule=rule_of(Condition(Test.SCORE, percent=percent)))
    assert plan(framework, Evidence(in_turn(indicators, *[3] * 40, *[0] * 27))) == expected


def test_a_share_must_be_there_to_the_last_indicator():
    """120 of 201 reach the level; 60 per cent are 120.6."""
    indicators = row_of(201)
    framework = framework_of([indicators], rule=rule_of(Condition(Test.SHARE, level=1, percent=60)))
    assert plan(framework, Evidence(in_turn(indicators, *[1] * 120, *[0] * 81))) == {"1.1.121": (0, 1)}


@pytest.mark.parametrize(("strictly", "expected"), [(False, {}), (True, {"1.1.7": (0, 1)})])
def test_a_share_that_is_met_exactly_is_not_exceeded(strictly, expected):
    indicators = row_of(10)
    condition = Condition(Test.SHARE, level=1, percent=60, strictly=strictly)
    framework = framework_of([indicators], rule=rule_of(condition))
    assert plan(framework, Evidence(in_turn(indicators, *[1] * 6, *[0] * 4))) == expected


def test_an_indicator_without_a_weight_raises_no_score():
    weights = tuple(replace(one, weight=int(one.code != DEVELOPMENTAL)) for one in OBLIGATIONS)
    rule = replace(rule_of(Condition(Test.SCORE, percent=50)), obligations=weights)
    framework = framework_of([[asked("1.1.1", DEVELOPMENTAL), asked("1.1.2")]], rule=rule)
    assert plan(framework, Evidence(levels(i1_1_1=0, i1_1_2=0))) == {"1.1.2": (0, 2)}


def test_a_score_of_a_domain_or_a_standard_is_raised_there():
    framework = framework_of([row_of(1)], [row_of(1, domain=2), [asked("2.2.1")]])
    evidence = Evidence(levels(i1_1_1=0, i2_1_1=0, i2_2_1=0))
    domain = replace(framework, rule=rule_of(Condition(Test.SCORE, domain="D2", percent=50)))
    assert plan(domain, evidence) == {"2.1.1": (0, 3)}
    standard = replace(framework, rule=rule_of(Condition(Test.SCORE, standard="2.2", percent=50)))
    assert plan(standard, evidence) == {"2.2.1": (0, 2)}


def test_of_so_many_standards_those_that_have_their_score_already_count_once_each():
    rule = rule_of(Condition(Test.STANDARDS, percent=50, count=3))
    framework = framework_of([[asked(f"1.{number}.1")] for number in (1, 2, 3, 4)], rule=rule)
    evidence = Evidence(levels(i1_1_1=2, i1_2_1=0, i1_3_1=0, i1_4_1=0))
    assert plan(framework, evidence) == {"1.2.1": (0, 2), "1.3.1": (0, 2)}


def test_a_standard_that_can_never_pass_is_left_to_fail():
    """The first has a number with no better band and must fail; the second passes, and the third may fail."""
    stuck = asked("1.1.1", measure=Measure.NUMERIC, bands=read_bands(">=8:1"))
    rule = rule_of(Condition(Test.FAILING, count=2), passing=(Condition(Test.EVERY, level=2),))
    framework = framework_of([[stuck], [asked("1.2.1")], [asked("1.3.1")], [asked("1.4.1")]], rule=rule)
    evidence = Evidence(levels(i1_1_1=Judgement(value=Fraction(9)), i1_2_1=0, i1_3_1=1, i1_4_1=2))
    assert plan(framework, evidence) == {"1.3.1": (1, 2)}


def test_a_standard_without_a_score_neither_passes_nor_fails():
    rule = rule_of(Condition(Test.FAILING, count=0), passing=(Condition(Test.SCORE, percent=60),))
    framework = framework_of([[asked("1.1.1")], [asked("1.2.1", not_applicable=True)]], rule=rule)
    assert plan(framework, Evidence(levels(i1_1_1=1, i1_2_1=EXCUSED))) == {"1.1.1": (1, 2)}


def test_a_standard_that_passes_already_is_nothing_to_gain_and_what_is_excused_does_not_hinder_it():
    rule = rule_of(Condition(Test.FAILING, count=0), passing=(Condition(Test.EVERY, level=2),))
    framework = framework_of([[asked("1.1.1")], [asked("1.2.1"), asked("1.2.2", not_applicable=True)]], rule=rule)
    assert plan(framework, Evidence(levels(i1_1_1=3, i1_2_1=1, i1_2_2=EXCUSED))) == {"1.2.1": (1, 2)}
    assert plan(framework, Evidence(levels(i1_1_1=3, i1_2_1=2, i1_2_2=EXCUSED))) == {}


def test_where_the_lowest_counts_every_one_must_reach_the_line_itself():
    """Level 2 of 3 is 66.7 per cent, and 67 are required."""
    methods = Aggregation(Method.LOWEST, Method.LOWEST, Method.LOWEST)
    framework = framework_of([row_of(2)], rule=rule_of(Condition(Test.SCORE, percent=67), aggregation=methods))
    assert plan(framework, Evidence(levels(i1_1_1=2, i1_1_2=0))) == {"1.1.1": (2, 3), "1.1.2": (0, 3)}


@pytest.mark.parametrize(("failing", "expected"), [(1, {"1.1.1": (0, 1)}), (0, {"1.1.1": (0, 1), "1.2.1": (0, 1)})])
def test_the_lowest_of_a_choice_rises_in_each_standard_by_itself(failing: int, expected):
    """A standard passes by the lowest of its essential indicators, independently of those of another standard."""
    passing = (Condition(Test.SCORE, obligation=ESSENTIAL, percent=33, method=Method.LOWEST),)
    rule = rule_of(Condition(Test.FAILING, count=failing), passing=passing)
    framework = framework_of([[asked("1.1.1", ESSENTIAL)], [asked("1.2.1", ESSENTIAL)]], rule=rule)
    assert plan(framework, Evidence(levels(i1_1_1=0, i1_2_1=0))) == expected


@pytest.mark.parametrize("test", [Test.SCORE, Test.DOMAINS, Test.STANDARDS])
def test_a_domain_without_a_score_moves_nothing(test: Test):
    rule = rule_of(Condition(test, percent=60))
    framework = framework_of([row_of(1)], [[asked("2.1.1", not_applicable=True)]], rule=rule)
    assert plan(framework, Evidence(levels(i1_1_1=1, i2_1_1=EXCUSED))) == {"1.1.1": (1, 2)}


# --- Exhaustive search -------------------------------------------------------------------------------------------


def reached(framework: Framework, card: Scorecard, raised: Mapping[str, int], target: str) -> bool:
    """Return whether a target holds, and no hold before it, with some indicators at these levels."""
    scores = {code: at_level(framework, card.indicators[code], level) for code, level in raised.items()}
    holding = [check.outcome for check in aggregate_scores(framework, card.indicators | scores).outcomes if check.holds]
    before = holding[: holding.index(target)] if target in holding else None
    return before is not None and not any(framework.rule.outcome(code).defers_decision for code in before)


def find_by_trying(framework: Framework, evidence: Evidence, target: str) -> list[tuple[str, int]] | None:
    """Return the smallest set, by trying every choice of every level."""
    card = score_hypothetical(framework, evidence)
    found = {code: higher_levels(framework, score, evidence.withheld) for code, score in card.indicators.items()}
    able = {code: steps for code, steps in found.items() if steps}
    assume(prod(len(steps) + 1 for steps in able.values()) <= 300)

    def size(choice: tuple[int | None, ...]) -> tuple[int, int, list[tuple[int, int]]]:
        steps = [
            (n, able[code][level])
            for n, (code, level) in enumerate(zip(able, choice, strict=True))
            if level is not None
        ]
        return len(steps), sum(count for _, count in steps), steps

    for choice in sorted(product(*([None, *steps] for steps in able.values())), key=size):
        raised = [(code, level) for code, level in zip(able, choice, strict=True) if level is not None]
        if reached(framework, card, dict(raised), target):
            return raised
    return None


MANY = settings(
    max_examples=2 * settings.default.max_examples,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


@MANY
@given(examined(SMALL), st.sampled_from(["first", "second", "none"]))
def test_the_smallest_set_is_what_trying_everything_finds(case: Case, target: str):
    """Frameworks in which only the best of several indicators count are excluded: there is no search for them."""
    framework, evidence = case
    assume(not framework.depends_on_best_parts)
    expected = find_by_trying(framework, evidence, target)
    found = smallest_set(framework, evidence, target)
    assert (found and [(i.code, i.level_to) for i in found.improvements]) == expected
    assert found is None or found.is_proven


@MANY
@given(examined(SMALL, steady=False), st.sampled_from(["first", "second", "none"]))
def test_a_hold_that_asks_for_more_is_proven_only_where_trying_everything_agrees(case: Case, target: str):
    framework, evidence = case
    expected = find_by_trying(framework, evidence, target)
    found = smallest_set(framework, evidence, target)
    assert (found is None) == (expected is None)
    if found is not None:
        assert reached(
            framework, score_hypothetical(framework, evidence), {i.code: i.level_to for i in found.improvements}, target
        )
        if found.is_proven:
            assert [(i.code, i.level_to) for i in found.improvements] == expected
