"""Indicators that are asked of some hotlines only: those with a trait, or after an answer; each case on both sides."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from evaluation.engine.improvement.gains import gains, smallest_set
from evaluation.engine.improvement.hypothetical import choices_of
from evaluation.engine.reachability import check_reachability
from evaluation.engine.scoring import (
    Evidence,
    Judgement,
    LevelBasis,
    Scorecard,
    read_evidence,
    read_scorecard,
    score,
    write_evidence,
    write_scorecard,
)
from evaluation.engine.scoring.explanation import coverage
from evaluation.result_sentences import describe_check_result
from standards.framework import (
    Bound,
    Condition,
    Framework,
    MalformedEdition,
    Measure,
    Outcome,
    Rule,
    Scale,
    Test,
    find_problems,
    read_bands,
    read_framework,
    write_framework,
)
from standards.framework.asking import read_askings, write_askings
from standards.presentation.asking_sentences import describe_askings
from standards.presentation.example_phrases import describe_example
from tests.evaluation.engine.scoring.shapes import EXCUSED, OBLIGATIONS, asked, counted, framework_of, levels

TOP = Outcome("top", 36, (Condition(Test.SCORE, percent=80), Condition(Test.COMPLETE)))
LAST = Outcome("none", 0)
YES_NO = {"measure": Measure.YES_NO}
NUMBER = {"measure": Measure.NUMERIC, "unit": "hours", "bands": read_bands(">=24:3;>=16:2")}


def framework_with(asked_if: str, *, scale: Scale | None = None, **others: Any) -> Framework:
    """Return a standard of four indicators, the last with `asked_if`; `others` are fields of the first three."""
    first = [replace(asked(f"1.1.{number}"), **others.get(f"i{number}", {})) for number in (1, 2, 3)]
    last = asked("1.1.4", asked_if=read_askings(asked_if))
    return replace(
        framework_of([[*first, last]], rule=Rule(OBLIGATIONS, (TOP, LAST)), scale=scale),
        traits=("own_number", "across_borders"),
    )


def scored(framework: Framework, *traits: str, **answers: int | Judgement) -> Scorecard:
    return score(framework, Evidence(levels(**answers), traits=traits))


@pytest.mark.parametrize(
    ("asked_if", "closed", "open_"),
    [
        ("1.1.1>=2", {"i1_1_1": 1}, {"i1_1_1": 2}),
        ("1.1.1=0,1", {"i1_1_1": 2}, {"i1_1_1": 1}),
        ("1.1.1=0", {}, {"i1_1_1": 0}),
        ("1.1.1>=2;1.1.2>=3", {"i1_1_1": 1, "i1_1_2": 2}, {"i1_1_1": 1, "i1_1_2": 3}),
        ("1.1.1>=0", {"i1_1_1": Judgement(not_applicable=True)}, {"i1_1_1": 0}),
    ],
)
def test_an_indicator_is_asked_from_an_answer_on(asked_if: str, closed: dict[str, Any], open_: dict[str, Any]) -> None:
    framework = framework_with(asked_if, i1={"not_applicable": True})
    assert scored(framework, **closed).indicators["1.1.4"].basis is LevelBasis.NOT_ASKED_HERE
    assert scored(framework, **open_).indicators["1.1.4"].basis is LevelBasis.MISSING


def test_an_indicator_is_asked_of_hotlines_with_a_trait() -> None:
    framework = framework_with("own_number;1.1.1>=3")
    assert not scored(framework, "across_borders", i1_1_1=2).indicators["1.1.4"].is_asked
    assert scored(framework, "own_number", i1_1_1=2).indicators["1.1.4"].is_asked
    assert scored(framework, i1_1_1=3).indicators["1.1.4"].is_asked


def test_on_a_falling_scale_better_is_the_lower_number() -> None:
    framework = framework_with("1.1.1>=2", scale=Scale(1, 4, falling=True))
    assert not scored(framework, i1_1_1=3).indicators["1.1.4"].is_asked
    assert scored(framework, i1_1_1=1).indicators["1.1.4"].is_asked


def test_a_number_is_an_answer_by_the_level_of_its_band() -> None:
    framework = framework_with("1.1.1>=2", i1=NUMBER)
    assert not scored(framework, i1_1_1=Judgement(value=Fraction(31, 2))).indicators["1.1.4"].is_asked
    assert scored(framework, i1_1_1=Judgement(value=Fraction(16))).indicators["1.1.4"].is_asked


def test_an_answer_to_what_is_not_asked_itself_opens_nothing() -> None:
    framework = framework_with("1.1.3>=1", i3={"asked_if": read_askings("1.1.1>=2")})
    card = scored(framework, i1_1_1=1, i1_1_3=3)
    assert [code for code, one in card.indicators.items() if not one.is_asked] == ["1.1.3", "1.1.4"]
    assert all(one.is_asked for one in scored(framework, i1_1_1=2, i1_1_3=3).indicators.values())


def test_only_the_hotlines_own_answer_opens_and_no_finding() -> None:
    framework = framework_with("1.1.1>=2")
    seen = Evidence(levels(i1_1_1=1), levels(i1_1_1=3, i1_1_4=3))
    assert score(framework, seen).indicators["1.1.4"].basis is LevelBasis.NOT_ASKED_HERE
    evidence = Evidence(levels(i1_1_1=3), levels(i1_1_1=0))
    assert score(framework, evidence).indicators["1.1.4"].basis is LevelBasis.MISSING


def test_what_is_not_asked_is_in_no_score_and_in_no_count() -> None:
    """Three of four at level 2 have 6 of 9 points. The fourth is in neither number, even if it was answered before."""
    framework, rest = framework_with("own_number"), {"i1_1_1": 2, "i1_1_2": 2, "i1_1_3": 2}
    card = scored(framework, **rest, i1_1_4=3)
    assert (card.overall, card.self_score, len(card.counted), card.missing) == (Fraction(2, 3), Fraction(2, 3), 3, ())
    assert (card.indicators["1.1.4"].self_level, card.indicators["1.1.4"].differs) == (None, False)
    assert [(part.name, part.codes) for part in coverage(card) if part.codes] == [("not_asked_here", ("1.1.4",))]
    asked_too = scored(framework, "own_number", **rest, i1_1_4=3)
    assert (asked_too.overall, len(asked_too.counted)) == (Fraction(3, 4), 4)
    assert scored(framework, "own_number", **rest).overall == Fraction(1, 2)


def test_nothing_need_be_done_for_what_is_not_asked() -> None:
    framework, answers = framework_with("1.1.1>=3"), levels(i1_1_1=2, i1_1_2=3, i1_1_3=2)
    plan = smallest_set(framework, Evidence(answers), "top")
    assert plan is not None
    assert [one.code for one in plan.improvements] == ["1.1.1"]
    assert "1.1.4" not in gains(framework, Evidence(answers))
    card = score(framework, Evidence(answers))
    assert choices_of(framework, card.indicators["1.1.4"]) == []
    open_ = smallest_set(framework, Evidence(answers | levels(i1_1_1=3)), "top")
    assert open_ is not None
    assert "1.1.4" in [one.code for one in open_.improvements]


def test_figures_of_what_is_not_asked_do_not_count() -> None:
    last = replace(counted("1.1.2"), asked_if=read_askings("own_number"))
    framework = replace(framework_of([[asked("1.1.1"), last]]), traits=("own_number",))
    figures = {"A03": Fraction(100), "A04": Fraction(95)}
    evidence = Evidence(levels(i1_1_1=1), figures=figures)
    assert score(framework, evidence).overall == Fraction(1, 3)
    assert score(framework, replace(evidence, traits=("own_number",))).overall == Fraction(2, 3)


def framework_with_a_figure(*codes: str) -> Framework:
    """Return a framework in which an outcome requires figures; 1.1.4 is asked of hotlines with a trait."""
    figure = Condition(Test.FIGURE, codes=codes, figure=Bound(">=", "5"))
    numbers = [
        asked("1.1.3", measure=Measure.NUMERIC, unit="hours"),
        asked("1.1.4", measure=Measure.NUMERIC, unit="hours", asked_if=read_askings("own_number")),
    ]
    rule = Rule(OBLIGATIONS, (Outcome("top", 36, (Condition(Test.COMPLETE), figure)), LAST))
    return replace(framework_of([[asked("1.1.1"), *numbers]], rule=rule), traits=("own_number",))


def test_a_condition_on_a_figure_leaves_out_what_is_not_asked() -> None:
    framework = framework_with_a_figure("1.1.4")
    card = scored(framework, i1_1_1=3)
    assert card.proposal.outcome == "top"
    assert describe_check_result(card.proposal.checks[-1]) == "nothing applies"
    assert scored(framework, "own_number", i1_1_1=3).proposal.outcome == "none"
    few, enough = (Judgement(value=Fraction(value)) for value in (4, 5))
    assert scored(framework, "own_number", i1_1_1=3, i1_1_4=few).proposal.outcome == "none"
    assert scored(framework, "own_number", i1_1_1=3, i1_1_4=enough).proposal.outcome == "top"
    both = framework_with_a_figure("1.1.3", "1.1.4")
    assert scored(both, i1_1_1=3, i1_1_3=few).proposal.outcome == "none"
    assert scored(both, i1_1_1=3, i1_1_3=enough).proposal.outcome == "top"


def test_evidence_and_scorecard_are_kept_with_the_traits() -> None:
    evidence = Evidence(levels(i1_1_1=2), traits=("own_number",))
    assert read_evidence(write_evidence(evidence)) == evidence
    assert "traits" not in write_evidence(Evidence())
    card = scored(framework_with("1.1.1>=3"), i1_1_1=2)
    assert read_scorecard(write_scorecard(card)) == card


# --- Notation -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "own_number", "1.1.1>=2", "1.1.1=0,3", "own_number;1.1.1>=2;1.1.2=1"])
def test_who_is_asked_reads_back_as_it_was_written(text: str) -> None:
    assert write_askings(read_askings(text)) == text
    framework = framework_with(text)
    assert read_framework(write_framework(framework)) == framework


def test_blanks_and_repetitions_do_not_count() -> None:
    assert (
        write_askings(read_askings(" 1.1.1 >= 2 ; own_number;1.1.2=3, 0,3 ;own_number"))
        == "1.1.1>=2;own_number;1.1.2=0,3"
    )


@pytest.mark.parametrize("text", ["Own number", "1.1.1>2", "1.1>=2", "1.1.1>=2,3", "1.1.1<=2"])
def test_what_is_not_written_so_is_refused(text: str) -> None:
    with pytest.raises(MalformedEdition, match="is not written like “own_number”"):
        read_askings(text)


@pytest.mark.parametrize("text", ["1.1.1", "1.1.1=", "1.1.1 >="])
def test_an_answer_without_a_level_is_refused_by_name(text: str) -> None:
    with pytest.raises(MalformedEdition, match=r"Say from which level of the answer to 1\.1\.1 on"):
        read_askings(text)


def test_an_edition_that_asks_everybody_keeps_its_digest() -> None:
    plain = framework_of([[asked("1.1.1")]])
    assert "traits" not in write_framework(plain)
    assert "asked_if" not in write_framework(plain)["domains"][0]["standards"][0]["indicators"][0]


@pytest.mark.parametrize(
    ("framework", "problem"),
    [
        (framework_with("nobody"), "trait “nobody”, which the edition does not name"),
        (framework_with("1.1.9>=1"), "after an answer to 1.1.9, which the edition does not have"),
        (framework_with("1.1.1>=4"), "after level 4, which the scale does not have"),
        (framework_with("1.1.1=1,3", i1=YES_NO), "after level 1 of 1.1.1, which no answer to it can have"),
        (framework_with("1.1.1>=2", i1=YES_NO), "after level 2 of 1.1.1, which no answer to it can have"),
        (framework_with("1.1.1=1", i1=NUMBER), "after level 1 of 1.1.1, which no answer to it can have"),
        (framework_with("1.1.4>=1"), "1.1.4 → 1.1.4"),
        (framework_with("1.1.3>=1", i3={"asked_if": read_askings("1.1.4=0")}), "1.1.4 → 1.1.3 → 1.1.4"),
        (
            framework_with("1.1.1>=1", i1={"measure": Measure.NUMERIC, "unit": "hours"}),
            "to which no hotline answers with a level",
        ),
        (replace(framework_with("own_number"), traits=("own_number", "own_number")), "own_number stands twice"),
    ],
)
def test_what_cannot_be_asked_so_is_told(framework: Framework, problem: str) -> None:
    assert any(problem in found for found in find_problems(framework))


@pytest.mark.parametrize(
    "framework",
    [
        framework_with("1.1.1=0;1.1.1=3;1.1.1>=3;1.1.1>=0", i1=YES_NO),
        framework_with("1.1.1=0,2;1.1.1>=3", i1=NUMBER),
        framework_with("1.1.1=1,2;1.1.1>=2"),
    ],
)
def test_levels_that_an_answer_can_have_may_be_named(framework: Framework) -> None:
    assert not [problem for problem in find_problems(framework) if problem.where == "indicator/1.1.4"]


def test_a_circle_of_a_draft_is_not_asked() -> None:
    framework = framework_with("1.1.3>=1", i3={"asked_if": read_askings("1.1.4=0")})
    assert not scored(framework, i1_1_3=3, i1_1_4=0).indicators["1.1.4"].is_asked


# --- In words, and what it leads to ---------------------------------------------------------------------------------


def asking_sentence(framework: Framework) -> str:
    texts = {"trait/own_number": "Own number", **{f"level/{level}": f"Level {level}" for level in range(4)}}
    return str(describe_askings(framework.indicators["1.1.4"], framework, texts))


def test_who_is_asked_is_a_sentence() -> None:
    assert asking_sentence(framework_with("")) == ""
    assert asking_sentence(framework_with("own_number")) == "Asked only if the hotline has the trait “Own number”."
    assert asking_sentence(framework_with("1.1.1>=2;1.1.1=0,1")) == (
        "Asked only if one of these is so: 1.1.1 is answered with level 2 (Level 2) or better; "
        "1.1.1 is answered with level 0 (Level 0), level 1 (Level 1)."
    )


@pytest.mark.parametrize(
    ("asked_if", "answers"), [("1.1.1>=3", "yes"), ("1.1.1>=2", "yes"), ("1.1.1>=0", "yes, no"), ("1.1.1=0", "no")]
)
def test_yes_and_no_are_named_by_the_answers_after_which_it_is_asked(asked_if: str, answers: str) -> None:
    assert asking_sentence(framework_with(asked_if, i1=YES_NO)) == f"Asked only if 1.1.1 is answered with {answers}."


def test_an_example_names_the_traits_that_an_outcome_needs() -> None:
    """So many indicators reach the level only if the two that few hotlines are asked do."""
    many = Rule(OBLIGATIONS, (Outcome("top", 36, (Condition(Test.AT_LEAST, level=3, count=4),)), LAST))
    framework = replace(framework_with("own_number"), rule=many)
    checked = check_reachability(framework)
    assert checked.problems == ()
    assert describe_example(checked.examples["top"], framework) == (
        "a hotline with the traits own_number; everything at level 3"
    )


def test_an_example_leaves_out_what_is_not_asked() -> None:
    every = Rule(OBLIGATIONS, (Outcome("top", 36, (Condition(Test.EVERY, level=3),)), LAST))
    framework = replace(framework_with("1.1.1=0"), rule=every)
    checked = check_reachability(framework)
    assert "1.1.4" not in checked.examples["top"].states
    assert describe_example(checked.examples["top"], framework) == "everything at level 3"


def test_of_what_is_not_asked_the_hotline_has_said_nothing() -> None:
    some = replace(asked("1.1.2", not_applicable=True), asked_if=read_askings("own_number"))
    framework = replace(framework_of([[asked("1.1.1"), some]]), traits=("own_number",))
    found = score(framework, Evidence(levels(i1_1_1=3, i1_1_2=EXCUSED))).indicators["1.1.2"]
    assert (found.is_asked, found.self_not_applicable, found.self_level) == (False, False, None)
