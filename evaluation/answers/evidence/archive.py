"""Stream the documents of an evaluation as a ZIP archive. Only one block of it is in memory at a time."""

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import timezone

from evaluation.answers.evidence.listing import ListedEvidence
from evaluation.files.kinds import kind_of_type, name_for
from evaluation.models import Document

MANIFEST = "manifest.csv"
_BLOCK = 256 * 1024
_LONGEST_STEM = 120
_NOT_ON_WINDOWS = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')


class Content(StrEnum):
    """How a document or an address is contained in the archive."""

    WHOLE = "whole"
    CHANGED = "changed"
    """The digest of the content differs from the digest at upload."""
    MISSING = "missing"
    """The storage does not have it."""
    ADDRESS = "address"
    """A web address, for which the archive has no file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A listed item and its file in the archive: the name, the size in bytes and the digest, as written."""

    thing: ListedEvidence
    content: Content
    file: str = ""
    size: int = 0
    sha256: str = ""


def names_of(things: Iterable[ListedEvidence]) -> list[str]:
    """Return a file name for each item: the code of its first answer and its own name; empty for an address.

    No name is a path, every name is valid on Windows, and no two differ only in case or Unicode normalisation.
    """
    taken: set[str] = set()
    return [_free_name(thing, taken) if thing.document else "" for thing in things]


def _free_name(thing: ListedEvidence, taken: set[str]) -> str:
    assert thing.document is not None
    kind = kind_of_type(thing.document.content_type)
    own = unicodedata.normalize("NFC", name_for(thing.document.name, kind))
    stem = _NOT_ON_WINDOWS.sub("_", own.rpartition(".")[0])[:_LONGEST_STEM].rstrip(" .")
    first = f"{thing.codes[0]} {stem}"
    name, number = f"{first}.{kind}", 1
    while name.casefold() in taken:
        number += 1
        name = f"{first} ({number}).{kind}"
    taken.add(name.casefold())
    return name


class _Outgoing(io.RawIOBase):
    """A buffer for what the archive writes, until it is drained."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, block: "bytes | memoryview | bytearray", /) -> int:  # type: ignore[override] # any buffer
        self._written += block
        return len(block)

    def drain(self) -> bytes:
        block = bytes(self._written)
        self._written.clear()
        return block


def stream_archive(things: Iterable[ListedEvidence], write_manifest: Callable[[list[Entry]], bytes]) -> Iterator[bytes]:
    """Yield the bytes of the archive: each document under its name, then the manifest of what was written."""
    things, outgoing = list(things), _Outgoing()
    entries: list[Entry] = []
    with zipfile.ZipFile(outgoing, "w", zipfile.ZIP_STORED) as archive:
        for thing, name in zip(things, names_of(things), strict=True):
            if thing.document is None:
                entries.append(Entry(thing, Content.ADDRESS))
            else:
                entries.append((yield from _write(archive, outgoing, thing, thing.document, name)))
        archive.writestr(_info(MANIFEST, timezone.now()), write_manifest(entries))
    yield outgoing.drain()


def _write(
    archive: zipfile.ZipFile, outgoing: _Outgoing, thing: ListedEvidence, document: Document, name: str
) -> Generator[bytes, None, Entry]:
    try:
        file = document.file.open("rb")
    except OSError:
        return Entry(thing, Content.MISSING)
    digest, size = hashlib.sha256(), 0
    with file, archive.open(_info(name, document.uploaded_at), "w") as member:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
            member.write(block)
            yield outgoing.drain()
    content = Content.WHOLE if digest.hexdigest() == document.digest else Content.CHANGED
    return Entry(thing, content, name, size, digest.hexdigest())


def _info(name: str, at: datetime) -> zipfile.ZipInfo:
    local = timezone.localtime(at)
    info = zipfile.ZipInfo(name, (max(local.year, 1980), *local.timetuple()[1:6]))
    info.external_attr = 0o644 << 16
    return info
