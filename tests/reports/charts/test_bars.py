"""Bars: as long as their value, with its words, and none for what is missing."""

import pytest

from reports.charts.bars import Bar, BarChart
from tests.reports.charts.drawn import SVG, kinds, read, spots, words


def drawn(*bars: Bar) -> str:
    return BarChart(bars, "New cases by category", "c").draw()


def length(svg: str, kind: str) -> float:
    xs = [x for x, _y in spots(kinds(svg, kind)[0])]
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


def test_it_has_a_title_that_names_it():
    svg = read(drawn(Bar("Runaways", 40, "40")))
    assert (svg.attrib["aria-labelledby"], svg[0].tag, svg[0].attrib["id"]) == ("chart-c", f"{SVG}title", "chart-c")
    assert svg[0].text == "New cases by category"
