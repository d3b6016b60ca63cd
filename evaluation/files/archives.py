"""Read the ZIP archive of a document or a workbook within limits, without trusting its directory. Pure."""

import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from typing import BinaryIO, TypeVar
from xml.parsers import expat

MEGABYTE = 1024 * 1024
_MEMBER = b"PK\x01\x02"
"""The signature of each entry of an archive's directory."""
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, KeyError)

Found = TypeVar("Found")


class BadArchive(Exception):
    """The archive is refused. `code` is `too_many_members`, `too_large`, `damaged` or `declares_entities`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Budget:
    """The number of bytes that may still be unpacked from all members of an archive."""

    def __init__(self, size: int) -> None:
        self.left = size

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise BadArchive("too_large")


def read_archive(file: BinaryIO, read: Callable[[zipfile.ZipFile], Found], *, most_members: int) -> Found:
    """Return the result of `read`. Raises BadArchive, whose traceback contains no unpacked content."""
    _count_members(file, most_members)
    try:
        with zipfile.ZipFile(file) as archive:
            return read(archive)
    except _UNREADABLE:
        pass
    raise BadArchive("damaged")


def _count_members(file: BinaryIO, most: int) -> None:
    """Raise BadArchive if there are too many members. Counts bytes, as a list would take ten times the file's size."""
    file.seek(0)
    found, end = 0, b""
    while block := file.read(MEGABYTE):
        found += (end + block).count(_MEMBER)
        end = block[1 - len(_MEMBER) :]
        if found > most:
            raise BadArchive("too_many_members")
    file.seek(0)


def list_members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files in the archive. Raises BadArchive for duplicate names, which readers interpret differently."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len({member.filename for member in members}) != len(members):
        raise BadArchive("damaged")
    return members


def unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: Budget) -> Iterator[bytes]:
    """Yield the blocks of a member. Raises BadArchive if the budget is spent, or the size in the directory is wrong."""
    unbound = copy(member)
    unbound.file_size = budget.left + 2 * MEGABYTE  # so that the budget is the limit
    size = 0
    with archive.open(unbound) as opened:
        while block := opened.read(MEGABYTE):
            size += len(block)
            budget.spend(len(block))
            yield block
    if size != member.file_size:
        raise BadArchive("damaged")


def parse_xml(parser: expat.XMLParserType, blocks: Iterable[bytes]) -> None:
    """Feed a part to a configured parser. Raises BadArchive for entity declarations, which can expand to any size."""
    parser.EntityDeclHandler = refuse_entities
    is_xml = True
    try:
        for block in blocks:
            parser.Parse(block)
        parser.Parse(b"", True)
    except expat.ExpatError:
        is_xml = False
    if not is_xml:
        raise BadArchive("damaged")


def refuse_entities(*_declared: object) -> None:
    raise BadArchive("declares_entities")
