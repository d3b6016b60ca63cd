"""Published families of rules, each as edition files without code: worked examples, on both sides of every threshold.

Each edition has a `findings.json` with everything at its best. An example defines the differences from it, and its
numbers were computed by hand, as in the comment above it.
"""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from evaluation.engine.scoring import as_percent
from standards.editions.files import read_edition
from tests.evaluation.engine.scoring.families import (
    EDITIONS,
    EXCUSED,
    FAMILIES,
    MISSING,
    Family,
    framework_of_files,
    in_the_way,
    row,
)


@pytest.mark.parametrize("name", FAMILIES)
def test_each_family_is_a_sample_in_files_alone(name: str):
    assert read_edition(EDITIONS / name).fields["is_sample"] is True
    assert {path.suffix for path in (EDITIONS / name).rglob("*") if path.is_file()} == {".toml", ".json"}


@pytest.mark.parametrize(
    ("name", "best"),
    [
        ("essential_gate", "accredited"),
        ("classes", "accredited"),
        ("tiers", "gold"),
        ("components", "accredited"),
        ("partials", "accredited"),
        ("stars", "five_stars"),
    ],
)
def test_everything_at_its_best_is_the_best_outcome_and_all_of_the_score(name: str, best: str, tmp_path: Path):
    assert Family(name, tmp_path).result() == (best, "100.0")


# --- Essential items, each domain, the whole -----------------------------------------------------------------------


@pytest.fixture
def gate(tmp_path: Path) -> Family:
    return Family("essential_gate", tmp_path)


def test_a_missing_essential_defers_before_anything_else_is_asked(gate: Family):
    card = gate.score(i1_1_2=MISSING, i1_1_3=0)
    assert (card.proposal.outcome, card.outcomes[0].checks[0].codes) == ("deferred", ("1.1.2",))


def test_something_else_that_is_missing_defers_nothing_and_counts_as_0(gate: Family):
    """D2 has 12 of 15: (1 + 12/15 + 1) / 3 = 14/15."""
    card = gate.score(i2_1_1=MISSING)
    assert (card.proposal.outcome, card.overall) == ("accredited", Fraction(14, 15))


@pytest.mark.parametrize(
    ("essentials", "result"),
    [
        # D1 has 11 of 12: (11/12 + 1 + 1) / 3 = 35/36.
        ((2, 3, 3, 3), ("accredited", "97.2")),
        # D1 has 8 of 12: (2/3 + 2) / 3 = 8/9.
        ((2, 2, 2, 2), ("accredited", "88.8")),
        # D1 has 10 of 12: (5/6 + 2) / 3 = 17/18; one essential is below 2.
        ((1, 3, 3, 3), ("conditional", "94.4")),
        # D1 has 6 of 12: (1/2 + 2) / 3 = 5/6; three are below 2.
        ((1, 1, 1, 3), ("conditional", "83.3")),
        # D1 has 4 of 12: (1/3 + 2) / 3 = 7/9; four are.
        ((1, 1, 1, 1), ("not_accredited", "77.7")),
        # D1 has 9 of 12: (3/4 + 2) / 3 = 11/12; one is at 0.
        ((0, 3, 3, 3), ("not_accredited", "91.6")),
    ],
)
def test_each_essential_reaches_2_or_with_conditions_1_with_at_most_three_short(
    gate: Family, essentials: tuple[int, int, int, int], result: tuple[str, str]
):
    levels = dict(zip(("i1_1_1", "i1_1_2", "i1_1_3", "i1_1_4"), essentials, strict=True))
    assert gate.result(**levels) == result


def test_the_essential_items_in_the_way_are_named(gate: Family):
    """D1 has 7 of 12, which is below 60 %."""
    card = gate.score(i1_1_1=1, i1_1_3=0)
    assert in_the_way(card, "accredited") == [("every", ("1.1.1", "1.1.3")), ("domains", ("D1",))]
    assert in_the_way(card, "conditional") == [("every", ("1.1.3",))]


