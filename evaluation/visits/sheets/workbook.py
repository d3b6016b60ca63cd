"""The sheets of a visit in the workbook of an assessor: written with stored and empty rows, and read back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid5

from django.conf.locale import LANG_INFO
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from evaluation.answers.workbook.layout import HEAD_ROWS, sheet_name
from evaluation.answers.workbook.problems import WorkbookProblem
from evaluation.answers.workbook.reading import WrongCell, read_text
from evaluation.answers.workbook.sheets import NOTHING, Rows
from evaluation.answers.workbook.texts import clean_words
from evaluation.answers.workbook.writing import protect
from evaluation.models import Channel, SheetRow, Visit
from evaluation.visits.sheets.rows import FIELDS, MARKS, RowInput, find_problems, row_as_input
from evaluation.visits.sheets.templates import Kind, SheetTemplate
from standards.editions.files.workbook.cells import Cell
from standards.framework import canonical, digest
from standards.presentation.reading_language import content_language

EMPTY_ROWS = 10
"""The number of rows of a sheet whose template asks for no number."""
_KEY, _MARK = "sheet ", "mark "
"""The prefixes of the keys of a sheet and of a criterion."""
_NAMESPACE = UUID("5b0cf1b0-0d2c-4c1e-8d6b-0f6f1c6f2f7e")
_WIDTHS = {"topic": 34, "role": 24, "words": 60}


@dataclass(frozen=True, slots=True)
class FilledSheetRow:
    """A filled row. `version` and `was` are those of the stored row when the workbook was made; 0 for an empty row."""

    kind: str
    cell: str
    uid: UUID
    version: int
    was: str
    row: RowInput

    @property
    def is_edited(self) -> bool:
        return fingerprint(self.row) != self.was


@dataclass(frozen=True, slots=True)
class ComparedSheetRow:
    """A filled row and the stored row, which is None for a new row."""

    filled: FilledSheetRow
    stored: SheetRow | None

    @property
    def is_conflict(self) -> bool:
        """Whether the stored row was changed, removed or signed off since the workbook was made. It is kept then."""
        if self.stored is None:
            return self.filled.version != 0
        return self.stored.signed_off_at is not None or self.filled.version != self.stored.version


def fingerprint(row: RowInput) -> str:
    """Return a digest of a row that detects offline changes. It does not depend on the kind of line ends."""
    texts = [clean_words(str(getattr(row, one.name))) for one in fields(row) if one.name != "marks"]
    return digest(canonical([*texts, sorted((key, str(mark)) for key, mark in row.marks.items())]))[:16]


def _columns(template: SheetTemplate) -> list[str]:
    """Return the keys of the columns to fill in."""
    return [*FIELDS[template.kind], *(f"{_MARK}{criterion.key}" for criterion in template.criteria), "words"]


# --- Writing ---------------------------------------------------------------------------------------------------------


def write_sheets(
    book: Any,
    formats: Mapping[str, Any],
    templates: Mapping[str, SheetTemplate],
    own: Sequence[SheetRow],
    seed: str,
) -> None:
    """Write a sheet for each kind, in the active language. `seed` must be unique per workbook."""
    for template in templates.values():
        kind = Kind(template.kind)
        page = book.add_worksheet(sheet_name(str(kind.label)))
        rows = [row for row in own if row.sheet.kind == kind]
        headings = [
            *_headings(template),
            *(template.text_of(one, content_language())[0] for one in template.criteria),
            _("In your words"),
        ]
        page.set_row(0, None, None, {"hidden": True})
        page.set_column(0, 0, None, None, {"hidden": True})
        page.write_string(0, 0, f"{_KEY}{kind}")
        page.write_string(1, 1, str(kind.label), formats["title"])
        for place, (key, heading) in enumerate(zip(_columns(template), headings, strict=True), start=1):
            page.set_column(place, place, _WIDTHS.get(key, 16))
            page.write_string(0, place, key)
            page.write_string(HEAD_ROWS - 1, place, heading, formats["entry_head"])
        blank = max((template.asked or EMPTY_ROWS) - len(rows), 1)
        identified = [
            *((row.uid, row.version, row_as_input(row)) for row in rows),
            *((uuid5(_NAMESPACE, f"{seed} {kind} {number}"), 0, RowInput()) for number in range(blank)),
        ]
        for number, (uid, version, row_input) in enumerate(identified, start=HEAD_ROWS):
            page.write_string(number, 0, f"{uid} {version} {fingerprint(row_input)}")
            _write_row(page, number, template, row_input, formats)
        page.freeze_panes(HEAD_ROWS, 1)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(HEAD_ROWS - 1)
        protect(page)


def _headings(template: SheetTemplate) -> Iterator[str]:
    names = {
        "channel": _("Channel"),
        "language": _("Language"),
        "day": _("Day"),
        "starts": _("Time"),
        "looked_at": _("Files looked at"),
        "role": _("Role of the person"),
        "topic": _("Which files") if template.kind == Kind.FILES else _("Topic"),
    }
    return (names[name] for name in FIELDS[template.kind])


def _write_row(page: Any, row: int, template: SheetTemplate, values: RowInput, formats: Mapping[str, Any]) -> None:
    for place, key in enumerate(_columns(template), start=1):
        page.write_string(row, place, _as_text(values, key), formats["entry"])
        if offered := _offered(template, key):
            page.data_validation(*(row, place, row, place), {"validate": "list", "source": offered})


def _as_text(values: RowInput, key: str) -> str:
    value: Any = values.marks.get(key.removeprefix(_MARK)) if key.startswith(_MARK) else getattr(values, key)
    if value in (None, ""):
        return ""
    if key == "channel":
        return str(Channel(value).label)
    if key == "language":
        return _name_language(str(value))
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(MARKS[value]) if isinstance(value, str) and value in MARKS else clean_words(str(value))


def _offered(template: SheetTemplate, key: str) -> list[str]:
    """Return the choices of the list of a cell; empty if any text may be entered."""
    if key == "channel":
        return [str(label) for label in Channel.labels]
    return [str(name) for name in MARKS.values()] if key.startswith(_MARK) and template.kind != Kind.FILES else []


def _name_language(code: str) -> str:
    return str(get_language_info(code)["name_translated"]) if code in LANG_INFO else code


# --- Reading ---------------------------------------------------------------------------------------------------------


def read_sheet_rows(
    sheets: Mapping[str, Rows], templates: Mapping[str, SheetTemplate], visit: Visit
) -> tuple[tuple[FilledSheetRow, ...], list[WorkbookProblem]]:
    """Return the filled rows and their problems. Rows without an entry are ignored."""
    found: list[FilledSheetRow] = []
    problems: list[WorkbookProblem] = []
    for name, rows in sheets.items():
        keys = [str(cell.value or "") for cell in rows[0]] if rows else []
        kind = keys[0].removeprefix(_KEY) if keys and keys[0].startswith(_KEY) else ""
        if kind not in templates:
            continue
        if sorted(filter(None, keys[1:])) != sorted(_columns(templates[kind])):
            problems.append(WorkbookProblem("sheet_columns", name))
            continue
        reader = _SheetReader(name, templates[kind], keys, visit)
        found += filter(None, (reader.read(row, number) for number, row in enumerate(rows[HEAD_ROWS:], HEAD_ROWS + 1)))
        problems += reader.problems
    return tuple(found), problems


class _SheetReader:
    """Reads the rows of one sheet, and collects the problems of the cells."""

    def __init__(self, name: str, template: SheetTemplate, keys: Sequence[str], visit: Visit) -> None:
        self.name, self.template, self.visit = name, template, visit
        self.places = {key: keys.index(key) for key in _columns(template)}
        self.seen: set[UUID] = set()
        self.problems: list[WorkbookProblem] = []

    def read(self, row: Sequence[Cell], number: int) -> FilledSheetRow | None:
        """Return the content of a row; None if it is empty or has a problem."""
        cells = {key: row[place] if place < len(row) else NOTHING for key, place in self.places.items()}
        if all(cell.is_empty for cell in cells.values()):
            return None
        known = len(self.problems)
        identified = self._identify(str(row[0].value or "") if row else "", number)
        values = {key: self._value(key, cell, number) for key, cell in cells.items()}
        if identified is None or len(self.problems) > known:
            return None
        uid, version, was = identified
        marks = {key.removeprefix(_MARK): value for key, value in values.items() if key.startswith(_MARK)}
        submitted = RowInput(**{key: v for key, v in values.items() if not key.startswith(_MARK)}, marks=marks)
        for field, code in find_problems(self.template, submitted, self.visit).items():
            self._note(f"sheet_{code}", field.replace("marks.", _MARK), number)
        if len(self.problems) > known:
            return None
        return FilledSheetRow(self.template.kind, self._cell("words", number), uid, version, was, submitted)

    def _identify(self, key: str, number: int) -> tuple[UUID, int, str] | None:
        """Return the uid, version and digest of a row; None, with a problem, if they are missing or a duplicate."""
        uid, _space, others = key.partition(" ")
        version, _space, was = others.partition(" ")
        try:
            found = UUID(uid), int(version), was
        except ValueError:
            self._note("sheet_new_row", "words", number)
            return None
        if found[0] in self.seen:
            self._note("sheet_new_row", "words", number)
            return None
        self.seen.add(found[0])
        return found

    def _value(self, key: str, cell: Cell, number: int) -> Any:
        try:
            return _read_value(key, cell, self.template.kind)
        except WrongCell as wrong:
            self._note(wrong.code, key, number)
            return None

    def _note(self, code: str, key: str, number: int) -> None:
        self.problems.append(WorkbookProblem(code, self.name, self._cell(key, number)))

    def _cell(self, key: str, number: int) -> str:
        from openpyxl.utils import get_column_letter  # noqa: PLC0415 - loaded only when a workbook is read

        return f"{get_column_letter(self.places.get(key, 0) + 1)}{number}"


def _read_value(key: str, cell: Cell, kind: str) -> Any:
    """Return a cell as the value of its field. Raises WrongCell."""
    if key == "day":
        return _read_day(cell)
    if key == "starts":
        return _read_time(cell)
    text = clean_words(read_text(cell))
    if key == "channel":
        return _find(text, {str(label): value for value, label in Channel.choices})
    if key == "language":
        return _find(text, {_name_language(code): code for code in LANG_INFO})
    if key == "looked_at" or (key.startswith(_MARK) and kind == Kind.FILES):
        return _read_count(text)
    if key.startswith(_MARK):
        return _find(text, {str(name): mark for mark, name in MARKS.items()})
    return text


def _find(text: str, offered: Mapping[str, str]) -> str:
    """Return the value with this name or code; empty for an empty text. Raises WrongCell for any other text."""
    wanted = text.casefold()
    for name, value in offered.items():
        if wanted in (name.casefold(), value):
            return value
    if text:
        raise WrongCell("sheet_unknown")
    return ""


def _read_count(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise WrongCell("sheet_not_a_count")
    return int(text)


def _read_day(cell: Cell) -> date | None:
    """Return the date of a cell, which is a date or a text such as 2026-11-24. Raises WrongCell."""
    if isinstance(cell.value, datetime):
        return cell.value.date()
    if isinstance(cell.value, date):
        return cell.value
    if not (text := clean_words(read_text(cell))):
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise WrongCell("sheet_not_a_day")
    return day


def _read_time(cell: Cell) -> time | None:
    if isinstance(cell.value, time | datetime):
        found = cell.value.time() if isinstance(cell.value, datetime) else cell.value
        return found.replace(second=0, microsecond=0)
    if not (text := clean_words(read_text(cell)).replace(".", ":")):
        return None
    try:
        clock = parse_time(text)
    except ValueError:
        clock = None
    if clock is None:
        raise WrongCell("sheet_not_a_time")
    return clock.replace(second=0, microsecond=0, tzinfo=None)
