"""The exports of one invented hotline: consistent totals, contacts and cases of any month, quarter or year.

A year's file is the sum of its months' files, and a period opens with the cases that were open at the end of the one
before.
"""

import io
from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, TextIO

from evaluation.figures.dictionary.items import code_lists, items, record_fields
from evaluation.figures.formats import Opened
from evaluation.figures.formats.published.header import read_header
from portal.demonstration.exports.totals import Value, Values, head, write

BLOCK = 100_000
CONTACTS_A_YEAR = 5_000
CASES_A_YEAR = 500
SHARE_FORGOTTEN = 0.3
"""The share of the optional fields that a hotline of low quality does not record."""

Period = tuple[date, date]


def period(year: int, *, quarter: int | None = None, month: int | None = None) -> Period:
    """Return a year, one of its quarters, or one of its months."""
    first = month or 3 * (quarter or 1) - 2
    last = month or (3 * quarter if quarter else 12)
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


class Exports:
    """`quality` from 0 to 1 is that of the hotline's work; below 0.6 it does not record everything."""

    def __init__(
        self,
        hotline_code: str,
        seed: int,
        quality: float = 0.9,
        contacts_a_year: int = CONTACTS_A_YEAR,
        cases_a_year: int = CASES_A_YEAR,
    ) -> None:
        self.hotline_code = hotline_code
        self.quality = quality
        self._name = f"{hotline_code}/{seed}"
        own = Random(self._name)
        self.size = own.uniform(0.6, 1.6)
        """The factor of contacts and cases in an ordinary year."""
        self._known: dict[tuple[str, date, date], Values] = {}
        self._contacts, self._cases = contacts_a_year, cases_a_year
        self._forgotten = {
            (level, name)
            for level, fields in record_fields().items()
            for name, field in fields.items()
            if not (field.is_required or field.conditions) and quality < 0.6 and own.random() < SHARE_FORGOTTEN
        }

    def aggregate(self, first: date, last: date) -> bytes:
        """Return a file of totals: the counts of the records, and those that records cannot give."""
        return write(self.hotline_code, first, last, self._totals(first, last))

    def records(self, level: str, first: date, last: date) -> bytes:
        """Return a file of records, of the level `contact` or `case`."""
        text = io.StringIO()
        self._write_records(text, level, first, last)
        return text.getvalue().encode()

    def write_records(self, path: Path, level: str, first: date, last: date) -> None:
        """Write a file of records, a block at a time, so that ten million contacts need little memory."""
        with path.open("w", encoding="utf-8", newline="") as file:
            self._write_records(file, level, first, last)

    def _write_records(self, file: TextIO, level: str, first: date, last: date) -> None:
        from portal.demonstration.exports.columns import write_rows

        file.write("\n".join(head(self.hotline_code, first, last, level)) + "\n")
        file.write(",".join(record_fields()[level]) + "\n")
        for columns in self._columns(level, first, last):
            write_rows(file, columns)

    def _dice(self, *of: object) -> Any:
        import numpy

        return numpy.random.default_rng(list("/".join([self._name, *map(str, of)]).encode()))

    def _columns(self, level: str, first: date, last: date) -> Iterator[dict[str, list[str]]]:
        made = self._case_columns(first, last) if level == "case" else self._contact_columns(first, last)
        for columns in made:
            rows = len(next(iter(columns.values())))
            yield {name: [""] * rows if (level, name) in self._forgotten else cells for name, cells in columns.items()}

    def _contact_columns(self, first: date, last: date) -> Iterator[dict[str, list[str]]]:
        from portal.demonstration.exports.contacts import invent_contacts

        for month in _months(first, last):
            dice = self._dice("contacts", month)
            left = round(self._contacts * self.size / 12 * dice.uniform(0.9, 1.1))
            while left > 0:
                rows = min(left, BLOCK)
                yield invent_contacts(dice, f"{month // 12}-{month % 12 + 1:02}", rows, self.quality)
                left -= rows

    def _case_columns(self, first: date, last: date) -> Iterator[dict[str, list[str]]]:
        import numpy

        from portal.demonstration.exports.cases import LONGEST, invent_children, write_children

        start, *_, end = [*_months(first, last)] * 2
        parts = []
        for month in range(start - LONGEST, end + 1):
            dice = self._dice("cases", month)
            cases = round(self._cases * self.size / 12 * dice.uniform(0.8, 1.2))
            parts.append(invent_children(dice, month, cases, self.quality))
        children = {name: numpy.concatenate([part[name] for part in parts]) for name in parts[0]}
        yield write_children(children, start, end, self._dice("keys", start, end))

    def _totals(self, first: date, last: date) -> Values:
        values = {
            item: dict(cells)
            for level in ("contact", "case")
            for item, cells in self._derived(level, first, last).items()
        }
        for month in _months(first, last):
            begins = date(month // 12, month % 12 + 1, 1)
            ends = begins.replace(day=monthrange(begins.year, begins.month)[1])
            for item, cells in self._beyond_records(begins, ends).items():
                known = values.setdefault(item, {})
                for codes, value in cells.items():
                    before = known.get(codes, "0")
                    known[codes] = None if before is None or value is None else str(Decimal(before) + Decimal(value))
        values |= self._constant_values(values)
        return {item: values[item] for item in items() if item in values}

    def _derived(self, level: str, first: date, last: date) -> Values:
        """Return the counts of a period's records; cached."""
        if (known := self._known.get((level, first, last))) is not None:
            return known
        from evaluation.figures.records import read_records

        header, _ = read_header(head(self.hotline_code, first, last, level))
        assert header is not None
        reading = read_records(level, _Invented(level, list(self._columns(level, first, last))), header)
        values = self._known[level, first, last] = {}
        for row in reading.rows:
            codes = tuple(code for code in row.codes if code)
            value = row.amount.value
            values.setdefault(row.item, {})[codes] = None if value is None else f"{value:f}"
        return values

    def _beyond_records(self, first: date, last: date) -> Values:
        """Return the counts of a month that do not come from records."""
        dice = Random(f"{self._name}/beside/{first}")
        counted = self._derived("contact", first, last)
        hours = last.day * 24
        left_a_number = _part(counted["A06"][()], 0.5)
        requests, answers = (
            round(5 * self.size * dice.uniform(0.5, 1.5)),
            round(15 * self.size * dice.uniform(0.8, 1.2)),
        )
        lists = code_lists()
        return {
            "A01": {(): str(round(Decimal(hours) * Decimal(str(min(1, 0.955 + 0.045 * self.quality))), 1))},
            "A02": {(): str(hours)},
            "A16": {codes: _part(came, 0.55 + 0.42 * self.quality) for codes, came in counted["A15"].items()},
            "A17": {(): left_a_number},
            "A18": {(): _part(left_a_number, 0.45 + 0.5 * self.quality)},
            "A36": {(): str(requests)},
            "A37": {(): _part(str(requests), 0.65 + 0.3 * self.quality)},
            "A44": {(): str(dice.randint(0, 5))},
            "A45": {(): str(dice.randint(0, 3))},
            "A46": {(code,): str(dice.randint(0, 9)) for code in lists["referral_to"]},
            "A52": {(code,): str(dice.randint(0, 1)) for code in lists["worker_type"]},
            "A56": {(): str(answers)},
            "A57": {(): _part(str(answers), 0.55 + 0.38 * self.quality)},
            "A58": {(code,): f"{dice.randint(1000, 9000)}.00" for code in lists["funding_source"]},
        }

    def _constant_values(self, values: Values) -> Values:
        """Return values that are not added up: those of a moment, and constant ones."""
        still_open = sum(int(value) for value in values["A24"].values() if value is not None)
        paid, volunteers = round(10 * self.size), round(24 * self.size)
        return {
            "A32": {(): _part(str(still_open), 0.5 + 0.47 * self.quality)},
            "A50": {(): str(round(paid * 0.8, 1))},
            "A51": {(): str(volunteers)},
            "A53": {("paid_staff",): str(paid), ("volunteer",): str(volunteers)},
            "A54": {(): str(round(5 + 14 * self.quality, 1))},
            "A55": {(): str(paid + volunteers)},
        }


def _part(whole: Value, share: float) -> str:
    return str(int(int(whole or 0) * share))


def _months(first: date, last: date) -> range:
    return range(first.year * 12 + first.month - 1, last.year * 12 + last.month)


class _Invented(Opened):
    """Invented columns as an opened table, whose rows are counted without writing a file."""

    def __init__(self, level: str, blocks: list[Mapping[str, list[str]]]) -> None:
        self.top, self.names, self.names_row, self.is_published = (), tuple(record_fields()[level]), 1, True
        self._blocks = blocks

    def rows(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        yield from enumerate((row for block in self._blocks for row in zip(*block.values(), strict=True)), start=2)

    def chunks(self, *, plain: Collection[str] = (), size: int = BLOCK) -> Iterator[Any]:
        import pandas

        row = 2
        for block in self._blocks:
            frame = pandas.DataFrame(dict(block), dtype=str)
            frame.index = range(row, row + len(frame))
            row += len(frame)
            yield frame.astype({name: "category" for name in self.names if name not in plain})
