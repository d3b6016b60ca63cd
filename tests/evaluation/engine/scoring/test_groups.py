"""Groups of domains: their scores, the overall score computed from them, and conditions on both sides of their line."""

from dataclasses import replace
from fractions import Fraction

import pytest

from evaluation.engine.improvement.gains import gains, smallest_set
from evaluation.engine.improvement.hypothetical import blocking_indicators
from evaluation.engine.reachability import check_reachability
from evaluation.engine.scoring import Evidence, Judgement, Scorecard, read_scorecard, score, write_scorecard
from evaluation.engine.scoring.explanation import OVERALL, calculation_of, relevant_conditions
from evaluation.result_sentences import describe_check_result
from standards.framework import Aggregation, Condition, Framework, Group, Method, Outcome, Rule, Test
from standards.presentation.rule_sentences import describe_methods, describe_score
from tests.evaluation.engine.scoring.shapes import EXCUSED, OBLIGATIONS, framework_of, in_turn, row_of

GROUPS = (Group("G1", ("D1", "D2"), 3), Group("G2", ("D3",)))
LOWEST, OF_GROUPS = Aggregation(group=Method.LOWEST), Aggregation(of_groups=True)
LOWEST_OF_GROUPS = Aggregation(group=Method.LOWEST, of_groups=True)


def framework(*conditions: Condition, aggregation: Aggregation | None = None, weight: int = 1) -> Framework:
    """Return an edition of three domains with one indicator each, the first two in a group. `weight` is that of D2."""
    rule = Rule(
        OBLIGATIONS,
        (Outcome("top", 12, conditions or (Condition(Test.SCORE, percent=50),)), Outcome("none", 0)),
        aggregation or Aggregation(),
    )
    plain = framework_of([row_of(1)], [row_of(1, domain=2)], [row_of(1, domain=3)], rule=rule)
    first, second, third = plain.domains
    excusable = tuple(
        replace(
            domain, standards=(replace(s, indicators=tuple(replace(i, not_applicable=True) for i in s.indicators)),)
        )
        for domain in (first, replace(second, weight=weight), third)
        for s in domain.standards
    )
    return replace(plain, domains=excusable, groups=GROUPS)


def card_of(edition: Framework, *levels: int | None) -> Scorecard:
    """Return the scorecard of these levels; None is not applicable."""
    answers = {
        code: EXCUSED if level is None else Judgement(level=level)
        for code, level in zip(edition.indicators, levels, strict=True)
    }
    return score(edition, Evidence(answers))


def ratios(card: Scorecard) -> dict[str, Fraction | None]:
    return {group.code: group.ratio for group in card.groups}


@pytest.mark.parametrize(
    ("aggregation", "weight", "levels", "first", "second", "overall"),
    [
        (Aggregation(), 1, (3, 1, 2), Fraction(2, 3), Fraction(2, 3), Fraction(2, 3)),
        (Aggregation(), 2, (3, 0, 2), Fraction(1, 3), Fraction(2, 3), Fraction(5, 12)),
        (LOWEST, 2, (3, 1, 2), Fraction(1, 3), Fraction(2, 3), Fraction(7, 12)),
        (OF_GROUPS, 1, (3, 1, 0), Fraction(2, 3), Fraction(0), Fraction(1, 2)),
        (LOWEST_OF_GROUPS, 1, (3, 1, 0), Fraction(1, 3), Fraction(0), Fraction(1, 4)),
    ],
)
def test_a_group_is_the_mean_or_the_lowest_of_its_domains(
    aggregation: Aggregation,
    weight: int,
    levels: tuple[int, int, int],
    first: Fraction,
    second: Fraction,
    overall: Fraction,
) -> None:
    card = card_of(framework(aggregation=aggregation, weight=weight), *levels)
    assert (ratios(card), card.overall) == ({"G1": first, "G2": second}, overall)
    assert [group.self_score for group in card.groups] == [first, second]
    assert card.self_score == overall


