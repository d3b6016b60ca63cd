"""Hypothetical levels are scored by the engine itself, as if an assessor had found them."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from evaluation.engine.improvement.hypothetical import EXCUSED, apply_changes, blocking_indicators, choices_of
from evaluation.engine.scoring import Evidence, Judgement, LevelBasis, score_hypothetical
from standards.framework import Bound, Condition, Framework, Measure, Outcome, Rule, Test, read_bands
from tests.evaluation.engine.scoring.anything import examined
from tests.evaluation.engine.scoring.shapes import OBLIGATIONS, asked, framework_of, in_turn, levels, row_of
from tests.small_edition import RULE, SMALL


@given(examined(), st.data())
def test_supposing_gives_what_the_engine_gives_for_the_same_findings(
    case: tuple[Framework, Evidence], data: st.DataObject
):
    framework, evidence = case
    card = score_hypothetical(framework, evidence)
    free = [
        code
        for code, indicator in framework.indicators.items()
        if choices_of(framework, card.indicators[code]) and not indicator.capped_by_figures
    ]
    changes = {
        code: data.draw(st.sampled_from(choices_of(framework, card.indicators[code])))
        for code in data.draw(st.lists(st.sampled_from(free), unique=True) if free else st.just([]))
    }
    found = {
        code: Judgement(not_applicable=True) if change == EXCUSED else Judgement(level=change)
        for code, change in changes.items()
    }
    again = score_hypothetical(framework, replace(evidence, findings={**evidence.findings, **found}))
    supposed = apply_changes(framework, card, changes)
    assert supposed.overall == again.overall
    assert [domain.ratio for domain in supposed.domains] == [domain.ratio for domain in again.domains]
    assert [(o.outcome, o.holds) for o in supposed.outcomes] == [(o.outcome, o.holds) for o in again.outcomes]


@given(examined())
def test_only_what_the_guide_allows_can_be_supposed(case: tuple[Framework, Evidence]):
    framework, evidence = case
    scale = framework.scale
    for code, score in score_hypothetical(framework, evidence).indicators.items():
        indicator, choices = framework.indicators[code], choices_of(framework, score)
        levels = [choice for choice in choices if choice != EXCUSED]
        assert set(levels) <= set(scale.levels)
        assert (EXCUSED in choices) == (indicator.not_applicable and bool(choices))
        if choices and indicator.measure is Measure.YES_NO:
            assert set(levels) == {scale.worst, scale.best}


def test_nothing_supposed_is_the_same_scorecard():
    card = score_hypothetical(SMALL, Evidence())
    assert apply_changes(SMALL, card, {}) is card


def test_what_is_in_the_way_is_what_a_failing_condition_is_about_and_can_still_rise():
    figures = {"A03": Fraction(1000), "A04": Fraction(1000), "A05": Fraction(0), "A06": Fraction(0)}
    best = {code: Judgement(level=3) for code, i in SMALL.indicators.items() if i.measure is not Measure.NUMERIC}
    best["3.2.2"] = Judgement(value=Fraction(30))
    low = Judgement(level=1)
    card = score_hypothetical(SMALL, Evidence(answers=best | {"9.1.2": low}, figures=figures))
    assert blocking_indicators(SMALL, card, "accredited") == {"9.1.2"}
    short = score_hypothetical(
        SMALL, Evidence(answers=best | {"1.1.2": Judgement(level=0), "1.2.1": low}, figures=figures)
    )
    assert [d.code for d in short.domains if d.ratio is not None and d.ratio < Fraction(60, 100)] == ["D1"]
    assert blocking_indicators(SMALL, short, "accredited") == {"1.1.2", "1.2.1"}


def test_each_kind_of_indicator_has_its_own_choices():
    card = score_hypothetical(SMALL, Evidence())
    choices = {code: choices_of(SMALL, score) for code, score in card.indicators.items()}
    assert choices == {
        "1.1.1": [0, 3],
        "1.1.2": [0, 1, 2, 3],
        "1.2.1": [0, 1, 2, 3, EXCUSED],
        "3.1.1": [0, 1, 2, 3],
        "3.1.3": [],
        "3.2.1": [0, 1, 2, 3],
        "3.2.2": [0, 1, 2, 3],
        "9.1.1": [0, 3, EXCUSED],
        "9.1.2": [0, 1, 2, 3],
    }


def test_a_number_can_only_be_supposed_at_a_level_of_its_bands_or_the_worst():
    few = replace(SMALL.indicators["3.2.2"], bands=read_bands(">=24:3;>=8:1"))
    standard = replace(SMALL.standards["3.2"], indicators=(few,))
    framework = replace(SMALL, domains=(replace(SMALL.domains[1], standards=(standard,)),))
    card = score_hypothetical(framework, Evidence())
    assert choices_of(framework, card.indicators["3.2.2"]) == [0, 1, 3]


def test_what_is_supposed_not_to_apply_leaves_the_score():
    card = score_hypothetical(SMALL, Evidence(answers={"9.1.1": Judgement(level=3), "9.1.2": Judgement(level=1)}))
    supposed = apply_changes(SMALL, card, {"9.1.1": EXCUSED}).indicators["9.1.1"]
    assert (supposed.basis, supposed.level, supposed.reached, supposed.points, supposed.of) == (
        LevelBasis.NOT_APPLICABLE,
        None,
        0,
        0,
        0,
    )


def test_where_the_whole_is_short_everything_that_can_rise_is_in_the_way():
    condition = Condition(Test.SCORE, percent=100)
    part = Condition(Test.SCORE, percent=100, domain="D1")
    for wanted, expected in ((condition, {"1.1.2", "9.1.2"}), (part, {"1.1.2"})):
        rule = replace(RULE, outcomes=(Outcome("best", 36, (wanted,)), Outcome("none", 0)))
        framework = replace(SMALL, rule=rule)
        figures = {"A03": Fraction(1000), "A04": Fraction(1000), "A05": Fraction(0), "A06": Fraction(0)}
        best = {code: Judgement(level=3) for code, i in SMALL.indicators.items() if i.measure is not Measure.NUMERIC}
        low = {"3.2.2": Judgement(value=Fraction(30)), "1.1.2": Judgement(level=1), "9.1.2": Judgement(level=0)}
        card = score_hypothetical(framework, Evidence(answers=best | low, figures=figures))
        assert blocking_indicators(framework, card, "best") == expected


def test_another_value_of_a_figure_that_is_shown_decides_by_its_bound() -> None:
    figure = Condition(Test.FIGURE, codes=("1.1.2",), figure=Bound(">=", "80"))
    rule = Rule(OBLIGATIONS, (Outcome("top", 36, (figure,)), Outcome("none", 0)))
    framework = framework_of([[asked("1.1.1"), asked("1.1.2", measure=Measure.NUMERIC, unit="percent")]], rule=rule)
    card = score_hypothetical(framework, Evidence(levels(i1_1_1=2)))
    supposed = apply_changes(framework, card, {"1.1.2": Fraction(85)})
    assert (card.proposal.outcome, supposed.proposal.outcome) == ("none", "top")
    assert supposed.indicators["1.1.2"].value == 85


def test_of_alternatives_only_what_does_not_hold_is_in_the_way() -> None:
    both = Condition(
        Test.ANY,
        count=2,
        conditions=(Condition(Test.SCORE, domain="D1", percent=50), Condition(Test.SCORE, domain="D2", percent=50)),
    )
    rule = Rule(OBLIGATIONS, (Outcome("top", 36, (both,)), Outcome("none", 0)))
    framework = framework_of([row_of(2)], [row_of(2, domain=2)], rule=rule)
    card = score_hypothetical(framework, Evidence(in_turn(list(framework.indicators.values()), 2, 2, 1, 1)))
    assert blocking_indicators(framework, card, "top") == {"2.1.1", "2.1.2"}
