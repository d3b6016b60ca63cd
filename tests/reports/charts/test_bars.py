"""Bars: as long as their value, labelled with it, and none for a missing value."""

import pytest

from reports.charts.bars import Bar, BarChart
from reports.charts.canvas import measure
from reports.charts.style import SIZE, WIDTH
from tests.reports.charts.drawn import SVG, kinds, points_of, read, words


def drawn(*bars: Bar) -> str:
    return BarChart(bars, "New cases by category", "c").draw()


def length(svg: str, kind: str) -> float:
    xs = [x for x, _y in points_of(kinds(svg, kind)[0])]
    return max(xs) - min(xs)


def test_a_bar_is_as_long_as_its_value_and_the_largest_fills_the_row():
    svg = drawn(Bar("Runaways", 40, "40"))
    assert length(svg, "chart-bar") == length(svg, "chart-ground")
    svg = drawn(Bar("Runaways", 10, "10"), Bar("Abductions", 40, "40"))
    assert length(svg, "chart-bar") == pytest.approx(length(svg, "chart-ground") / 4)


def test_each_row_has_its_name_and_its_value_in_words():
    assert words(drawn(Bar("Runaways", 40, "40"), Bar("Abductions", 1200, "1,200")), "chart-ink") == [
        *("Runaways", "40"),
        *("Abductions", "1,200"),
    ]


def test_what_is_missing_has_words_and_no_bar_and_zero_its_track():
    missing = drawn(Bar("Runaways", None, "<5"))
    assert (words(missing, "chart-soft"), kinds(missing, "chart-ground")) == (["<5"], [])
    zero = drawn(Bar("Runaways", 0, "0"), Bar("Abductions", 3, "3"))
    assert (len(kinds(zero, "chart-ground")), len(kinds(zero, "chart-bar"))) == (2, 1)


def test_an_estimate_is_hollow_and_stays_within_its_track():
    svg = drawn(Bar("Runaways", 40, "about 40", is_hollow=True))
    assert kinds(svg, "chart-bar") == []
    edge = float(kinds(svg, "chart-hollow")[0].attrib["stroke-width"])
    assert length(svg, "chart-hollow") + edge == length(svg, "chart-ground")


def test_a_name_too_long_for_a_line_has_two_and_none_stands_outside():
    long = "Runaways and children who were pushed out of their home by whoever should have cared"
    svg = drawn(Bar(long, 40, "40"), Bar("Abductions", 3, "3"))
    names = [text for text in words(svg, "chart-ink") if not text.isdigit()]
    assert (" ".join(names[:-1]), names[-1], len(names)) == (long, "Abductions", 3)
    bars = [points_of(bar)[0][1] for bar in kinds(svg, "chart-ground")]
    lines = [float(text.attrib["y"]) for text in kinds(svg, "chart-ink") if text.attrib["x"] == "0"]
    assert lines[0] < lines[1] < bars[0] < lines[2] < bars[1] < float(read(svg).attrib["viewBox"].split()[3])
    assert [text for text in names if measure(text, SIZE) > WIDTH] == []


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ufffe"])
def test_a_character_that_no_xml_may_contain_is_a_space(character: str):
    """A text pasted from Word has a vertical tab at each manual line break."""
    text = f"Run{character}aways"
    svg = BarChart([Bar(text, 40, "40")], text, "c").draw()
    assert (words(svg, "chart-ink"), read(svg)[0].text) == (["Run aways", "40"], "Run aways")


def test_it_has_a_title_that_names_it():
    svg = read(drawn(Bar("Runaways", 40, "40")))
    assert (svg.attrib["aria-labelledby"], svg[0].tag, svg[0].attrib["id"]) == ("chart-c", f"{SVG}title", "chart-c")
    assert svg[0].text == "New cases by category"
