"""Read the header of a file: hotline, period, level and definitions. Pure."""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from evaluation.figures.dictionary.items import SCHEMA_VERSION, code_lists, header_fields
from evaluation.figures.problems.file_problems import Problem
from evaluation.figures.problems.screening import looks_personal

_LINE = re.compile(r"^#\s*([a-z_]+)\s*[:=]\s*(.*)$")
HOTLINE_CODE = re.compile(r"^116000-[A-Z]{2}$")
_DAY = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_VERSION = re.compile(r"[A-Za-z]{0,2}[0-9]{1,4}(?:[._-][A-Za-z]{0,2}[0-9]{1,3})*")
_LONGEST_VERSION = 20
FIRST_YEAR = 2000
"""The earliest year of a period. No hotline counted before; earlier years are typing errors."""
_CLOCK_ERROR = timedelta(days=1)
PART_MISSING = "partial_period"
"""The completeness_note of a file in which an unknown part of the period is missing."""
ESTIMATED = "estimated"
"""The completeness_note of a file in which every number is an estimate."""


@dataclass(frozen=True, slots=True)
class Header:
    """The fields of the header, in order."""

    schema_version: str
    hotline_code: str
    period_start: date
    period_end: date
    level: str
    source_system: str
    generated_at: datetime
    definition_set: str
    completeness_note: str


def months_of(start: date, end: date) -> int:
    """Return the number of months that a period touches."""
    return (end.year - start.year) * 12 + end.month - start.month + 1


def is_whole_period(start: date, end: date) -> bool:
    """Whether the dates delimit one calendar month, quarter or year."""
    months = months_of(start, end)
    return (
        start.day == 1
        and end.day == monthrange(end.year, end.month)[1]
        and months in (1, 3, 12)
        and (start.month - 1) % months == 0
    )


def read_header(lines: Sequence[str], *, now: datetime | None = None) -> tuple[Header | None, list[Problem]]:
    """Return the header from the lines above the table, or None, and the problems found.

    A file generated after `now` is a problem; without `now`, the result depends on the lines only.
    """
    found: dict[str, tuple[int, str]] = {}
    problems: list[Problem] = []
    for row, line in enumerate(lines, start=1):
        # Spreadsheets write a delimiter for each empty cell, and may add quotation marks.
        text = line.strip().rstrip(",;").strip().strip('"').strip()
        if not text:
            continue
        match = _LINE.match(text)
        if match is None or match[1] not in header_fields():
            problems.append(Problem("field_unknown", row))
        elif match[1] in found:
            problems.append(Problem("field_twice", row, params={"field": match[1]}))
        else:
            found[match[1]] = (row, match[2].strip())
    if missing := [name for name in header_fields() if name not in found]:
        problems.append(Problem("fields_missing", params={"fields": ", ".join(missing)}))
    if problems:
        return None, problems
    days = {name: _day(found[name][1]) for name in ("period_start", "period_end")}
    generated_at = _moment(found["generated_at"][1])
    problems = _find_problems(found, days, generated_at, now)
    start, end = days["period_start"], days["period_end"]
    if problems or start is None or end is None or generated_at is None:
        return None, problems
    header = Header(
        schema_version=found["schema_version"][1],
        hotline_code=found["hotline_code"][1],
        period_start=start,
        period_end=end,
        level=found["level"][1],
        source_system=found["source_system"][1],
        generated_at=generated_at,
        definition_set=found["definition_set"][1],
        completeness_note=found["completeness_note"][1],
    )
    return header, []


def _find_problems(
    found: Mapping[str, tuple[int, str]],
    days: Mapping[str, date | None],
    generated_at: datetime | None,
    now: datetime | None,
) -> list[Problem]:
    problems: list[Problem] = []

    def wrong(code: str, name: str, **params: str) -> None:
        problems.append(Problem(code, found[name][0], params=params))

    if found["schema_version"][1] != SCHEMA_VERSION:
        wrong("schema_unknown", "schema_version", known=SCHEMA_VERSION)
    if not HOTLINE_CODE.match(found["hotline_code"][1]):
        wrong("hotline_code_unreadable", "hotline_code")
    for name, day in days.items():
        if day is None:
            wrong("date_unreadable", name, field=name)
    start, end = days["period_start"], days["period_end"]
    if start and start.year < FIRST_YEAR:
        problems.append(Problem("period_too_early", found["period_start"][0], params={"year": FIRST_YEAR}))
    if start and end and not is_whole_period(start, end):
        wrong("period_unreadable", "period_end")
    for header_field in header_fields().values():
        known = code_lists().get(header_field.list, ())
        if known and found[header_field.name][1] not in known:
            wrong("header_code_unknown", header_field.name, field=header_field.name, known=", ".join(known))
    if generated_at is None:
        wrong("moment_unreadable", "generated_at")
    elif end and generated_at.date() < end:
        wrong("period_not_over", "generated_at")
    elif now and generated_at > now + _CLOCK_ERROR:
        wrong("generated_later", "generated_at")
    if not is_version(found["definition_set"][1]):
        wrong("definitions_unreadable", "definition_set")
    return problems


def is_version(text: str) -> bool:
    """Whether a text is a version such as 1.0. It is published, so it must not be a name, date or telephone number."""
    return len(text) <= _LONGEST_VERSION and bool(_VERSION.fullmatch(text)) and not looks_personal(text)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.match(text) else None
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.utcoffset() == timedelta(0) else None
