"""Valid but inconsistent bands, each with a value that demonstrates it; and the description of examples."""

import pytest

from standards.checks import EXCUSED, MISSING, Example, find_band_problems
from standards.framework import Formula, Indicator, Measure, Scale, read_bands
from standards.presentation.example_phrases import describe_example
from tests.evaluation.engine.scoring.shapes import CORE, asked, framework_of, row_of

FALLING = Scale(1, 4, falling=True)


def problems_of(bands: str, *, unit: str = "hours", formula: str = "", scale: Scale | None = None) -> list[str]:
    indicator = Indicator(
        "1.1.1",
        CORE,
        Measure.NUMERIC,
        unit=unit,
        bands=read_bands(bands),
        formula=Formula(formula) if formula else None,
    )
    return [str(problem) for problem in find_band_problems(indicator, scale or Scale())]


@pytest.mark.parametrize(
    ("bands", "scale"),
    [
        (">=90:3;>=80:2;>=60:1", None),
        ("<=20:3;<=45:2;<=90:1", None),
        ("<=10:1;<=20:2;>20:3", None),
        (">=90:1;>=80:2;>=60:3", FALLING),
        (">=99.5:3;>=98:2;>=95:1", None),
        (">0:3", None),
        ("report_only", None),
    ],
)
def test_bands_that_make_sense_pass(bands: str, scale: Scale | None) -> None:
    assert problems_of(bands, scale=scale) == []


@pytest.mark.parametrize(
    ("bands", "band", "value", "before"),
    [(">=60:1;>=80:2;>=90:3", ">=80:2", 90, ">=60:1"), (">=80:3;>=80:2", ">=80:2", 81, ">=80:3")],
)
def test_a_band_behind_a_wider_one_is_never_reached(bands: str, band: str, value: int, before: str) -> None:
    assert problems_of(bands)[0] == (
        f"The band {band} of 1.1.1 is never reached: {value}, for example, is in the band {before}, which stands before "
        "it. Write the narrowest band first."
    )


def test_no_percentage_is_above_100_unless_it_is_computed() -> None:
    never = "No value of 1.1.1 is >=120:3. Correct the bound, or remove the band."
    assert problems_of(">=120:3;>=80:2", unit="percent") == [never]
    assert problems_of(">=120:3;>=80:2", unit="percent", formula="A04/A03") == []
    assert problems_of(">=100:3;>=80:2", unit="percent") == []


def test_nothing_is_less_than_nothing() -> None:
    assert problems_of("<0:3;<=5:2") == ["No value of 1.1.1 is <0:3. Correct the bound, or remove the band."]


def test_bands_that_overlap_are_told_with_a_value_that_is_in_both() -> None:
    assert problems_of(">=80:3;<=90:1")[0] == (
        "The bands >=80:3 and <=90:1 of 1.1.1 overlap: 85 is in both, with different levels. Write all bands with > and "
        ">=, or all with < and <=."
    )


def test_falling_bands_are_told_with_three_values() -> None:
    assert problems_of(">=90:1;>=80:2;>=60:3") == [
        "The bands of 1.1.1 give a better figure a worse level: 30 gives level 0, 60 level 3 and 80 level 2. "
        "Put the levels of the bands in one direction."
    ]
    assert problems_of(">=90:3;>=80:2;>=60:1", scale=FALLING) == [
        "The bands of 1.1.1 give a better figure a worse level: 30 gives level 4, 60 level 1 and 80 level 2. "
        "Put the levels of the bands in one direction."
    ]


def test_bands_that_give_one_level_only_decide_nothing() -> None:
    assert problems_of(">=0:2") == [
        "Every value of 1.1.1 gives level 2, so its bands decide nothing. Correct them, or write report_only."
    ]


def test_an_example_names_the_few_and_calls_the_rest_the_others() -> None:
    framework = framework_of([row_of(2)], [row_of(2, domain=2), [asked("2.2.1")]])
    states = {"1.1.1": 3, "1.1.2": 3, "2.1.1": 3, "2.1.2": MISSING, "2.2.1": EXCUSED}
    assert describe_example(Example(states), framework) in (
        "2.1.2 missing; 2.2 not applicable; all others at level 3",
        "2.2 not applicable; 2.1.2 missing; all others at level 3",
    )
    assert describe_example(Example(dict.fromkeys(states, 2)), framework) == "everything at level 2"
    assert describe_example(Example({**dict.fromkeys(states, MISSING), "1.1.1": 1, "1.1.2": 1}), framework) == (
        "D1 at level 1; all others missing"
    )
