"""A preview of an export as it will be read: its first rows, the sums of the whole file, and the account of rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import groupby, islice
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluation.figures.dictionary.items import NOT_APPLICABLE, code_name, items
from evaluation.figures.formats import Unreadable
from evaluation.figures.formats.published.rows import Row
from evaluation.figures.intake.published_format import read
from evaluation.figures.mapping import ColumnMapping, Matched
from evaluation.figures.mapping.column_mapping import AGGREGATE
from evaluation.figures.mapping.tables.matched_records import KEYS
from evaluation.figures.mapping.words.fields import PARTS, Field, Kind, fields_of, label
from evaluation.figures.problems.file_problems import Problem, describe_problem
from evaluation.figures.problems.row_sentences import describe_rows
from evaluation.figures.validation.waiting_times import IMPOSSIBLE
from portal.presentation.numbers import named_unit, plain_number

SHOWN_ROWS = 8


@dataclass(frozen=True, slots=True)
class Sum:
    """The numbers of an item: how many, and their sum if they can be added."""

    code: str
    name: Any
    unit: str
    numbers: int
    """How many numbers the file will have once it is read: one for each code of the item."""
    total: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The preview for the page of the mapping. A cell that is None is hidden."""

    names: list[Any] = field(default_factory=list)
    rows: list[tuple[int, list[str | None]]] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    records: int | None = None
    """How many contacts or cases; None for totals."""
    account: list[str] = field(default_factory=list)
    """Sentences about how many rows were read and left out."""
    noticed: list[str] = field(default_factory=list)
    """The warnings about these rows that the hotline will have to explain."""
    problems: list[str] = field(default_factory=list)


def preview(matched: Matched) -> Preview:
    """Read the whole file as it will be read after the confirmation; nothing is stored."""
    problems: Sequence[Problem] = ()
    first: list[Any] = []
    try:
        first = list(islice(matched.rows(), SHOWN_ROWS))
        reading = read(matched)
        problems = [matched.in_export_terms(problem) for problem in reading.problems]
    except Unreadable as unreadable:
        problems = unreadable.problems
    if problems:
        return Preview(problems=[describe_problem(problem) for problem in problems])
    mapping = matched.mapping
    is_totals = mapping.level == AGGREGATE
    return Preview(
        names=_names_of_totals() if is_totals else [label(name) for name in matched.names],
        rows=[
            (number, _total(cells) if is_totals else _record(matched.names, cells, mapping)) for number, cells in first
        ],
        sums=add_up(reading.rows),
        records=None if is_totals or reading.account is None else reading.account.read,
        account=describe_rows(reading.account.as_data()) if reading.account else [],
        noticed=[describe_problem(problem) for problem in matched.noticed],
    )


def find_impossible_times(matched: Matched) -> list[Problem]:
    """Return problems of waiting times, if the rest of the file can be read."""
    try:
        return [problem for problem in read(matched).problems if problem.code in IMPOSSIBLE]
    except Unreadable:
        return []


def add_up(rows: Sequence[Row]) -> list[Sum]:
    """Return the sum of each item, in the order of the dictionary."""
    order = {code: place for place, code in enumerate(items())}
    found = []
    for code, group in groupby(sorted(rows, key=lambda row: order[row.item]), key=lambda row: row.item):
        item = items()[code]
        values = [row.amount.value for row in group if row.amount.value is not None]
        can_add = len(values) == 1 or item.adds_over_codes
        shown = plain_number(sum(values, Decimal(0))) if values and can_add else ""
        found.append(Sum(code, item.name, named_unit(item), len(values), shown))
    return found


def _names_of_totals() -> list[Any]:
    return [PARTS["item"].label, PARTS["code1"].label, PARTS["value"].label, PARTS["quality"].label]


def _total(cells: Sequence[str]) -> list[str | None]:
    """Return a row of the published table of totals: figure, codes, number, quality."""
    _hotline, _start, _end, item, dim1, code1, dim2, code2, value, quality = cells
    parts = [str(code_name(dimension, code)) for dimension, code in ((dim1, code1), (dim2, code2)) if code]
    name = f"{item} {items()[item].name}"
    unit = named_unit(items()[item])
    return [
        f"{name} ({unit})" if unit else name,
        ", ".join(parts),
        _format_value(value),
        str(code_name("quality", quality)) if quality else "",
    ]


def _format_value(value: str) -> str:
    if value == NOT_APPLICABLE:
        return _("not applicable")
    if not value:
        return _("not recorded")
    try:
        return plain_number(Decimal(value))
    except InvalidOperation:
        return value


def _record(names: Sequence[str], cells: Sequence[str], mapping: ColumnMapping) -> list[str | None]:
    """Return a row of a contact or a case; its key is hidden."""
    fields, hidden = fields_of(mapping.level), KEYS.values()
    return [
        None if name in hidden else _format_cell(fields[name], text) for name, text in zip(names, cells, strict=True)
    ]


def _format_cell(wanted: Field, text: str) -> str:
    if not text:
        return ""
    if wanted.kind is Kind.MONTH:
        return date_format(date.fromisoformat(f"{text}-01"), "F Y")
    if wanted.kind is Kind.BOOLEAN:
        return _("Yes") if text == "true" else _("No")
    if wanted.kind in (Kind.CODE, Kind.CODES):
        return ", ".join(str(code_name(wanted.list, code)) for code in text.split(";"))
    return text
