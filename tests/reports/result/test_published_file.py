"""A published result is recomputed identically, changes to it are detected, and it contains no small counts."""

import os
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.engine.scoring import ENGINE, Evidence, Judgement, Partial, read_scorecard, score, write_scorecard
from evaluation.result_sentences import describe_check_result
from reports.result.published_file import seal
from reports.result.recomputation import Difference, NotAResult, NotRecomputed, recompute
from standards.framework import Bound, Condition, Framework, Outcome, Result, Rule, Test, canonical
from tests.evaluation.engine.scoring.anything import examined
from tests.evaluation.engine.scoring.shapes import OBLIGATIONS, asked, counted, framework_of
from tests.reports.small_result import FIGURES, ORDINARY, published
from tests.small_edition import SMALL

MANY = int(os.environ.get("RECOMPUTED", "50"))
"""The number of random evaluations that are recomputed; `./go prove recompute` tries more."""

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


# --- Recomputation -------------------------------------------------------------------------------------------------


@settings(unhurried, max_examples=MANY)
@given(examined(steady=False))
def test_whatever_was_found_computes_again_from_its_published_file(case: tuple[Framework, Evidence]):
    assert recompute(published(*case)).differences == ()


def conditions_of(scorecard: Any) -> list[Any]:
    """Return which conditions of each outcome hold, without the figures of the checks, which may be withheld."""
    return [
        (one["outcome"], one["months"], [(check["condition"], check["holds"]) for check in one["checks"]])
        for one in scorecard["outcomes"]
    ]


@unhurried
@given(examined(steady=False))
def test_what_is_withheld_changes_no_score_and_no_outcome(case: tuple[Framework, Evidence]):
    card, published_card = score(*case), published(*case)["scorecard"]
    written = write_scorecard(card)
    assert (published_card["overall"], conditions_of(published_card)) == (written["overall"], conditions_of(written))
    assert [
        (i["code"], i["basis"], i["level"], i["points"], i["of"])
        for domain in published_card["domains"]
        for standard in domain["standards"]
        for i in standard["indicators"]
    ] == [(i.code, i.basis.value, i.level, i.points, i.of) for i in card.indicators.values()]


def test_the_same_content_is_the_same_file():
    backwards = replace(
        ORDINARY, answers=dict(reversed(ORDINARY.answers.items())), figures=dict(reversed(FIGURES.items()))
    )
    assert canonical(published(SMALL, backwards)) == canonical(published(SMALL, ORDINARY))


def test_a_decision_that_departs_says_so_and_computes_again():
    data = published(SMALL, ORDINARY, "conditional")
    assert data["decision"] == {
        "kind": "first",
        "proposal": "accredited",
        "outcome": "conditional",
        "departs": True,
        "decided_on": "2026-05-04",
        "valid_until": "2029-05-04",
    }
    assert recompute(data).differences == ()


def test_an_older_engine_is_named_and_not_taken_for_a_difference():
    data = published(SMALL, ORDINARY)
    data["scorecard"]["engine"] = "1.0"
    found = recompute(seal(data))
    assert (found.engine, found.is_by_this_engine, found.differences) == ("1.0", False, ())
    assert recompute(published(SMALL, ORDINARY)).engine == ENGINE


# --- Changes are detected ------------------------------------------------------------------------------------------


