"""Statements about conditions and outcomes are true: examples lead to their outcome, and proofs have no exception."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from evaluation.engine.reachability import check_reachability, outcomes
from evaluation.engine.reachability.states import TRAIT, SearchSpace
from standards.framework import Bound, Condition, Framework, Measure, Outcome, Rule, Scale, Test
from tests.evaluation.engine.scoring.anything import Size, frameworks
from tests.evaluation.engine.scoring.shapes import CORE, ESSENTIAL, OBLIGATIONS, framework_of, row_of

LAST = Outcome("refused", 0)


def edition(*rule_outcomes: Outcome, scale: Scale | None = None, excusable: bool = False, **rule: object) -> Framework:
    """Return a framework of two essential and two core indicators, in two domains."""
    core = [replace(indicator, not_applicable=excusable) for indicator in row_of(2, CORE, domain=2)]
    return framework_of(
        [row_of(2, ESSENTIAL)], [core], rule=Rule(OBLIGATIONS, (*rule_outcomes, LAST), **rule), scale=scale
    )


def list_problems(framework: Framework) -> list[tuple[str, str]]:
    return [
        (problem.where, str(problem).split(":")[0].split(",")[0]) for problem in check_reachability(framework).problems
    ]


def one(*conditions: Condition, **more: object) -> list[tuple[str, str]]:
    return list_problems(edition(Outcome("accredited", 36, conditions), **more))


ALWAYS = "This condition always holds"
NEVER = "This condition never holds"


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        (Condition(Test.SCORE, percent=80), None),
        (Condition(Test.SCORE, percent=100), None),
        (Condition(Test.SCORE, percent=0), ALWAYS),
        (Condition(Test.DOMAINS, percent=0), ALWAYS),
        (Condition(Test.SHARE, level=2, percent=0), ALWAYS),
        (Condition(Test.BELOW, level=2, count=4), ALWAYS),
        (Condition(Test.BELOW, level=2, count=3), None),
        (Condition(Test.BELOW, obligation=ESSENTIAL, level=2, count=2), ALWAYS),
        (Condition(Test.EVERY, level=0), None),
        (Condition(Test.COMPLETE), None),
        (Condition(Test.INCOMPLETE), None),
        (Condition(Test.SCORE, obligation="developmental", percent=50), "This is a score over nothing"),
        (Condition(Test.EVERY, obligation="developmental", level=1), "This condition looks at nothing"),
        (Condition(Test.INCOMPLETE, obligation=CORE, domain="D1"), "This condition looks at nothing"),
        (Condition(Test.REACHED, outcome="refused"), ALWAYS),
    ],
)
def test_a_condition_that_decides_nothing_is_told(condition: Condition, message: str | None) -> None:
    found = [sentence for where, sentence in one(condition) if where.startswith("outcome/accredited/")]
    assert found == ([message] if message else [])


def test_points_for_the_worst_level_make_a_low_line_hold_always() -> None:
    scale = Scale(0, 1, points=(5, 10))
    assert one(Condition(Test.SCORE, percent=50), scale=scale)[0] == ("outcome/accredited/0", ALWAYS)
    assert one(Condition(Test.SCORE, percent=51), scale=scale) == []


def test_a_score_that_bands_cannot_give_is_never_reached() -> None:
    from tests.evaluation.engine.scoring.shapes import counted

    rule = Rule(OBLIGATIONS, (Outcome("accredited", 36, (Condition(Test.SCORE, percent=90),)), LAST))
    framework = framework_of([[counted("1.1.1", bands=">=80:2;>=60:1")]], rule=rule)
    assert list_problems(framework) == [("outcome/accredited/0", NEVER)]


def test_the_conditions_of_a_standard_are_asked_of_each() -> None:
    failing = Outcome("accredited", 36, (Condition(Test.FAILING, count=0),))
    always = Condition(Test.BELOW, level=2, count=2)
    assert list_problems(edition(failing, passing=(always,)))[0] == ("passing/0", ALWAYS)
    assert list_problems(edition(failing, passing=(replace(always, count=1),))) == []
    assert list_problems(
        edition(Outcome("accredited", 36, (Condition(Test.FAILING, count=2),)), passing=(Condition(Test.COMPLETE),))
    )[0] == ("outcome/accredited/0", ALWAYS)


def test_what_excludes_itself_is_told() -> None:
    both = (Condition(Test.EVERY, level=1), Condition(Test.INCOMPLETE, obligation=CORE))
    assert ("outcome/accredited/1", "This condition asks that something is missing") in one(*both)


# --- Outcomes -------------------------------------------------------------------------------------------------------


def outcome(code: str, *conditions: Condition) -> Outcome:
    return Outcome(code, 12, conditions)


def test_a_stricter_outcome_behind_a_milder_one_is_hidden() -> None:
    mild, strict = (
        outcome("mild", Condition(Test.SCORE, percent=50)),
        outcome("strict", Condition(Test.SCORE, percent=80)),
    )
    (problem,) = check_reachability(edition(mild, strict)).problems
    assert (problem.where, problem.values["other"]) == ("outcome/strict", "mild")
    assert check_reachability(edition(strict, mild)).problems == ()


def test_an_outcome_that_asks_for_another_one_is_hidden_by_it() -> None:
    silver = outcome("silver", Condition(Test.SCORE, percent=50))
    gold = outcome("gold", Condition(Test.REACHED, outcome="silver"), Condition(Test.EVERY, level=3))
    assert list_problems(edition(silver, gold)) == [("outcome/gold", "The outcome gold is never proposed")]
    assert list_problems(edition(gold, silver)) == []


def test_levels_that_give_a_score_hide_behind_that_score() -> None:
    score, levels = (
        outcome("score", Condition(Test.SCORE, percent=60)),
        outcome("levels", Condition(Test.EVERY, level=2)),
    )
    assert list_problems(edition(score, levels)) == [("outcome/levels", "The outcome levels is never proposed")]


def test_the_last_outcome_is_hidden_where_every_case_is_taken_before_it() -> None:
    assert list_problems(
        edition(outcome("open", Condition(Test.INCOMPLETE)), outcome("closed", Condition(Test.COMPLETE)))
    ) == [("outcome/refused", "The outcome refused is never proposed")]


def test_a_narrow_gap_between_two_outcomes_is_found() -> None:
    """The gap is a score between 90 and 95 per cent with all essential indicators at their best, a rare state."""
    best = outcome("best", Condition(Test.SCORE, percent=95))
    gap = outcome(
        "gap", Condition(Test.SCORE, percent=90), Condition(Test.BELOW, obligation=ESSENTIAL, level=3, count=0)
    )
    framework = framework_of(
        [row_of(2, ESSENTIAL)], [row_of(5, CORE, domain=2)], rule=Rule(OBLIGATIONS, (best, gap, LAST))
    )
    checked = check_reachability(framework)
    assert (checked.problems, checked.undecided) == ((), ())
    assert set(checked.examples) == {"best", "gap", "refused"}


def test_a_search_that_is_cut_off_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "_try_ordinary_states", lambda space: {})
    monkeypatch.setattr(outcomes, "MOST_EFFORT", -1)
    checked = check_reachability(edition(outcome("best", Condition(Test.SCORE, percent=80))))
    assert checked.problems == ()
    assert [problem.where for problem in checked.undecided] == ["outcome/best", "outcome/refused"]
    assert "no proof that there is none" in checked.undecided[0]


def test_few_states_are_looked_at_one_by_one() -> None:
    """One indicator with two levels: each of them leads to one of the first two outcomes."""
    yes, no = outcome("yes", Condition(Test.EVERY, level=1)), outcome("no", Condition(Test.SCORE, percent=0))
    framework = framework_of([row_of(1)], rule=Rule(OBLIGATIONS, (yes, no, LAST)), scale=Scale(0, 1))
    assert ("outcome/refused", "The outcome refused is never proposed") in list_problems(framework)
    some = outcome("some", Condition(Test.SCORE, percent=40), Condition(Test.EVERY, level=1))
    framework = framework_of(
        [row_of(2)], rule=Rule(OBLIGATIONS, (outcome("half", Condition(Test.BELOW, level=1, count=1)), some, LAST))
    )
    assert list_problems(framework) == [("outcome/some", "The outcome some is never proposed")]


# --- Compared with every state --------------------------------------------------------------------------------------


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_nothing_that_is_proven_has_an_exception(monkeypatch: pytest.MonkeyPatch, data: st.DataObject) -> None:
    framework = data.draw(frameworks(Size(2, 1, 2)))
    space = SearchSpace(framework)
    assume(space.options and space.number_of_states <= 400)
    cards = [space.score(states) for states in space.every_state()]
    proposed = {card.proposal.outcome for card in cards}
    with monkeypatch.context() as patch:
        if data.draw(st.booleans()):  # as if there were too many states to check each
            patch.setattr(outcomes.SearchSpace, "number_of_states", outcomes.MOST_EFFORT + 1)
        checked = check_reachability(framework)
    for code, example in checked.examples.items():
        traits = {f"{TRAIT}{trait}": True for trait in example.traits}
        assert space.score({**example.states, **example.figures, **traits}).proposal.outcome == code
    assert set(checked.examples) <= proposed
    for problem in checked.problems:
        kind, code, *number = f"{problem.where}/".split("/")[:3]
        if kind == "outcome" and not number[0]:
            assert code not in proposed
        elif kind == "outcome" and str(problem).startswith((ALWAYS, NEVER)):
            condition = framework.rule.outcome(code).conditions[int(number[0])]
            held = {space.holds(condition, card) for card in cards if any(i.counts for i in card.indicators.values())}
            assert held <= {str(problem).startswith(ALWAYS)}
    hidden = {p.where.split("/")[1] for p in checked.problems if p.where.startswith("outcome/")}
    undecided = {p.where.split("/")[1] for p in checked.undecided}
    assert {o.code for o in framework.rule.outcomes} == set(checked.examples) | hidden | undecided


# --- Figures and alternatives ---------------------------------------------------------------------------------------


def test_an_example_names_the_figure_that_an_outcome_asks_for() -> None:
    figure = Condition(Test.FIGURE, codes=("1.1.2",), figure=Bound(">=", "80"))
    shown = replace(row_of(2)[1], measure=Measure.NUMERIC, bands=())
    checked = check_reachability(
        framework_of([[row_of(1)[0], shown]], rule=Rule(OBLIGATIONS, (outcome("top", figure), LAST)))
    )
    assert checked.problems == ()
    assert checked.examples["top"].figures["1.1.2"] >= 80
    assert checked.examples["refused"].figures.get("1.1.2", 0) < 80


@pytest.mark.parametrize(
    ("alternatives", "problem"),
    [
        ((Condition(Test.SCORE, percent=80), Condition(Test.BELOW, level=2, count=4)), ALWAYS),
        ((Condition(Test.SCORE, percent=80), Condition(Test.EVERY, level=2)), None),
        ((Condition(Test.AT_LEAST, level=2, count=5), Condition(Test.DOMAINS, percent=50, count=9)), NEVER),
    ],
)
def test_alternatives_are_judged_together(alternatives: tuple[Condition, ...], problem: str | None) -> None:
    found = one(Condition(Test.ANY, conditions=alternatives))
    assert [sentence for where, sentence in found if where == "outcome/accredited/0"] == ([problem] if problem else [])
