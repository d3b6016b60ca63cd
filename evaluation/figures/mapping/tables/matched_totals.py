"""Convert a table of totals in a hotline's own shape to the published format. Pure."""

import re
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Any

from evaluation.figures.dictionary.items import COLUMNS, NOT_APPLICABLE, items
from evaluation.figures.formats import Opened, RowAccount, Unreadable
from evaluation.figures.mapping.cells.carried_cells import Cells, rows_with_gaps
from evaluation.figures.mapping.column_mapping import LEFT_OUT, LONG, ColumnMapping, Period
from evaluation.figures.mapping.tables.adding_up import RowSums, SumResult, Total
from evaluation.figures.mapping.tables.doubts import find_doubts, find_span_doubts, find_title_doubts
from evaluation.figures.mapping.tables.matched import Matched, RowQuestion
from evaluation.figures.mapping.tables.row_answers import DOUBTS, EMPTY_CELLS, REPEATED, basis_of
from evaluation.figures.mapping.tables.totals_rows import SortedRows, TotalsRows
from evaluation.figures.problems.file_problems import Problem

MAX_PROBLEMS = 100
MANY_ROWS = 13
"""So many rows for one time, or more, are days and calls, whose number differs in each file."""
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_DAY = re.compile(r"[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{1,4}")


