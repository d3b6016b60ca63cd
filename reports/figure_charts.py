"""Charts of figures as SVG for a page: lines over years and bars side by side, each beside its own table.

Drawn without matplotlib, in a few milliseconds, because a page holds many of them. Every shape carries a class, by
which the site's style sheet gives it the colours of the theme, and the light colour as an attribute for where no style
sheet stands. What is missing is a gap and never zero; what was estimated is hollow; a series has a shape of its own.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils.safestring import SafeString, mark_safe

from reports.charts import SVG, tokens

Number = int | float | Decimal | Fraction

WIDTH, HEIGHT = 320.0, 180.0
LEFT, RIGHT, TOP, FOOT = 8.0, 14.0, 30.0, 24.0
ROW, BAR, NAMES, VALUES = 35.0, 10.0, 0.0, 66.0
LETTER = 6.9
"""How wide a letter of 13 units is, about: what is written beside another thing must not run into it."""

SHAPES = ("dot", "square", "diamond", "triangle")
DASHES = ("", "6 4", "2 3", "8 3 2 3")


_Spot = tuple[float, float]
_Box = tuple[float, float, float]
"""From and to, and the height of a text that is written."""
ABOVE, BELOW, BESIDE = -9.0, 19.0, 8.0
"""Where a value stands from its mark."""
CLOSE = 24.0
"""Marks nearer than this share what is written between and about them."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value at a place on the line. `text` is the value as it is written; `starts_anew` keeps it from being joined."""

    value: Number | None
    text: str = ""
    is_hollow: bool = False
    """Estimated, about, or in doubt: said in the table too."""
    starts_anew: bool = False
    """Counted otherwise than the point before, so that no line may lead from one to the other."""


@dataclass(frozen=True, slots=True)
class Series:
    """The points of one thing, one for each label of the chart, in their order."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: its name, its value (None draws no bar), the value as it is written, and the middle half of the others."""

    name: str
    value: Number | None
    text: str
    middle: tuple[Number, Number] | None = None
    is_hollow: bool = False


def line_chart(
    labels: Sequence[str], series: Sequence[Series], *, title: str, name: str, language: str = ""
) -> SafeString:
    """Values over the labels, from zero up. `name` makes the ids of the page's charts different from each other.

    `language` is that of the title where it is another than the page's.
    """
    most = max((float(p.value) for one in series for p in one.points if p.value is not None), default=0) or 1.0
    tall = HEIGHT + (16 * len(series) if len(series) > 1 else 0)
    svg = _canvas(WIDTH, tall, title, name, language)
    bottom = HEIGHT - FOOT
    xs = [_place(number, len(labels)) for number in range(len(labels))]
    _shape(svg, "path", "chart-axis", d=f"M{LEFT} {bottom}H{WIDTH - RIGHT + 6}", stroke="line-control")
    for number in _labelled(labels):
        _write(svg, xs[number], HEIGHT - 7, labels[number], "chart-soft", anchor="middle")
    drawn: list[list[float | None]] = []
    for number, one in enumerate(series):
        heights: list[float | None] = [
            None if p.value is None else bottom - (bottom - TOP) * float(p.value) / most for p in one.points
        ]
        for start, end in _runs(one.points):
            steps = " L".join(f"{xs[at]:.1f} {heights[at]:.1f}" for at in range(start, end))
            _shape(
                svg,
                "path",
                f"chart-line chart-{number % 4}",
                d=f"M{steps}",
                fill="none",
                stroke=_colour(number),
                **{"stroke-width": "2", "stroke-dasharray": DASHES[number % 4]},
            )
        for at, point in enumerate(one.points):
            height = heights[at]
            if height is not None:
                _mark(svg, xs[at], height, number, point)
        drawn.append(heights)
        if len(series) > 1:
            y = HEIGHT + 16 * number + 8
            _mark(svg, LEFT + 8, y, number, Point(1))
            _write(svg, LEFT + 20, y + 4, one.name, "chart-ink")
    _write_values(svg, series, xs, drawn)
    return _serialize(svg)


