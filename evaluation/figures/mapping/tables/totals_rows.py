"""Read each row of a table of totals: its figures, or the reason why it is not read. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from evaluation.figures.dictionary.items import NOT_APPLICABLE, items
from evaluation.figures.formats import Opened, Unreadable
from evaluation.figures.mapping.cells.carried_cells import Cells, Gaps, Grid, rows_with_gaps
from evaluation.figures.mapping.cells.dates import is_year, read_day, read_period, whole_month
from evaluation.figures.mapping.cells.named_periods import MONTH, months_numbered
from evaluation.figures.mapping.cells.number_formats import normalize_number, unambiguous
from evaluation.figures.mapping.code_words import is_code
from evaluation.figures.mapping.column_mapping import LEFT_OUT, LONG, ColumnMapping, Period
from evaluation.figures.mapping.durations import read_as
from evaluation.figures.mapping.tables.row_answers import ABOVE, EMPTY_CELLS, answer_for, basis_of
from evaluation.figures.mapping.words.uses import LIST, open_dimensions, split_figure
from evaluation.figures.problems.file_problems import Problem

_CODES = ("code1", "code2")


Figure = tuple[str, Cells]


@dataclass(frozen=True, slots=True)
class Part:
    """One number of one cell of the export. `day` is set if the cell of the period has a day."""

    row: int
    place: int
    item: str
    codes: Cells
    period: Period
    day: date | None
    value: str
    quality: str
    column: str = ""
    """The label of its column in the export, for a problem."""


@dataclass(slots=True)
class SortedRows:
    """The numbers of all rows that are not empty, by treatment, and the parts read from them."""

    parts: list[Part] = field(default_factory=list)
    read: list[int] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    outside: list[int] = field(default_factory=list)
    gaps: list[Gaps] = field(default_factory=list)
    """Gaps that a user must explain before their rows can be sorted."""
    gaps_basis: str = ""
    """What an answer about the gaps is given for, answered or not."""
    left_out_figures: dict[Figure, int] = field(default_factory=dict)
    """Figures with a number in a left-out row, each with the first such row."""
    parts_outside: list[Part] = field(default_factory=list)
    """The parts of rows outside the period, which show whether numbers run on from one time to the next."""
    has_assumed_year: bool = False
    """Whether a row has no year and is read in the year of the chosen period."""
    alike: dict[int, int] = field(default_factory=dict)
    """Rows that equal an earlier one in every cell, with the number of that row."""


class TotalsRows:
    """The rows of an export under a mapping of its columns."""

    def __init__(
        self,
        mapping: ColumnMapping,
        names: Sequence[str],
        period: Period,
        column_label: Callable[[int, Cells], str] = lambda place, cells: "",
    ) -> None:
        """Find the columns of lists, period and year. `column_label` returns the label of a column for a problem."""
        self.mapping, self.names, self.period, self.column_label = mapping, tuple(names), period, column_label
        self.uses = tuple(mapping.use_of(name) for name in names)
        self._lists = {use.removeprefix(LIST): place for place, use in enumerate(self.uses) if use.startswith(LIST)}
        self._period_at, self._year_at = self._find("period"), self._find("year")
        self._months = MONTH if self._period_at is None else months_numbered(self.names[self._period_at])

    def find_missing_columns(self) -> list[Problem]:
        """Return the problems of a table without the columns that its shape requires."""
        if self.mapping.shape == LONG:
            wanted = {"item": "own_item_missing", "value": "own_value_missing"}
            return [Problem(code) for use, code in wanted.items() if use not in self.uses]
        return [] if any(map(split_figure, self.uses)) else [Problem("own_no_figures")]

    def sort(self, opened: Opened) -> SortedRows:
        """Return all rows by treatment. Raises Unreadable for an unreadable cell."""
        found = SortedRows()
        rows = list(opened.rows())
        filled, found.gaps = self._grid().carry(rows)
        with_gaps = set(rows_with_gaps(found.gaps))
        found.gaps_basis = basis_of(*((gap.place, len(gap.rows)) for gap in found.gaps))
        answer = answer_for(self.mapping, EMPTY_CELLS, found.gaps_basis)
        if answer == ABOVE and (unfillable := [gap for gap in found.gaps if gap.is_first_empty]):
            raise Unreadable(
                *(Problem("own_cell_empty", gap.rows[0], self.column_label(gap.place, ())) for gap in unfillable)
            )
        if answer:
            found.gaps = []
        first_of: dict[Cells, int] = {}
        for (number, cells), (_number, whole) in zip(rows, filled, strict=True):
            if number in with_gaps and answer != ABOVE:
                found.left_out.append(number)
            else:
                self._sort_row(number, whole, found)
            if (first := first_of.setdefault(cells, number)) != number:
                found.alike[number] = first
        return found

    def find_periods(self, opened: Opened) -> list[Period]:
        """Return the periods that the rows name, with the year in the same cell or in another column."""
        filled, _gaps = self._grid().carry(list(opened.rows()))
        if self._period_at is None:
            return []
        texts = {(cells[self._period_at], self._year_of(cells)) for _number, cells in filled}
        order = self.mapping.date_order
        return sorted({period for text, year in texts if (period := read_period(text, order, year, self._months))})

    def _find(self, use: str) -> int | None:
        return self.uses.index(use) if use in self.uses else None

    def _grid(self) -> Grid:
        is_long = self.mapping.shape == LONG
        times = [place for place in (self._year_at, self._period_at) if place is not None]
        lists = [] if is_long else list(self._lists.values())
        items = [place for place in (self._find("item"),) if is_long and place is not None]
        codes = [place for place in map(self._find, _CODES) if is_long and place is not None]
        return Grid(
            (*times, *items, *lists),
            (*times, *lists),
            (*times, *items, *lists, *codes),
            self._is_left_out,
            self._is_needed,
        )

    def _is_left_out(self, place: int, text: str) -> bool:
        use = self.uses[place].removeprefix(LIST)
        names = self.mapping.codes if use in _CODES else (use,)
        return any(self.mapping.codes.get(name, {}).get(text) == LEFT_OUT for name in names)

    def _is_needed(self, place: int, cells: Cells) -> bool:
        use = self.uses[place]
        if not use.startswith(LIST):
            return True
        name = use.removeprefix(LIST)
        return any(cells[at] and name in open_dimensions(figure) for at, figure in enumerate(self.uses))

    def _sort_row(self, row: int, cells: Cells, found: SortedRows) -> None:
        period, day = self.period, None
        if self._year_at is not None and cells[self._year_at] and not is_year(cells[self._year_at]):
            raise Unreadable(Problem("own_year_unreadable", row, self.column_label(self._year_at, cells)))
        if self._period_at is not None:
            text = cells[self._period_at]
            if self.mapping.codes.get("period", {}).get(text) == LEFT_OUT:
                self._leave_out(row, cells, found)
                return
            period, day = self._read_period(row, text, cells)
            found.has_assumed_year |= self._has_no_year(text, cells)
        elif self._year_at is not None and (year := self._year_of(cells)):
            period = date(year, 1, 1), date(year, 12, 31)
        else:
            found.has_assumed_year = True
        if not (self.period[0] <= period[0] and period[1] <= self.period[1]):
            found.outside.append(row)
            with suppress(Unreadable):  # what is not read may be unreadable
                found.parts_outside += self._read_parts(row, cells, period, day) or []
            return
        parts = self._read_parts(row, cells, period, day)
        if parts is None:
            self._leave_out(row, cells, found)
            return
        found.read.append(row)
        found.parts += parts

    def _read_parts(self, row: int, cells: Cells, period: Period, day: date | None) -> list[Part] | None:
        """Return the numbers of a row; None if a word leaves the row out."""
        figures = self._figures_of(row, cells)
        if figures is None:
            return None
        values = [(*figure, self._read_value(row, cells, figure[0], figure[1])) for figure in figures]
        return [
            Part(row, place, item, codes, period, day, value, quality, self.column_label(place, cells))
            for place, item, codes, value in values
            for quality in (self._quality(row, cells, value),)
        ]

    def _leave_out(self, row: int, cells: Cells, found: SortedRows) -> None:
        """Note a left-out row, and the figures whose only number may be in it: those that its words do not divide."""
        found.left_out.append(row)
        left = {name for name, place in self._lists.items() if self._is_left_out(place, cells[place])}
        for place, use in enumerate(self.uses):
            if (figure := split_figure(use)) and cells[place] and not left & set(open_dimensions(use)):
                found.left_out_figures.setdefault(figure, row)

    def _has_no_year(self, text: str, cells: Cells) -> bool:
        return self._year_of(cells) is None and read_period(text, self.mapping.date_order, None, self._months) is None

    def _year_of(self, cells: Cells) -> int | None:
        if self._year_at is None:
            return None
        return int(cells[self._year_at]) if is_year(cells[self._year_at]) else None

    def _read_period(self, row: int, text: str, cells: Cells) -> tuple[Period, date | None]:
        order, year = self.mapping.date_order, self._year_of(cells)
        if answer := self.mapping.codes.get("period", {}).get(text):
            period = self._confirmed_month(text, answer, year)
        else:
            period = read_period(text, order, year, self._months) or self._without_year(text)
        if period is None:
            raise Unreadable(Problem("own_date_unreadable", row, self.column_label(self._period_at or 0, cells)))
        return period, read_day(text, order)

    def _confirmed_month(self, text: str, month: str, year: int | None) -> Period | None:
        """Return the month that a user gave for a word, in the year of its cell, its row or the period."""
        written = re.search(r"(?:19|20)[0-9]{2}", text)
        return whole_month(int(written[0]) if written else year or self.period[0].year, int(month))

    def _without_year(self, text: str) -> Period | None:
        """Return the period of a cell without a year, in the chosen period's year, unless a column has years."""
        start, end = self.period
        if self._year_at is not None or start.year != end.year:
            return None
        return read_period(text, self.mapping.date_order, start.year, self._months)

    def _figures_of(self, row: int, cells: Cells) -> list[tuple[int, str, Cells]] | None:
        """Return the column, item and codes of each number of a row; None if a word leaves the row out."""
        if self.mapping.shape == LONG:
            return self._figure_of_long(row, cells)
        words = {name: self._translate(name, row, cells, place) for name, place in self._lists.items() if cells[place]}
        if LEFT_OUT in words.values():
            return None
        return list(self._figures_of_wide(cells, words))

    def _figures_of_wide(self, cells: Cells, words: Mapping[str, str]) -> Iterator[tuple[int, str, Cells]]:
        """Yield the column, item and codes of the figures of a row.

        A figure that is divided by a list whose cell is empty is left out, unless it has a number.
        """
        for place, use in enumerate(self.uses):
            wanted = open_dimensions(use)
            if (found := split_figure(use)) and (cells[place] or words.keys() >= set(wanted)):
                yield place, found[0], (*found[1], *(words.get(d, "") for d in wanted))

    def _figure_of_long(self, row: int, cells: Cells) -> list[tuple[int, str, Cells]] | None:
        figure = self._translate("item", row, cells, self.uses.index("item"))
        if figure == LEFT_OUT:
            return None
        item, codes = split_figure(figure) or ("", ())
        given = [place for place in map(self._find, _CODES) if place is not None and cells[place]]
        wanted = open_dimensions(figure)
        if len(given) > len(wanted):
            raise Unreadable(Problem("own_code_unexpected", row, self.column_label(given[-1], cells), item))
        rest = tuple(self._translate(d, row, cells, place) for d, place in zip(wanted, given, strict=False))
        return None if LEFT_OUT in rest else [(self.uses.index("value"), item, (*codes, *rest))]

    def _translate(self, name: str, row: int, cells: Cells, place: int) -> str:
        word = cells[place]
        if word in (known := self.mapping.codes.get(name, {})):
            return known[word]
        if is_code(word, name):
            return word
        raise Unreadable(
            Problem("own_word_unknown" if word else "own_cell_empty", row, self.column_label(place, cells))
        )

    def _read_value(self, row: int, cells: Cells, place: int, item: str) -> str:
        text = cells[place]
        if text in ("", NOT_APPLICABLE):
            return text
        if text in (known := self.mapping.codes.get("value", {})):
            return known[text]
        if items()[item].is_time:
            return self._read_time(row, cells, place, item)
        number = normalize_number(text, self.mapping.marks)
        if number is None:
            raise Unreadable(Problem("own_number_unreadable", row, self.column_label(place, cells)))
        return number if items()[item].is_count else unambiguous(number)

    def _read_time(self, row: int, cells: Cells, place: int, item: str) -> str:
        """Return a time in the unit of the dictionary, converted from the unit of its heading or figure."""
        heading = cells[self.uses.index("item")] if self.mapping.shape == LONG else self.names[place]
        time = read_as(cells[place], self.mapping.unit_of(heading), items()[item].unit, self.mapping.marks)
        if time is None:
            raise Unreadable(Problem("own_time_unreadable", row, self.column_label(place, cells)))
        return time

    def _quality(self, row: int, cells: Cells, value: str) -> str:
        if value in ("", NOT_APPLICABLE):
            return ""
        place = self._find("quality")
        if place is not None and cells[place]:
            return self._translate("quality", row, cells, place)
        return "estimated" if self.mapping.constants.get("completeness_note") == "estimated" else "measured"
