"""Turn a table whose months, quarters or years stand side by side: a row becomes one row for each of them.

The columns of a turned table are those that say what a row is about, `Period`, and the numbers: `Value`, or a column for
each figure that is beside or above the names of the months. A column that is a sum of others, such as `Total` or a
quarter beside its months, gets the word `TOTAL` in place of its period, which a user leaves out. So the names and words
of a sender's next file, of another year, are the same.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any

from evaluation.figures.dictionary.spelling import fold, possible_months
from evaluation.figures.formats import Limits, Opened, Source, TableLayout, Unreadable, open_file
from evaluation.figures.formats.frames import to_frame
from evaluation.figures.formats.opened import BETWEEN, CHUNK, Cells
from evaluation.figures.mapping.cells.dates import is_year, read_period
from evaluation.figures.mapping.cells.named_periods import whole_months
from evaluation.figures.mapping.cells.tokens import tokenize
from evaluation.figures.mapping.column_mapping import LEFT_OUT, Period
from evaluation.figures.mapping.column_profile import is_about_a_person, is_number
from evaluation.figures.mapping.words.vocabulary import find, words_for_codes
from evaluation.figures.problems.file_problems import Problem
from evaluation.figures.problems.screening import is_formula

ITEM, PERIOD, VALUES, TOTAL = "Item", "Period", ("Value", "Number"), "Total"
_ANY_YEAR = 2000
"""A leap year, in which months without a year are compared."""
_ROMANS = frozenset("IVX")


@dataclass(frozen=True, slots=True)
class _Across:
    """A column of numbers: its time as written, its period unless it is a sum, and the figure that its name adds."""

    place: int
    time: str
    period: Period | None
    figure: str


@dataclass(slots=True)
class _Moment:
    """The columns of one time: the place of each figure's numbers."""

    text: str
    places: dict[str, int] = field(default_factory=dict)


def open_export(source: Source, limits: Limits | None = None, layout: TableLayout | None = None) -> Opened:
    """Open a file; an export whose periods stand side by side is turned. Raises Unreadable with the problem.

    `layout` is where its table is, if a user chose it.
    """
    return turn(open_file(source, limits, layout))


def turn(opened: Opened) -> Opened:
    """Return the table with one period in each row, or the same table if its periods do not stand side by side."""
    if opened.is_published:
        return opened
    found = [across for place, name in enumerate(opened.names) if (across := _read_name(place, name))]
    periods = {across.period for across in found if across.period}
    has_year = len(periods) == 1 and next(iter(periods))[0].year != _ANY_YEAR
    return TurnedTable(opened, found) if len(periods) > 1 or has_year else opened


def _read_name(place: int, name: str) -> _Across | None:
    """Return what the name of a column says if it names a time or a sum, alone or beside a figure; else None."""
    parts = name.split(BETWEEN)
    ways = [(" ".join(parts), ""), (" ".join(reversed(parts)), "")]
    if len(parts) == 2:
        ways += [(parts[0], parts[1]), (parts[1], parts[0])]
    for time, figure in ways:
        if period := _read_time(time):
            return _Across(place, name, None, "") if _is_total(figure) else _Across(place, time, period, figure)
    for time, figure in ways:
        if _is_total(time):
            return _Across(place, time, None, figure)
    return None


def _read_time(text: str) -> Period | None:
    """Return the period that a name means. A number alone may be anything, and `IV` a month or a quarter."""
    if not text or (text.isdecimal() and not is_year(text)) or _ROMANS.issuperset(text):
        return None
    return read_period(text, "dmy", _ANY_YEAR) or read_period(text, "mdy", _ANY_YEAR) or _read_either_month(text)


def _read_either_month(text: str) -> Period | None:
    """Return one of the months that a word means in two languages, such as `Listopad`: which, a user is asked later."""
    words = fold(text).split()
    years = [word for word in words if is_year(word)]
    months = [possible_months().get(word, frozenset()) for word in words if word not in years]
    if len(months) != 1 or len(months[0]) < 2 or len(years) > 1:
        return None
    return whole_months(int(years[0]) if years else _ANY_YEAR, min(months[0]), 1)


