"""Charts of a composed document as SVG: `Figure` alone, never pyplot; the same scores give the same bytes.

The SVG carries a title, keeps text as text, and holds attributes instead of styles, so that it may stand in a page
under a strict content policy as well as on paper. The flower's colours are read from the paper's own style sheet.
"""

import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

HERE = Path(__file__).parent
FONT = HERE / "fonts" / "SourceSans3-Regular.ttf"
FAMILY = ["Source Sans 3", "DejaVu Sans"]
SVG = "http://www.w3.org/2000/svg"

WIDTH, SCORES = 363.0, 42.0
"""128 mm in points, and the column of the numbers at the right."""
AXIS, LEADING, SIZE = 13.0, 9.4, 8.2

_LANGUAGE = "lang-"
"""Matplotlib knows no language of a text, but writes its id on the group around it."""

TOKEN = re.compile(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})\b")


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: its name, what counts and the hotline's own word in tenths of a per cent, and the score as written."""

    name: str
    tenths: int | None
    self_score: int | None
    text: str
    is_below: bool
    language: str = ""
    """The language of the name where it is another than the document's."""


@cache
def tokens() -> dict[str, str]:
    """The colours of the paper by their names."""
    return dict(TOKEN.findall((HERE / "templates" / "reports" / "paper.css").read_text()))


def draw_charts(document: dict[str, Any]) -> dict[str, str]:
    """Every chart of a written document, by name: `domains`, and each domain's code."""
    summary = document["summary"]
    line = summary["line"]
    charts = {"domains": draw_bars([_bar(row) for row in summary["domains"]], line=line, title=summary["chart_title"])}
    for part in document["domains"]:
        bars = [_bar(row) for row in part["standards"]]
        charts[part["code"]] = draw_bars(bars, line=line, title=part["chart_title"], name=part["code"])
    return charts


def _bar(row: dict[str, Any]) -> Bar:
    title = row["title"]
    return Bar(
        name=f"{row['code']}  {title['text']}",
        tenths=row["score"]["tenths"],
        self_score=row["self_score"]["tenths"],
        text=row["score"]["text"],
        is_below=row["is_below"],
        language=title["language"],
    )


def draw_bars(bars: Sequence[Bar], *, line: int | None, title: str, name: str = "domains", left: float = 150) -> str:
    """Bars from 0 to 100: petal what counts, a white ring the hotline's word, brick hatch below the dashed line."""
    from matplotlib.figure import Figure
    from matplotlib.patches import Ellipse, Rectangle

    _settle()
    colour = tokens()
    names = [textwrap.wrap(bar.name, round(left / 4.15), subsequent_indent="\u2003") for bar in bars]
    heights = [max(15.5, len(lines) * LEADING + 6) for lines in names]
    height = AXIS + sum(heights) + 2
    figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(height, 0))
    axes.set_axis_off()
    figure.patch.set_visible(False)
    scale = (WIDTH - SCORES - left) / 1000

    def write(x: float, y: float, text: str, **style: Any) -> None:
        axes.text(x, y, text, fontproperties=_font(style.pop("size", SIZE), style.pop("weight", 400)), **style)

    def fill(x: float, y: float, width: float, **style: Any) -> None:
        axes.add_patch(Rectangle((x, y), width, 9.5, clip_on=False, **style))

    for step in range(0, 101, 20):
        write(left + step * 10 * scale, 8, str(step), size=7, ha="center", color=colour["ink-soft"])
    top = AXIS
    for bar, lines, tall in zip(bars, names, heights, strict=True):
        middle = top + tall / 2
        for place, text in enumerate(lines):
            y = middle + 2.6 + (place - (len(lines) - 1) / 2) * LEADING
            write(0, y, text, color=colour["ink"], gid=bar.language and f"{_LANGUAGE}{bar.language}")
        if bar.tenths is None:
            write(left, middle + 2.6, bar.text, color=colour["ink-soft"])
        else:
            fill(left, middle - 4.75, 1000 * scale, facecolor=colour["sunk"], edgecolor="none")
            if bar.is_below:
                _hatch(axes, left, middle - 4.75, bar.tenths * scale, colour["brick"], fill)
            else:
                fill(left, middle - 4.75, bar.tenths * scale, facecolor=colour["petal"], edgecolor="none")
            write(WIDTH, middle + 2.6, bar.text, ha="right", weight=600, color=colour["ink"])
        if bar.self_score is not None:
            ring = Ellipse((left + bar.self_score * scale, middle), 6.2, 6.2, clip_on=False)
            ring.set(facecolor=colour["surface"], edgecolor=colour["ink"], linewidth=1.3)
            axes.add_patch(ring)
        top += tall
    if line is not None:
        x = left + line * 10 * scale
        axes.plot([x, x], [AXIS - 2, height - 1], color=colour["ink"], linewidth=0.9, dashes=(2.8, 2.2), clip_on=False)
    return _write(figure, title=title, name=name)


