"""Unpack the ZIP archive of a workbook within limits and pack it again, so that only checked content is read."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Protocol
from xml.parsers import expat

from evaluation.figures.formats.source import MEGABYTE, Limits, Source, Unreadable
from evaluation.figures.problems.file_problems import Problem
from evaluation.files.archives import BadArchive, Budget, list_members, parse_xml, read_archive, refuse_entities, unpack

_MAX_MEMBERS = 1000
_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/.*\.rels|xl/(?:workbook|styles|sharedStrings|metadata)\.xml"
    r"|xl/_rels/workbook\.xml\.rels|xl/worksheets/[^/]+\.xml|xl/worksheets/_rels/[^/]+\.rels"
    r"|mimetype|content\.xml|META-INF/manifest\.xml"
)
"""The parts that belong to tables. Pictures, programs and all other parts are dropped."""
_ANY_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
_CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^<>]*\s)?r\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^<>]*?(/?)>")
_SHARED_CELL = re.compile(
    rb"<(?:\w+:)?c\s(?:[^<>]*\s)?t\s*=\s*[\"']s[\"'][^<>]*(?<!/)>(?:\s*<(?:\w+:)?v>([0-9]{1,7})<)?"
)
_NOT_COMPUTED = re.compile(
    rb"<(?:\w+:)?c\s(?![^<>]*\bt\s*=\s*[\"']str[\"'])(?:[^<>]*\s)?r\s*=\s*[\"']([A-Z]{1,3}[0-9]{1,7})[\"'][^<>]*(?<!/)>\s*"
    rb"<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>\s*|<(?:\w+:)?v>\s*</(?:\w+:)?v>\s*)?</(?:\w+:)?c>"
)
"""A cell whose formula has no result, as no program that computes formulas has saved the workbook."""
_SHARED_TEXTS = "xl/sharedStrings.xml"
_NUMBER = re.compile(r"\+?[0-9]{1,20}")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


class _Stop(Exception):
    """The reading of an XML part must stop. `code` is the problem, `place` the name of a cell."""

    def __init__(self, code: str, place: str = "") -> None:
        self.code = code
        self.place = place
        super().__init__(code)


_CODES = {
    "too_many_members": "workbook_broken",
    "too_large": "workbook_too_large",
    "damaged": "workbook_broken",
    "declares_entities": "workbook_entities",
}
"""The code of the problem, by the code of `BadArchive`."""


def repack(source: Source, limits: Limits) -> io.BytesIO:
    """Return the workbook with its tables only. Raises Unreadable if it is not a workbook or exceeds a limit."""
    packed = io.BytesIO()

    def write_parts(archive: zipfile.ZipFile) -> None:
        with zipfile.ZipFile(packed, "w") as repacked:
            for name, content in _unpack(archive, limits):
                repacked.writestr(name, content)

    code, place = None, ""
    try:
        read_archive(source.file, write_parts, most_members=_MAX_MEMBERS)
    except _Stop as stop:
        code, place = stop.code, stop.place
    except BadArchive as bad:
        code = _CODES[bad.code]
    # outside the handlers, so that no traceback contains unpacked content
    if code is not None:
        raise Unreadable(Problem(code, params={"place": place} if place else _params(code, limits)))
    packed.seek(0)
    return packed


def _params(code: str, limits: Limits) -> dict[str, str | int]:
    params: dict[str, dict[str, str | int]] = {
        "workbook_too_large": {"megabytes": limits.inflated_bytes // MEGABYTE},
        "too_many_loaded_cells": {"limit": limits.loaded_cells},
    }
    return params.get(code, {})


def _unpack(archive: zipfile.ZipFile, limits: Limits) -> Iterator[tuple[str, bytes]]:
    members = list_members(archive)
    names = {member.filename for member in members}
    if not ({"xl/workbook.xml", "content.xml"} & names):
        raise _Stop("workbook_other" if "xl/workbook.bin" in names else "archive")
    if "content.xml" in names and _inflate(archive, archive.getinfo("mimetype"), Budget(1000)).strip() != _ODS:
        raise _Stop("other_format")
    parts = [member for member in members if _PARTS.fullmatch(member.filename)]
    # shared texts first, so that the length of each cell is known
    parts.sort(key=lambda member: member.filename != _SHARED_TEXTS)
    if any(member.flag_bits & 1 for member in parts):
        raise _Stop("workbook_locked")
    budget, counted = Budget(limits.inflated_bytes), _CountingReader(limits)
    for member in parts:
        content = _inflate(archive, member, budget)
        if member.filename.endswith((".xml", ".rels")):
            counted.read_part(member.filename, content)
        yield member.filename, content


def _inflate(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: Budget) -> bytes:
    """Return the content of a member. Raises BadArchive, without unpacking it, if its declared size is too large."""
    if member.file_size > budget.left:
        raise BadArchive("too_large")
    return b"".join(unpack(archive, member, budget))


class _CellReader(Protocol):
    """The handlers of an XML parser for one part."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def text(self, text: str) -> None: ...

    def end(self, name: str) -> None: ...