def _is_total(text: str) -> bool:
    words = [word for word in tokenize(text) if not is_year(word)]
    return find(" ".join(words), words_for_codes("rows"))[0] == LEFT_OUT


def _without_sums(found: Sequence[_Across]) -> set[int]:
    """Return the places of the columns that are no sums of others: not totals, and not longer than a part of theirs."""
    years = {across.period[0].year for across in found if across.period} - {_ANY_YEAR}
    year = years.pop() if len(years) == 1 else _ANY_YEAR
    spans = {
        across: tuple(day.replace(year=year) if day.year == _ANY_YEAR else day for day in across.period)
        for across in found
        if across.period
    }
    return {
        across.place
        for across, span in spans.items()
        if not any(
            other.figure == across.figure and part != span and span[0] <= part[0] and part[1] <= span[1]
            for other, part in spans.items()
        )
    }


class TurnedTable(Opened):
    """A table with one period in each row. Several of its rows have the number of the same row of the file."""

    is_published = False
    is_turned = True

    def __init__(self, opened: Opened, found: Sequence[_Across]) -> None:
        """Store the table and its columns of numbers."""
        self.opened = opened
        self.top, self.names_row, self.sheet = opened.top, opened.names_row, opened.sheet
        self.is_cut = opened.is_cut
        across = {each.place for each in found}
        self._labels = [place for place in range(len(opened.names)) if place not in across]
        parts = _without_sums(found)
        moments: dict[str, _Moment] = {}
        for each in found:
            text = each.time if each.place in parts else TOTAL
            moments.setdefault(each.time, _Moment(text)).places[each.figure] = each.place
        self._moments = tuple(moments.values())
        self._figures = tuple(dict.fromkeys(each.figure for each in found))
        labels = [opened.names[place] or ITEM for place in self._labels]
        value = next(name for name in VALUES if name.lower() not in {label.lower() for label in labels})
        self.names = (*labels, PERIOD, *(figure or value for figure in self._figures))

    def rows(self) -> Iterator[tuple[int, Cells]]:
        repeated = 0
        without = 0
        for number, cells in self.opened.rows():
            if cells == self.opened.names:  # on top of the next page
                repeated += 1
                continue
            used = [place for moment in self._moments for place in moment.places.values() if cells[place]]
            if not used:  # a heading between rows, or a note below them
                without += 1
                continue
            for place in used:
                self._check(cells[place], number, place)
            labels = [cells[place] for place in self._labels]
            for moment in self._moments:
                numbers = (cells[moment.places[f]] if f in moment.places else "" for f in self._figures)
                yield number, (*labels, moment.text, *numbers)
        self.row_count, self.below = self.opened.row_count, self.opened.below
        self.empty_count = self.opened.empty_count + without + repeated

    def chunks(self, *, plain: Collection[str] = (), size: int = CHUNK) -> Iterator[Any]:
        columns = [name.lower() for name in self.names]
        rows = self.rows()
        while chunk := list(islice(rows, size)):
            yield to_frame(chunk, columns, plain)

    def file_column(self, place: int, cells: Cells = ()) -> int | None:
        if place < len(self._labels):
            return self._labels[place] + 1
        figure = self._figures[max(0, place - len(self._labels) - 1)]
        time = cells[len(self._labels)] if cells else ""
        return next((m.places[figure] + 1 for m in self._moments if m.text == time and figure in m.places), None)

    def _check(self, text: str, row: int, place: int) -> None:
        """Raise Unreadable for a cell that no export may have, with its own column."""
        if code := _find_wrong(text):
            raise Unreadable(Problem(code, row if code == "formula" else None, str(place + 1)))


@lru_cache(maxsize=4096)
def _find_wrong(text: str) -> str:
    if is_number(text):
        return ""
    if is_formula(text):
        return "formula"
    return "own_column_personal" if is_about_a_person(text[:1000]) else ""