@pytest.mark.parametrize(
    ("work", "growth", "result", "short"),
    [
        # D2 has 9 of 15, 60 % to the point; (1 + 3/5 + 4/5) / 3 is 80 % to the point.
        ((3, 3, 3, 0, 0), (3, 3, 3, 3, 0), ("accredited", "80.0"), []),
        # One level less in D3: (1 + 9/15 + 11/15) / 3 = 7/9.
        ((3, 3, 3, 0, 0), (3, 3, 3, 2, 0), ("conditional", "77.7"), [("score", ())]),
        # One level less in D2, 8 of 15: (1 + 8/15 + 1) / 3 = 38/45, but the domain is below 60 %.
        ((3, 3, 2, 0, 0), (3, 3, 3, 3, 3), ("conditional", "84.4"), [("domains", ("D2",))]),
    ],
)
def test_each_domain_reaches_60_and_the_whole_80(
    gate: Family, work: tuple[int, ...], growth: tuple[int, ...], result: tuple[str, str], short: list[Any]
):
    levels = row("2.1", *work) | row("3.1", *growth)
    assert gate.result(**levels) == result
    assert in_the_way(gate.score(**levels), "accredited") == short


@pytest.mark.parametrize(
    ("growth", "result"),
    [
        # D1 has 9 of 12 and D2 9 of 15; with 9 of 15 in D3, (3/4 + 3/5 + 3/5) / 3 is 65 % to the point.
        ((3, 3, 3, 0, 0), ("conditional", "65.0")),
        # With 8 of 15: (3/4 + 3/5 + 8/15) / 3 = 113/180.
        ((3, 3, 2, 0, 0), ("not_accredited", "62.7")),
    ],
)
def test_the_whole_reaches_65_to_be_accredited_with_conditions(
    gate: Family, growth: tuple[int, ...], result: tuple[str, str]
):
    assert gate.result(**row("1.1", 3, 2, 2, 2), **row("2.1", 3, 3, 3, 0, 0), **row("3.1", *growth)) == result


def test_what_does_not_apply_leaves_the_score(gate: Family):
    """D3 has 9 of 12 instead of 9 of 15: (1 + 1 + 3/4) / 3 = 11/12."""
    card = gate.score(**row("3.1", 3, 3, 3, 0), i3_1_5=EXCUSED)
    assert (card.proposal.outcome, card.overall) == ("accredited", Fraction(11, 12))


# --- Mandatory, critical, foundational; 1 is the best --------------------------------------------------------------


@pytest.fixture
def classes(tmp_path: Path) -> Family:
    return Family("classes", tmp_path)


def test_anything_that_is_missing_defers(classes: Family):
    assert classes.result(i3_1_4=MISSING) == ("deferred", "95.0")


@pytest.mark.parametrize(
    ("code", "level", "result", "blocks"),
    [
        # Mandatory: full is asked for, and substantial passes in the share of 20 of 20 only.
        ("i1_1_1", 2, ("not_accredited", "100.0"), [("every", ("1.1.1",))]),
        # Critical: substantial is enough, partial is not. 19 of 20 pass.
        ("i2_1_6", 2, ("accredited", "100.0"), []),
        ("i2_1_6", 3, ("not_accredited", "95.0"), [("every", ("2.1.6",))]),
        # Foundational: partial is enough, not met is not.
        ("i3_1_1", 3, ("accredited", "95.0"), []),
        ("i3_1_1", 4, ("not_accredited", "95.0"), [("every", ("3.1.1",))]),
    ],
)
def test_each_class_has_its_own_line(
    classes: Family, code: str, level: int, result: tuple[str, str], blocks: list[Any]
):
    assert classes.result(**{code: level}) == result
    assert in_the_way(classes.score(**{code: level}), "accredited") == blocks


@pytest.mark.parametrize(
    ("different", "result"),
    [
        # 17 of 20 pass: 85 % to the point.
        (row("3.1", 3, 3, 3), ("accredited", "85.0")),
        # 16 of 20 pass.
        (row("3.1", 3, 3, 3, 3), ("not_accredited", "80.0")),
        # One does not apply: 17 of 19 pass, then 16 of 19, which is 84.2 %.
        (row("3.1", 3, 3) | {"i3_1_10": EXCUSED}, ("accredited", "89.4")),
        (row("3.1", 3, 3, 3) | {"i3_1_10": EXCUSED}, ("not_accredited", "84.2")),
    ],
)
def test_85_per_cent_of_what_applies_passes(classes: Family, different: dict[str, Any], result: tuple[str, str]):
    assert classes.result(**different) == result


def test_the_better_rating_has_the_lower_number(classes: Family):
    scale = framework_of_files("classes").scale
    assert (scale.best, scale.worst, scale.reaches(1, 2), scale.reaches(3, 2)) == (1, 4, True, False)


# --- Must, should, suggested, in three tiers -----------------------------------------------------------------------


@pytest.fixture
def tiers(tmp_path: Path) -> Family:
    return Family("tiers", tmp_path)


LINKED = {"level": 2, "evidence": ["https://example.org/"]}


