"""Lines over time: the places of values, which of them are joined, and the text of each mark."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest

from reports.charts.lines import LineChart
from reports.charts.series import Point, Series
from reports.charts.style import tokens
from tests.reports.charts.drawn import SVG, kinds, points_of, read, words

YEARS = ["2023", "2024", "2025"]


def values_of(chart: LineChart) -> dict[str, tuple[float, float]]:
    """Return the position of each value's text."""
    found = kinds(chart.draw(), "chart-value")
    return {text.text or "": (float(text.attrib["x"]), float(text.attrib["y"])) for text in found}


def series(name: str, *numbers: int | None, hollow: bool = False) -> Series:
    return Series(name, [Point(number, "" if number is None else f"{number}", hollow) for number in numbers])


def chart(*given: Series, labels: list[str] | None = None, title: str = "Cases") -> LineChart:
    return LineChart(labels or YEARS, given, title, "c")


def test_of_two_lines_close_together_the_upper_has_its_values_above_and_the_lower_below():
    at = values_of(chart(series("New", 696, 669, 705), series("Closed", 714, 684, 713)))
    assert at["714"][1] < at["696"][1]
    assert at["713"][1] < at["705"][1]
    assert at["714"][0] == at["696"][0]


def test_no_value_is_written_over_another():
    crowded = chart(series("One", 100, 101, 102, hollow=True), series("Two", 99, 100, 101, hollow=True))
    at = [*values_of(crowded).values()]
    assert at
    assert [(a, b) for a in at for b in at if a != b and abs(a[0] - b[0]) < 20 and abs(a[1] - b[1]) < 12] == []


def test_what_is_missing_has_no_value_no_mark_and_no_line():
    gap = chart(series("One", 5, None, 7))
    assert set(values_of(gap)) == {"5", "7"}
    assert len(kinds(gap.draw(), "chart-point")) == 2
    assert kinds(gap.draw(), "chart-line") == []


def test_zero_is_a_mark_on_the_axis():
    drawn = chart(series("One", 5, 0, 7)).draw()
    axis = points_of(kinds(drawn, "chart-axis")[0])[0][1]
    assert [spot[1] for spot in points_of(kinds(drawn, "chart-line")[0])][1] == axis


def test_a_mark_stands_as_high_as_its_value():
    line = kinds(chart(series("One", 10, 5, 20)).draw(), "chart-line")[0]
    axis = points_of(kinds(chart(series("One", 1, 1, 1)).draw(), "chart-axis")[0])[0][1]
    heights = [axis - y for _x, y in points_of(line)]
    assert [height / heights[2] for height in heights] == pytest.approx([0.5, 0.25, 1])


def test_no_line_leads_to_what_was_counted_otherwise():
    points = [Point(1, "1"), Point(2, "2"), Point(3, "3", has_new_definitions=True), Point(4, "4")]
    drawn = LineChart([*YEARS, "2026"], [Series("One", points)], "Cases", "c").draw()
    lines = [points_of(line) for line in kinds(drawn, "chart-line")]
    assert [len(line) for line in lines] == [2, 2]
    assert lines[0][1][0] < lines[1][0][0], "nothing between the second and the third"


def test_what_is_not_exact_is_hollow():
    points = [Point(1, "1"), Point(2, "about 2", is_hollow=True)]
    drawn = LineChart(YEARS[:2], [Series("One", points)], "Cases", "c").draw()
    marks = [(one.attrib["class"], one.attrib["fill"]) for one in kinds(drawn, "chart-point")]
    colour = tokens()
    assert marks == [("chart-point chart-0", colour["petal"]), ("chart-point chart-0 is-hollow", colour["surface"])]