def _hatch(axes: Any, x: float, y: float, width: float, brick: str, fill: Any) -> None:
    """Brick stripes in a frame, drawn as shapes of their own: a pattern would not survive every reader."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    fill(x, y, width, facecolor="#ffffff", edgecolor="none")
    corners: list[tuple[float, float]] = []
    step, thick, tall = 5.0, 3.0, 9.5
    start = -tall
    while start < width:
        # a stripe leans by its height; what sticks out at either end is cut off
        stripe = _cut([(start, tall), (start + thick, tall), (start + thick + tall, 0), (start + tall, 0)], width)
        if len(stripe) > 2:
            corners += [(x + a, y + b) for a, b in [*stripe, stripe[0]]]
            corners.append((float("nan"), float("nan")))
        start += step
    codes: list[Any] = []
    points: list[tuple[float, float]] = []
    begins = True
    for corner in corners:
        if corner[0] != corner[0]:
            codes[-1], begins = Outline.CLOSEPOLY, True
            continue
        points.append(corner)
        codes.append(Outline.MOVETO if begins else Outline.LINETO)
        begins = False
    if points:
        axes.add_patch(PathPatch(Outline(points, codes), facecolor=brick, edgecolor="none", clip_on=False))
    fill(x, y, width, facecolor="none", edgecolor=brick, linewidth=0.6)


def _cut(corners: list[tuple[float, float]], width: float) -> list[tuple[float, float]]:
    """A polygon between x = 0 and x = width, after Sutherland and Hodgman."""
    sides: tuple[tuple[float, Callable[[float], bool]], ...] = ((0.0, lambda a: a >= 0), (width, lambda a: a <= width))
    for edge, inside in sides:
        kept: list[tuple[float, float]] = []
        for (ax, ay), (bx, by) in zip([corners[-1], *corners[:-1]], corners, strict=True) if corners else ():
            if inside(ax) != inside(bx):
                kept.append((edge, ay + (by - ay) * (edge - ax) / (bx - ax)))
            if inside(bx):
                kept.append((bx, by))
        corners = kept
    return corners


# --- From a figure to an SVG that may stand anywhere --------------------------------------------------------------


@cache
def _settle() -> None:
    """Matplotlib's rules for SVG, set once in a process: text stays text, names do not change from run to run."""
    import matplotlib

    matplotlib.rcParams.update({"svg.hashsalt": "116000", "svg.fonttype": "none", "path.simplify": False})


@cache
def _font(size: float, weight: int) -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=FAMILY, size=size, weight=weight, fname=str(FONT) if FONT.exists() else None)


def _write(figure: Any, *, title: str, name: str) -> str:
    written = StringIO()
    figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    root = ElementTree.fromstring(written.getvalue())  # noqa: S314 - our own, written in the line before
    return _plain(root, title, name)


def _plain(root: ElementTree.Element, title: str, name: str) -> str:
    """Drop what matplotlib adds around the drawing, turn styles into attributes, and put the title first."""
    body = [child for child in root if child.tag not in (f"{{{SVG}}}metadata", f"{{{SVG}}}defs")]
    width, height = (root.attrib[key].removesuffix("pt") for key in ("width", "height"))
    plain = ElementTree.Element(
        "svg",
        {
            "xmlns": SVG,
            "viewBox": f"0 0 {width} {height}",
            "width": f"{width}pt",
            "height": f"{height}pt",
            "role": "img",
            "aria-labelledby": f"chart-{name}",
            "stroke-linejoin": "round",
        },
    )
    heading = ElementTree.SubElement(plain, "title", {"id": f"chart-{name}"})
    heading.text = title
    for child in body:
        plain.extend(_leaves(child))
    return ElementTree.tostring(plain, encoding="unicode")


def _leaves(element: ElementTree.Element, language: str = "") -> list[ElementTree.Element]:
    """The drawn things without the groups around them; a text keeps the language of its group."""
    tag = element.tag.removeprefix(f"{{{SVG}}}")
    if tag == "g":
        name = element.get("id", "")
        language = name.removeprefix(_LANGUAGE) if name.startswith(_LANGUAGE) else language
        return [leaf for child in element for leaf in _leaves(child, language)]
    if tag not in ("path", "text"):
        return []
    leaf = ElementTree.Element(tag, {key: value for key, value in element.attrib.items() if key not in ("id", "style")})
    for declaration in filter(None, element.attrib.get("style", "").split(";")):
        key, _, value = declaration.partition(":")
        leaf.set(key.strip(), value.strip().replace('"', "'"))
    if "d" in leaf.attrib:
        leaf.set("d", " ".join(leaf.attrib["d"].split()))
    if language and tag == "text":
        leaf.set("lang", language)
    leaf.text = element.text
    return [leaf]
