"""Read and validate a file without writing anything: the dry run, and the first half of an import."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from evaluation.figures.formats import Limits, Opened, RowAccount, Source, TableLayout, Unreadable
from evaluation.figures.formats.published.header import Header
from evaluation.figures.formats.published.rows import Row
from evaluation.figures.intake.changes import find_warnings
from evaluation.figures.intake.published_format import Reading, read
from evaluation.figures.mapping import Matched, Period, covered_period, match, suggest_mapping
from evaluation.figures.mapping.saved_layouts import has_layout
from evaluation.figures.mapping.saved_mappings import find_saved_layout, find_saved_mapping, mapping_of
from evaluation.figures.mapping.tables.across import open_export
from evaluation.figures.problems.file_problems import Problem
from evaluation.figures.validation.consistency import cells_of
from evaluation.models import Hotline, Matching


class ReportProgress(Protocol):
    """A function that gets the phase (`SpooledFile.Phase`), the number of rows read, and the part read in per cent."""

    def __call__(self, phase: str, *, rows: int | None = None, share: int | None = None) -> None: ...


class UnreadableStatistics(Exception):
    """The file must be refused. `problems` has the reasons with their locations."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(", ".join(problem.code for problem in problems))


class UnmatchedColumns(Exception):
    """The export has its own columns or several sheets: a user must match or choose before it can be read."""


ASKED: tuple[str, ...] = ("several_sheets", "several_tables")
"""The problems that a user solves by choosing where the table is."""
ASKED_OF_ROWS = ("too_few_cells", "too_many_cells")
"""The problems of rows of an own export that a user solves so: notes below the table have other cells."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A valid file: its hotline, header, rows and warnings."""

    hotline: Hotline
    header: Header
    rows: tuple[Row, ...]
    warnings: tuple[Problem, ...]
    account: RowAccount
    matching: Matching | None

    @property
    def rows_read(self) -> int:
        return self.account.read

    @property
    def draft(self) -> list[list[str | None]]:
        """Return the figures as plain data, in the format of `StatisticsImport.draft`."""
        return [
            [
                *(row.item, row.dim1, row.dim1_value, row.dim2, row.dim2_value),
                None if row.amount.value is None else str(row.amount.value),
                row.quality,
            ]
            for row in self.rows
        ]


def ignore_progress(phase: str, *, rows: int | None = None, share: int | None = None) -> None:
    """Report no progress."""


def check_file(
    hotline: Hotline | None,
    source: Source,
    *,
    limits: Limits,
    period: Period | None = None,
    report_progress: ReportProgress = ignore_progress,
) -> CheckedFile:
    """Open, match, read and validate a file. Without a hotline, the header of the file names it.

    `period` is the period that a user gave for an export that does not contain it.
    Raises UnreadableStatistics with every problem, or UnmatchedColumns. Writes nothing.
    """

    def report_rows(rows: int, phase: str = "reading") -> None:
        report_progress(phase, rows=rows, share=min(99, source.file.tell() * 100 // max(1, source.size)))

    report_progress("opening")
    problems: tuple[Problem, ...] = ()
    matching = layout = None
    asked = ASKED
    with_own_column = _unchanged
    try:
        layout = find_saved_layout(hotline, source, limits) if hotline else None
        opened = open_export(source, limits, layout)
        if not opened.is_published:
            asked += ASKED_OF_ROWS
            matching, opened = _match(hotline, opened, layout, period, partial(report_rows, phase="opening"))
            with_own_column = opened.in_export_terms
        report_progress("reading", rows=0, share=0)
        reading = read(opened, now=datetime.now(UTC), report_progress=report_rows)
    except Unreadable as unreadable:
        problems = unreadable.problems
    else:
        problems = tuple(with_own_column(problem) for problem in reading.problems)
    # outside the handler, so that no traceback contains a cell
    if hotline and problems and all(problem.code in asked for problem in problems):
        raise UnmatchedColumns
    if problems:
        raise UnreadableStatistics(problems)
    report_progress("checking", rows=reading.account.read if reading.account else None, share=100)
    return _compare(hotline, reading, matching)


def _unchanged(problem: Problem) -> Problem:
    return problem


def _match(
    hotline: Hotline | None,
    opened: Opened,
    layout: TableLayout | None,
    period: Period | None,
    report_progress: Callable[[int], None],
) -> tuple[Matching, Matched]:
    """Return the saved mapping that a user of the hotline confirmed, and the export in the published format.

    `layout` is where a user chose the table to be. Raises Unreadable, and UnmatchedColumns if a question is open.
    """
    if hotline is None:
        raise Unreadable(Problem("whose_export"))
    matching = find_saved_mapping(hotline, opened.names)
    if matching is None:
        raise UnmatchedColumns
    saved = mapping_of(matching)
    if layout is None and has_layout(saved):
        raise UnmatchedColumns  # the place of the table, which a user chose, is not found again
    suggestion = suggest_mapping(opened, saved, report_progress=report_progress)
    if suggestion.problems:
        raise Unreadable(*suggestion.problems)
    if any(question.about != "period" for question in suggestion.questions):
        raise UnmatchedColumns
    period = period or suggestion.period or covered_period(opened, suggestion.mapping)
    if period is None:
        raise UnmatchedColumns
    matched = match(opened, suggestion.mapping, hotline_code=hotline.code, period=period, moment=datetime.now(UTC))
    if matched.questions:
        raise UnmatchedColumns
    return matching, matched


def _compare(hotline: Hotline | None, reading: Reading, matching: Matching | None) -> CheckedFile:
    """Return the valid file, with warnings against the files that count.

    Raises UnreadableStatistics for an unknown hotline, or another one than `hotline`.
    """
    header = reading.header
    assert header is not None
    assert reading.account is not None
    if hotline is None:
        hotline = Hotline.objects.filter(code=header.hotline_code).first()
        if hotline is None:
            raise UnreadableStatistics((Problem("hotline_unknown"),))
    if header.hotline_code != hotline.code:
        raise UnreadableStatistics((Problem("other_hotline"),))
    noticed = find_warnings(hotline, header.level, header.period_start, header.period_end, cells_of(reading.rows))
    return CheckedFile(hotline, header, reading.rows, (*reading.warnings, *noticed), reading.account, matching)
