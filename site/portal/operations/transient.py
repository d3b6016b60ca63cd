"""Recognizes transient failures: a database that is unavailable, locked or full, a disk or a bucket that refuses."""

import errno
import sqlite3
import sys
from collections.abc import Iterator

from django.db import DatabaseError, InterfaceError, OperationalError

RETRY_AFTER = 5
"""Seconds after which a request or a task that met such a failure is worth repeating."""

_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM}
_SQLITE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
}
_EXTENDED = 0xFF
"""SQLite's extended codes carry the primary code in their lowest byte."""


def is_transient(error: BaseException | None) -> bool:
    """Whether `error`, or one of its causes, comes from the machine and not from the request.

    A missing table or a violated constraint is not transient: repeating would not help.
    """
    return any(_is_transient(one) for one in _chain(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _is_transient(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        return (getattr(error, "sqlite_errorcode", 0) or 0) & _EXTENDED in _SQLITE
    if isinstance(error, OperationalError | InterfaceError):
        # Django wraps SQLite's errors, whose code decides; PostgreSQL has a class of its own for each kind.
        return not isinstance(error.__cause__, sqlite3.Error)
    library = sys.modules.get("botocore.exceptions")
    if library and isinstance(error, library.BotoCoreError | library.ClientError):
        return True
    return isinstance(error, OSError) and not isinstance(error, DatabaseError) and error.errno in _DISK
