"""Tell the format of a file from its first bytes, never from its name. Pure."""

import re
from enum import Enum, auto

HEAD = 4096
"""The number of bytes that `find_kind` needs."""
NAMESPACE_OF_EXCEL_2003 = "urn:schemas-microsoft-com:office:spreadsheet"

_MARKUP = re.compile(rb"\s*<(?:[a-z]|!doctype|!--|\?xml)", re.IGNORECASE)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_JSON = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*[\[{]\0?[\s\0]*[\[\]{\"]")


class Kind(Enum):
    """The format of a file."""

    EMPTY = auto()
    PACKED = auto()
    OTHER = auto()
    WORKBOOK = auto()
    """XLSX or ODS."""
    OLD_WORKBOOK = auto()
    """XLS, or a workbook that is locked by a password."""
    WORKBOOK_IN_XML = auto()
    PAGE = auto()
    OBJECTS = auto()
    TEXT = auto()


_STARTS = {
    Kind.PACKED: (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ", b"PK\x05\x06"),
    Kind.OTHER: (
        b"%PDF",
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"II*\0",
        b"MM\0*",
        b"RIFF",
        b"{\\rtf",
        b"\x7fELF",
        b"MZ",
    ),
    Kind.WORKBOOK: (b"PK\x03\x04",),
    Kind.OLD_WORKBOOK: (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
}


def find_kind(head: bytes) -> Kind:
    """Return the format of a file that begins so."""
    if not head.strip():
        return Kind.EMPTY
    for kind, starts in _STARTS.items():
        if head.startswith(starts):
            return kind
    if _JSON.match(head):
        return Kind.OBJECTS
    for mark in _MARKS:
        head = head.removeprefix(mark)
    text = head.replace(b"\0", b"")  # of UTF-16
    if not _MARKUP.match(text):
        return Kind.TEXT
    return Kind.WORKBOOK_IN_XML if NAMESPACE_OF_EXCEL_2003.encode() in text else Kind.PAGE
