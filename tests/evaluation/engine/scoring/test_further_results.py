"""A further result from the same answers, next to the one that the panel decides on; on both sides of its line."""

from dataclasses import replace
from fractions import Fraction

import pytest

from evaluation.engine.improvement.gains import smallest_set
from evaluation.engine.reachability import check_reachability
from evaluation.engine.scoring import Evidence, Scorecard, read_scorecard, score, write_scorecard
from standards.checks import check_framework
from standards.framework import (
    Condition,
    Framework,
    Method,
    Outcome,
    Result,
    Rule,
    Test,
    find_problems,
    read_framework,
    write_framework,
)
from tests.evaluation.engine.scoring.shapes import OBLIGATIONS, framework_of, in_turn, row_of

RULE = Rule(OBLIGATIONS, (Outcome("top", 36, (Condition(Test.SCORE, percent=80),)), Outcome("none", 0)))
SEAL = Result(
    "seal",
    (
        Outcome("gold", 24, (Condition(Test.REACHED, outcome="silver"), Condition(Test.EVERY, level=3))),
        Outcome("silver", 12, (Condition(Test.SCORE, codes=("1.1.1", "2.1.1"), percent=60, method=Method.SUM),)),
        Outcome("plain", 0),
    ),
)


def framework_with(*results: Result) -> Framework:
    return replace(framework_of([row_of(2)], [row_of(2, domain=2)], rule=RULE), results=results)


SEALED = framework_with(SEAL)


def scored(*levels: int) -> Scorecard:
    return score(SEALED, Evidence(in_turn(list(SEALED.indicators.values()), *levels)))


@pytest.mark.parametrize(
    ("levels", "decided", "further"),
    [
        ((3, 0, 3, 0), "none", "silver"),
        ((2, 3, 1, 3), "none", "plain"),
        ((2, 3, 2, 3), "top", "silver"),
        ((1, 3, 3, 3), "top", "silver"),
        ((3, 3, 3, 3), "top", "gold"),
        ((0, 0, 0, 0), "none", "plain"),
    ],
)
def test_both_results_come_from_the_same_answers_and_neither_changes_the_other(
    levels: tuple[int, ...], decided: str, further: str
) -> None:
    card = scored(*levels)
    assert (card.proposal.outcome, card.by_result["seal"].proposal.outcome) == (decided, further)
    alone = score(framework_with(), Evidence(in_turn(list(SEALED.indicators.values()), *levels)))
    assert (alone.outcomes, alone.domains, alone.overall) == (card.outcomes, card.domains, card.overall)


def test_a_further_result_keeps_the_scores_and_has_its_own_checks() -> None:
    card = scored(2, 3, 1, 3)
    own = card.by_result["seal"]
    assert (own.overall, own.domains) == (card.overall, card.domains)
    assert [(one.outcome, one.holds) for one in own.outcomes] == [("gold", False), ("silver", False), ("plain", True)]
    assert own.outcomes[1].checks[0].found == Fraction(1, 2)


def test_the_way_to_an_outcome_of_a_further_result_is_found_by_its_own_rule() -> None:
    plan = smallest_set(
        SEALED.by_result["seal"], Evidence(in_turn(list(SEALED.indicators.values()), 3, 0, 0, 0)), "silver"
    )
    assert plan is not None
    assert [(one.code, one.level_to) for one in plan.improvements] == [("2.1.1", 1)]


def test_framework_and_scorecard_are_kept_with_their_further_results() -> None:
    assert read_framework(write_framework(SEALED)) == SEALED
    assert read_scorecard(write_scorecard(scored(1, 2, 3, 0))) == scored(1, 2, 3, 0)


def test_an_edition_without_one_keeps_its_digest_and_its_scorecards() -> None:
    plain = framework_with()
    assert "results" not in write_framework(plain)
    assert "results" not in write_scorecard(score(plain, Evidence()))


def with_outcomes(*outcomes: Outcome) -> Framework:
    return framework_with(Result("seal", outcomes))


@pytest.mark.parametrize(
    ("framework", "problem"),
    [
        (with_outcomes(), "The result seal has no outcome"),
        (framework_with(SEAL, SEAL), "The result seal stands twice"),
        (with_outcomes(Outcome("top", 0)), "The outcome top stands twice"),
        (with_outcomes(Outcome("gold", 12, (Condition(Test.COMPLETE),))), "The last outcome must have no condition"),
        (with_outcomes(Outcome("gold", 12), Outcome("plain", 0)), "Only the last outcome may have no condition"),
        (
            with_outcomes(Outcome("gold", 12, (Condition(Test.REACHED, outcome="top"),)), Outcome("plain", 0)),
            "names the outcome top, which is not in the same list of outcomes",
        ),
        (
            with_outcomes(Outcome("gold", 12, (Condition(Test.REACHED, outcome="gold"),)), Outcome("plain", 0)),
            "The outcome gold asks for itself",
        ),
    ],
)
def test_what_a_further_result_cannot_be_is_told(framework: Framework, problem: str) -> None:
    assert any(problem in found for found in find_problems(framework))


def test_a_sound_one_has_no_problem_and_an_example_of_each_outcome() -> None:
    assert list(find_problems(SEALED)) == []
    checked = check_framework(SEALED)
    assert checked.problems == ()
    assert checked.examples.keys() == {"top", "none", "gold", "silver", "plain"}


def test_an_outcome_that_another_one_of_it_hides_is_told() -> None:
    hidden = Result("seal", (SEAL.outcomes[1], Outcome("gold", 24, SEAL.outcomes[0].conditions), SEAL.outcomes[2]))
    framework = framework_with(hidden)
    assert [problem.where for problem in check_framework(framework).problems] == ["outcome/gold"]
    assert check_reachability(framework).problems == ()


def test_an_outcome_is_tested_by_the_result_that_has_it() -> None:
    medal = Result("medal", (Outcome("bronze", 12, (Condition(Test.EVERY, level=1),)), Outcome("no_medal", 0)))
    framework = framework_with(SEAL, medal)
    card = score(framework, Evidence(in_turn(list(framework.indicators.values()), 2, 3, 1, 3)))
    for outcome, result in (("silver", "seal"), ("gold", "seal"), ("bronze", "medal"), ("no_medal", "medal")):
        assert card.for_outcome(outcome) == card.by_result[result]
    assert card.for_outcome("top") is card
