"""A file of figures whose cells a test changes, and the problems of reading it."""

import csv
from decimal import Decimal

from evaluation.figures.intake.published_format import Reading, read_bytes
from evaluation.figures.problems.file_problems import Problem
from evaluation.figures.validation.consistency import Cells, find_broken_balances, find_jumps, totals_of
from portal.demonstration.exports import generate
from tests.evaluation.figures.damaged_files import read_cell, write_cell

MEGABYTE = 1024 * 1024


class Sheet:
    """An invented hotline's year, complete and consistent until it is changed."""

    def __init__(self, content: bytes | None = None, hotline_code: str = "116000-XA", year: int = 2025) -> None:
        self.content = generate(hotline_code, year, seed=1) if content is None else content

    def row(self, item: str, *codes: str) -> int:
        """Return the row number of a cell, counted as in a spreadsheet."""
        wanted = (item, *codes, *[""] * (2 - len(codes)))
        for number, line in enumerate(self.content.decode().split("\n"), start=1):
            cells = next(csv.reader([line]), [])
            if len(cells) == 10 and (cells[3], cells[5], cells[7]) == wanted:
                return number
        raise LookupError(f"no row for {wanted}")

    def value(self, item: str, *codes: str) -> Decimal:
        return Decimal(read_cell(self.content, self.row(item, *codes), "value"))

    def write(self, item: str, *codes: str, **cells: str) -> "Sheet":
        """Write into one row: `sheet.write("A21", "runaway", value="7")`."""
        row = self.row(item, *codes)
        for column, text in cells.items():
            self.content = write_cell(self.content, row, column, text)
        return self

    def add(self, item: str, *codes: str, by: int) -> "Sheet":
        return self.write(item, *codes, value=str(self.value(item, *codes) + by))

    def forget(self, item: str, *codes: str) -> "Sheet":
        """Mark a cell as not recorded."""
        return self.write(item, *codes, value="", quality="not_recorded")

    def drop(self, item: str, *codes: str) -> "Sheet":
        """Remove a row."""
        lines = self.content.decode().split("\n")
        del lines[self.row(item, *codes) - 1]
        self.content = "\n".join(lines).encode()
        return self

    def drop_item(self, item: str) -> "Sheet":
        """Remove every row of an item."""
        self.content = b"\n".join(line for line in self.content.split(b"\n") if f",{item},".encode() not in line)
        return self

    def head(self, field: str, value: str) -> "Sheet":
        """Write another value into a header line."""
        lines = self.content.decode().split("\n")
        self.content = "\n".join(f"# {field}: {value}" if line.startswith(f"# {field}:") else line for line in lines)
        self.content = self.content.encode()
        return self

    def read(self) -> Reading:
        return read_bytes(self.content, "figures.csv", max_bytes=MEGABYTE)

    def problems(self) -> list[Problem]:
        return list(self.read().problems)

    def warnings(self) -> list[Problem]:
        reading = self.read()
        assert reading.problems == ()
        return list(reading.warnings)


def codes_and_rows(problems: list[Problem]) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.row) for problem in problems]


def compare(now: Cells, before: Cells) -> list[Problem]:
    """Return the warnings about a period, compared with the one before of the same length."""
    jumps = find_jumps(totals_of(now), totals_of(before))
    return [*find_broken_balances(now, before=before, after={}), *jumps]
