"""The bands of a figure on a line: segments, ends, direction, gaps and overlaps, and positions of values."""

from fractions import Fraction
from itertools import pairwise

import pytest

from standards.framework import Formula, Indicator, Measure, Scale, read_bands
from standards.presentation.band_line import BandLine, Direction, draw_bands

FALLING = Scale(1, 4, falling=True)


def draw(bands: str, *, unit: str = "percent", formula: str = "", scale: Scale | None = None) -> BandLine:
    line = draw_bands(
        Indicator(
            "1.1.1",
            "core",
            Measure.NUMERIC,
            unit=unit,
            bands=read_bands(bands),
            formula=Formula.read(formula),
        ),
        scale or Scale(),
    )
    assert line is not None
    return line


def segments_of(line: BandLine) -> list[tuple[int, str]]:
    return [(segment.level, segment.words.replace("\u00a0", " ")) for segment in line.segments]


def ends(line: BandLine) -> list[tuple[bool, bool]]:
    return [(segment.values.has_low, segment.values.has_high) for segment in line.segments]


def test_each_band_is_a_segment_with_its_level_and_its_ends() -> None:
    line = draw(">=90:3;>80:2")
    assert segments_of(line) == [(0, "at most 80 %"), (2, "more than 80 % and less than 90 %"), (3, "at least 90 %")]
    assert ends(line) == [(True, True), (False, False), (True, True)]
    assert [segment.tint for segment in line.segments] == [0, 2, 3]
    assert (line.direction, line.is_marked, line.sentences) == (Direction.HIGHER, False, ())


def test_a_lower_value_may_be_better() -> None:
    line = draw("<=24:3;<=72:2", unit="hours")
    assert segments_of(line) == [
        (3, "at most 24 hours"),
        (2, "more than 24 hours and at most 72 hours"),
        (0, "more than 72 hours"),
    ]
    assert (line.direction, line.direction_words) == (Direction.LOWER, "The lower the value, the better.")


def test_the_direction_is_by_the_rank_of_a_level_and_not_by_its_number() -> None:
    assert draw(">=90:1;>=50:3", scale=FALLING).direction is Direction.HIGHER


@pytest.mark.parametrize("bands", ["<0:3", ">=1000:3;>=500:2"])
def test_bands_that_reach_no_value_leave_a_line_of_the_worst_level(bands: str) -> None:
    line = draw(bands)
    assert [segment.level for segment in line.segments] == [0]
    assert not line.segments[0].is_gap
    assert line.is_marked or line.sentences


@pytest.mark.parametrize(
    ("unit", "formula", "is_endless"), [("percent", "", False), ("percent", "A04/A03", True), ("days", "", True)]
)
def test_only_an_entered_percentage_has_an_end(unit: str, formula: str, is_endless: bool) -> None:
    line = draw(">=90:3", unit=unit, formula=formula)
    assert line.is_endless == is_endless
    assert [tick.text for tick in line.ticks] == (["0", "90"] if is_endless else ["0", "90", "100"])


def test_a_gap_between_two_bands_is_marked_where_it_is() -> None:
    line = draw(">=90:3;<60:0")
    assert [segment.is_gap for segment in line.segments] == [False, True, False]
    assert line.segments[1].sentences == ("No band applies here, so the value gets the worst level.",)
    assert segments_of(line)[1] == (0, "at least 60 % and less than 90 %")


def test_a_single_value_can_be_a_gap() -> None:
    line = draw(">90:3;<90:0")
    assert segments_of(line)[1] == (0, "exactly 90 %")
    assert line.segments[1].is_gap
    assert [(tick.text, tick.at) for tick in line.ticks][1] == ("90", line.segments[1].middle)


def test_what_no_band_reaches_at_an_end_is_no_gap() -> None:
    assert not draw(">=90:3;>=80:2").is_marked


def test_an_overlap_is_marked_where_it_is() -> None:
    line = draw(">=60:2;<=80:1")
    marked = [segment for segment in line.segments if segment.sentences]
    assert [segment.words.replace("\u00a0", " ") for segment in marked] == ["at least 60 % and at most 80 %"]
    assert marked[0].sentences[0].startswith("The bands >=60:2 and <=80:1 of 1.1.1 overlap: 70 is in both")


def test_a_band_that_is_never_reached_is_marked_where_it_would_apply() -> None:
    line = draw(">=60:1;>=80:2")
    assert segments_of(line) == [(0, "less than 60 %"), (1, "at least 60 %")]
    assert line.segments[1].sentences[0].startswith("The band >=80:2 of 1.1.1 is never reached: 81")
    assert [tick.text for tick in line.ticks] == ["0", "60", "80", "100"]


def test_a_turn_of_the_levels_is_marked_where_they_turn() -> None:
    line = draw(">=10:1;>=5:3", unit="days")
    assert line.direction is Direction.NEITHER
    assert [bool(segment.sentences) for segment in line.segments] == [False, True, False]


def test_bands_that_decide_nothing_are_told_for_the_whole_line() -> None:
    line = draw(">=0:0")
    assert segments_of(line) == [(0, "every value")]
    assert len(line.sentences) == 1
    assert "decide nothing" in line.sentences[0]


def test_the_line_is_as_long_as_its_segments_and_none_is_too_narrow() -> None:
    for bands in (">=99.5:3;>=98:2;>=95:1", ";".join(f">={n}:{n % 4}" for n in range(60, 0, -1))):
        segments = draw(bands).segments
        assert sum(segment.width for segment in segments) == 100
        assert all(before.end == after.start for before, after in pairwise(segments))
        assert min(segment.width for segment in segments) >= min(9, Fraction(60, len(segments)))


def test_a_value_has_its_place_in_its_segment() -> None:
    line = draw(">=90:3;>=50:1", unit="days")
    first, second, last = line.segments
    assert line.place_of(Fraction(25)) == first.middle
    assert line.place_of(Fraction(50)) == second.start
    assert line.place_of(Fraction(70)) == second.middle
    assert line.place_of(Fraction(9000)) == last.end == 100
    assert draw(">=90:3").place_of(Fraction(120)) == 100


def test_there_is_no_line_without_bands_or_with_a_level_that_the_scale_does_not_have() -> None:
    assert draw_bands(Indicator("1.1.1", "core", Measure.NUMERIC), Scale()) is None
    assert draw_bands(Indicator("1.1.1", "core", Measure.NUMERIC, bands=read_bands(">=9:5")), Scale()) is None
