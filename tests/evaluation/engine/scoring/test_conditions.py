"""The decision rule of the sample guide: exactly at each threshold, and one level below it."""

from fractions import Fraction

import pytest

from evaluation.engine.scoring import Evidence, Judgement, Scorecard, score
from standards.framework import Condition, Outcome, Rule, Test
from tests.evaluation.engine.scoring.shapes import (
    CORE,
    DEVELOPMENTAL,
    ESSENTIAL,
    EXCUSED,
    asked,
    framework_of,
    in_turn,
    levels,
    row_of,
)
from tests.small_edition import RULE

ONE_ESSENTIAL = asked("9.1.1", ESSENTIAL)


def core(*found: int) -> Scorecard:
    """Return the scorecard of core indicators at these levels."""
    indicators = row_of(len(found))
    return score(framework_of([indicators]), Evidence(in_turn(indicators, *found)))


def essentials(*found: int | None) -> Scorecard:
    """Return the scorecard of essential indicators at these levels, None for missing.

    There are enough perfect core indicators for all other conditions to hold.
    """
    indicators = row_of(len(found), ESSENTIAL)
    others = [asked(f"1.2.{number}") for number in range(40)]
    answers = {i.code: Judgement(level=level) for i, level in zip(indicators, found, strict=True) if level is not None}
    return score(framework_of([indicators + others]), Evidence(answers | in_turn(others, *[3] * 40)))


def failing(card: Scorecard, outcome: str) -> dict[Test, tuple[str, ...]]:
    """Return the failed checks of an outcome, with their codes."""
    tested = next(check for check in card.outcomes if check.outcome == outcome)
    return {check.condition.test: check.codes for check in tested.checks if not check.holds}


def test_everything_at_its_highest_is_accredited():
    card = core(3, 3, 3)
    assert (card.proposal.outcome, card.proposal.months, card.overall) == ("accredited", 36, 1)


@pytest.mark.parametrize(
    ("found", "overall", "outcome"),
    [
        ((3, 3, 3, 3, 0), Fraction(80, 100), "accredited"),
        ((3, 3, 3, 2, 0), Fraction(11, 15), "conditional"),
        ((3,) * 13 + (0,) * 7, Fraction(65, 100), "conditional"),
        ((3,) * 12 + (2,) + (0,) * 7, Fraction(38, 60), "not_accredited"),
    ],
)
def test_the_whole_reaches_80_to_be_accredited_and_65_on_conditions(found, overall, outcome):
    card = core(*found)
    assert (card.overall, card.proposal.outcome) == (overall, outcome)


def test_a_hair_below_80_is_below():
    """Of 3000 points, 2399: 79.97 per cent, which other programs round to 80.0."""
    found = [3] * 799 + [2] + [0] * 200
    card = core(*found)
    assert (card.overall, card.proposal.outcome) == (Fraction(2399, 3000), "conditional")
    assert failing(card, "accredited") == {Test.SCORE: ()}


@pytest.mark.parametrize(
    ("found", "domain", "outcome", "short"),
    [
        ((3, 3, 3, 0, 0), Fraction(60, 100), "accredited", {}),
        ((3, 3, 2, 0, 0), Fraction(8, 15), "conditional", {Test.DOMAINS: ("D1",)}),
    ],
)
def test_each_domain_reaches_60_to_be_accredited(found, domain, outcome, short):
    first, second, third = row_of(5), row_of(1, domain=2), row_of(1, domain=3)
    evidence = Evidence(in_turn(first, *found) | levels(i2_1_1=3, i3_1_1=3))
    card = score(framework_of([first], [second], [third]), evidence)
    assert (card.domains[0].ratio, card.proposal.outcome, failing(card, "accredited")) == (domain, outcome, short)


