"""A drawing made of matplotlib's artists, and the SVG that is written of it: `Figure` alone, never pyplot.

The SVG carries a title and keeps text as text. It holds attributes instead of styles, so that it may stand in a page
under a strict content policy as well as on paper, and classes, by which a style sheet gives it the colours of a theme.
The only ids are made of the chart's name. The same drawing gives the same bytes.

This module loads matplotlib; whoever draws imports it when something is drawn.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D

from reports.charts.style import tokens

SVG = "http://www.w3.org/2000/svg"
FAMILY = "Source Sans 3"
_FONTS = Path(__file__).parent.parent / "fonts"
_FILES = {400: _FONTS / "SourceSans3-Regular.ttf", 600: _FONTS / "SourceSans3-SemiBold.ttf"}

_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
_SPOTS = {"M": 1, "L": 1, "C": 3, "z": 0}
"""How many places follow a command of a path."""
_AS_IT_IS = {("text-anchor", "start"), ("stroke-dashoffset", "0"), ("font-family", f"'{FAMILY}'")}
"""Attributes that say what holds without them, or is said once at the root."""

# Set once in a process: text stays text, a dash is as long as it is given, names do not change from run to run.
mpl.rcParams.update({"svg.hashsalt": "116000", "svg.fonttype": "none", "lines.scale_dashes": False})

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (2.2, Char) does not allow in a document, such as the vertical tab that a text pasted from Word may hold."""

Spot = tuple[float, float]


def as_xml_text(text: str) -> str:
    """Return the text with a space for each character that no XML document may contain."""
    return _NOT_IN_XML.sub(" ", text)


@lru_cache(maxsize=4096)
def measure(text: str, size: float, weight: int = 400) -> float:
    """How wide a text is. Kept: it takes as long as drawing a shape, and years and counts come again."""
    width, _height, _descent = text_to_path.get_text_width_height_descent(text, _font(size, weight), ismath=False)
    return float(width)


