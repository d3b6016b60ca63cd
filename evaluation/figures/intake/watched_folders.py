"""Import files from a folder per hotline, into which its case system writes.

A complete file is imported and removed, and the result is written next to it.
"""

import fcntl
import logging
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.figures.intake.file_names import acceptable_name, name_unread
from evaluation.figures.intake.imports import can_receive, receive
from evaluation.figures.intake.spool import Spooled, TooLarge, spool
from evaluation.figures.intake.worker import Unread, read_statistics
from evaluation.figures.problems.file_problems import Problem, describe_problem
from evaluation.models import Hotline, StatisticsImport
from evaluation.workflow import Refusal

log = logging.getLogger(__name__)

RESULT = ".result.txt"
PARTIAL = (".part", ".partial", ".filepart", ".tmp", ".crdownload", RESULT)
"""Suffixes of files that are not imported: incomplete files and results."""
BLOCK = 1024 * 1024

Snapshot = dict[Path, tuple[int, int, int]]
"""The size, time of modification and inode of each file."""


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """The result of a file that was removed from its folder: `answer` is the path of the text file with it."""

    answer: Path
    is_refused: bool
    sentences: tuple[str, ...]


@dataclass
class Watch:
    """The state of polling the folders: a file that has not changed between two polls is complete."""

    folder: Path
    seen: Snapshot = field(default_factory=dict)

    def poll(self) -> list[ImportedFile]:
        """Import the files that have not changed since the previous poll, and store the state of the others."""
        now: Snapshot = {}
        imported = []
        for hotline, entry in self._entries():
            try:
                if done := self._check_entry(hotline, entry, now):
                    imported.append(done)
            except OSError as error:
                # An error in one hotline's folder must not affect the others.
                log.warning("watched folder: %s", type(error).__name__, extra={"hotline": hotline.code})
        self.seen = now
        return imported

    def _check_entry(self, hotline: Hotline, entry: os.DirEntry[str], now: Snapshot) -> ImportedFile | None:
        path = Path(entry.path)
        if entry.is_symlink():
            path.unlink(missing_ok=True)
            return _write_result(
                hotline, path, _("This is a link to another place. Drop the file itself."), refused=True
            )
        if not entry.is_file(follow_symlinks=False):
            return None
        facts = entry.stat(follow_symlinks=False)
        now[path] = (facts.st_size, facts.st_mtime_ns, facts.st_ino)
        if self.seen.get(path) != now[path]:
            return None
        if not can_receive(hotline):
            return None  # leave the file in the folder until fewer are waiting
        done = _import_file(hotline, path, now[path])
        if done:
            del now[path]
        return done

    def unknown_folders(self) -> list[str]:
        """Return the names of folders that are not the code of a hotline: nothing is read from them."""
        known = set(Hotline.objects.values_list("code", flat=True))
        with os.scandir(self.folder) as entries:
            return sorted(e.name for e in entries if e.is_dir(follow_symlinks=False) and e.name not in known)

    def _entries(self) -> Iterator[tuple[Hotline, os.DirEntry[str]]]:
        for hotline in Hotline.objects.order_by("code"):
            place = self.folder / hotline.code
            try:
                if place.is_symlink() or not place.is_dir():
                    continue
                with os.scandir(place) as listed:
                    entries = sorted(listed, key=lambda entry: entry.name)
            except OSError as error:
                log.warning("watched folder: %s", type(error).__name__, extra={"hotline": hotline.code})
                continue
            for entry in entries:
                if not entry.name.startswith(".") and not entry.name.lower().endswith(PARTIAL):
                    yield hotline, entry


def _import_file(hotline: Hotline, path: Path, facts: tuple[int, int, int]) -> ImportedFile | None:
    """Import one file through the spool, remove it and return the result.

    None if the file has changed, another process imports it, or too many files of the hotline are waiting.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        try:
            # The lock ends with the process, so that a killed watcher does not keep the file locked.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return None
        found = os.fstat(file.fileno())
        is_same = (found.st_size, found.st_mtime_ns, found.st_ino) == facts
        if not is_same or not stat.S_ISREG(found.st_mode) or not path.exists():
            return None
        spooled = _spool(file)
        if spooled is None:
            path.unlink(missing_ok=True)
            megabytes = max(1, settings.STATISTICS_MAX_BYTES // BLOCK)
            return _write_result(
                hotline, path, describe_problem(Problem("too_large", params={"megabytes": megabytes})), refused=True
            )
        try:
            statistics, is_new = receive(hotline, spooled, path.name, by=None, way=StatisticsImport.Way.FOLDER)
        except Refusal:
            return None  # too many files of the hotline are waiting by now
        # Remove it only after the import, so that it is never lost. A second import of it gives the same import.
        path.unlink(missing_ok=True)
    if is_new:
        _read(statistics)
    is_refused = statistics.state == StatisticsImport.State.REFUSED
    return _write_result(
        hotline, path, *_sentences(statistics, is_new), refused=is_refused, mark=statistics.file_digest
    )


def _spool(file: BinaryIO) -> Spooled | None:
    try:
        return spool(iter(lambda: file.read(BLOCK), b""), settings.STATISTICS_MAX_BYTES)
    except TooLarge:
        return None


def _read(statistics: StatisticsImport) -> None:
    with suppress(Unread):  # it is logged, and the import is refused or waits for the next worker
        read_statistics.call(str(statistics.uid))
    statistics.refresh_from_db()


def _sentences(statistics: StatisticsImport, is_new: bool) -> Iterator[str]:
    states = StatisticsImport.State
    if not is_new:
        yield _("This file is here already: %(state)s.") % {"state": statistics.get_state_display()}
        return
    if statistics.state == states.REFUSED:
        yield _("The file is refused, and nothing of it was kept.")
    elif statistics.state == states.UNMATCHED:
        yield _(
            "The file has columns of its own. Say on the site within %(minutes)d minutes what they mean; "
            "from then on such files are understood."
        ) % {"minutes": settings.STATISTICS_SPOOL_MINUTES}
    elif statistics.state == states.CHECKED:
        yield _("The file is read, for %(start)s to %(end)s. It counts once it is confirmed on the site.") % {
            "start": statistics.period_start,
            "end": statistics.period_end,
        }
    else:
        yield _("The file waits to be read. Look on the site what becomes of it.")
    for noticed in (*statistics.problems, *statistics.warnings):
        yield describe_problem(Problem.from_data(noticed))


def _write_result(hotline: Hotline, path: Path, *sentences: str, refused: bool, mark: str = "") -> ImportedFile:
    """Write the result atomically to a file next to the original, with its name if that may be stored."""
    name = acceptable_name(path.name, hotline.code)
    if not name:
        now = timezone.localtime()
        name = name_unread(hotline.code, now.date(), mark or f"{now:%H%M%S%f}")
        sentences = (*sentences, _("The name of the file is not kept: it may say something about a person."))
    result = path.with_name(name + RESULT)
    temporary = result.with_name(f".{result.name}.new")
    temporary.unlink(missing_ok=True)
    with temporary.open("x", encoding="utf-8") as file:
        file.write("".join(f"{sentence}\n" for sentence in sentences))
    temporary.replace(result)
    return ImportedFile(result, refused, sentences)
