"""Every calculation adds up to its score, for any rule, and every condition is found for the codes it depends on."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given

from evaluation.engine.scoring import Evidence, Judgement, score_hypothetical
from evaluation.engine.scoring.explanation import (
    OVERALL,
    Calculation,
    Term,
    applies_to_indicator,
    calculation_of,
    coverage,
    failed_checks,
    relevant_conditions,
)
from standards.framework import (
    Aggregation,
    Condition,
    Domain,
    Framework,
    Indicator,
    Measure,
    Method,
    Outcome,
    Rule,
    Standard,
    Test,
)
from tests.evaluation.engine.scoring.anything import examined
from tests.evaluation.engine.scoring.shapes import OBLIGATIONS, asked, framework_of, in_turn, row_of
from tests.small_edition import CORE, RULE, SMALL


def add_up_by_hand(account: Calculation) -> Fraction | None:
    """Return the result from the lines of the table, computed independently."""
    counted = [term for term in account.terms if term.counts]
    if account.method is Method.LOWEST:
        return min((term.value / term.of for term in counted), default=None)
    of = sum((term.of for term in counted), Fraction(0)) + account.beyond_cap
    return sum((term.value for term in counted), Fraction(0)) / of if of else None


@given(examined())
def test_every_account_adds_up_to_the_score_of_the_engine(case: tuple[Framework, Evidence]):
    framework, evidence = case
    card = score_hypothetical(framework, evidence)
    scores = {OVERALL: card.overall} | {domain.code: domain.ratio for domain in card.domains}
    scores |= {code: standard.ratio for code, standard in card.standards.items()}
    for code, ratio in scores.items():
        account = calculation_of(framework, card, code)
        assert (account.ratio, add_up_by_hand(account)) == (ratio, ratio), code
        assert account.value == (account.ratio or 0) * account.of


@given(examined())
def test_every_line_of_an_indicator_is_its_points_times_its_weight(case: tuple[Framework, Evidence]):
    framework, evidence = case
    card = score_hypothetical(framework, evidence)
    for code in card.standards:
        account = calculation_of(framework, card, code)
        for term in account.terms:
            if term.counts and account.method is not Method.SHARE and not account.best:
                weight = term.weight if account.is_weighted else 1
                assert (term.value, term.of) == (
                    term.reached * term.times * weight,
                    term.max_points * term.times * weight,
                )


@given(examined())
def test_what_stands_in_the_way_is_said_on_its_own_page(case: tuple[Framework, Evidence]):
    framework, evidence = case
    card = score_hypothetical(framework, evidence)
    for outcome in card.outcomes:
        for number, check in enumerate(outcome.checks):
            if check.holds or check.condition.test is Test.REACHED:
                continue
            for code in check.codes:
                blocking = [(c.outcome, c.number) for c in relevant_conditions(framework, card, code) if c.is_blocking]
                assert (outcome.outcome, number) in blocking


def test_a_code_that_is_none_has_no_account():
    card = score_hypothetical(SMALL, Evidence())
    with pytest.raises(KeyError):
        calculation_of(SMALL, card, "1.1.1")


def test_a_domain_is_asked_by_the_condition_on_domains_and_the_whole_by_that_on_the_whole():
    card = score_hypothetical(SMALL, Evidence())
    assert [(c.outcome, c.check.condition.test) for c in relevant_conditions(SMALL, card, "D1")] == [
        ("accredited", Test.DOMAINS)
    ]
    assert [(c.outcome, c.check.condition.test) for c in relevant_conditions(SMALL, card, OVERALL)] == [
        ("accredited", Test.SCORE),
        ("conditional", Test.SCORE),
    ]
    assert list(relevant_conditions(SMALL, card, "1.1")) == []
    assert [(c.outcome, c.check.condition.test, c.is_blocking) for c in relevant_conditions(SMALL, card, "1.1.1")] == [
        ("deferred", Test.INCOMPLETE, False),
        ("accredited", Test.EVERY, True),
        ("conditional", Test.EVERY, True),
        ("conditional", Test.BELOW, False),
    ]
    assert list(relevant_conditions(SMALL, card, "1.2.1")) == []


def test_what_fails_of_an_outcome_that_asks_for_another_is_what_fails_of_that_one():
    card = score_hypothetical(SMALL, Evidence())
    assert [check.condition.test for check in failed_checks(card, "accredited")] == [
        Test.EVERY,
        Test.DOMAINS,
        Test.SCORE,
    ]


def test_the_basis_counts_what_was_found_missing_excused_and_seen_otherwise():
    evidence = Evidence(
        answers={
            "1.1.1": Judgement(level=3),
            "1.1.2": Judgement(level=2),
            "1.2.1": Judgement(not_applicable=True),
            "9.1.1": Judgement(level=3),
        },
        findings={"1.1.2": Judgement(level=1), "9.1.1": Judgement(level=3)},
    )
    parts = coverage(score_hypothetical(SMALL, evidence))
    assert [(part.name, part.count, part.of, part.codes, part.ratio) for part in parts] == [
        ("found", 3, 7, (), Fraction(3, 7)),
        ("missing", 4, 7, ("3.1.1", "3.2.1", "3.2.2", "9.1.2"), Fraction(4, 7)),
        ("excused", 1, 8, ("1.2.1",), Fraction(1, 8)),
        ("differing", 1, 2, ("1.1.2",), Fraction(1, 2)),
    ]


def test_the_basis_names_what_is_not_asked_yet_and_has_no_share_of_nothing():
    later = Indicator("1.1.2", CORE, Measure.SCALE, asked_from=date(2027, 1, 1))
    first = replace(SMALL.domains[0], standards=(Standard("1.1", (later,)),))
    parts = coverage(score_hypothetical(replace(SMALL, domains=(first,)), Evidence(on=date(2026, 1, 1))))
    assert [(part.name, part.count, part.of, part.codes, part.ratio) for part in parts] == [
        ("found", 0, 0, (), None),
        ("missing", 0, 0, (), None),
        ("excused", 0, 0, (), None),
        ("differing", 0, 0, (), None),
        ("not_asked", 1, 1, ("1.1.2",), Fraction(1)),
    ]


# --- Line by line ------------------------------------------------------------------------------------------------


EVIDENCE = Evidence(
    answers={
        "1.1.1": Judgement(level=3),
        "1.1.2": Judgement(level=1),
        "1.2.1": Judgement(not_applicable=True),
        "9.1.1": Judgement(level=3),
        "9.1.2": Judgement(level=2),
    }
)


def by_method(method: Method, level: int | None = None) -> Framework:
    return replace(SMALL, rule=replace(RULE, aggregation=Aggregation(method, method, method, level)))


def test_the_lines_of_a_standard_are_points_times_weight():
    account = calculation_of(SMALL, score_hypothetical(SMALL, EVIDENCE), "1.1")
    assert account == Calculation(
        code="1.1",
        tier="standard",
        method=Method.WEIGHTED_MEAN,
        terms=(
            Term("1.1.1", Fraction(1), 3, 3, 3, 1, Fraction(9), Fraction(9), counts=True),
            Term("1.1.2", Fraction(1, 3), 1, 3, 2, 1, Fraction(2), Fraction(6), counts=True),
        ),
        value=Fraction(11),
        of=Fraction(15),
        excused=Fraction(0),
        beyond_cap=Fraction(0),
        ratio=Fraction(11, 15),
    )
    assert (account.is_of_parts, account.is_weighted) == (False, True)


def test_the_lines_of_a_mean_are_its_parts_and_one_without_a_score_is_left_out():
    account = calculation_of(SMALL, score_hypothetical(SMALL, EVIDENCE), "D1")
    assert account == Calculation(
        code="D1",
        tier="domain",
        method=Method.MEAN,
        terms=(
            Term("1.1", Fraction(11, 15), 0, 0, 1, 1, Fraction(11, 15), Fraction(1), counts=True),
            Term("1.2", None, 0, 0, 1, 1, Fraction(0), Fraction(0), counts=False),
        ),
        value=Fraction(11, 15),
        of=Fraction(1),
        excused=Fraction(0),
        beyond_cap=Fraction(0),
        ratio=Fraction(11, 15),
    )
    assert (account.is_of_parts, account.is_weighted) == (True, True)


def test_each_domain_is_the_mean_of_its_own_standards():
    card = score_hypothetical(SMALL, EVIDENCE)
    accounts = {domain.code: calculation_of(SMALL, card, domain.code) for domain in SMALL.domains}
    assert len(accounts) > 1
    assert {code: [term.code for term in account.terms] for code, account in accounts.items()} == {
        domain.code: [standard.code for standard in domain.standards] for domain in SMALL.domains
    }


def test_what_does_not_apply_is_a_line_that_brings_nothing():
    account = calculation_of(SMALL, score_hypothetical(SMALL, EVIDENCE), "1.2")
    assert account.terms == (Term("1.2.1", None, 0, 3, 1, 1, Fraction(0), Fraction(0), counts=False),)
    assert (account.excused, account.beyond_cap, account.ratio) == (3, 0, None)


def test_what_the_rule_does_not_let_go_stays_in_the_sum():
    capped = replace(SMALL, rule=replace(RULE, excused_at_most=50))
    account = calculation_of(capped, score_hypothetical(capped, EVIDENCE), "1.2")
    assert (account.excused, account.beyond_cap, account.of, account.ratio) == (3, Fraction(3, 2), Fraction(3, 2), 0)


@pytest.mark.parametrize(
    ("code", "tier", "size"), [("1.1", "standard", 2), ("D1", "domain", 3), (OVERALL, "overall", 9)]
)
def test_without_a_mean_every_tier_is_told_by_its_indicators(code: str, tier: str, size: int):
    framework = by_method(Method.SUM)
    account = calculation_of(framework, score_hypothetical(framework, EVIDENCE), code)
    assert (account.code, account.tier, len(account.terms)) == (code, tier, size)
    assert (account.is_of_parts, account.is_weighted) == (False, True)


@pytest.mark.parametrize(("code", "tier"), [("D1", "domain"), (OVERALL, "overall")])
def test_a_mean_is_told_by_its_parts(code: str, tier: str):
    account = calculation_of(SMALL, score_hypothetical(SMALL, EVIDENCE), code)
    assert (account.code, account.tier, account.is_of_parts) == (code, tier, True)


def test_a_standard_that_is_a_mean_is_one_of_indicators_counted_once():
    framework = by_method(Method.MEAN)
    account = calculation_of(framework, score_hypothetical(framework, EVIDENCE), "1.1")
    assert (account.is_of_parts, account.is_weighted, account.value, account.of) == (False, False, 4, 6)


def test_where_the_worst_decides_the_first_of_the_worst_is_marked():
    framework = by_method(Method.LOWEST)
    account = calculation_of(framework, score_hypothetical(framework, EVIDENCE), "9.1")
    assert [(term.code, term.is_lowest) for term in account.terms] == [("9.1.1", False), ("9.1.2", True)]
    assert (account.value, account.of, account.excused) == (2, 3, 0)
    excused = replace(EVIDENCE, answers={**EVIDENCE.answers, "9.1.1": Judgement(not_applicable=True)})
    account = calculation_of(framework, score_hypothetical(framework, excused), "9.1")
    assert [(term.code, term.is_lowest) for term in account.terms] == [("9.1.1", False), ("9.1.2", True)]
    assert (account.excused, account.beyond_cap) == (0, 0)
    assert [term.is_lowest for term in calculation_of(SMALL, score_hypothetical(SMALL, EVIDENCE), "9.1").terms] == [
        False,
        False,
    ]


# --- Conditions of every scope -----------------------------------------------------------------------------------


def asking(*best: Condition) -> Framework:
    second = Outcome("second", 12, (Condition(Test.SCORE, percent=100),))
    return replace(SMALL, rule=replace(RULE, outcomes=(Outcome("best", 36, best), second, Outcome("none", 0))))


def dependent_conditions(framework: Framework, *codes: str) -> list[list[int]]:
    """Return the numbers of the best outcome's conditions that depend on each code."""
    card = score_hypothetical(framework, EVIDENCE)
    return [[c.number for c in relevant_conditions(framework, card, code) if c.outcome == "best"] for code in codes]


