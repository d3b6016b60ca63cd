"""Charts of scores: the same scores give the same bytes, each has its title, and none needs a style sheet."""

from pathlib import Path
from xml.etree import ElementTree

from django.conf import settings

from reports.charts.scores import ScoreBar, draw_charts, draw_scores
from reports.charts.style import TOKEN, tokens
from reports.document import write_document
from tests.reports.small_report import small_document

SVG = "{http://www.w3.org/2000/svg}"
WELL = ScoreBar("D1  Mandate", 770, 830, "77.0 %", False)
BELOW = ScoreBar("D6  Cross-border cooperation", 407, 740, "40.7 %", True)
NOTHING = ScoreBar("D7  Staff", None, None, "no score", False)
ZERO = ScoreBar("D8  Rights", 0, None, "0.0 %", True)


def drawn(*bars: ScoreBar, line: int | None = 60) -> ElementTree.Element:
    return ElementTree.fromstring(draw_scores(bars, line=line, title="Scores of the domains"))  # noqa: S314


def fills(svg: ElementTree.Element) -> list[str]:
    return [path.get("fill", "") for path in svg.iter(f"{SVG}path")]


def test_the_same_scores_give_the_same_bytes() -> None:
    written = write_document(small_document())
    assert draw_charts(written) == draw_charts(written)


def test_a_chart_for_the_whole_and_one_for_each_domain() -> None:
    assert list(draw_charts(write_document(small_document()))) == ["domains", "D1", "D3", "D9"]


def test_a_chart_begins_with_its_title() -> None:
    first = drawn(WELL)[0]
    assert (first.tag, first.text) == (f"{SVG}title", "Scores of the domains")


def test_a_chart_holds_attributes_and_no_style() -> None:
    svg = drawn(WELL, BELOW, NOTHING)
    assert {element.tag.removeprefix(SVG) for element in svg.iter()} == {"svg", "title", "path", "text"}
    assert [element for element in svg.iter() if "style" in element.attrib] == []


def test_text_stays_text() -> None:
    words = [text.text for text in drawn(WELL).iter(f"{SVG}text")]
    assert words == ["0", "20", "40", "60", "80", "100", "D1  Mandate", "77.0 %"]


def test_the_assessors_word_is_a_petal_bar_and_the_hotlines_a_white_ring() -> None:
    colour = tokens()
    assert fills(drawn(WELL, line=None)) == [colour["sunk"], colour["petal"], colour["surface"]]


def test_a_bar_below_the_line_is_hatched_in_brick() -> None:
    colour = tokens()
    bar = fills(drawn(BELOW, line=None))
    assert (colour["petal"] in bar, colour["brick"] in bar) == (False, True)


def test_no_score_draws_no_bar_and_zero_draws_its_track() -> None:
    colour = tokens()
    assert fills(drawn(NOTHING, line=None)) == []
    assert fills(drawn(ZERO, line=None))[0] == colour["sunk"]


def test_paper_and_site_have_the_same_colours() -> None:
    site = (Path(settings.PORTAL_DIR) / "static" / "portal" / "tokens.css").read_text()
    light = dict(TOKEN.findall(site.partition('[data-bs-theme="dark"]')[0]))
    assert {name: light[name] for name in tokens()} == tokens()


def test_the_dashed_line_stands_only_where_there_is_one() -> None:
    def dashed(svg: ElementTree.Element) -> int:
        return sum("stroke-dasharray" in path.attrib for path in svg.iter(f"{SVG}path"))

    assert (dashed(drawn(WELL)), dashed(drawn(WELL, line=None))) == (1, 0)
