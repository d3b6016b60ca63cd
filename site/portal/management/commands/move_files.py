from collections import Counter
from collections.abc import Iterator
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage
from django.core.files.storage.handler import StorageHandler
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.cms.storage import ServedByView
from portal.operations.stores import store_errors
from portal.operations.verification import file_fields, names_in

_BLOCK = 1024 * 1024


class Command(BaseCommand):
    help = (
        "Copies every file that a row names from disk to bucket or back, and compares each with its copy. It may be "
        "interrupted and run again: what is there is compared and not copied. The site may be used meanwhile; after "
        "the settings have changed, run it once more for what came in between."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("to", choices=["disk", "bucket"], help="where the files shall be")
        parser.add_argument(
            "--remove",
            action="store_true",
            help="delete the originals, once every file is compared and the site uses the copies",
        )

    def handle(self, *_args: Any, to: str, remove: bool, **_options: Any) -> None:
        if "bucket" not in settings.FILE_STORES:
            raise CommandError(
                "There is no bucket in the settings: set PRIVATE_BUCKET, and FILE_STORE=disk until all is copied."
            )
        stores = {
            name: StorageHandler(backends)  # type: ignore[arg-type] # the stubs name its results
            for name, backends in settings.FILE_STORES.items()
        }
        source, target = stores["disk" if to == "bucket" else "bucket"], stores[to]
        is_in_use = settings.STORAGES["private"] == settings.FILE_STORES[to]["private"]
        if remove and not is_in_use:
            raise CommandError(
                f"The site does not use the {to} yet. Change FILE_STORE, restart it, and run this again."
            )
        counts: Counter[str] = Counter()
        for alias, name in sorted(set(_named_files())):
            try:
                result = _copy(source[alias], target[alias], name)
            except store_errors() as error:
                result = f"it cannot be copied ({type(error).__name__})"
            counts[result] += 1
            if result not in (COPIED, SAME, MOVED):
                self.stderr.write(f"{name}: {result}")
        problems = sum(counts.values()) - counts[COPIED] - counts[SAME] - counts[MOVED]
        there = counts[SAME] + counts[MOVED]
        self.stdout.write(f"{counts[COPIED]} files copied, {there} were there already, {problems} problems.")
        if problems:
            raise CommandError(
                "Not every file was copied. Nothing was deleted. Correct what is named, and run this again."
            )
        if remove:
            for alias, name in set(_named_files()):
                if target[alias].exists(name):
                    source[alias].delete(name)
            self.stdout.write("The originals are deleted.")


COPIED, SAME, MOVED = "copied", "same", "moved before"


def _named_files() -> Iterator[tuple[str, str]]:
    """Yield the storage and the name of every file of a row."""
    for model, field in file_fields():
        alias = "default" if isinstance(field.storage, ServedByView) else "private"
        for name in names_in(model, field):
            yield alias, name


def _copy(source: Storage, target: Storage, name: str) -> str:
    """Copy a file and compare the copy; return what was done, or the problem."""
    if not source.exists(name):
        return MOVED if target.exists(name) else "it is missing"
    if target.exists(name):
        kind = _compare(source, target, name)
        if kind == SAME:
            return SAME
        if kind != "beginning":
            return "another file with this name is there"
        target.delete(name)  # an interrupted copy
    with source.open(name, "rb") as original:
        stored = target.save(name, File(original, name))
    if stored != name:
        target.delete(stored)
        return f"it was stored as {stored}"
    return COPIED if _compare(source, target, name) == SAME else "its copy differs"


def _compare(source: Storage, target: Storage, name: str) -> str:
    """Return whether the copy is the same as the original, its beginning only, or another file."""
    with source.open(name, "rb") as original, target.open(name, "rb") as copy:
        while True:
            wanted, found = _read(original), _read(copy)
            if wanted != found:
                return "beginning" if wanted.startswith(found) and not copy.read(1) else "other"
            if not wanted:
                return SAME


def _read(file: IO[bytes] | File[bytes]) -> bytes:
    """Read a whole block, or what is left: a bucket may return less than was asked for."""
    block = b""
    while len(block) < _BLOCK and (more := file.read(_BLOCK - len(block))):
        block += more
    return block