def test_a_score_of_a_part_is_looked_at_where_that_part_is():
    framework = asking(
        Condition(Test.SCORE, percent=90),
        Condition(Test.SCORE, percent=90, domain="D1"),
        Condition(Test.SCORE, percent=90, domain="D1", standard="1.1"),
        Condition(Test.SCORE, percent=90, obligation=CORE),
        Condition(Test.SCORE, percent=90, codes=("9.1.2",)),
        Condition(Test.EVERY, level=2, standard="1.1"),
        Condition(Test.REACHED, outcome="second"),
        Condition(Test.STANDARDS, percent=50),
    )
    assert dependent_conditions(framework, OVERALL, "D1", "1.1", "1.1.1", "1.1.2", "9.1.2", "D9", "9.1") == [
        [0],
        [1],
        [2, 5, 7],
        [5],
        [3, 5],
        [4],
        [],
        [7],
    ]


def test_a_score_that_is_short_is_in_the_way_of_itself_and_a_count_only_of_those_it_names():
    framework = asking(Condition(Test.SCORE, percent=100), Condition(Test.EVERY, level=3, standard="9.1"))
    card = score_hypothetical(framework, EVIDENCE)
    found = {
        code: [c.is_blocking for c in relevant_conditions(framework, card, code)][:1]
        for code in (OVERALL, "9.1.1", "9.1.2")
    }
    assert found == {OVERALL: [True], "9.1.1": [False], "9.1.2": [True]}


