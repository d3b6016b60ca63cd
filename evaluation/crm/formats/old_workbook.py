"""Read the table of an old Excel workbook (XLS, of Excel 95 to 2003), by the same rules as that of a new one."""

import io

from evaluation.crm.formats.loaded import LoadedTable
from evaluation.crm.formats.source import Limits, Source, Unreadable, read_limited
from evaluation.crm.formats.workbook import Sheet, build_table, read_with_calamine
from evaluation.crm.problems.file_problems import Problem

LIBRARIES = ("python_calamine",)
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_BOOKS = tuple(name.encode("utf-16-le") for name in ("Workbook\0", "Book\0"))
"""The names of the stream that has the workbook: the files of other programs have other streams."""


def open_old_workbook(source: Source, limits: Limits) -> LoadedTable:
    """Open the only sheet that has a table. Raises Unreadable."""
    source.file.seek(0)
    content = source.file.read()
    if _LOCKED in content:
        raise Unreadable(Problem("workbook_locked"))
    if not any(name in content for name in _BOOKS):
        raise Unreadable(Problem("other_format"))
    return build_table(read_limited(read_old_sheet, content, limits), limits)


def read_old_sheet(content: bytes, limits: Limits) -> Sheet:
    """Return the only sheet that has a table. Called in the limited process. Raises Unreadable."""
    return read_with_calamine(io.BytesIO(content), limits)
