"""Stored files that no row names: what broke off between writing the file and keeping the row. They go in time."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta

from django.core.files.storage import Storage
from django.db.models import FileField
from django.utils import timezone

from portal.operations.verification import file_fields, stored_names

KEPT_FOR = timedelta(days=7)
"""Much longer than any transaction. A younger file may belong to a row that is being written."""

MOST = 50
"""More than uploads leave in a week: then these files are rather those of another, or of a later, database."""


class TooManyLeftovers(Exception):
    """So many files are named by no row that none of them was removed."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(f"{len(names)} stored files are named by no row")


def remove_leftovers(*, however_many: bool = False) -> list[str]:
    """Remove the files of every `FileField` that no row of any model names and that are older than `KEPT_FOR`.

    Raises `TooManyLeftovers` beyond `MOST`, as beside a database that was restored without its last days.

    The files are listed before the names are read, so that what is kept meanwhile is never taken for a leftover.
    """
    found = [(storage, name) for storage, folder in _folders() for name in _files_in(storage, folder)]
    named = set(stored_names())
    left = [(storage, name) for storage, name in found if name not in named and _is_old(storage, name)]
    if len(left) > MOST and not however_many:
        raise TooManyLeftovers([name for _storage, name in left])
    for storage, name in left:
        storage.delete(name)
    return [name for _storage, name in left]


def _folders() -> list[tuple[Storage, str]]:
    """Where the fields put their files. A file in another folder is not theirs."""
    places: list[tuple[Storage, str]] = []
    for _model, field in file_fields():
        if (folder := _folder_of(field)) and (field.storage, folder) not in places:
            places.append((field.storage, folder))
    return places


def _folder_of(field: FileField) -> str:
    path = field.upload_to(field.model(), "x") if callable(field.upload_to) else field.upload_to
    return str(path).strip("/").partition("/")[0]


def _files_in(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return  # nothing was ever stored there
    for name in files:
        yield f"{folder}/{name}"
    for name in folders:
        yield from _files_in(storage, f"{folder}/{name}")


def _is_old(storage: Storage, name: str) -> bool:
    with suppress(FileNotFoundError):  # somebody else removed it a moment ago
        return storage.get_modified_time(name) < timezone.now() - KEPT_FOR
    return False
