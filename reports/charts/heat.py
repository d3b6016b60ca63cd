"""A heat map: a row of cells for each name. Each cell has a number, and the lower it is, the darker its background.

As the numbers are written, the map can be read without its colours. A cell without a number is an outline with a dash.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.charts.cached import CachedChart, draw_or_read
from reports.charts.style import FAMILY, WIDTH

if TYPE_CHECKING:
    from reports.charts.canvas import Canvas, Position

SIZE, ROW, HEAD, NAMES, GAP = 11.0, 17.0, 18.0, 34.0, 1.5
"""The font size, the height of a row and of the head, the width of the names, and the gap between two cells."""
TEXT = WIDTH * 0.75
"""The width of the title and the notes. It leaves room for a wider font, in which a downloaded map may be shown."""
KEY = 16.0
"""The height of a line of the legend below the map."""
STEPS = (0, 1, 2, 3)
"""The steps of the background, from the one of the lowest numbers."""


@dataclass(frozen=True, slots=True)
class HeatMapCell:
    """A cell: its number as text, and the step of its background, or None without a number. A strong one is in bold."""

    text: str
    step: int | None
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class HeatMap(CachedChart):
    """A heat map. A row of `rows` has a name and a cell for each column.

    `grounds` has the legend of each step of the background, from the lowest. `notes` are printed below the legend, each
    on its own line or lines.
    """

    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[HeatMapCell]]]
    grounds: Sequence[str]
    notes: Sequence[str]
    title: str
    name: str

    def draw(self) -> str:
        """Return the SVG. As it is also downloaded as a file, it names a generic font, which every viewer has."""
        canvas = self._canvas()
        size = {"width": f"{canvas.width:g}", "height": f"{canvas.height:g}"}
        return canvas.svg(title=self.title, name=self.name, **size, **{"font-family": f"'{FAMILY}', sans-serif"})

    def draw_png(self) -> bytes:
        return self._canvas().png()

    def draw_png_once(self) -> bytes:
        """Return the cached PNG, or draw and cache it."""
        return draw_or_read(f"{self.key}-png", self.draw_png)

    def _canvas(self) -> "Canvas":
        from reports.charts.canvas import Canvas, wrap

        title, notes = (
            wrap(self.title, TEXT, SIZE + 2),
            [line for note in self.notes for line in wrap(note, TEXT, SIZE)],
        )
        under = HEAD * (len(title) + 1) + ROW * len(self.rows)
        canvas = Canvas(WIDTH, under + KEY * (len(self.grounds) + len(notes)) + 2 * GAP + KEY / 2, size=SIZE)
        canvas.rectangle(0, 0, WIDTH, canvas.height, fill="surface")
        for number, line in enumerate(title):
            canvas.write(0, HEAD * number + 13, line, weight=600, size=SIZE + 2)
        top = HEAD * len(title)
        self._draw_grounds(canvas, top + HEAD)
        for number, column in enumerate(self.columns):
            canvas.write(self._left(number) + self._cell_width / 2, top + 13, column, align="center", weight=600)
        for number, (name, cells) in enumerate(self.rows):
            self._write_row(canvas, top + HEAD + ROW * number + 12, name, cells)
        self._draw_key(canvas, under + KEY / 2, notes)
        return canvas

    @property
    def _cell_width(self) -> float:
        """The width of a cell with the gap next to it."""
        return (WIDTH - NAMES) / max(len(self.columns), 1)

    def _left(self, column: int) -> float:
        return NAMES + self._cell_width * column

    def _draw_grounds(self, canvas: "Canvas", top: float) -> None:
        """Draw the cells of each step as one shape, so that a map of 300 rows has at most five."""
        from reports.charts.canvas import corners_of

        grounds: dict[int | None, list[list[Position]]] = {}
        for row, (_name, cells) in enumerate(self.rows):
            for column, cell in enumerate(cells):
                corners = corners_of(self._left(column), top + ROW * row, self._cell_width - GAP, ROW - GAP)
                grounds.setdefault(cell.step, []).append(corners)
        for step in STEPS:
            if step in grounds:
                canvas.polygons(grounds[step], fill=f"level-{step}", stroke="line-control", width=0.3)
        if None in grounds:
            canvas.polygons(grounds[None], fill="surface", stroke="line-control", width=0.6)

    def _write_row(self, canvas: "Canvas", y: float, name: str, cells: Sequence[HeatMapCell]) -> None:
        canvas.write(0, y, name)
        for column, cell in enumerate(cells):
            colour = "ink-soft" if cell.step is None else f"on-level-{cell.step}"
            middle, weight = self._left(column) + (self._cell_width - GAP) / 2, 600 if cell.is_strong else 400
            canvas.write(middle, y, cell.text, align="center", colour=colour, weight=weight)

    def _draw_key(self, canvas: "Canvas", top: float, notes: Sequence[str]) -> None:
        for number, (step, text) in enumerate(zip(STEPS, self.grounds, strict=True)):
            y = top + KEY * number
            canvas.rectangle(0, y, KEY - 4, KEY - 4, fill=f"level-{step}", stroke="line-control", width=0.3)
            canvas.write(KEY + 2, y + 10, text)
        for number, line in enumerate(notes, start=len(self.grounds)):
            canvas.write(0, top + KEY * number + 10, line, colour="ink-soft")
