"""A drawing of matplotlib's artists, and its SVG. It uses `Figure` alone, never pyplot.

The SVG has a title, and its texts are text elements, not paths. It has attributes instead of styles, so that a page
with a strict content security policy may contain it, and classes, by which a style sheet sets the colours of a theme.
Its only id is derived from the chart's name. The same drawing gives the same bytes.

Importing this module imports matplotlib, which is slow. Other modules therefore import it when they draw a chart.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from io import BytesIO, StringIO
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D

from reports.charts.style import FAMILY, tokens

SVG = "http://www.w3.org/2000/svg"
_FONTS = Path(__file__).parent.parent / "fonts"
_FILES = {400: _FONTS / "SourceSans3-Regular.ttf", 600: _FONTS / "SourceSans3-SemiBold.ttf"}

_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
_POSITIONS_OF = {"M": 1, "L": 1, "C": 3, "z": 0}
"""The number of positions after each command of a path."""
_DEFAULTS = {("text-anchor", "start"), ("stroke-dashoffset", "0"), ("font-family", f"'{FAMILY}'")}
"""Attributes with the default value of SVG, or of the root element."""

# Set once per process: text is not converted to paths, dashes are not scaled, ids are the same in each run.
mpl.rcParams.update({"svg.hashsalt": "116000", "svg.fonttype": "none", "lines.scale_dashes": False})

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not allow (2.2, Char), such as the vertical tab of a text pasted from Word."""

Position = tuple[float, float]


def as_xml_text(text: str) -> str:
    """Return the text with a space for each character that no XML document may contain."""
    return _NOT_IN_XML.sub(" ", text)


@lru_cache(maxsize=4096)
def measure(text: str, size: float, weight: int = 400) -> float:
    """Return the width of a text. Cached: measuring takes as long as drawing a shape, and texts repeat."""
    width, _height, _descent = text_to_path.get_text_width_height_descent(text, _font(size, weight), ismath=False)
    return float(width)


def wrap(text: str, width: float, size: float, *, indent: str = "") -> list[str]:
    """Return the lines of a text wrapped at `width`, indented from the second on. Longer words are not broken."""
    first, *words = as_xml_text(text).split(" ")
    lines = [first]
    for word in words:
        longer = f"{lines[-1]} {word}"
        if measure(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(indent + word)
    return lines


def corners_of(x: float, y: float, wide: float, tall: float) -> list[Position]:
    """Return the corners of a rectangle."""
    return [(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall)]


class Canvas:
    """A drawing of `width` by `height` units, with y downwards. Later shapes cover earlier ones.

    The drawing methods take the name of a colour, and in `kind` the classes of the element. matplotlib supports neither
    classes nor the language of a text. Both are passed in the id of the group that it writes around each artist.
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
        """Draw one line of text. `align` is the position of (x, y) on its base line: left, center or right."""
        # Without `parse_math=False`, matplotlib parses text between two dollar signs as a formula.
        artist = self._figure.text(x, y, as_xml_text(text), ha=align, color=tokens()[colour], parse_math=False)
        artist.set_fontproperties(_font(size or self.size, weight))
        self._place(artist, kind, language)

    def line(
        self, positions: Sequence[Position], *, colour: str, width: float, dashes: Sequence[float] = (), kind: str = ""
    ) -> None:
        xs, ys = zip(*positions, strict=True)
        artist = Line2D(xs, ys, color=tokens()[colour], linewidth=width, solid_capstyle="butt")
        if dashes:
            artist.set_dashes(dashes)
        self._add(artist, kind)

    def polygons(
        self,
        polygons: Sequence[Sequence[Position]],
        *,
        fill: str = "",
        stroke: str = "",
        width: float = 1,
        kind: str = "",
    ) -> None:
        """Draw one shape of one or more closed polygons, each given by its corners."""
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
        self.polygons([corners_of(x, y, wide, tall)], fill=fill, stroke=stroke, width=width, kind=kind)

    def circle(
        self, x: float, y: float, radius: float, *, fill: str, stroke: str, width: float = 1, kind: str = ""
    ) -> None:
        """Draw a circle of four curves. The one of matplotlib has eight and looks the same."""
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
        """Return the SVG. `name` is unique on the page, `language` that of the title if it differs from the page's."""
        written = StringIO()
        canvas = FigureCanvasSVG(self._figure)
        canvas.print_svg(written, metadata=_NO_METADATA)  # type: ignore[no-untyped-call] # matplotlib gives it no type
        root = ElementTree.fromstring(written.getvalue())  # noqa: S314 - written in the line before
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
        defaults = {*_DEFAULTS, ("font-size", f"{self.size:g}px")}
        plain.extend(leaf for group in root.iter(f"{{{SVG}}}g") for leaf in _leaves(group, defaults))
        return ElementTree.tostring(plain, encoding="unicode")

    def png(self, *, scale: float = 2) -> bytes:
        """Return the drawing as a PNG of `scale` pixels per unit. Call it last: it changes the figure."""
        written = BytesIO()
        self._figure.set_dpi(72 * scale)
        self._transform.scale(scale)
        canvas = FigureCanvasAgg(self._figure)
        canvas.print_png(written, metadata={"Software": None})  # type: ignore[no-untyped-call] # nor this
        return written.getvalue()


@cache
def _font(size: float, weight: int) -> FontProperties:
    return FontProperties(family=FAMILY, size=size, weight=weight, fname=str(_FILES[weight]))


def _leaves(group: ElementTree.Element, defaults: set[tuple[str, str]]) -> list[ElementTree.Element]:
    """Return the paths and texts of a group, with their style as attributes, except for `defaults`."""
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
        given |= {key: value for key, value in style.items() if (key, value) not in defaults}
        leaf = ElementTree.Element(tag, {key: value for key, value in given.items() if value})
        leaf.text = element.text
        leaves.append(leaf)
    return leaves


def _relative(outline: str) -> str:
    """Return the path in relative coordinates, in which equal shapes are equal text and compress well.

    matplotlib writes M, L, C and z in absolute coordinates. They are rounded to hundredths of a unit.
    """
    written, words = "", iter(outline.split())
    x = y = 0.0
    for command in words:
        positions = [(float(next(words)), float(next(words))) for _ in range(_POSITIONS_OF[command])]
        if command == "M":
            x = y = 0.0
        written += command if command == "M" else command.lower()
        written += " ".join(f"{round(a - x, 2):g} {round(b - y, 2):g}" for a, b in positions)
        x, y = positions[-1] if positions else (x, y)
    return written