def test_a_domain_without_a_score_is_no_domain_below_60():
    framework = framework_of([row_of(1)], [[asked("2.1.1", not_applicable=True)]])
    card = score(framework, Evidence(levels(i1_1_1=3, i2_1_1=EXCUSED)))
    assert card.proposal.outcome == "accredited"


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        ((2, 2, 2, 2), "accredited"),
        ((2, 2, 2, 1), "conditional"),
        ((1, 1, 1, 3), "conditional"),
        ((1, 1, 1, 1), "not_accredited"),
        ((3, 3, 3, 0), "not_accredited"),
        ((3, 3, 3, None), "deferred"),
        ((0, 0, None, None), "deferred"),
    ],
)
def test_essential_indicators_gate_the_result_however_good_the_rest_is(found, outcome):
    assert essentials(*found).proposal.outcome == outcome


def test_an_outcome_says_which_indicators_stand_in_its_way():
    card = essentials(1, 0, 3, 1, 1, 1)
    assert failing(card, "accredited") == {Test.EVERY: ("1.1.1", "1.1.2", "1.1.4", "1.1.5", "1.1.6")}
    assert failing(card, "conditional") == {
        Test.EVERY: ("1.1.2",),
        Test.BELOW: ("1.1.1", "1.1.2", "1.1.4", "1.1.5", "1.1.6"),
    }
    assert failing(card, "deferred") == {Test.INCOMPLETE: ()}


def test_a_missing_essential_indicator_stands_in_the_way_of_everything_but_deferral():
    card = essentials(3, None)
    assert failing(card, "accredited") == {Test.EVERY: ("1.1.2",)}
    assert failing(card, "conditional") == {Test.EVERY: ("1.1.2",)}
    assert card.proposal.checks[0].codes == ("1.1.2",)


def test_outcomes_are_tested_in_the_order_of_the_rule():
    """A missing essential indicator is deferred first; a rule that tests deferral last does not accredit it."""
    later = Rule(RULE.obligations, (*RULE.outcomes[1:3], RULE.outcomes[3], RULE.outcomes[0]))
    framework = [[ONE_ESSENTIAL, asked("9.1.2")]]
    evidence = Evidence(levels(i9_1_2=3))
    assert score(framework_of(framework), evidence).proposal.outcome == "deferred"
    assert score(framework_of(framework, rule=later), evidence).proposal.outcome == "not_accredited"
    assert [o.outcome for o in score(framework_of(framework), evidence).outcomes] == [o.code for o in RULE.outcomes]


def test_a_missing_core_indicator_does_not_defer_but_counts_as_nothing():
    card = score(framework_of([[ONE_ESSENTIAL, asked("9.1.2")]]), Evidence(levels(i9_1_1=3)))
    assert (card.overall, card.proposal.outcome) == (Fraction(9, 15), "not_accredited")


def test_an_excused_indicator_neither_defers_nor_stands_in_the_way():
    rule = Rule(
        RULE.obligations,
        (
            Outcome("deferred", 0, (Condition(Test.INCOMPLETE, CORE),)),
            Outcome(
                "accredited", 36, (Condition(Test.EVERY, CORE, level=3), Condition(Test.BELOW, CORE, level=1, count=0))
            ),
            Outcome("not_accredited", 0),
        ),
    )
    framework = framework_of([[asked("1.1.1"), asked("1.1.2", not_applicable=True)]], rule=rule)
    assert score(framework, Evidence(levels(i1_1_1=3, i1_1_2=EXCUSED))).proposal.outcome == "accredited"
    assert score(framework, Evidence(levels(i1_1_1=3))).proposal.outcome == "deferred"


def test_a_condition_without_an_obligation_is_about_all_of_them():
    rule = Rule(RULE.obligations, (Outcome("complete", 0, (Condition(Test.EVERY, level=1),)), Outcome("rest", 0)))
    standard = [asked("1.1.1", ESSENTIAL), asked("1.1.2", CORE), asked("1.1.3", DEVELOPMENTAL)]
    short = score(framework_of([standard], rule=rule), Evidence(levels(i1_1_1=1, i1_1_2=0)))
    assert failing(short, "complete") == {Test.EVERY: ("1.1.2", "1.1.3")}
    assert short.proposal.outcome == "rest"


