"""A table of totals in a hotline's own shape, as rows of the published one: a row for each figure of the period. Pure."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from evaluation.crm.adding import add_periods
from evaluation.crm.dictionary import COLUMNS, NOT_APPLICABLE, items
from evaluation.crm.matching.days import months_in, read_period, whole_month
from evaluation.crm.matching.headings import UNITS
from evaluation.crm.matching.marks import plain
from evaluation.crm.matching.matched import Matched
from evaluation.crm.matching.meaning import LEFT_OUT, LONG, Period
from evaluation.crm.matching.times import as_hours, read_seconds
from evaluation.crm.matching.uses import LIST, open_dimensions, split_figure
from evaluation.crm.matching.wording import is_code
from evaluation.crm.opening import Unreadable
from evaluation.crm.problems import Problem

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Figure:
    """One number of one cell of the export."""

    row: int
    column: str
    item: str
    codes: Cells
    period: Period
    value: str
    quality: str


class MatchedTotals(Matched):
    """Figures of several months of the period are put together as the dictionary says, if none is missing."""

    names = COLUMNS

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """In the order of the export."""
        found: dict[tuple[str, Cells], list[_Figure]] = {}
        for figure in self._walk():
            found.setdefault((figure.item, figure.codes), []).append(figure)
        if not found:
            raise Unreadable(Problem("own_period_missing"))
        for figures in found.values():
            if (
                len({figure.period for figure in figures})
                == 1
                == len({figure.period for figure in figures} & {self.period})
            ):
                for figure in figures:
                    yield figure.row, self._write(figure, figure.value, figure.quality)
            else:
                yield figures[0].row, self._put_together(figures)

    def chunks(self, *, plain: Collection[str] = (), size: int = 100_000) -> Iterator[Any]:
        import pandas

        rows = list(self.rows())
        frame = pandas.DataFrame(
            [cells for _number, cells in rows],
            columns=list(COLUMNS),
            index=[number for number, _cells in rows],
            dtype=str,
        )
        yield frame.astype({name: "category" for name in COLUMNS if name not in plain})

    def own_column(self, problem: Problem) -> str | None:
        wanted = {
            "value": "value",
            "item_code": "item",
            "dim1_value": "code1",
            "dim2_value": "code2",
            "quality": "quality",
        }
        use = wanted.get(problem.column or "", "")
        if use and use in self.uses:
            return self.told(self.uses.index(use))
        if use == "value" and problem.item:
            own = [place for place, held in enumerate(self.uses) if held.split(":")[0] == problem.item]
            return self.told(own[0]) if len(own) == 1 else None
        return None

    # --- from the export to figures ------------------------------------------------------------------------------

    def _walk(self) -> Iterator[_Figure]:
        """The figures that lie in the period."""
        period_at = self.uses.index("period") if "period" in self.uses else None
        for row, cells in self.opened.rows():
            period = self.period if period_at is None else self._read_period(row, cells[period_at], period_at)
            if period is None or not (self.period[0] <= period[0] and period[1] <= self.period[1]):
                continue
            for place, item, codes in self._figures_of(row, cells):
                value = self._read_value(row, cells, place, item)
                yield _Figure(row, self.told(place), item, codes, period, value, self._quality(row, cells, value))

    def _read_period(self, row: int, text: str, place: int) -> Period | None:
        said = self.meaning.codes.get("period", {}).get(text)
        if said == LEFT_OUT or not text:
            return None
        period = (
            self._said_month(text, said)
            if said
            else read_period(text, self.meaning.date_order) or self._bare_month(text)
        )
        if period is None:
            raise Unreadable(Problem("own_date_unreadable", row, self.told(place)))
        return period

    def _said_month(self, text: str, month: str) -> Period | None:
        """The month that a person put beside a word, in the year that stands in it or in the period's."""
        year = re.search(r"(?:19|20)[0-9]{2}", text)
        return whole_month(int(year[0]) if year else self.period[0].year, int(month))

    def _bare_month(self, text: str) -> Period | None:
        """A month without a year lies in the period's, if that has one."""
        start, end = self.period
        return read_period(text, self.meaning.date_order, start.year) if start.year == end.year else None

    def _figures_of(self, row: int, cells: Cells) -> Iterator[tuple[int, str, Cells]]:
        """Where the numbers of a row stand, with their item and codes."""
        if self.meaning.shape == LONG:
            figure = self._translate("item", row, cells, self.uses.index("item"))
            if figure != LEFT_OUT:
                item, codes = split_figure(figure) or ("", ())
                given = [p for p in self._places("code1", "code2") if cells[p]]
                wanted = open_dimensions(figure)
                if len(given) > len(wanted):
                    raise Unreadable(Problem("own_code_unexpected", row, self.told(given[-1]), item))
                rest = tuple(self._translate(d, row, cells, p) for d, p in zip(wanted, given, strict=False))
                if LEFT_OUT not in rest:
                    yield self.uses.index("value"), item, (*codes, *rest)
            return
        lists = {use.removeprefix(LIST): place for place, use in enumerate(self.uses) if use.startswith(LIST)}
        words = {name: self._translate(name, row, cells, place) for name, place in lists.items() if cells[place]}
        if LEFT_OUT in words.values():
            return
        for place, use in enumerate(self.uses):
            if found := split_figure(use):
                yield place, found[0], (*found[1], *(words.get(d, "") for d in open_dimensions(use)))

    def _places(self, *uses: str) -> list[int]:
        return [self.uses.index(use) for use in uses if use in self.uses]

    def _translate(self, name: str, row: int, cells: Cells, place: int) -> str:
        word = cells[place]
        if word in (known := self.meaning.codes.get(name, {})):
            return known[word]
        if is_code(word, name):
            return word
        raise Unreadable(Problem("own_word_unknown", row, self.told(place)))

    def _read_value(self, row: int, cells: Cells, place: int, item: str) -> str:
        text = cells[place]
        if text in ("", NOT_APPLICABLE):
            return text
        if text in (known := self.meaning.codes.get("value", {})):
            return known[text]
        if items()[item].is_time:
            return self._read_time(row, cells, place, item)
        number = plain(text, self.meaning.marks)
        if number is None:
            raise Unreadable(Problem("own_number_unreadable", row, self.told(place)))
        return number

    def _read_time(self, row: int, cells: Cells, place: int, item: str) -> str:
        """In the unit of the dictionary."""
        heading = cells[self.uses.index("item")] if self.meaning.shape == LONG else self.opened.names[place]
        unit, of = self.unit_of(heading), items()[item].unit
        number = plain(cells[place], self.meaning.marks)
        if number is not None and unit == UNITS[of.removesuffix("s")]:
            return number
        seconds = read_seconds(cells[place], unit, self.meaning.marks)
        if seconds is None:
            raise Unreadable(Problem("own_time_unreadable", row, self.told(place)))
        value = as_hours(seconds) if of == "hours" else seconds
        return format(value.normalize(), "f")

    def _quality(self, row: int, cells: Cells, value: str) -> str:
        if value in ("", NOT_APPLICABLE):
            return ""
        if "quality" in self.uses and cells[place := self.uses.index("quality")]:
            return self._translate("quality", row, cells, place)
        return "estimated" if self.meaning.constants.get("completeness_note") == "estimated" else "measured"

    # --- from figures to published rows --------------------------------------------------------------------------

    def _put_together(self, figures: Sequence[_Figure]) -> Cells:
        """One figure of the period, from those of its months or quarters."""
        by_start: dict[date, _Figure] = {}
        for figure in figures:
            if figure.period[0] in by_start:
                raise Unreadable(Problem("own_figure_twice", figure.row, figure.column, figure.item))
            by_start[figure.period[0]] = figure
        ordered = [by_start[start] for start in sorted(by_start)]
        filled = [month for figure in ordered for month in months_in(figure.period)]
        if sorted(filled) != months_in(self.period):
            raise Unreadable(Problem("own_period_unfilled", ordered[0].row, ordered[0].column, ordered[0].item))
        first = ordered[0]
        if all(figure.value == NOT_APPLICABLE for figure in ordered):
            return self._write(first, NOT_APPLICABLE, "")
        parts = [figure for figure in ordered if figure.value != NOT_APPLICABLE]
        total = add_periods(items()[first.item], [_number(figure.value) for figure in parts])
        if total is None:
            return self._write(first, "", "")
        is_estimated = any(figure.quality == "estimated" for figure in parts)
        return self._write(first, format(total, "f"), "estimated" if is_estimated else "measured")

    def _write(self, figure: _Figure, value: str, quality: str) -> Cells:
        start, end = (day.isoformat() for day in self.period)
        dimensions = items()[figure.item].dimensions if any(figure.codes) else ()
        pairs = [cell for pair in zip(dimensions, figure.codes, strict=False) for cell in pair]
        pairs += [""] * (4 - len(pairs))
        quality = "" if value in ("", NOT_APPLICABLE) else quality
        return (self.hotline_code, start, end, figure.item, *pairs, value, quality)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None