def test_what_fails_is_looked_for_through_the_outcome_that_is_asked_for():
    framework = asking(
        Condition(Test.REACHED, outcome="second"), Condition(Test.EVERY, level=3), Condition(Test.EVERY, level=0)
    )
    card = score_hypothetical(framework, EVIDENCE)
    assert [check.condition for check in failed_checks(card, "best")] == [
        Condition(Test.SCORE, percent=100),
        Condition(Test.EVERY, level=3),
        Condition(Test.EVERY, level=0),
    ]
    assert list(failed_checks(card, "none")) == []


def test_where_the_worst_decides_nothing_is_kept_of_what_does_not_apply():
    framework = replace(
        SMALL, rule=replace(RULE, aggregation=by_method(Method.LOWEST).rule.aggregation, excused_at_most=0)
    )
    account = calculation_of(framework, score_hypothetical(framework, EVIDENCE), "1.2")
    assert (account.excused, account.beyond_cap, account.of, account.ratio) == (0, 0, 0, None)


def test_a_score_of_the_whole_is_about_no_single_indicator():
    whole, part = Condition(Test.SCORE, percent=80), Condition(Test.SCORE, CORE, percent=80)
    assert [applies_to_indicator(SMALL, condition, "1.1.2") for condition in (whole, part)] == [False, True]
    assert applies_to_indicator(SMALL, whole, "1.1.2") is False


