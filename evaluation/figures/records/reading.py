"""Read a file of records once: validate, count and discard every chunk."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.figures.dictionary.items import NOT_RECORDED, items, record_fields
from evaluation.figures.dictionary.sums import Amount
from evaluation.figures.formats import Opened
from evaluation.figures.formats.published.header import ESTIMATED, Header
from evaluation.figures.formats.published.rows import Row
from evaluation.figures.problems.file_problems import Problem

MAX_PROBLEMS = 100

Found = tuple[int, list[Problem]]


@dataclass(frozen=True, slots=True)
class RecordReading:
    """The figures counted from the records, valid only without `problems`. `count` is the number of rows read."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    count: int


def read_records(
    level: str, opened: Opened, header: Header, report_progress: Callable[[int], object] = lambda rows: None
) -> RecordReading:
    """Read every row of a file of the level `contact` or `case`. `report_progress` gets the number of rows read so far.

    Raises Unreadable if a row cannot be read.
    """
    if problems := _find_column_problems(level, opened):
        return RecordReading((), tuple(problems), 0)
    reader = _RecordReader(level, header)
    for frame in opened.chunks(plain=(reader.key_name,)):
        reader.add(frame)
        report_progress(reader.count)
    reader.end()
    if not reader.count:
        return RecordReading((), (Problem("no_rows"),), 0)
    if reader.problem_count:
        return RecordReading((), reader.first_problems(), reader.count)
    return RecordReading(tuple(_rows_of(reader.counted.figures(), header)), (), reader.count)


def _find_column_problems(level: str, opened: Opened) -> list[Problem]:
    names, fields = [name.lower() for name in opened.names], record_fields()[level]
    row = opened.names_row
    problems = [
        Problem("column_unknown", row, str(place)) for place, name in enumerate(names, start=1) if name not in fields
    ]
    problems += [Problem("column_twice", row, name) for name in fields if names.count(name) > 1]
    if missing := [name for name, field in fields.items() if field.is_required and name not in names]:
        problems.append(Problem("columns_missing", row, params={"columns": ", ".join(missing)}))
    return problems


class _RecordReader:
    """The state of reading: the number of problems, the first problems, the hashes of keys, and the counts."""

    def __init__(self, level: str, header: Header) -> None:
        from evaluation.figures.records.cases import CaseCount
        from evaluation.figures.records.contacts import ContactCount
        from evaluation.figures.records.keys import Keys

        self._level, self._fields = level, record_fields()[level]
        self.counted: CaseCount | ContactCount = CaseCount(header) if level == "case" else ContactCount(header)
        self._keys = Keys()
        self.key_name = f"{level}_key"
        self._numbers: list[Any] = []
        self._rows: list[Any] = []
        self.count = 0
        self.problem_count = 0
        self._problems: list[Problem] = []

    def add(self, frame: Any) -> None:
        import numpy

        from evaluation.figures.records.coding import Coded

        coded = Coded(self._fields, frame)
        self.count += len(coded)
        numbers, wrong = self._keys.take(frame[self.key_name].tolist())
        found: list[Found] = [
            coded.find_wrong(),
            coded.find_missing(),
            coded.find("key_unreadable", self.key_name, wrong),
            *self.counted.check(coded),
        ]
        self._note(found)
        self._numbers.append(self._with_child(numbers, coded))
        self._rows.append(coded.rows.astype(numpy.int32))
        if not self.problem_count:
            self.counted.add(coded, numbers)

    def _with_child(self, numbers: Any, coded: Any) -> Any:
        """Combine the key of a case with the number of the child: together they are unique."""
        import numpy

        if self._level == "contact":
            return numbers
        return (numbers ^ (coded["child_seq"].astype(numpy.uint64) << numpy.uint64(57))) * numpy.uint64(
            0x9E3779B97F4A7C15
        )

    def end(self) -> None:
        """Compare the rows with each other, unless a single row has a problem."""
        from evaluation.figures.records.keys import find_repeated

        if self.problem_count or not self.count:
            return
        repeated = find_repeated(self._numbers, self._rows)
        code, column = ("record_twice", self.key_name) if self._level == "contact" else ("child_twice", "child_seq")
        problems = [Problem(code, row, column, params={"first": first}) for row, first in repeated[:MAX_PROBLEMS]]
        self._note([(len(repeated), problems), *self.counted.find_contradictions()])

    def _note(self, found: Sequence[Found]) -> None:
        self.problem_count += sum(count for count, _ in found)
        if len(self._problems) < MAX_PROBLEMS:
            more = sorted((p for _, problems in found for p in problems), key=lambda problem: problem.row or 0)
            self._problems += more[: MAX_PROBLEMS - len(self._problems)]

    def first_problems(self) -> tuple[Problem, ...]:
        """Return the first problems; if there are more, the last one has their number."""
        if self.problem_count <= MAX_PROBLEMS:
            return tuple(self._problems)
        first = self._problems[: MAX_PROBLEMS - 1]
        return (*first, Problem("more_problems", params={"count": self.problem_count - len(first)}))


def _rows_of(figures: Any, header: Header) -> Iterator[Row]:
    """Yield figures as rows with the number 0, as no row of the file has them."""
    is_estimated = header.completeness_note == ESTIMATED
    for code, cells in sorted(figures.items()):
        dimensions = (*items()[code].dimensions, "", "")
        for codes, value in cells.items():
            first, second = (*codes, "", "")[:2]
            amount = Amount(value, is_estimated=is_estimated and value is not None)
            quality = NOT_RECORDED if value is None else "estimated" if is_estimated else "measured"
            yield Row(
                0, code, dimensions[0] if first else "", first, dimensions[1] if second else "", second, amount, quality
            )
