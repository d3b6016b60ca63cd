"""The archive that a workbook is: unpacked within bounds and packed again, so that what is read is what was checked."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from copy import copy
from xml.parsers import expat

from evaluation.crm.opening.source import MEGABYTE, Limits, Source, Unreadable
from evaluation.crm.problems import Problem

_MOST_MEMBERS = 1000
_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/.*\.rels|xl/(?:workbook|styles|sharedStrings|metadata)\.xml"
    r"|xl/_rels/workbook\.xml\.rels|xl/worksheets/[^/]+\.xml|xl/worksheets/_rels/[^/]+\.rels"
    r"|mimetype|content\.xml|META-INF/manifest\.xml"
)
"""What holds a table. Pictures, programs and whatever else an archive may carry are left behind."""
_ANY_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
_CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^<>]*\s)?r\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^<>]*?(/?)>")
_STRING = re.compile(rb"<(?:\w+:)?si[\s>/]")
_NUMBER = re.compile(r"[0-9]{1,9}")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


class _Stop(Exception):
    """Ends the walk through an XML part; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def repack(source: Source, limits: Limits) -> io.BytesIO:
    """The workbook with its tables only. Raises Unreadable for what is no workbook, or too large in any way."""
    source.file.seek(0)
    packed = io.BytesIO()
    code = None
    try:
        with zipfile.ZipFile(source.file) as archive, zipfile.ZipFile(packed, "w") as kept:
            for name, content in _unpack(archive, limits):
                kept.writestr(name, content)
    except _Stop as stop:
        code = stop.code
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError, KeyError):
        code = "workbook_broken"
    # outside the handlers, so that no traceback carries what was unpacked
    if code is not None:
        raise Unreadable(Problem(code, params=_params(code, limits)))
    packed.seek(0)
    return packed


def _params(code: str, limits: Limits) -> dict[str, str | int]:
    params: dict[str, dict[str, str | int]] = {
        "workbook_too_large": {"megabytes": limits.inflated_bytes // MEGABYTE},
        "too_many_loaded_cells": {"limit": limits.loaded_cells},
    }
    return params.get(code, {})


def _unpack(archive: zipfile.ZipFile, limits: Limits) -> Iterator[tuple[str, bytes]]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    names = [member.filename for member in members]
    if len(members) > _MOST_MEMBERS or len(set(names)) != len(names):
        raise _Stop("workbook_broken")
    if not ({"xl/workbook.xml", "content.xml"} & set(names)):
        raise _Stop("workbook_other" if "xl/workbook.bin" in names else "archive")
    if "content.xml" in names and _inflate(archive, archive.getinfo("mimetype"), 1000).strip() != _ODS:
        raise _Stop("other_format")
    kept = [member for member in members if _PARTS.fullmatch(member.filename)]
    if any(member.flag_bits & 1 for member in kept):
        raise _Stop("workbook_locked")
    left, counted = limits.inflated_bytes, _Counted(limits.loaded_cells)
    for member in kept:
        content = _inflate(archive, member, left)
        left -= len(content)
        if member.filename.endswith((".xml", ".rels")):
            counted.walk(member.filename, content)
        yield member.filename, content


def _inflate(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    """A member as it is and not as the directory says: a directory that lies is found out, within the bound."""
    if member.file_size > most:
        raise _Stop("workbook_too_large")
    unbound = copy(member)
    unbound.file_size = most + 1
    found = bytearray()
    with archive.open(unbound) as opened:
        while block := opened.read(MEGABYTE):
            found += block
            if len(found) > most:
                raise _Stop("workbook_too_large")
    if len(found) != member.file_size:
        raise _Stop("workbook_broken")
    return bytes(found)


class _Counted:
    """Counts what the parts of a workbook would take in memory, before anybody takes it."""

    def __init__(self, most: int) -> None:
        self.most, self.cells = most, 0

    def walk(self, name: str, content: bytes) -> None:
        """Raises _Stop for a part that is no plain XML, that declares entities, or that is too large."""
        sheets = _OpenDocument(self.add) if name == "content.xml" else None
        _parse(content, sheets.start if sheets else None)
        if sheets:
            sheets.close()
        elif name == "xl/sharedStrings.xml":
            self.add(len(_STRING.findall(content)))
        elif name.startswith("xl/worksheets/"):
            self._walk_sheet(content)

    def add(self, cells: int) -> None:
        self.cells += cells
        if self.cells > self.most:
            raise _Stop("too_many_loaded_cells")

    def _walk_sheet(self, content: bytes) -> None:
        """A sheet takes a place for every cell up to the last filled one. Seen as the bytes that a reader sees."""
        rows = columns = 0
        for start, end in _windows(content):
            found = _CELL.findall(content, start, end)
            if len(found) != len(_ANY_CELL.findall(content, start, end)):
                raise _Stop("workbook_broken")
            filled = [(column, row) for column, row, is_empty in found if not is_empty]
            rows = max([rows, *map(int, {row for _, row in filled})])
            columns = max([columns, *map(_number_of, {column for column, _ in filled})])
            if rows * columns > self.most:
                break
        self.add(rows * columns)


def _windows(content: bytes) -> Iterator[tuple[int, int]]:
    """Parts of a sheet that cut no tag."""
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


def _parse(content: bytes, start_element: Callable[[str, dict[str, str]], None] | None) -> None:
    def refuse(*_declared: object) -> None:
        raise _Stop("workbook_entities")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    if start_element:
        parser.StartElementHandler = start_element
    broken = False
    try:
        for start in range(0, len(content), MEGABYTE):
            parser.Parse(content[start : start + MEGABYTE])
        parser.Parse(b"", True)
    except expat.ExpatError:
        broken = True
    if broken:
        raise _Stop("workbook_broken")


class _OpenDocument:
    """The sheets of an ODS, whose rows and cells may say how often they are repeated."""

    def __init__(self, add: Callable[[int], None]) -> None:
        self.add = add
        self._start_sheet()

    def _start_sheet(self) -> None:
        self.rows = self.columns = self.row = self.column = 0
        self.row_times = self.column_times = 1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.close()
        elif name == "table:table-row":
            self.row, self.column, self.column_times = self.row + self.row_times, 0, 1
            self.row_times = _times(attributes.get("table:number-rows-repeated", ""))
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self.column += self.column_times if self.column else 1
            self.column_times = _times(attributes.get("table:number-columns-repeated", ""))
            if "office:value-type" in attributes:
                self._fill()
        elif name == "text:p":
            self._fill()

    def _fill(self) -> None:
        self.rows = max(self.rows, self.row + self.row_times - 1)
        self.columns = max(self.columns, max(self.column, 1) + self.column_times - 1)

    def close(self) -> None:
        self.add(self.rows * self.columns)
        self._start_sheet()


def _times(text: str) -> int:
    return int(text) if _NUMBER.fullmatch(text) else 1