def test_missing_is_zero_and_not_applicable_leaves_the_group() -> None:
    for aggregation in (Aggregation(), LOWEST, OF_GROUPS, LOWEST_OF_GROUPS):
        edition = framework(aggregation=aggregation)
        assert ratios(card_of(edition, None, 3, None)) == {"G1": Fraction(1), "G2": None}
        assert ratios(score(edition, Evidence())) == {"G1": Fraction(0), "G2": Fraction(0)}
        assert card_of(edition, None, None, 2).overall == Fraction(2, 3)


def test_a_scorecard_with_groups_reads_back_and_one_without_is_as_before() -> None:
    card = card_of(framework(), 3, 1, None)
    assert read_scorecard(write_scorecard(card)) == card
    plain = score(replace(framework(), groups=()), Evidence())
    assert (plain.groups, "groups" in write_scorecard(plain)) == ((), False)


@pytest.mark.parametrize(
    ("condition", "short", "enough"),
    [
        (Condition(Test.GROUPS, percent=50), (1, 1, 3), (1, 2, 2)),
        (Condition(Test.GROUPS, percent=50, strictly=True), (1, 2, 3), (2, 2, 2)),
        (Condition(Test.GROUPS, percent=60, count=1), (1, 2, 1), (0, 0, 2)),
        (Condition(Test.GROUPS, percent=60, count=2), (3, 3, None), (3, 3, 2)),
        (Condition(Test.SCORE, percent=50, group="G1"), (2, 0, 3), (2, 1, 0)),
        (Condition(Test.SCORE, percent=0, group="G1"), (None, None, 3), (0, 0, 0)),
        (Condition(Test.EVERY, level=2, group="G1"), (2, 1, 3), (2, 2, 0)),
        (Condition(Test.AT_LEAST, level=2, count=1, group="G1"), (1, 1, 3), (0, 2, 0)),
        (Condition(Test.SCORE, percent=50, group="G1", domain="D2"), (3, 1, 3), (0, 2, 0)),
        (Condition(Test.SCORE, percent=0, group="G2", domain="D2"), (3, 3, 3), None),
        (Condition(Test.SCORE, percent=60, group="G1", obligation="core", method=Method.SUM), (3, 0, 3), (3, 1, 0)),
    ],
    ids=str,
)
def test_conditions_on_groups_on_both_sides_of_their_line(
    condition: Condition, short: tuple[int | None, ...], enough: tuple[int | None, ...] | None
) -> None:
    edition = framework(condition)
    assert card_of(edition, *short).proposal.outcome == "none"
    if enough:
        assert card_of(edition, *enough).proposal.outcome == "top"


def test_a_group_stands_in_the_lowest_domain_in_a_condition_too() -> None:
    edition = framework(Condition(Test.GROUPS, percent=50), aggregation=LOWEST)
    check = card_of(edition, 3, 1, 3).outcomes[0].checks[0]
    assert (check.holds, check.codes, check.found) == (False, ("G1",), Fraction(1))
    assert card_of(edition, 2, 2, 2).outcomes[0].holds


# --- Why ----------------------------------------------------------------------------------------------------------


def test_the_mean_of_a_group_is_explained_by_its_domains() -> None:
    edition = framework(weight=2)
    card = card_of(edition, 3, None, 1)
    account = calculation_of(edition, card, "G1")
    assert (account.tier, account.method, account.ratio) == ("group", Method.MEAN, Fraction(1))
    assert [(term.code, term.ratio, term.weight, term.counts) for term in account.terms] == [
        ("D1", Fraction(1), 1, True),
        ("D2", None, 2, False),
    ]
    assert (account.is_of_parts, account.is_weighted) == (True, True)


def test_the_lowest_domain_of_a_group_is_named() -> None:
    edition = framework(aggregation=LOWEST)
    account = calculation_of(edition, card_of(edition, 3, 1, 1), "G1")
    assert (account.method, account.ratio, account.value, account.of) == (
        Method.LOWEST,
        Fraction(1, 3),
        Fraction(1, 3),
        1,
    )
    assert [term.code for term in account.terms if term.is_lowest] == ["D2"]
    assert (account.is_of_parts, account.is_weighted) == (True, False)
    nothing = calculation_of(edition, card_of(edition, None, None, 1), "G1")
    assert (nothing.ratio, nothing.value, nothing.of) == (None, 0, 0)
    assert not any(term.is_lowest for term in nothing.terms)