def wrap(text: str, width: float, size: float, *, indent: str = "") -> list[str]:
    """The lines of a text that are not wider than this, as far as its words are not; from the second on indented."""
    first, *words = as_xml_text(text).split(" ")
    lines = [first]
    for word in words:
        longer = f"{lines[-1]} {word}"
        if measure(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(indent + word)
    return lines


class Canvas:
    """A drawing of `width` by `height` units, y downwards. What is drawn later lies above.

    Every method that draws takes the name of a colour, and `kind`, the classes of what is drawn. matplotlib knows neither
    classes nor the language of a text, but writes an id on the group around each thing: they travel in it.
    """

    def __init__(self, width: float, height: float, *, size: float) -> None:
        self.width, self.height, self.size = width, height, size
        self._figure = Figure(figsize=(width / 72, height / 72), dpi=72)
        self._figure.patch.set_visible(False)
        self._transform = Affine2D().scale(1, -1).translate(0, height)
        self._count = 0

    def write(
        self,
        x: float,
        y: float,
        text: str,
        *,
        colour: str = "ink",
        kind: str = "",
        align: str = "left",
        weight: int = 400,
        size: float = 0,
        language: str = "",
    ) -> None:
        """One line of text from, around or up to (`align`) a place on its base line."""
        # matplotlib would read what stands between two dollar signs as a formula
        artist = self._figure.text(x, y, as_xml_text(text), ha=align, color=tokens()[colour], parse_math=False)
        artist.set_fontproperties(_font(size or self.size, weight))
        self._place(artist, kind, language)

    def line(
        self, spots: Sequence[Spot], *, colour: str, width: float, dashes: Sequence[float] = (), kind: str = ""
    ) -> None:
        xs, ys = zip(*spots, strict=True)
        artist = Line2D(xs, ys, color=tokens()[colour], linewidth=width, solid_capstyle="butt")
        if dashes:
            artist.set_dashes(dashes)
        self._add(artist, kind)

    def polygons(
        self,
        polygons: Sequence[Sequence[Spot]],
        *,
        fill: str = "",
        stroke: str = "",
        width: float = 1,
        kind: str = "",
    ) -> None:
        """One shape of one or more closed outlines, each given by its corners."""
        closed = [Outline([*corners, corners[0]], closed=True) for corners in polygons]
        self._outline(Outline.make_compound_path(*closed), fill, stroke, width, kind)

    def rectangle(
        self,
        x: float,
        y: float,
        wide: float,
        tall: float,
        *,
        fill: str = "",
        stroke: str = "",
        width: float = 1,
        kind: str = "",
    ) -> None:
        corners = [(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall)]
        self.polygons([corners], fill=fill, stroke=stroke, width=width, kind=kind)

    def circle(
        self, x: float, y: float, radius: float, *, fill: str, stroke: str, width: float = 1, kind: str = ""
    ) -> None:
        """Of four curves: matplotlib's own has eight, and looks the same."""
        outline = Outline.arc(0, 360, 4).transformed(Affine2D().scale(radius).translate(x, y))
        self._outline(outline, fill, stroke, width, kind)

    def _outline(self, outline: Outline, fill: str, stroke: str, width: float, kind: str) -> None:
        face, edge = (tokens()[colour] if colour else "none" for colour in (fill, stroke))
        self._add(PathPatch(outline, facecolor=face, edgecolor=edge, linewidth=width, joinstyle="round"), kind)

    def _add(self, artist: Artist, kind: str) -> None:
        self._figure.add_artist(artist)
        self._place(artist, kind)

    def _place(self, artist: Artist, kind: str, language: str = "") -> None:
        self._count += 1
        artist.set(transform=self._transform, zorder=self._count, gid=f"{kind}|{language}")

    def svg(self, *, title: str, name: str, language: str = "", **attributes: str) -> str:
        """The drawing as markup. `name` is the chart's own on its page, `language` that of the title if it has its own."""
        written = StringIO()
        FigureCanvasSVG(self._figure).print_svg(written, metadata=_NO_METADATA)  # type: ignore[no-untyped-call] # not annotated by matplotlib
        root = ElementTree.fromstring(written.getvalue())  # noqa: S314 - our own, written in the line before
        plain = ElementTree.Element(
            "svg",
            {
                "xmlns": SVG,
                "viewBox": f"0 0 {self.width:g} {self.height:g}",
                "role": "img",
                "aria-labelledby": f"chart-{name}",
                "font-family": f"'{FAMILY}'",
                "font-size": f"{self.size:g}px",
                "stroke-linejoin": "round",
                **attributes,
            },
        )
        own = {"lang": language} if language else {}
        ElementTree.SubElement(plain, "title", {"id": f"chart-{name}", **own}).text = as_xml_text(title)
        said = {*_AS_IT_IS, ("font-size", f"{self.size:g}px")}
        plain.extend(leaf for group in root.iter(f"{{{SVG}}}g") for leaf in _leaves(group, said))
        return ElementTree.tostring(plain, encoding="unicode")


@cache
def _font(size: float, weight: int) -> FontProperties:
    return FontProperties(family=FAMILY, size=size, weight=weight, fname=str(_FILES[weight]))


def _leaves(group: ElementTree.Element, said: set[tuple[str, str]]) -> list[ElementTree.Element]:
    """What is drawn in a group, without the group; its style as attributes, except for what is `said` already."""
    kind, _, language = group.get("id", "").partition("|")
    leaves = []
    for element in group:
        tag = element.tag.removeprefix(f"{{{SVG}}}")
        if tag not in ("path", "text"):
            continue
        declared = (declaration.partition(":") for declaration in element.attrib["style"].split(";"))
        style = {key.strip(): value.strip() for key, _, value in declared}
        given = {"class": kind, "lang": language if tag == "text" else ""}
        given |= {key: element.attrib[key] for key in ("x", "y") if key in element.attrib}
        if tag == "path":
            given["d"] = _relative(element.attrib["d"])
        given |= {key: value for key, value in style.items() if (key, value) not in said}
        leaf = ElementTree.Element(tag, {key: value for key, value in given.items() if value})
        leaf.text = element.text
        leaves.append(leaf)
    return leaves


def _relative(outline: str) -> str:
    """The same path, each step from the one before: equal shapes are written alike wherever they stand, and pack small.

    matplotlib writes moves, lines, curves and closings, in absolute places. A hundredth of a unit is not seen.
    """
    written, words = "", iter(outline.split())
    x = y = 0.0
    for command in words:
        spots = [(float(next(words)), float(next(words))) for _ in range(_SPOTS[command])]
        if command == "M":
            x = y = 0.0
        written += command if command == "M" else command.lower()
        written += " ".join(f"{round(a - x, 2):g} {round(b - y, 2):g}" for a, b in spots)
        x, y = spots[-1] if spots else (x, y)
    return written