class MatchedTotals(Matched):
    """An export of totals. Figures of several months or days are combined by the dictionary, if none is missing."""

    names = COLUMNS

    @cached_property
    def _rows(self) -> TotalsRows:
        return TotalsRows(self.mapping, self.opened.names, self.period, self.column_label)

    @cached_property
    def _sorted(self) -> SortedRows:
        if problems := [*self.find_repeated_uses(), *self._rows.find_missing_columns()]:
            raise Unreadable(*problems)
        return self._rows.sort(self.opened)

    @cached_property
    def _added(self) -> SumResult:
        added = RowSums(self._sorted.parts, self.period).add_up()
        if added.problems:
            raise Unreadable(*added.problems[:MAX_PROBLEMS])
        return added

    @property
    def questions(self) -> tuple[RowQuestion, ...]:
        found = [RowQuestion(EMPTY_CELLS, rows=rows_with_gaps(self._sorted.gaps))] if self._sorted.gaps else []
        if not found and self._added.repeated and not self._is_answered(REPEATED):
            rows = tuple(sorted({row for each in self._added.repeated for row in each.rows}))
            found.append(RowQuestion(REPEATED, rows, tuple(self._added.repeated)))
        if not found and self._doubts and not self._is_answered(DOUBTS):
            rows = tuple(sorted({doubt.row for doubt in self._doubts if doubt.row is not None}))
            found.append(RowQuestion(DOUBTS, rows, doubts=self._doubts))
        return tuple(found)

    def basis(self, about: str) -> str:
        if about == EMPTY_CELLS:
            return self._sorted.gaps_basis
        if about == REPEATED:
            most = max((len(each.rows) for each in self._added.repeated), default=0)
            return basis_of(sorted({each.item for each in self._added.repeated}), min(most, MANY_ROWS))
        items_of = {doubt.item for doubt in self._doubts}
        numbers = [total.value for total in self._added.totals if total.first.item in items_of]
        return basis_of(self._doubts, numbers)

    @cached_property
    def _doubts(self) -> tuple[Problem, ...]:
        """What is odd in the title or in the numbers, each kind once for an item."""
        names = (name for name, use in zip(self.opened.names, self.uses, strict=True) if use not in ("", LEFT_OUT))
        parts, totals = self._sorted.parts, self._added.totals
        found = (
            *find_title_doubts(self.opened.top, names),
            *(() if self._sorted.outside else find_span_doubts(self.opened.top, self.period)),
            *find_doubts(parts, totals, self._sorted.parts_outside, is_wide=self.mapping.shape != LONG),
        )
        return tuple({(doubt.code, doubt.item): doubt for doubt in reversed(found)}.values())[::-1]

    @property
    def noticed(self) -> tuple[Problem, ...]:
        found = list(self._added.noticed)
        found += self._find_outside()
        added = {row for each in self._added.repeated for row in each.rows}
        if twice := [row for row in self._sorted.alike if row in added]:
            params = {"first": self._sorted.alike[twice[0]], "count": len(twice)}
            found.append(Problem("own_rows_alike", twice[0], params=params))
        return (*found, *self._find_lost_numbers(), *self._find_other_years())

    def _find_outside(self) -> Iterator[Problem]:
        """Yield a warning if numbers are not read as they lie outside the period."""
        if self.opened.is_turned:
            if columns := {part.column for part in self._sorted.parts_outside if part.value}:
                params: dict[str, str | int] = {"count": len(columns), "first": min(columns, key=int)}
                yield Problem("own_columns_outside", self.names_row, params=params)
        elif outside := self._sorted.outside:
            yield Problem("own_rows_outside", outside[0], params={"count": len(outside)})

    def _find_lost_numbers(self) -> Iterator[Problem]:
        """Yield a warning per item with numbers in left-out rows only, such as calls next to a sum of categories."""
        read = {part.item for part in self._sorted.parts if part.value}
        lost = {
            item: row for (item, _codes), row in reversed(self._sorted.left_out_figures.items()) if item not in read
        }
        yield from (Problem("own_left_out_numbers", row, item=item) for item, row in lost.items())

    def _find_other_years(self) -> Iterator[Problem]:
        """Yield a warning if a row has no year, and the lines above or the column names have only other years."""
        above = " ".join((*self.opened.top, self.opened.sheet, *self.opened.names))
        years = {int(year) for year in _YEAR.findall(_DAY.sub(" ", above))}
        own = range(self.period[0].year, self.period[1].year + 1)
        if self._sorted.has_assumed_year and years and not years & set(own):
            yield Problem("own_year_above", params={"year": max(years), "chosen": own[-1]})

    def account(self, read: int) -> RowAccount:
        """Return the account of the export's rows. `read`, which counts rows of the published format, is ignored."""
        found = self._sorted
        # A row of a turned table has several periods: it is read if one of them is.
        read_rows = {*found.read}
        left_out = [row for row in dict.fromkeys(found.left_out) if row not in read_rows]
        sorted_rows = read_rows.union(left_out)
        outside = [row for row in dict.fromkeys(found.outside) if row not in sorted_rows]
        return RowAccount(
            self.opened.row_count + len(self.opened.below),
            len(read_rows),
            self.opened.empty_count,
            left_out=(*left_out, *self.opened.below),
            outside=tuple(outside),
        )

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield the rows in the order of the export. Raises Unreadable for an open question, or without a figure."""
        for question in self.questions:
            raise Unreadable(question.as_problem())
        if not self._added.totals:
            raise Unreadable(Problem("own_period_missing"))
        for total in self._added.totals:
            yield total.first.row, self._write(total)

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
        if use == "value" and self.opened.is_turned:
            firsts = (total.first for total in self._added.totals if total.first.row == problem.row)
            return next((first.column for first in firsts if problem.item in ("", None, first.item)), None)
        if use and use in self.uses:
            return self.column_label(self.uses.index(use))
        if use == "value" and problem.item:
            own = [place for place, column_use in enumerate(self.uses) if column_use.split(":")[0] == problem.item]
            return self.column_label(own[0]) if len(own) == 1 else None
        return None

    def _write(self, total: Total) -> Cells:
        start, end = (day.isoformat() for day in self.period)
        figure = total.first
        dimensions = items()[figure.item].dimensions if any(figure.codes) else ()
        pairs = [cell for pair in zip(dimensions, figure.codes, strict=False) for cell in pair]
        pairs += [""] * (4 - len(pairs))
        quality = "" if total.value in ("", NOT_APPLICABLE) else total.quality
        return (self.hotline_code, start, end, figure.item, *pairs, total.value, quality)


def covered_by_rows(opened: Opened, mapping: ColumnMapping, period: Period) -> list[Period]:
    """Return the periods named by the rows of a table of totals, including a separate column of years."""
    return TotalsRows(mapping, opened.names, period).find_periods(opened)