def test_the_whole_is_explained_by_the_groups_that_it_is_made_of() -> None:
    edition = framework(aggregation=OF_GROUPS)
    card = card_of(edition, 3, 1, 0)
    account = calculation_of(edition, card, OVERALL)
    assert [(term.code, term.ratio, term.weight) for term in account.terms] == [
        ("G1", Fraction(2, 3), 3),
        ("G2", Fraction(0), 1),
    ]
    assert account.ratio == card.overall


def test_the_conditions_that_depend_on_a_group_are_named_with_it() -> None:
    conditions = (
        Condition(Test.GROUPS, percent=50),
        Condition(Test.SCORE, percent=60, group="G1"),
        Condition(Test.SCORE, percent=60, group="G1", domain="D1"),
        Condition(Test.DOMAINS, percent=10),
        Condition(Test.SCORE, percent=10),
    )
    edition = framework(*conditions)
    card = card_of(edition, 1, 1, 3)
    numbers = {
        code: [(found.number, found.is_blocking) for found in relevant_conditions(edition, card, code)]
        for code in ("G1", "G2", "D1", "1.1.1", OVERALL)
    }
    assert numbers == {
        "G1": [(0, True), (1, True)],
        "G2": [(0, False)],
        "D1": [(2, True), (3, False)],
        "1.1.1": [],
        OVERALL: [(4, False)],
    }
    every = framework(Condition(Test.EVERY, level=2, group="G1"))
    card = card_of(every, 1, 2, 1)
    named = [code for code in every.indicators if [*relevant_conditions(every, card, code)]]
    assert named == ["1.1.1", "2.1.1"]


# --- Improvements --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edition", "levels", "needed"),
    [
        (framework(Condition(Test.GROUPS, percent=50)), (0, 1, 3), {"1.1.1": 2}),
        (framework(Condition(Test.GROUPS, percent=50, count=1)), (0, 0, 1), {"3.1.1": 2}),
        (framework(Condition(Test.SCORE, percent=50, group="G1")), (0, 0, 0), {"1.1.1": 3}),
        (framework(Condition(Test.SCORE, percent=75), aggregation=OF_GROUPS), (3, 0, 0), {"2.1.1": 3}),
        (framework(Condition(Test.GROUPS, percent=50), aggregation=LOWEST), (3, 1, 0), {"2.1.1": 2, "3.1.1": 2}),
        (framework(Condition(Test.EVERY, level=2, group="G2")), (0, 0, 0), {"3.1.1": 2}),
    ],
)
def test_the_way_to_an_outcome_that_asks_for_groups(
    edition: Framework, levels: tuple[int, ...], needed: dict[str, int]
) -> None:
    evidence = Evidence(in_turn(list(edition.indicators.values()), *levels))
    plan = smallest_set(edition, evidence, "top")
    assert plan is not None
    assert {one.code: one.level_to for one in plan.improvements} == needed
    assert {code for code, gain in gains(edition, evidence).items() if gain.is_needed} == set(needed)


def test_the_gain_of_the_whole_counts_the_weights_of_groups_and_domains() -> None:
    edition = framework(aggregation=OF_GROUPS, weight=2)
    found = gains(edition, Evidence(in_turn(list(edition.indicators.values()), 0, 0, 0)))
    gained = {code: gain.overall / Fraction(gain.level_to, 3) for code, gain in found.items()}
    assert gained == {"1.1.1": Fraction(1, 4), "2.1.1": Fraction(1, 2), "3.1.1": Fraction(1, 4)}


def test_the_lowest_is_sought_by_trial_only_where_something_looks_at_groups() -> None:
    assert not framework(aggregation=LOWEST).depends_on_best_parts
    assert framework(aggregation=LOWEST_OF_GROUPS).depends_on_best_parts
    assert framework(Condition(Test.SCORE, percent=5, group="G1"), aggregation=LOWEST).depends_on_best_parts
    assert not framework(Condition(Test.GROUPS, percent=5)).depends_on_best_parts


