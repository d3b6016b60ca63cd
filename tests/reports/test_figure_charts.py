"""Where the values of a line chart stand: each at its own mark, none on another."""

from itertools import pairwise
from xml.etree.ElementTree import fromstring

from reports.charts import SVG
from reports.figure_charts import Point, Series, line_chart

YEARS = ["2023", "2024", "2025"]


def values_of(svg: str) -> dict[str, tuple[float, float]]:
    """Where each value is written."""
    texts = fromstring(svg).iter(f"{{{SVG}}}text")  # noqa: S314 - our own drawing
    return {
        text.text or "": (float(text.attrib["x"]), float(text.attrib["y"]))
        for text in texts
        if "chart-value" in text.attrib["class"]
    }


def series(name: str, *numbers: int | None, hollow: bool = False) -> Series:
    return Series(name, [Point(number, "" if number is None else f"{number}", hollow) for number in numbers])


def test_of_two_lines_close_together_the_upper_has_its_values_above_and_the_lower_below():
    svg = line_chart(YEARS, [series("New", 696, 669, 705), series("Closed", 714, 684, 713)], title="Cases", name="c")
    at = values_of(svg)
    assert at["714"][1] < at["696"][1]
    assert at["713"][1] < at["705"][1]
    assert at["714"][0] == at["696"][0]


def test_no_value_is_written_over_another():
    crowded = [series("One", 100, 101, 102, hollow=True), series("Two", 99, 100, 101, hollow=True)]
    at = [*values_of(line_chart(YEARS, crowded, title="Crowded", name="c")).values()]
    assert at
    assert [(a, b) for a in at for b in at if a != b and abs(a[0] - b[0]) < 20 and abs(a[1] - b[1]) < 12] == []


def test_what_is_missing_has_no_value():
    assert set(values_of(line_chart(YEARS, [series("One", 5, None, 7)], title="Gap", name="g"))) == {"5", "7"}


def test_what_stands_under_the_line_never_touches_and_the_newest_is_named():
    quarters = [f"Q{quarter} {year}" for year in (2023, 2024, 2025, 2026) for quarter in (1, 2, 3, 4)]
    svg = line_chart(quarters, [series("One", *range(1, 17))], title="Quarters", name="q")
    texts = [text for text in fromstring(svg).iter(f"{{{SVG}}}text") if "chart-soft" in text.attrib["class"]]  # noqa: S314 - ours
    places = [float(text.attrib["x"]) for text in texts]
    assert texts[-1].text == "Q4 2026"
    assert min(after - before for before, after in pairwise(places)) > 50
