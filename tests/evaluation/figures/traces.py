"""Searches for data that must not be stored: in every table, in the log, and on disk."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

CHILD = "Kowalska-Marked"
NAME = f"Anna {CHILD} 12.03.2011.csv"
"""A file name that must not be stored anywhere."""


def everything_stored() -> str:
    """Return every cell of every table, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [
                bytes(cell).decode("latin-1") if isinstance(cell, bytes | memoryview) else str(cell)
                for row in cursor.fetchall()
                for cell in row
            ]
    return "\n".join(found)


def files_with(mark: str, place: Path) -> list[Path]:
    return [path for path in place.rglob("*") if path.is_file() and mark.encode() in path.read_bytes()]


def assert_nowhere(mark: str, caplog: pytest.LogCaptureFixture, place: Path) -> None:
    """Assert that neither the content of a file nor its original name is stored or logged."""
    stored = everything_stored()
    for trace in (mark, CHILD):
        assert trace not in stored
        assert trace not in caplog.text
        assert files_with(trace, place) == []
        assert files_with(trace, Path(settings.VAR_DIR)) == []
        assert not any(trace in str(path) for path in (*place.rglob("*"), *Path(settings.VAR_DIR).rglob("*")))