def test_the_indicators_of_a_group_that_falls_short_are_those_that_would_help() -> None:
    edition = framework(Condition(Test.GROUPS, percent=70))
    assert blocking_indicators(edition, card_of(edition, 1, 3, 3), "top") == {"1.1.1"}
    edition = framework(Condition(Test.SCORE, percent=70, group="G1"))
    assert blocking_indicators(edition, card_of(edition, 1, 1, 1), "top") == {"1.1.1", "2.1.1"}


# --- Reachability ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("high", "low"),
    [
        (Condition(Test.DOMAINS, percent=60), Condition(Test.GROUPS, percent=30)),
        (Condition(Test.STANDARDS, percent=60), Condition(Test.GROUPS, percent=30)),
        (Condition(Test.GROUPS, percent=60, count=2), Condition(Test.GROUPS, percent=60, count=1)),
        (Condition(Test.EVERY, level=2), Condition(Test.EVERY, level=2, group="G1")),
    ],
)
@pytest.mark.parametrize("aggregation", [Aggregation(), LOWEST])
def test_an_outcome_that_asks_for_more_of_the_same_is_hidden_by_the_one_before_it(
    high: Condition, low: Condition, aggregation: Aggregation
) -> None:
    edition = framework(aggregation=aggregation)
    outcomes = (Outcome("low", 12, (low,)), Outcome("high", 36, (high,)), Outcome("none", 0))
    found = check_reachability(replace(edition, rule=replace(edition.rule, outcomes=outcomes)))
    assert [problem.where for problem in found.problems] == ["outcome/high"]
    turned = (outcomes[1], outcomes[0], outcomes[2])
    found = check_reachability(replace(edition, rule=replace(edition.rule, outcomes=turned)))
    assert (found.problems, set(found.examples)) == ((), {"low", "high", "none"})


def of_what_always_applies(edition: Framework) -> Framework:
    return replace(
        edition,
        domains=tuple(
            replace(
                d,
                standards=tuple(
                    replace(s, indicators=tuple(replace(i, not_applicable=False) for i in s.indicators))
                    for s in d.standards
                ),
            )
            for d in edition.domains
        ),
    )


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (Condition(Test.GROUPS, percent=60), Condition(Test.SCORE, percent=60)),
        (Condition(Test.GROUPS, percent=60), Condition(Test.SCORE, percent=60, group="G1")),
        (Condition(Test.DOMAINS, percent=60), Condition(Test.SCORE, percent=60, group="G2")),
        (Condition(Test.STANDARDS, percent=60), Condition(Test.SCORE, percent=50, group="G2")),
    ],
)
@pytest.mark.parametrize("aggregation", [Aggregation(), LOWEST, OF_GROUPS, LOWEST_OF_GROUPS])
def test_a_score_follows_from_that_of_all_its_parts(
    given: Condition, wanted: Condition, aggregation: Aggregation
) -> None:
    edition = of_what_always_applies(framework(aggregation=aggregation))
    outcomes = (Outcome("low", 12, (wanted,)), Outcome("high", 36, (given,)), Outcome("none", 0))
    found = check_reachability(replace(edition, rule=replace(edition.rule, outcomes=outcomes)))
    assert [problem.where for problem in found.problems] == ["outcome/high"]


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        (Condition(Test.GROUPS, percent=60, count=2), Condition(Test.DOMAINS, percent=60)),
        (Condition(Test.GROUPS, percent=60, count=2), Condition(Test.STANDARDS, percent=60)),
        (Condition(Test.DOMAINS, percent=60, count=3), Condition(Test.STANDARDS, percent=60)),
    ],
)
def test_a_number_of_parts_does_not_follow_from_all_as_some_may_have_no_score(
    wanted: Condition, given: Condition
) -> None:
    edition = framework()
    outcomes = (Outcome("low", 12, (wanted,)), Outcome("high", 36, (given,)), Outcome("none", 0))
    found = check_reachability(replace(edition, rule=replace(edition.rule, outcomes=outcomes)))
    assert (found.problems, set(found.examples)) == ((), {"low", "high", "none"})


