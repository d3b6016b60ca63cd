"""The charts of a report: a bar from 0 to 100 for each domain, and for each standard of a domain.

The bar is the score that counts, a white ring the score of the self-assessment. A dashed line is the required score;
bars below it are hatched.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from standards.framework import Percentage, read_percentage

if TYPE_CHECKING:
    from reports.charts.canvas import Canvas, Position

WIDTH, SCORES, NAMES = 363.0, 42.0, 150.0
"""128 mm in points, the width of the scores at the right, and of the names at the left."""
AXIS, LEADING, SIZE, BAR = 13.0, 9.4, 8.2, 9.5
"""The height of the axis, of a line of a name, of its letters, and of a bar."""
GAP = 5.0
"""The distance between a name and its bar."""
TENTH = (WIDTH - SCORES - NAMES) / 1000


@dataclass(frozen=True, slots=True)
class ScoreBar:
    """A row: its name, the score that counts and the self-score in tenths of a per cent, and the score as text."""

    name: str
    tenths: int | None
    self_score: int | None
    text: str
    is_below: bool
    language: str = ""
    """The language of the name if it differs from the document's."""


def draw_charts(document: dict[str, Any]) -> dict[str, str]:
    """Return every chart of a report by name: `domains`, and the code of each domain."""
    summary = document["summary"]
    line = None if summary["line"] is None else read_percentage(str(summary["line"]))
    bars = [_bar(row) for row in summary["domains"]]
    charts = {"domains": draw_scores(bars, line=line, title=summary["chart_title"])}
    for part in document["domains"]:
        bars = [_bar(row) for row in part["standards"]]
        charts[part["code"]] = draw_scores(bars, line=line, title=part["chart_title"], name=part["code"])
    return charts


def _bar(row: dict[str, Any]) -> ScoreBar:
    title = row["title"]
    return ScoreBar(
        name=f"{row['code']}  {title['text']}",
        tenths=row["score"]["tenths"],
        self_score=row["self_score"]["tenths"],
        text=row["score"]["text"],
        is_below=row["is_below"],
        language=title["language"],
    )


def draw_scores(bars: Sequence[ScoreBar], *, line: Percentage | None, title: str, name: str = "domains") -> str:
    """Return the SVG of the bars, each in a row that is as high as its wrapped name."""
    from reports.charts.canvas import Canvas, wrap

    names = [wrap(bar.name, NAMES - GAP, SIZE, indent="\u2003") for bar in bars]
    heights = [max(15.5, len(lines) * LEADING + 6) for lines in names]
    canvas = Canvas(WIDTH, AXIS + sum(heights) + 2, size=SIZE)
    for step in range(0, 101, 20):
        canvas.write(NAMES + step * 10 * TENTH, 8, str(step), size=7, align="center", colour="ink-soft")
    top = AXIS
    for bar, lines, tall in zip(bars, names, heights, strict=True):
        middle = top + tall / 2
        for place, text in enumerate(lines):
            y = middle + 2.6 + (place - (len(lines) - 1) / 2) * LEADING
            canvas.write(0, y, text, language=bar.language)
        _draw_row(canvas, bar, middle)
        top += tall
    if line is not None:
        x = NAMES + float(line) * 10 * TENTH
        canvas.line([(x, AXIS - 2), (x, canvas.height - 1)], colour="ink", width=0.9, dashes=(2.5, 2))
    return canvas.svg(title=title, name=name, width=f"{canvas.width:g}pt", height=f"{canvas.height:g}pt")


def _draw_row(canvas: "Canvas", bar: ScoreBar, middle: float) -> None:
    top = middle - BAR / 2
    if bar.tenths is None:
        canvas.write(NAMES, middle + 2.6, bar.text, colour="ink-soft")
    else:
        canvas.rectangle(NAMES, top, 1000 * TENTH, BAR, fill="sunk")
        if bar.is_below:
            _hatch(canvas, NAMES, top, max(bar.tenths, 0) * TENTH)
        else:
            canvas.rectangle(NAMES, top, max(bar.tenths, 0) * TENTH, BAR, fill="petal")
        canvas.write(WIDTH, middle + 2.6, bar.text, align="right", weight=600)
    if bar.self_score is not None:
        canvas.circle(NAMES + max(bar.self_score, 0) * TENTH, middle, 3.1, fill="surface", stroke="ink", width=1.3)


def _hatch(canvas: "Canvas", x: float, y: float, width: float) -> None:
    """Draw brick-coloured stripes in a frame. They are shapes, as some PDF readers do not show an SVG pattern."""
    canvas.rectangle(x, y, width, BAR, fill="surface")
    stripes: list[list[Position]] = []
    step, thick = 5.0, 3.0
    start = -BAR
    while start < width:
        # Stripes are at 45 degrees, clipped at both ends.
        stripe = _cut([(start, BAR), (start + thick, BAR), (start + thick + BAR, 0), (start + BAR, 0)], width)
        if len(stripe) > 2:
            stripes.append([(x + a, y + b) for a, b in stripe])
        start += step
    if stripes:
        canvas.polygons(stripes, fill="brick")
    canvas.rectangle(x, y, width, BAR, stroke="brick", width=0.6)


def _cut(corners: "list[Position]", width: float) -> "list[Position]":
    """Clip a polygon to 0 <= x <= width, by the Sutherland-Hodgman algorithm."""
    sides: tuple[tuple[float, Callable[[float], bool]], ...] = ((0.0, lambda a: a >= 0), (width, lambda a: a <= width))
    for edge, inside in sides:
        inside_points: list[Position] = []
        for (ax, ay), (bx, by) in zip([corners[-1], *corners[:-1]], corners, strict=True) if corners else ():
            if inside(ax) != inside(bx):
                inside_points.append((edge, ay + (by - ay) * (edge - ax) / (bx - ax)))
            if inside(bx):
                inside_points.append((bx, by))
        corners = inside_points
    return corners