class _CountingReader:
    """A counter of the cells and texts of a workbook, to limit the memory that loading it takes."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.cells = self.held = self.longest = 0
        self.shared: list[int] = []

    def read_part(self, name: str, content: bytes) -> None:
        """Count one part. Raises _Stop if a limit is exceeded, or BadArchive if it is broken or declares entities."""
        if name == "content.xml":
            _parse(content, _OpenDocument(self))
        elif name == _SHARED_TEXTS:
            _parse(content, _SharedTexts(self))
        else:
            _parse(content)
        if name.startswith("xl/worksheets/"):
            self._read_sheet(content)

    def add(self, cells: int) -> None:
        self.cells += cells
        if self.cells > self.limits.loaded_cells:
            raise _Stop("too_many_loaded_cells")

    def add_size(self, size: int, times: int) -> None:
        """Add the size of a text as often as it is used: it is copied into every cell."""
        self.held += size * times
        if self.held > self.limits.inflated_bytes:
            raise _Stop("workbook_too_large")

    def require_short(self, size: int) -> None:
        if size > self.limits.line:
            raise _Stop("cell_too_long")

    def share(self, size: int) -> None:
        self.add(1)
        self.shared.append(size)
        self.longest = max(self.longest, size)

    def _size_of(self, index: bytes) -> int:
        """Return the size of a shared text; the size of the longest if the index is out of range."""
        place = int(index) if index else len(self.shared)
        return self.shared[place] if place < len(self.shared) else self.longest

    def _read_sheet(self, content: bytes) -> None:
        """Count the cells of a sheet in its bytes: every cell up to the last filled row and column takes memory."""
        for start in range(0, len(content) - self.limits.line, self.limits.line):
            if content.find(b"<", start, start + self.limits.line) < 0:
                raise _Stop("cell_too_long")
        rows = columns = 0
        if self.limits.computed_only and (empty := _NOT_COMPUTED.search(content)):
            raise _Stop("formula_without_result", empty[1].decode())
        for start, end in _windows(content):
            found = _CELL.findall(content, start, end)
            if len(found) != len(_ANY_CELL.findall(content, start, end)):
                raise _Stop("workbook_broken")
            filled = [(column, row) for column, row, is_empty in found if not is_empty]
            if self.limits.counts_blank:
                self.add(len(found) - len(filled))
            rows = max([rows, *map(int, {row for _, row in filled})])
            columns = max([columns, *map(_number_of, {column for column, _ in filled})])
            if rows * columns > self.limits.loaded_cells:
                break
            for index, times in Counter(_SHARED_CELL.findall(content, start, end)).items():
                self.add_size(self._size_of(index), times)
        self.add(rows * columns)


def _windows(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield ranges of a sheet that split no tag."""
    start = 0
    while start < len(content):
        end = content.rfind(b"<", start + 1, start + MEGABYTE) if len(content) - start > MEGABYTE else len(content)
        if end < 0:
            end = min(start + MEGABYTE, len(content))
        yield start, end
        start = end