def bar_chart(bars: Sequence[Bar], *, title: str, name: str, maximum: Number | None = None) -> SafeString:
    """Rows from zero to `maximum`, by default the largest value: the name above, the value at the right."""
    known = [float(value) for bar in bars for value in (bar.value, *(bar.middle or ())) if value is not None]
    whole = float(maximum) if maximum is not None else max(known, default=0)
    scale = (WIDTH - VALUES) / (whole or 1.0)
    svg = _canvas(WIDTH, ROW * len(bars) + 2, title, name)
    for number, bar in enumerate(bars):
        top = ROW * number
        y = top + 18
        _write(svg, NAMES, top + 13, bar.name, "chart-ink")
        if bar.value is None:
            _write(svg, NAMES, y + 11, bar.text, "chart-soft")
            continue
        _rect(svg, 0, y, WIDTH - VALUES, "chart-ground", fill="sunk")
        if bar.value:
            if bar.is_hollow:
                _rect(svg, 0.75, y + 0.75, float(bar.value) * scale, "chart-hollow", fill="surface", stroke="petal")
            else:
                _rect(svg, 0, y, float(bar.value) * scale, "chart-bar", fill="petal")
        if bar.middle:
            low, high = (float(value) * scale for value in bar.middle)
            d = f"M{low:.1f} {y - 2}V{y + BAR + 2}M{low:.1f} {y + BAR / 2}H{high:.1f}M{high:.1f} {y - 2}V{y + BAR + 2}"
            _shape(svg, "path", "chart-middle", d=d, fill="none", stroke="ink", **{"stroke-width": "1.4"})
        _write(svg, WIDTH, y + 9.5, bar.text, "chart-ink", anchor="end", weight="600")
    return _serialize(svg)


def _serialize(svg: Element) -> SafeString:
    """The markup of a chart; the serializer escapes every text and attribute in it."""
    return mark_safe(tostring(svg, encoding="unicode"))  # noqa: S308 - escaped by the serializer


def _place(number: int, count: int) -> float:
    inner = WIDTH - LEFT - RIGHT - 36
    return LEFT + 22 + (inner * number / (count - 1) if count > 1 else inner / 2)


def _labelled(labels: Sequence[str]) -> Iterator[int]:
    """Which labels are written: as many as do not touch, from the last backwards, so that the newest has its own."""
    count, longest = len(labels), max(map(len, labels), default=0) * LETTER + 8
    apart = (_place(1, count) - _place(0, count)) if count > 1 else WIDTH
    step = max(1, math.ceil(longest / apart))
    yield from range((count - 1) % step, count, step)


def _runs(points: Sequence[Point]) -> Iterator[tuple[int, int]]:
    """From and to (exclusive) of the points that may be joined: two or more beside each other, counted alike."""
    cuts = [0]
    for at, (before, after) in enumerate(pairwise(points), 1):
        if before.value is None or after.value is None or after.starts_anew:
            cuts.append(at)
    for start, end in pairwise([*cuts, len(points)]):
        if end - start > 1:
            yield start, end


def _write_values(
    svg: Element, series: Sequence[Series], xs: Sequence[float], drawn: Sequence[Sequence[float | None]]
) -> None:
    """What is in doubt, the first, the last and the highest value in words, where there is room; the table has all.

    Each stands above or below its mark, whichever runs less into other marks and lines.
    """
    marks = [(x, y) for heights in drawn for x, y in zip(xs, heights, strict=True) if y is not None]
    lines = [
        ((xs[at], a), (xs[at + 1], b))
        for one, heights in zip(series, drawn, strict=True)
        for start, end in _runs(one.points)
        for at, (a, b) in enumerate(pairwise(heights[start:end]), start)
        if a is not None and b is not None
    ]
    taken: list[_Box] = []
    for one, heights in zip(series, drawn, strict=True):
        for at in _described(one.points, heights):
            half, height = len(one.points[at].text) * LETTER / 2, heights[at] or 0.0
            near = [y - height for x, y in marks if x == xs[at] and 0 < abs(y - height) < CLOSE]
            found = [
                (_overlap_cost(place, height, near) + _overlaps(place, marks, lines), place)
                for place in _places(xs[at], height, half)
                if place[2] < HEIGHT - FOOT and not any(_overlap(place, other) for other in taken)
            ]
            if found:
                place = min(found, key=lambda choice: choice[0])[1]
                middle = (place[0] + place[1]) / 2
                _write(
                    svg, middle, place[2], one.points[at].text, "chart-ink chart-value", anchor="middle", weight="600"
                )
                taken.append(place)