def test_each_check_says_what_it_found():
    card = essentials(1, 1, 3)
    found = {
        check.condition.test: check.found for o in card.outcomes for check in o.checks if o.outcome != "accredited"
    }
    assert found == {
        Test.INCOMPLETE: 0,
        Test.EVERY: 0,
        Test.BELOW: 2,
        Test.SCORE: Fraction(3 + 3 + 9 + 240, 27 + 240),
    }


def test_a_share_is_of_those_that_count_and_of_none_all_reach_it():
    """Two of three reach level 2, which is less than 67 per cent and more than 66."""
    excusable = [asked(f"1.1.{n}", not_applicable=True) for n in range(1, 5)]
    rule = Rule(
        RULE.obligations,
        (
            Outcome("two thirds", 1, (Condition(Test.SHARE, level=2, percent=67),)),
            Outcome("less", 1, (Condition(Test.SHARE, level=2, percent=66),)),
            Outcome("none", 0),
        ),
    )
    card = score(framework_of([excusable], rule=rule), Evidence(levels(i1_1_1=3, i1_1_2=2, i1_1_3=1, i1_1_4=EXCUSED)))
    assert [(check.holds, check.codes, check.found) for o in card.outcomes for check in o.checks] == [
        (False, ("1.1.3",), Fraction(2, 3)),
        (True, ("1.1.3",), Fraction(2, 3)),
    ]
    excused = score(framework_of([excusable], rule=rule), Evidence({i.code: EXCUSED for i in excusable}))
    assert [(check.holds, check.found) for o in excused.outcomes for check in o.checks] == [(True, None), (True, None)]


def test_a_share_of_nothing_is_reached_by_none():
    rule = Rule(RULE.obligations, (Outcome("any", 1, (Condition(Test.SHARE, level=2, percent=0),)), Outcome("none", 0)))
    card = score(framework_of([[asked("1.1.1")]], rule=rule), Evidence(levels(i1_1_1=0)))
    assert [(check.holds, check.found) for o in card.outcomes for check in o.checks] == [(True, Fraction(0))]


@pytest.mark.parametrize(("points", "short"), [(241, ("1.1",)), (242, ()), (240, ("1.1",))])
def test_each_standard_that_has_a_score_reaches_the_percentage_exactly(points: int, short: tuple[str, ...]):
    """134 indicators of weight one have 402 points, 60 per cent of which are 241.2.

    A standard without a score is not counted.
    """
    rule = Rule(RULE.obligations, (Outcome("top", 1, (Condition(Test.STANDARDS, percent=60),)), Outcome("none", 0)))
    standard = row_of(134, DEVELOPMENTAL)
    framework = framework_of([standard, [asked("1.2.1", not_applicable=True)]], rule=rule)
    full, rest = divmod(points, 3)
    card = score(
        framework, Evidence(in_turn(standard, *[3] * full, rest, *[0] * (133 - full)) | levels(i1_2_1=EXCUSED))
    )
    assert card.standards["1.1"].points == points
    assert [(check.holds, check.codes, check.found) for o in card.outcomes for check in o.checks] == [
        (not short, short, len(short))
    ]


@pytest.mark.parametrize(("percent", "found", "outcome"), [(60, (3, 3, 3, 0, 0), "top"), (0, (0, 0, 0, 0, 0), "top")])
def test_a_standard_exactly_at_the_percentage_reaches_it(percent: int, found: tuple[int, ...], outcome: str):
    rule = Rule(
        RULE.obligations, (Outcome("top", 1, (Condition(Test.STANDARDS, percent=percent),)), Outcome("none", 0))
    )
    standard = row_of(5)
    assert score(framework_of([standard], rule=rule), Evidence(in_turn(standard, *found))).proposal.outcome == outcome