def test_each_series_has_a_shape_a_dash_and_a_name_of_its_own():
    drawn = chart(*(series(name, n, n + 1, n + 2) for n, name in enumerate(["One", "Two", "Three", "Four"]))).draw()
    assert [one for one in words(drawn, "chart-ink") if not one.isdigit()] == ["One", "Two", "Three", "Four"]
    corners = [len(points_of(kinds(drawn, f"chart-{number}")[-1])) for number in range(4)]
    outlines = {
        tuple((round(x - first[0], 1), round(y - first[1], 1)) for x, y in found)
        for number in range(4)
        for found in [points_of(kinds(drawn, f"chart-{number}")[-1])]
        for first in found[:1]
    }
    assert (len(outlines), len(corners)) == (4, 4)
    dashes = [line.attrib.get("stroke-dasharray", "") for line in kinds(drawn, "chart-line")]
    assert dashes == ["", "6,4", "2,3", "8,3,2,3"]


def test_a_long_name_of_a_series_has_two_lines_and_the_next_stands_below():
    long = "Contacts that were handled over any channel and are relevant to missing children"
    drawn = chart(series(long, 1, 2, 3), series("Two", 3, 2, 1)).draw()
    key = [text for text in kinds(drawn, "chart-ink") if not (text.text or "").isdigit()]
    assert (" ".join(text.text or "" for text in key[:-1]), len(key)) == (long, 3)
    heights = [float(text.attrib["y"]) for text in key]
    assert heights == sorted(set(heights))
    assert heights[-1] < float(read(drawn).attrib["viewBox"].split()[3])


def test_one_series_alone_needs_no_key():
    assert words(chart(series("One", 1, 2, 3)).draw(), "chart-ink") == ["1", "3"]


def test_what_stands_under_the_line_never_touches_and_the_newest_is_named():
    quarters = [f"Q{quarter} {year}" for year in (2023, 2024, 2025, 2026) for quarter in (1, 2, 3, 4)]
    labels = kinds(chart(series("One", *range(1, 17)), labels=quarters).draw(), "chart-soft")
    places = [float(text.attrib["x"]) for text in labels]
    assert labels[-1].text == "Q4 2026"
    assert min(after - before for before, after in pairwise(places)) > 50
    assert len(labels) > 3


def test_a_chart_has_a_title_that_names_it_in_its_language():
    given = replace(chart(series("One", 1, 2, 3), title="Appels"), language="fr")
    svg = read(given.draw())
    assert (svg.attrib["role"], svg.attrib["aria-labelledby"], svg[0].tag) == ("img", "chart-c", f"{SVG}title")
    assert (svg[0].attrib, svg[0].text) == ({"id": "chart-c", "lang": "fr"}, "Appels")
    assert read(replace(given, language="").draw())[0].attrib == {"id": "chart-c"}


def test_a_chart_holds_no_style_no_reference_and_no_id_but_that_of_its_title():
    svg = read(chart(series("One", 1, 2, 3), series("Two", 3, 2, 1)).draw())
    assert {element.tag.removeprefix(SVG) for element in svg.iter()} == {"svg", "title", "path", "text"}
    assert [element.attrib["id"] for element in svg.iter() if "id" in element.attrib] == ["chart-c"]
    assert [name for element in svg.iter() for name in element.attrib if name == "style" or "href" in name] == []


@pytest.mark.parametrize("text", ["<b>5 & 6</b>", "$a_1$ of $b$", "\u0417\u0432\u043e\u043d\u043a\u0438", "5\u00a0%"])
def test_a_text_is_written_as_it_is(text):
    drawn = LineChart(["2025"], [Series("One", [Point(5, text)]), Series(text, [Point(9, "9")])], text, "c").draw()
    assert read(drawn)[0].text == text
    assert text in words(drawn, "chart-value")
    assert text in words(drawn, "chart-ink")


def test_the_same_number_is_drawn_alike_however_it_is_given():
    assert (
        chart(series("One", 1, 2, 3)).draw()
        == LineChart(YEARS, [Series("One", [Point(Fraction(n), str(n)) for n in (1, 2, 3)])], "Cases", "c").draw()
    )
