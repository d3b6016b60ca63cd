"""Open a file of any format as a table: text in any common encoding, a workbook, or JSON."""

import re

from evaluation.crm.formats.layout import TableLayout
from evaluation.crm.formats.opened import Opened
from evaluation.crm.formats.row_account import RowAccount
from evaluation.crm.formats.source import MEGABYTE, Limits, Source, Unreadable
from evaluation.crm.problems.file_problems import Problem

__all__ = ["Limits", "Opened", "RowAccount", "Source", "TableLayout", "Unreadable", "open_file"]

_ARCHIVE = b"PK\x03\x04"
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKED = (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ", b"PK\x05\x06")
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"RIFF", b"{\\rtf", b"\x7fELF", b"MZ")
_PAGE = re.compile(rb"\s*<(?:!doctype|html|\?xml|table|head|body|svg)", re.IGNORECASE)
_JSON = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*[\[{]\0?[\s\0]*[\[\]{\"]")


def open_file(source: Source, limits: Limits | None = None, layout: TableLayout | None = None) -> Opened:
    """Open a file. Its format is detected from its content, never from its name. Raises Unreadable with the problem.

    `layout` is where its table is, if a user chose it.
    """
    limits = limits or Limits()
    if source.size > limits.bytes:
        raise Unreadable(Problem("too_large", params={"megabytes": max(1, limits.bytes // MEGABYTE)}))
    source.file.seek(0)
    head = source.file.read(4096)
    if not head.strip():
        raise Unreadable(Problem("empty_file"))
    if head.startswith(_OLD_OR_LOCKED):
        raise Unreadable(Problem("workbook_old"))
    if head.startswith(_PACKED):
        raise Unreadable(Problem("archive"))
    if head.startswith(_OTHERS) or _PAGE.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise Unreadable(Problem("other_format"))
    if head.startswith(_ARCHIVE):
        from evaluation.crm.formats.workbook import open_workbook

        if source.size > limits.loaded_bytes:
            raise Unreadable(Problem("loaded_too_large", params={"megabytes": limits.loaded_bytes // MEGABYTE}))
        return open_workbook(source, limits, layout)
    if _JSON.match(head):
        from evaluation.crm.formats.json_table import open_objects

        return open_objects(source, limits)
    if limits.is_separate:
        from evaluation.crm.formats.parsed import ParsedTable

        return ParsedTable(source, limits, layout)
    from evaluation.crm.formats.delimited import DelimitedTable

    return DelimitedTable(source, limits, layout)