def _places(x: float, height: float, half: float) -> Iterator[_Box]:
    """Above and below a mark, else at its left and its right, within the drawing."""
    middle = min(max(x, half), WIDTH - half)
    yield middle - half, middle + half, height + ABOVE
    yield middle - half, middle + half, height + BELOW
    if x - 2 * half > BESIDE:
        yield x - BESIDE - 2 * half, x - BESIDE, height + 4
    if x + 2 * half < WIDTH - BESIDE:
        yield x + BESIDE, x + BESIDE + 2 * half, height + 4


def _overlap_cost(place: _Box, height: float, near: Sequence[float]) -> int:
    """A value on the far side of another mark would be taken for that one's; beside its own it is harder to find."""
    if abs(place[2] - height) < -ABOVE:
        return 2
    return 6 * sum((away > 0) == (place[2] > height) for away in near)


def _described(points: Sequence[Point], heights: Sequence[float | None]) -> Iterator[int]:
    known = [at for at, height in enumerate(heights) if height is not None and points[at].text]
    if known:
        doubtful = [at for at in known if points[at].is_hollow]
        highest = min(known, key=lambda at: heights[at] or 0.0)
        yield from dict.fromkeys([*doubtful, known[0], known[-1], highest])


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] <= other[1] and other[0] <= one[1] and abs(one[2] - other[2]) <= 14


def _overlaps(place: _Box, marks: Sequence[_Spot], lines: Sequence[tuple[_Spot, _Spot]]) -> int:
    """How much a text would run into: a mark hides more of it than a line."""
    left, right, y = place

    def covers(x: float, height: float) -> bool:
        return left - 4 <= x <= right + 4 and y - 14 <= height <= y + 5

    steps = [n / 16 for n in range(17)]
    crossed = sum(any(covers(a + (c - a) * n, b + (d - b) * n) for n in steps) for (a, b), (c, d) in lines)
    return 3 * sum(covers(*mark) for mark in marks) + crossed


def _canvas(width: float, height: float, title: str, name: str, language: str = "") -> Element:
    svg = Element(
        "svg",
        {
            "xmlns": SVG,
            "viewBox": f"0 0 {width:g} {height:g}",
            "class": "chart",
            "role": "img",
            "aria-labelledby": f"chart-{name}",
            "font-size": "13",
        },
    )
    own = {"lang": language} if language else {}
    SubElement(svg, "title", {"id": f"chart-{name}", **own}).text = title
    return svg


def _colour(number: int) -> str:
    return ("petal", "ink", "leaf", "petal-strong")[number % 4]


def _shape(svg: Element, tag: str, kind: str, **given: str) -> None:
    colour = tokens()
    SubElement(svg, tag, {"class": kind, **{key: colour.get(value, value) for key, value in given.items() if value}})


def _rect(svg: Element, x: float, y: float, width: float, kind: str, **given: str) -> None:
    box = {"x": f"{x:g}", "y": f"{y:g}", "width": f"{width:.1f}", "height": f"{BAR:g}"}
    _shape(svg, "rect", kind, **box, **given)


def _mark(svg: Element, x: float, y: float, number: int, point: Point) -> None:
    """Each series by its own shape; hollow where the value is not exact."""
    r = 3.6
    outline = {
        "dot": f"M{x - r:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z",
        "square": f"M{x - r:.1f} {y - r:.1f}h{2 * r}v{2 * r}h{-2 * r}z",
        "diamond": f"M{x:.1f} {y - r - 1:.1f}l{r + 1} {r + 1}l{-r - 1} {r + 1}l{-r - 1} {-r - 1}z",
        "triangle": f"M{x - r:.1f} {y + r:.1f}l{r} {-2 * r}l{r} {2 * r}z",
    }[SHAPES[number % 4]]
    kind = f"chart-point chart-{number % 4}" + (" is-hollow" if point.is_hollow else "")
    fill = "surface" if point.is_hollow else _colour(number)
    _shape(svg, "path", kind, d=outline, fill=fill, stroke=_colour(number), **{"stroke-width": "1.6"})


def _write(svg: Element, x: float, y: float, text: str, kind: str, *, anchor: str = "start", weight: str = "") -> None:
    given = {"class": kind, "x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor}
    if weight:
        given["font-weight"] = weight
    given["fill"] = tokens()["ink-soft" if kind == "chart-soft" else "ink"]
    SubElement(svg, "text", given).text = text