@pytest.mark.parametrize(
    ("code", "entry", "outcome"),
    [
        # A must is met: no reason replaces it. What is not met in a tier leaves the tier before it.
        ("i1_1_3", 1, "in_progress"),
        ("i2_1_2", 1, "passing"),
        ("i3_1_2", 1, "silver"),
        ("i3_1_2", 2, "gold"),
        # A should is met, or not met for a reason that is written down.
        ("i3_1_3", {"level": 1, "words": "We are three people."}, "gold"),
        ("i3_1_3", {"level": 1}, "silver"),
        ("i3_1_3", 0, "silver"),
        # What is suggested needs a word, whatever it says.
        ("i3_1_4", 0, "gold"),
        ("i3_1_4", MISSING, "silver"),
        ("i1_1_5", MISSING, "in_progress"),
        # A link is asked for, and words are none; either is enough where either is asked for.
        ("i2_1_1", LINKED, "gold"),
        ("i2_1_1", {"level": 2, "words": "It is on our site."}, "passing"),
        ("i2_1_1", {"level": 2, "evidence": []}, "passing"),
        ("i1_1_1", LINKED, "gold"),
        ("i1_1_1", {"level": 2, "words": "  "}, "in_progress"),
        # Not applicable, where it is allowed and where it is not.
        ("i1_1_3", EXCUSED, "gold"),
        ("i1_1_2", EXCUSED, "in_progress"),
    ],
)
def test_a_tier_needs_each_must_each_should_or_its_reason_and_a_word_on_the_rest(
    tiers: Family, code: str, entry: int | dict[str, Any], outcome: str
):
    assert tiers.score(**{code: entry}).proposal.outcome == outcome


def test_a_tier_needs_the_one_before(tiers: Family):
    """All criteria of gold are met, but silver lacks one and gold requires silver: the reason is silver's criterion."""
    card = tiers.score(i2_1_2=0)
    assert card.proposal.outcome == "passing"
    assert in_the_way(card, "gold") == [("reached", ("2.1.2",))]
    assert in_the_way(card, "silver") == [("every", ("2.1.2",))]


def test_the_score_is_the_share_of_criteria_that_are_met(tiers: Family):
    """Of 13 criteria, one does not apply and one is not met for a reason: 11 of 12."""
    card = tiers.score(i1_1_3=EXCUSED, i3_1_3={"level": 1, "words": "We are three people."})
    assert (card.proposal.outcome, card.overall) == ("gold", Fraction(11, 12))


# --- At least the first level in every component -------------------------------------------------------------------


@pytest.fixture
def components(tmp_path: Path) -> Family:
    return Family("components", tmp_path)


@pytest.mark.parametrize(
    ("different", "result"),
    [
        # The lowest level is the result: 1 of 3, 2 of 3, 0 of 3.
        ({"i7_1_2": 1}, ("accredited", "33.3")),
        ({"i7_1_2": 2}, ("accredited", "66.6")),
        ({"i7_1_2": 0}, ("not_accredited", "0.0")),
        ({"i7_1_2": 1, "i3_1_1": 0}, ("not_accredited", "0.0")),
        ({"i7_1_2": MISSING}, ("deferred", "0.0")),
    ],
)
def test_the_lowest_component_decides(components: Family, different: dict[str, Any], result: tuple[str, str]):
    assert components.result(**different) == result


def test_every_area_at_the_first_level_is_accredited(components: Family):
    codes = framework_of_files("components").indicators
    card = components.score(**{f"i{code.replace('.', '_')}": 1 for code in codes})
    assert (card.proposal.outcome, len(card.domains), {domain.ratio for domain in card.domains}) == (
        "accredited",
        7,
        {Fraction(1, 3)},
    )


def test_the_components_without_a_first_level_are_named(components: Family):
    assert in_the_way(components.score(i2_1_1=0, i6_1_2=0), "accredited") == [("every", ("2.1.1", "6.1.2"))]


# --- Standards that fail on what is partial ------------------------------------------------------------------------


@pytest.fixture
def partials(tmp_path: Path) -> Family:
    return Family("partials", tmp_path)


