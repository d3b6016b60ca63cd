"""Stored files without a row: left by a failure between writing the file and the row."""

from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import Storage
from django.db.models import FileField
from django.utils import timezone

from portal.operations.verification import file_fields, stored_names

KEPT_FOR = timedelta(days=7)
"""Much longer than any transaction. A younger file may belong to a row that is being written."""


def find_leftovers() -> list[tuple[Storage, str]]:
    """Return the files of every `FileField` that no row of any model names and that are older than `KEPT_FOR`.

    The files are listed before the names are read, so that a file stored meanwhile is not a leftover. With a restored
    or copied database, these include files of rows that it lacks.
    """
    found = [(storage, name) for storage, folder in _folders() for name in _files_in(storage, folder)]
    named = set(stored_names())
    return [(storage, name) for storage, name in found if name not in named and _is_old(storage, name)]


def _folders() -> list[tuple[Storage, str]]:
    """Return the folders of the fields' files. Files in other folders are ignored."""
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
    try:
        return storage.get_modified_time(name) < timezone.now() - KEPT_FOR
    except Exception:
        if storage.exists(name):
            raise
        return False  # deleted concurrently; bucket storages raise an error of their own library