def test_the_best_parts_count_once_each_in_a_calculation() -> None:
    standards = tuple(Standard(f"1.{n}", tuple(asked(f"1.{n}.{m}") for m in (1, 2)), weight=n, best=1) for n in (1, 2))
    framework = Framework("T0", (Domain("D1", standards, best=1),), Rule(OBLIGATIONS, (Outcome("none", 0),)))
    evidence = Evidence({"1.1.1": Judgement(level=2), "1.2.2": Judgement(level=1)})
    card = score_hypothetical(framework, evidence)
    for code, tier, ratio in (("1.1", "standard", Fraction(2, 3)), ("D1", "domain", Fraction(2, 3))):
        account = calculation_of(framework, card, code)
        assert (account.tier, account.value, account.of, account.ratio) == (tier, ratio, 1, ratio)
        assert (account.excused, account.beyond_cap, account.best) == (0, 0, 1)


def alternatives(*conditions: Condition) -> Framework:
    """Return two domains of two indicators, with an outcome for which one of the conditions must hold."""
    some = Condition(Test.ANY, conditions=conditions)
    rule = Rule(OBLIGATIONS, (Outcome("top", 36, (some,)), Outcome("none", 0)))
    return framework_of([row_of(2)], [row_of(2, domain=2)], rule=rule)


def test_alternatives_are_about_what_one_of_them_is_about() -> None:
    framework = alternatives(
        Condition(Test.EVERY, domain="D1", level=3),
        Condition(Test.EVERY, domain="D2", level=3),
    )
    card = score_hypothetical(framework, Evidence(in_turn(list(framework.indicators.values()), 3, 2, 3, 2)))
    assert [one.is_blocking for one in relevant_conditions(framework, card, "1.1.2")] == [True]
    assert [one.is_blocking for one in relevant_conditions(framework, card, "1.1.1")] == [False]


def test_a_score_among_alternatives_is_in_the_way_of_each_indicator() -> None:
    framework = alternatives(Condition(Test.SCORE, percent=100), Condition(Test.EVERY, level=3))
    card = score_hypothetical(framework, Evidence(in_turn(list(framework.indicators.values()), 3, 2, 3, 3)))
    assert [one.is_blocking for one in relevant_conditions(framework, card, "1.1.1")] == [True]
