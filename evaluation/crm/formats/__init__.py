"""Open a file of any format as a table: text in any common encoding, a workbook of any age, a page, or JSON."""

import re
from collections.abc import Callable

from evaluation.crm.formats.opened import Opened
from evaluation.crm.formats.row_account import RowAccount
from evaluation.crm.formats.source import MEGABYTE, Limits, Source, Unreadable
from evaluation.crm.problems.file_problems import Problem

__all__ = ["Limits", "Opened", "RowAccount", "Source", "Unreadable", "open_file"]

_WORKBOOK = b"PK\x03\x04"
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKED = (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ", b"PK\x05\x06")
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"RIFF", b"{\\rtf", b"\x7fELF", b"MZ")
_MARKUP = re.compile(rb"\s*<(?:[a-z]|!doctype|!--|\?xml)", re.IGNORECASE)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_JSON = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*[\[{]\0?[\s\0]*[\[\]{\"]")


def open_file(source: Source, limits: Limits | None = None) -> Opened:
    """Open a file. Its format is detected from its content, never from its name. Raises Unreadable with the problem."""
    limits = limits or Limits()
    if source.size > limits.bytes:
        raise Unreadable(Problem("too_large", params={"megabytes": max(1, limits.bytes // MEGABYTE)}))
    source.file.seek(0)
    head = source.file.read(4096)
    if not head.strip():
        raise Unreadable(Problem("empty_file"))
    if head.startswith(_PACKED):
        raise Unreadable(Problem("archive"))
    if head.startswith(_OTHERS):
        raise Unreadable(Problem("other_format"))
    if open_loaded := _find_reader(head):
        if source.size > limits.loaded_bytes:
            raise Unreadable(Problem("loaded_too_large", params={"megabytes": limits.loaded_bytes // MEGABYTE}))
        return open_loaded(source, limits)
    if _JSON.match(head):
        from evaluation.crm.formats.json_table import open_objects

        return open_objects(source, limits)
    if limits.is_separate:
        from evaluation.crm.formats.parsed import ParsedTable

        return ParsedTable(source, limits)
    from evaluation.crm.formats.delimited import DelimitedTable

    return DelimitedTable(source, limits)


def _find_reader(head: bytes) -> Callable[[Source, Limits], Opened] | None:
    """Return the reader of a workbook or page, which is loaded as a whole, by its first bytes; else None."""
    if head.startswith(_WORKBOOK):
        from evaluation.crm.formats.workbook import open_workbook

        return open_workbook
    if head.startswith(_OLD_OR_LOCKED):
        from evaluation.crm.formats.old_workbook import open_old_workbook

        return open_old_workbook
    for mark in _MARKS:
        head = head.removeprefix(mark)
    text = head.replace(b"\0", b"")  # of UTF-16
    if not _MARKUP.match(text):
        return None
    from evaluation.crm.formats.page import open_page
    from evaluation.crm.formats.spreadsheet_xml import NAMESPACE, open_spreadsheet_xml

    return open_spreadsheet_xml if NAMESPACE.encode() in text else open_page