def leaves(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value."""
    if isinstance(tree, dict | list) and tree:
        for key in tree if isinstance(tree, dict) else range(len(tree)):
            yield from leaves(tree[key], (*path, key))
    else:
        yield path


def change(data: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = deepcopy(data)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


def is_found(data: dict[str, Any]) -> bool:
    try:
        return bool(recompute(data).differences)
    except NotAResult:
        return True


def others(value: Any) -> list[Any]:
    """Return other values that could replace a value."""
    return [other for other in _others(value) if other != value or type(other) is not type(value)]


def _others(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value, int(value), None]
    if isinstance(value, int):
        return [value + 1, value - 1, -value - 1, str(value), None]
    if isinstance(value, str):
        return [f"{value}0", "", "1/3", 0, None]
    return [0, "x", ["x"]] if value is None else [None, 0, {"x": 1}]


WHOLE = published(SMALL, ORDINARY)
PLACES = list(leaves(WHOLE))


@given(st.sampled_from(PLACES), st.data())
def test_any_one_value_changed_is_found(path: tuple[Any, ...], data: st.DataObject):
    before = WHOLE
    for key in path:
        before = before[key]
    assert is_found(change(WHOLE, path, data.draw(st.sampled_from(others(before)))))


COMPUTED = [
    path
    for path in PLACES
    if (path[0] in ("edition", "inputs", "scorecard") and path[-1] != "engine")
    or path[:2] in (("decision", "proposal"), ("decision", "departs"), ("decision", "outcome"))
]


@given(st.sampled_from(COMPUTED), st.data())
def test_a_changed_result_is_found_though_its_own_digest_was_made_anew(path: tuple[Any, ...], data: st.DataObject):
    before = WHOLE
    for key in path:
        before = before[key]
    assert is_found(seal(change(WHOLE, path, data.draw(st.sampled_from(others(before))))))


def test_an_outcome_that_the_edition_does_not_have_is_found():
    data = published(SMALL, ORDINARY, "conditional")
    found = recompute(seal(change(data, ("decision", "outcome"), "excellent")))
    assert found.differences == (
        Difference(
            "decision.outcome", '"excellent"', 'one of "deferred", "accredited", "conditional", "not_accredited"'
        ),
    )


def test_an_entry_that_does_not_belong_into_the_inputs_is_found():
    found = recompute(seal(change(WHOLE, ("inputs", "remark"), "x")))
    assert found.differences == (Difference("inputs.remark", '"x"', "nothing"),)


def test_a_difference_names_its_place_and_both_values():
    data = change(WHOLE, ("scorecard", "overall"), "1")
    assert recompute(seal(data)).differences == (Difference("scorecard.overall", '"1"', '"9/10"'),)


def test_a_level_changed_in_the_inputs_is_followed_up_to_the_overall_score():
    data = change(WHOLE, ("inputs", "findings", "3.2.1", "level"), 3)
    paths = [difference.path for difference in recompute(seal(data)).differences]
    assert "scorecard.overall" in paths
    assert "scorecard.domains[1].standards[1].points" in paths
    assert "scorecard.domains[0].ratio" not in paths


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ([], "The file is no published result: its “format” is not “116000-result”."),
        ({"format": "other"}, "The file is no published result: its “format” is not “116000-result”."),
        ({**WHOLE, "version": 2}, "The file is of version 2; this program reads version 1."),
        ({k: v for k, v in WHOLE.items() if k != "inputs"}, "The file is not whole: “inputs” is missing."),
        ({**WHOLE, "round": "x"}, "The file is not whole: “round” is no object."),
    ],
)
def test_what_is_no_result_is_told_apart(data: Any, sentence: str):
    with pytest.raises(NotAResult) as caught:
        recompute(data)
    assert str(caught.value) == sentence


# --- Small counts --------------------------------------------------------------------------------------------------

RATE = framework_of([[counted("1.1.1", "A04/(A03-A05)"), counted("1.1.2", "A07/A04"), counted("1.1.3", "A33/A34")]])


def publish_figures(framework: Framework = RATE, **figures: int) -> dict[str, Any]:
    evidence = Evidence(figures={item: Fraction(value) for item, value in figures.items()})
    return published(framework, evidence)


def test_figures_that_are_large_enough_are_told_with_their_value():
    data = publish_figures(A03=1000, A04=880, A05=40, A07=700)
    assert data["inputs"]["figures"] == {"A03": "1000", "A04": "880", "A05": "40", "A07": "700"}
    assert "withheld" not in data["inputs"]
    first = data["scorecard"]["domains"][0]["standards"][0]["indicators"][0]
    assert (first["value"], first["level"]) == ("275/3", 3)


def test_of_a_small_count_only_the_level_is_told():
    data = publish_figures(A33=3, A34=40)
    assert (data["inputs"]["figures"], data["inputs"]["withheld"]) == ({}, {"1.1.3": 0})
    third = data["scorecard"]["domains"][0]["standards"][0]["indicators"][2]
    assert (third["basis"], third["value"], third["self_value"], third["level"]) == ("figures", None, None, 0)


@pytest.mark.parametrize(
    ("figures", "shown"),
    [
        ({"A33": 4, "A34": 40}, {}),
        ({"A33": 5, "A34": 40}, {"A33": "5", "A34": "40"}),
        ({"A33": 0, "A34": 40}, {"A33": "0", "A34": "40"}),
        ({"A33": 10, "A34": 19}, {}),
        ({"A33": 10, "A34": 20}, {"A33": "10", "A34": "20"}),
        ({"A33": 36, "A34": 40}, {}),
        ({"A33": 35, "A34": 40}, {"A33": "35", "A34": "40"}),
        ({"A33": 40, "A34": 40}, {"A33": "40", "A34": "40"}),
    ],
)
def test_counts_of_1_to_4_bases_below_20_and_rests_of_1_to_4_are_not_told(
    figures: dict[str, int], shown: dict[str, str]
):
    assert publish_figures(**figures)["inputs"]["figures"] == shown


def test_what_a_withheld_count_could_be_worked_out_from_is_withheld_too():
    """Received minus short minus answered calls would reveal the small number of abandoned ones."""
    data = publish_figures(A03=1000, A04=957, A05=40, A06=3, A07=700, A33=30, A34=40)
    assert data["inputs"]["figures"] == {"A33": "30", "A34": "40"}
    assert data["inputs"]["withheld"] == {"1.1.1": 3, "1.1.2": 1}


def test_a_value_that_an_assessor_wrote_over_a_withheld_figure_is_told_as_its_level():
    evidence = Evidence(
        findings={"1.1.3": Judgement(value=Fraction("7.5"), has_words=True)},
        figures={"A33": Fraction(3), "A34": Fraction(40)},
    )
    data = published(RATE, evidence)
    assert data["inputs"]["findings"] == {"1.1.3": {"level": 0, "has_words": True}}
    assert recompute(data).differences == ()


def test_only_totals_that_the_edition_asks_for_are_told():
    assert publish_figures(A33=30, A34=40, A21=100, A58=5000)["inputs"]["figures"] == {"A33": "30", "A34": "40"}


@unhurried
@given(examined(steady=False))
def test_no_small_count_is_anywhere_in_the_file(case: tuple[Framework, Evidence]):
    inputs = published(*case)["inputs"]
    numbers = [*inputs["figures"].values(), *(part["value"] for part in inputs.get("partial", {}).values())]
    assert [value for value in numbers if 0 < Fraction(value) < 5] == []


# --- Conditions on figures that are not published ------------------------------------------------------------------

HALF = Condition(Test.FIGURE, codes=("1.1.2",), figure=Bound(">=", "50"))
EITHER = Condition(Test.ANY, conditions=(Condition(Test.SCORE, percent=100), HALF))


def asking(*conditions: Condition) -> Framework:
    """Return a framework with a figure that is shown and not scored, required by the decision and a further result."""
    rule = Rule(OBLIGATIONS, (Outcome("top", 36, conditions), Outcome("none", 0)))
    framework = framework_of([[asked("1.1.1"), counted("1.1.2", "A33/A34", bands="")]], rule=rule)
    gold = Outcome("gold", 12, (Condition(Test.REACHED, outcome="silver"),))
    silver = Outcome("silver", 12, (HALF,))
    return replace(framework, results=(Result("seal", (gold, silver, Outcome("plain", 0))),))


@pytest.mark.parametrize(
    ("count", "holds", "is_published"), [(30, True, True), (10, False, True), (38, True, False), (3, False, False)]
)
@pytest.mark.parametrize("condition", [HALF, EITHER])
def test_a_condition_on_a_figure_is_recomputed_or_said_to_be_taken_from_the_file(
    condition: Condition, count: int, holds: bool, is_published: bool
):
    data = publish_figures(asking(condition), A33=count, A34=40)
    found = recompute(data)
    outcomes, (seal_,) = data["scorecard"]["outcomes"], data["scorecard"]["results"]
    assert data["decision"]["proposal"] == ("top" if holds else "none")
    assert outcomes[0]["checks"][0]["holds"] is holds
    assert [outcome["checks"][0]["holds"] for outcome in seal_["outcomes"][:2]] == [holds, holds]
    assert found.differences == ()
    assert ("withheld" in seal_["outcomes"][1]["checks"][0]) is not is_published
    assert data["inputs"].get("within") == (None if is_published else {"1.1.2": [">=50"] if holds else []})
    part = ".parts[1]" if condition is EITHER else ""
    own, further = f"scorecard.outcomes[0].checks[0]{part}", "scorecard.results[0].outcomes[1].checks[0]"
    taken = () if is_published else (NotRecomputed(own, ("1.1.2",)), NotRecomputed(further, ("1.1.2",)))
    assert found.taken == taken


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (30, "within it"),
        (10, "1 is not within it"),
        (38, "within it; the number is not published, as its count is small"),
        (3, "not within it; the number is not published, as its count is small"),
    ],
)
def test_a_reader_of_the_condition_is_told_that_the_number_is_not_published(count: int, sentence: str):
    card = read_scorecard(publish_figures(asking(HALF), A33=count, A34=40)["scorecard"])
    assert describe_check_result(card.outcomes[0].checks[0]) == sentence


def test_a_figure_that_is_not_published_stands_in_no_condition():
    assert '"15/2"' in canonical(write_scorecard(score(asking(HALF), Evidence(figures=SMALL_COUNT))))
    assert '"15/2"' not in canonical(published(asking(HALF), Evidence(figures=SMALL_COUNT)))


SMALL_COUNT = {"A33": Fraction(3), "A34": Fraction(40)}


def test_what_follows_from_a_condition_that_is_taken_from_the_file_is_compared():
    data = publish_figures(asking(HALF), A33=3, A34=40)
    forged = change(data, ("scorecard", "outcomes", 0, "checks", 0, "holds"), True)
    assert {difference.path for difference in recompute(seal(forged)).differences} == {
        "scorecard.outcomes[0].checks[0].holds"
    }
    within = change(data, ("inputs", "within", "1.1.2"), [">=50"])
    assert "decision.proposal" in {difference.path for difference in recompute(seal(within)).differences}


@pytest.mark.parametrize("code", ["1.1.1", "1.1.2", "9.9.9"])
def test_bounds_of_a_figure_that_is_published_are_a_difference(code: str):
    data = publish_figures(asking(HALF), A33=10, A34=40)
    data["inputs"]["within"] = {code: [">=50"]}
    found = recompute(seal(data))
    expected = Difference(f"inputs.within.{code}", '[">=50"]', "nothing")
    assert expected in found.differences
    assert found.taken == ()


def test_several_figures_are_counted_though_one_is_not_published():
    both = replace(HALF, codes=("1.1.2", "1.1.3"))
    rule = Rule(OBLIGATIONS, (Outcome("top", 36, (both,)), Outcome("none", 0)))
    shown = [counted("1.1.2", "A33/A34", bands=""), counted("1.1.3", "A04/A03", bands="")]
    data = publish_figures(framework_of([[asked("1.1.1"), *shown]], rule=rule), A33=38, A34=40, A03=100, A04=40)
    check = data["scorecard"]["outcomes"][0]["checks"][0]
    assert (check["codes"], check["found"], check["withheld"]) == (["1.1.3"], "1", ["1.1.2"])
    assert recompute(data).differences == ()


# --- Figures of part of the period ---------------------------------------------------------------------------------


def test_totals_of_a_part_of_the_time_are_published_with_their_months_and_compute_again():
    framework = framework_of([[counted("1.1.1", minimum_months=9), counted("1.1.2", "A33/A34", minimum_months=9)]])
    nine = tuple(f"2025-{month:02}" for month in range(1, 10))
    partial = {item: Partial(nine, 12, Fraction(n)) for item, n in {"A03": 100, "A04": 85, "A33": 3, "A34": 90}.items()}
    data = published(framework, Evidence(partial=partial))
    assert data["inputs"] == {
        "on": None,
        "answers": {},
        "findings": {},
        "figures": {},
        "withheld": {"1.1.2": 0},
        "partial": {
            "A03": {"months": list(nine), "of": 12, "value": "100"},
            "A04": {"months": list(nine), "of": 12, "value": "85"},
        },
    }
    assert recompute(data).differences == ()
    del data["inputs"]["partial"]["A03"]["months"][0]
    assert {difference.path for difference in recompute(seal(data)).differences} > {"scorecard.overall"}


def test_an_edition_that_asks_for_the_whole_time_is_published_as_before():
    data = published(SMALL, ORDINARY)
    assert "partial" not in data["inputs"]
    assert "minimum_months" not in canonical(data)
