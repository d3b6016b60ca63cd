"""A heat map: every number is written, and each colour is one shape, whatever the number of rows."""

from struct import unpack

from reports.charts.heat import HeatMap, HeatMapCell
from reports.charts.style import WIDTH
from tests.reports.charts.drawn import SVG, points_of, read, words

GROUNDS = ("below 40", "40 to 60", "60 to 80", "80 and more")


def chart(rows: int) -> HeatMap:
    cells = [HeatMapCell("12.3", 0), HeatMapCell("80.0", 3, is_strong=True), HeatMapCell("–", None)]
    named = [(f"X{number}", cells) for number in range(rows)]
    return HeatMap(
        ("1", "2", "All"), named, GROUNDS, ("A note that is so long that it needs two lines. " * 2,), "Scores", "heat"
    )


def test_every_number_is_written_in_its_row_and_what_was_seen_in_bold():
    svg = chart(2).draw()
    assert words(svg)[:12] == ["Scores", "1", "2", "All", "X0", "12.3", "80.0", "–", "X1", "12.3", "80.0", "–"]
    assert words(svg)[12:16] == list(GROUNDS)
    bold = [one.text for one in read(svg).iter(f"{SVG}text") if one.attrib.get("font-weight") == "600"]
    assert bold == ["Scores", "1", "2", "All", "80.0", "80.0"]


def test_a_map_of_300_rows_has_a_shape_for_each_ground_and_nothing_outside():
    root = read(chart(300).draw())
    shapes = list(root.iter(f"{SVG}path"))
    assert len(shapes) == 1 + 3 + len(GROUNDS)  # the sheet, the colours that occur, and the key
    height = float(root.attrib["height"])
    assert all(-0.1 <= x <= WIDTH + 0.1 and -0.1 <= y <= height + 0.1 for one in shapes for x, y in points_of(one))
    assert all(float(one.attrib["y"]) < height for one in root.iter(f"{SVG}text"))


def test_the_same_map_is_a_png_of_twice_its_size():
    content = chart(2).draw_png()
    width, height = unpack(">II", content[16:24])
    assert (width, height) == (2 * WIDTH, round(2 * float(read(chart(2).draw()).attrib["height"])))