def _number_of(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def letters_of(number: int) -> str:
    """Return the letters of a column in a spreadsheet, by its number from 1."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _parse(content: bytes, walker: _CellReader | None = None) -> None:
    # whatever encoding a part declares, it is read as UTF-8 afterwards
    parser = expat.ParserCreate("UTF-8")
    parser.StartDoctypeDeclHandler = refuse_entities
    if walker:
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = walker.start, walker.end
        parser.CharacterDataHandler = walker.text
    parse_xml(parser, (content[start : start + MEGABYTE] for start in range(0, len(content), MEGABYTE)))


class _SharedTexts:
    """The shared texts of an XLSX, which its cells refer to by number."""

    def __init__(self, counted: _CountingReader) -> None:
        self.counted = counted
        self.size: int | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "si":
            if self.size is not None:
                raise _Stop("workbook_broken")
            self.size = 0

    def text(self, text: str) -> None:
        if self.size is not None:
            self.size += len(text.encode())
            self.counted.require_short(self.size)

    def end(self, name: str) -> None:
        if self.size is not None and name.rpartition(":")[2] == "si":
            self.counted.share(self.size)
            self.size = None


_TABLE, _ROW, _ODS_CELLS = "table:table", "table:table-row", ("table:table-cell", "table:covered-table-cell")
_ODS_TEXTS = ("office:string-value", "office:date-value", "office:time-value", "table:formula")
_ODS_VALUES = frozenset(("office:value-type", "office:value", "office:boolean-value", *_ODS_TEXTS))


class _OpenDocument:
    """The sheets of an ODS, whose rows and cells may declare how often they are repeated."""

    def __init__(self, counted: _CountingReader) -> None:
        self.counted = counted
        self.is_table = False
        self.size: int | None = None
        self._start_table()

    def _start_table(self) -> None:
        self.rows = self.columns = self.row = self.column = self.held = 0
        self.row_times = self.column_times = 1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in (_TABLE, _ROW, *_ODS_CELLS):
            # Programs read a table within a cell or within a table differently.
            if self.size is not None or (name == _TABLE and self.is_table):
                raise _Stop("workbook_broken")
            self._start_place(name, attributes)
        elif self.size is not None and name.startswith("text:"):
            self._fill()
            self._add_size(_times(attributes.get("text:c", "1")) if name == "text:s" else 1)

    def _start_place(self, name: str, attributes: dict[str, str]) -> None:
        if name == _TABLE:
            self.is_table = True
            self._start_table()
        elif name == _ROW:
            self.row, self.column, self.column_times = self.row + self.row_times, 0, 1
            self.row_times, self.held = _times(attributes.get("table:number-rows-repeated", "1")), 0
        else:
            self.column += self.column_times if self.column else 1
            self.column_times = _times(attributes.get("table:number-columns-repeated", "1"))
            self.size = 0
            if "table:formula" in attributes and "office:value-type" not in attributes:
                raise _Stop("formula_without_result", f"{letters_of(self.column)}{self.row}")
            if not _ODS_VALUES.isdisjoint(attributes):
                self._fill()
                self._add_size(sum(len(attributes[key].encode()) for key in _ODS_TEXTS if key in attributes))

    def text(self, text: str) -> None:
        if self.size is not None:
            self._add_size(len(text.encode()))

    def end(self, name: str) -> None:
        if name in _ODS_CELLS and self.size is not None:
            self.held += self.size * self.column_times
            self.size = None
        elif name == _ROW:
            self.counted.add_size(self.held, self.row_times)
        elif name == _TABLE:
            self.counted.add(self.rows * self.columns)
            self.is_table = False

    def _add_size(self, size: int) -> None:
        self.size = (self.size or 0) + size
        self.counted.require_short(self.size)

    def _fill(self) -> None:
        self.rows = max(self.rows, self.row + self.row_times - 1)
        self.columns = max(self.columns, max(self.column, 1) + self.column_times - 1)


def _times(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise _Stop("workbook_broken")
    return int(text)