def test_a_score_of_a_domain_does_not_follow_from_that_of_groups() -> None:
    edition = of_what_always_applies(framework())
    outcomes = (
        Outcome("low", 12, (Condition(Test.SCORE, percent=60, domain="D1"),)),
        Outcome("high", 36, (Condition(Test.GROUPS, percent=60),)),
        Outcome("none", 0),
    )
    found = check_reachability(replace(edition, rule=replace(edition.rule, outcomes=outcomes)))
    assert (found.problems, set(found.examples)) == ((), {"low", "high", "none"})


def test_a_condition_without_effect_is_found() -> None:
    always = check_reachability(framework(Condition(Test.GROUPS, percent=0)))
    assert ("outcome/top/0", "percent") in [(problem.where, problem.name) for problem in always.problems]
    never = check_reachability(of_what_always_applies(framework(Condition(Test.GROUPS, percent=50, count=3))))
    assert "outcome/top/0" in [problem.where for problem in never.problems]


# --- In words --------------------------------------------------------------------------------------------------------


def test_the_result_of_a_condition_on_groups_counts_them() -> None:
    edition = framework(Condition(Test.GROUPS, percent=50))
    sentences = [
        describe_check_result(card_of(edition, *levels).outcomes[0].checks[0])
        for levels in (
            (3, 3, 3),
            (0, 0, 3),
            (0, 0, 0),
        )
    ]
    assert sentences == ["all reach it", "1 group of domains is below it", "2 groups of domains are below it"]


@pytest.mark.parametrize(
    ("aggregation", "weight", "group", "overall"),
    [
        (Aggregation(), 1, "A group is the mean of its domains.", "The overall score is the mean of the domains."),
        (
            Aggregation(),
            2,
            "A group is the mean of its domains, each by its own weight.",
            "The overall score is the mean of the domains, each by its own weight.",
        ),
        (
            LOWEST_OF_GROUPS,
            1,
            "A group stands where the lowest of its domains stands.",
            "The overall score is the mean of the groups of domains, each by its own weight.",
        ),
    ],
)
def test_every_score_says_its_method(aggregation: Aggregation, weight: int, group: str, overall: str) -> None:
    edition = framework(aggregation=aggregation, weight=weight)
    assert describe_methods(edition)[2:4] == (group, overall)
    assert describe_score("G1", "group", aggregation.group, edition)[0] == group


def test_the_weights_of_groups_are_not_mentioned_where_they_are_alike() -> None:
    edition = framework(aggregation=OF_GROUPS)
    alike = replace(edition, groups=tuple(replace(group, weight=1) for group in edition.groups))
    assert describe_methods(alike)[3] == "The overall score is the mean of the groups of domains."
    assert len(describe_methods(replace(alike, groups=()))) == len(describe_methods(alike)) - 1


@pytest.mark.parametrize("group", ["G1", "G2"])
def test_the_score_of_a_group_is_that_of_the_group_that_is_named(group: str) -> None:
    edition = framework(Condition(Test.SCORE, group=group, percent=60))
    first, second = (3, 3, 0), (0, 0, 3)
    assert card_of(edition, *first).outcomes[0].holds is (group == "G1")
    assert card_of(edition, *second).outcomes[0].holds is (group == "G2")


def test_the_lowest_domain_of_a_group_may_have_nothing() -> None:
    edition = framework(aggregation=LOWEST)
    account = calculation_of(edition, card_of(edition, 2, 0, 3), "G1")
    assert [(term.code, term.is_lowest) for term in account.terms] == [("D1", False), ("D2", True)]
    assert (account.ratio, account.value, account.of) == (0, 0, 1)
    swapped = calculation_of(edition, card_of(edition, 0, 2, 3), "G1")
    assert [term.is_lowest for term in swapped.terms] == [True, False]


def test_a_group_without_a_score_takes_nothing_from_the_gain_of_another() -> None:
    edition = framework(aggregation=OF_GROUPS)
    evidence = Evidence({"1.1.1": Judgement(level=0), "2.1.1": Judgement(level=3), "3.1.1": EXCUSED})
    assert score(edition, evidence).overall == Fraction(1, 2)
    assert gains(edition, evidence)["1.1.1"].overall == Fraction(1, 3)