@pytest.mark.parametrize(
    ("different", "failing", "result"),
    [
        # Two partial elements in one standard: it passes. 26 of 28 points.
        (row("1.1", 1, 1), (), ("accredited", "92.8")),
        # Three: it fails. 25 of 28.
        (row("1.1", 1, 1, 1), ("1.1",), ("follow_up", "89.2")),
        # Two in each of two standards: both pass. 24 of 28.
        (row("1.1", 1, 1) | row("2.1", 1, 1), (), ("accredited", "85.7")),
        # One element without points: it fails. 26 of 28.
        (row("2.2", 0), ("2.2",), ("follow_up", "92.8")),
        # Two standards fail, then three: 24 of 28, 22 of 28.
        (row("2.2", 0) | row("1.2", 0), ("1.2", "2.2"), ("follow_up", "85.7")),
        (row("2.2", 0) | row("1.2", 0) | row("2.1", 0), ("1.2", "2.1", "2.2"), ("not_accredited", "78.5")),
        (row("1.2", 1, 1, 1) | row("1.1", 0) | row("2.2", 1, 1, 1), ("1.1", "1.2", "2.2"), ("not_accredited", "71.4")),
    ],
)
def test_a_standard_fails_on_one_without_points_or_three_partial(
    partials: Family, different: dict[str, Any], failing: tuple[str, ...], result: tuple[str, str]
):
    card = partials.score(**different)
    assert tuple(code for code, standard in card.standards.items() if standard.passes is False) == failing
    assert in_the_way(card, "accredited") == ([("failing", failing)] if failing else [])
    assert (card.proposal.outcome, as_percent(card.overall)) == result


def test_an_element_that_is_missing_defers(partials: Family):
    assert partials.result(i1_1_1=MISSING) == ("deferred", "92.8")


# --- One to five stars ---------------------------------------------------------------------------------------------


@pytest.fixture
def stars(tmp_path: Path) -> Family:
    return Family("stars", tmp_path)


@pytest.mark.parametrize(
    ("different", "result"),
    [
        # 90: one item of 10 points is not there. 89: another has 9 points of its own table instead of 10.
        ({"i1_1_2": 0}, ("five_stars", "90.0")),
        ({"i1_1_2": 0, "i2_1_4": 2}, ("four_stars", "89.0")),
        # 75: minus 10, 5, 5, 5. 74: and minus 1.
        (row("1.1", 3, 0, 2, 2) | {"i2_1_2": 2}, ("four_stars", "75.0")),
        (row("1.1", 3, 0, 2, 2) | {"i2_1_2": 2, "i2_1_4": 2}, ("three_stars", "74.0")),
        # 50: the two named have 40, the fourth of the second standard 10. 49: that has 9.
        (row("1.1", 3, 0, 0, 0) | row("2.1", 3, 0, 0, 3), ("three_stars", "50.0")),
        (row("1.1", 3, 0, 0, 0) | row("2.1", 3, 0, 0, 2), ("two_stars", "49.0")),
        # 25: 14 + 10 + 1. 24: without the 1. What is missing has no points.
        (row("1.1", 2, 3, 0, 0) | row("2.1", 0, 0, 0, 1), ("two_stars", "25.0")),
        (row("1.1", 2, 3, 0, 0) | row("2.1", 0, 0, 0, 0), ("one_star", "24.0")),
        (row("1.1", 2, 3, 0, 0) | row("2.1", 0, 0, 0) | {"i2_1_4": MISSING}, ("one_star", "24.0")),
    ],
)
def test_stars_follow_the_share_of_100_points(stars: Family, different: dict[str, Any], result: tuple[str, str]):
    assert stars.result(**different) == result


@pytest.mark.parametrize(
    ("safety", "night", "named", "result"),
    [
        # The named have 40 points: 30 + 2 are 80 % of them; 30 + 0 are 75 %, with 90 of 100 points in all.
        (3, 1, Fraction(32, 40), ("five_stars", "92.0")),
        (3, 0, Fraction(30, 40), ("four_stars", "90.0")),
        # 14 + 10 are 60 %; 14 + 5 are 47.5 %, with 79 points in all.
        (2, 3, Fraction(24, 40), ("four_stars", "84.0")),
        (2, 2, Fraction(19, 40), ("three_stars", "79.0")),
        # 14 + 2 are 40 %, with 76 points; 14 are 35 %, with 74.
        (2, 1, Fraction(16, 40), ("three_stars", "76.0")),
        (2, 0, Fraction(14, 40), ("two_stars", "74.0")),
    ],
)
def test_the_named_items_have_a_least_share_of_their_own(
    stars: Family, safety: int, night: int, named: Fraction, result: tuple[str, str]
):
    card = stars.score(i1_1_1=safety, i2_1_1=night)
    assert card.outcomes[0].checks[1].found == named
    assert (card.proposal.outcome, as_percent(card.overall)) == result
