"""Published figures contain no small count, nor anything from which one could be computed."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.engine.scoring import Partial
from evaluation.figures.publishing.withholding import PublicFigures, withhold
from standards.framework import Framework
from tests.evaluation.engine.scoring.shapes import asked, counted, framework_of

RATES = {
    "1.1.1": "A04/(A03-A05)",
    "1.1.2": "A06/(A03-A05)",
    "1.1.3": "A07/A04",
    "1.1.4": "A31/A21",
    "1.1.5": "A32/A24",
    "1.1.6": "A41/A23",
    "1.1.7": "A33/A34",
    "1.1.8": "A01/A02",
    "1.1.9": "A08",
}
ALL = framework_of(
    [
        [
            *(counted(code, formula) for code, formula in RATES.items()),
            counted("1.1.10", "A57/A56", minimum_base="A56>=20"),
        ]
    ]
)
LARGE = {
    "A01": 8760,
    "A02": 8760,
    "A03": 1000,
    "A04": 800,
    "A05": 100,
    "A06": 100,
    "A07": 700,
    "A08": 3,
    "A20": 50,
    "A21": 200,
    "A22": 0,
    "A23": 190,
    "A24": 60,
    "A31": 150,
    "A32": 40,
    "A41": 180,
    "A33": 80,
    "A34": 100,
    "A56": 40,
    "A57": 30,
}
"""A year without small counts. A08 is a duration and no count."""


def withhold_figures(**different: int) -> PublicFigures:
    return withhold(ALL, {item: Fraction(value) for item, value in (LARGE | different).items()})


def test_where_nothing_is_small_everything_that_is_asked_is_told():
    assert withhold_figures().withheld == frozenset()
    assert set(withhold_figures().figures) == set(LARGE) - {"A20", "A22"}


@pytest.mark.parametrize(
    ("different", "withheld"),
    [
        # Passed on in time: 4 of 100.
        ({"A33": 4}, {"1.1.7"}),
        ({"A33": 5}, set()),
        ({"A33": 0}, set()),
        # Not passed on in time: 4, 5 and none of 100.
        ({"A33": 96}, {"1.1.7"}),
        ({"A33": 95}, set()),
        ({"A33": 100}, set()),
        # Of 19 reports, and of 20.
        ({"A33": 10, "A34": 19}, {"1.1.7"}),
        ({"A33": 10, "A34": 20}, set()),
        # Few short calls: received, answered and abandoned would reveal them, and so would all that share an item.
        ({"A05": 3}, {"1.1.1", "1.1.2", "1.1.3"}),
        # Few reopened cases: the balance of cases would reveal them, beginning with last year's report.
        ({"A22": 2}, {"1.1.4", "1.1.5", "1.1.6"}),
        # Few satisfied answers.
        ({"A57": 4}, {"1.1.10"}),
        # Hours and seconds are no counts.
        ({"A01": 3, "A08": 2}, set()),
    ],
)
def test_what_is_small_is_withheld_with_what_it_stands_beside(different: dict[str, int], withheld: set[str]):
    found = withhold_figures(**different)
    assert found.withheld == withheld
    formulas = RATES | {"1.1.10": "A57/A56"}
    assert [item for code in withheld for item in found.figures if item in formulas[code]] == []


def test_what_was_not_recorded_is_not_told_and_hides_nothing():
    found = withhold(ALL, {"A33": Fraction(80), "A34": Fraction(100), "A03": None})
    assert (found.figures, found.withheld) == ({"A33": Fraction(80), "A34": Fraction(100)}, frozenset())


def test_an_edition_without_figures_tells_none():
    assert withhold(framework_of([[asked("1.1.1")]]), {"A33": Fraction(3)}) == PublicFigures({}, frozenset())


counts = st.integers(0, 60)


@given(st.fixed_dictionaries(dict.fromkeys(("A04", "A05", "A06", "A20", "A21", "A22", "A23", "A33", "A34"), counts)))
def test_nobody_can_work_a_small_count_out_from_what_is_told(found: dict[str, int]):
    """The reader knows the sums of the dictionary, and the number of open cases at the end of the year before."""
    figures = found | {"A03": found["A04"] + found["A05"] + found["A06"]}
    figures["A24"] = found["A20"] + found["A21"] + found["A22"] - found["A23"]
    known = {
        item: int(value) for item, value in withhold(ALL, {k: Fraction(v) for k, v in figures.items()}).figures.items()
    }
    known["A20"] = figures["A20"]
    sums = [
        ({"A03": 1, "A04": -1, "A05": -1, "A06": -1}),
        ({"A20": 1, "A21": 1, "A22": 1, "A23": -1, "A24": -1}),
    ]
    for terms in sums:
        unknown = [item for item in terms if item not in known]
        if len(unknown) == 1:
            known[unknown[0]] = figures[unknown[0]]
    small = {item: value for item, value in known.items() if 0 < value < 5 and item != "A20"}  # known from last year
    assert small == {}


def test_the_rest_of_a_ratio_is_a_count_though_nobody_recorded_it():
    figures = {"A03": Fraction(1000), "A04": Fraction(898), "A05": Fraction(100)}
    assert withhold(ALL, figures).withheld == {"1.1.1", "1.1.2", "1.1.3"}


def test_a_part_of_a_part_is_a_count_though_they_stand_in_two_formulas():
    framework = framework_of([[counted("1.1.1", "A04/A03"), counted("1.1.2", "A07/A03")]])
    figures = {"A03": Fraction(1000), "A04": Fraction(600), "A07": Fraction(597)}
    assert withhold(framework, figures).withheld == {"1.1.1", "1.1.2"}


# --- Part of the period --------------------------------------------------------------------------------------------

NINE = tuple(f"2025-{month:02}" for month in range(1, 10))
PARTLY = framework_of([[counted("1.1.1", "A33/A34", minimum_months=9), counted("1.1.2", "A33/A34")]])


def withhold_partial_figures(framework: Framework = PARTLY, **values: int) -> PublicFigures:
    return withhold(framework, {}, {item: Partial(NINE, 12, Fraction(value)) for item, value in values.items()})


def test_totals_of_a_part_of_the_time_are_told_where_nothing_is_small():
    found = withhold_partial_figures(A33=80, A34=100, A44=70)
    assert (sorted(found.partial), found.figures, found.withheld) == (["A33", "A34"], {}, frozenset())
    assert found.partial["A33"] == Partial(NINE, 12, Fraction(80))


@pytest.mark.parametrize("values", [{"A33": 4, "A34": 100}, {"A33": 98, "A34": 100}, {"A33": 6, "A34": 19}])
def test_a_small_count_of_a_part_of_the_time_hides_what_gives_it_away(values):
    found = withhold_partial_figures(**values)
    assert (found.partial, found.withheld) == ({}, frozenset({"1.1.1", "1.1.2"}))


def test_a_small_count_hides_totals_of_the_whole_time_that_it_could_be_worked_out_from():
    framework = framework_of([[counted("1.1.1", "A04/A03", minimum_months=9), counted("1.1.2", "A05/A06")]])
    whole = {"A03": Fraction(1000), "A05": Fraction(100), "A06": Fraction(100)}
    assert withhold(framework, whole, {"A04": Partial(NINE, 12, Fraction(3))}) == PublicFigures(
        {}, frozenset({"1.1.1", "1.1.2"})
    )


def test_a_part_of_what_is_there_for_the_whole_time_is_not_told():
    part = {item: Partial(NINE, 12, Fraction(80)) for item in ("A33", "A34")}
    assert withhold(PARTLY, {"A33": Fraction(3), "A34": Fraction(100)}, part).partial == {}


def test_totals_of_a_part_are_told_only_of_indicators_that_take_them():
    assert withhold_partial_figures(framework_of([[counted("1.1.1", "A33/A34")]]), A33=80, A34=100).partial == {}
