"""A folder per hotline where its case system drops files: each is imported when complete, answered, and removed."""

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

from evaluation.crm.intake.file_names import acceptable_name, name_unread
from evaluation.crm.intake.imports import can_receive, receive
from evaluation.crm.intake.spool import Spooled, TooLarge, spool
from evaluation.crm.intake.worker import Unread, read_statistics
from evaluation.crm.problems.file_problems import Problem, describe_problem
from evaluation.models import Hotline, StatisticsImport
from evaluation.workflow import Refusal

log = logging.getLogger(__name__)

RESULT = ".result.txt"
PARTIAL = (".part", ".partial", ".filepart", ".tmp", ".crdownload", RESULT)
"""Suffixes of incomplete files, and of our own answers."""
BLOCK = 1024 * 1024

Snapshot = dict[Path, tuple[int, int, int]]
"""Size, time of change and inode of each file."""


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file that was removed from its folder, and the result, whose text is in the file `answer`."""

    answer: Path
    is_refused: bool
    sentences: tuple[str, ...]


@dataclass
class Watch:
    """Polls the folders; a file that has not changed between two polls is complete."""

    folder: Path
    seen: Snapshot = field(default_factory=dict)

    def poll(self) -> list[ImportedFile]:
        """Import the files that are unchanged since the previous poll, and remember the others."""
        now: Snapshot = {}
        taken = []
        for hotline, entry in self._entries():
            try:
                if done := self._check_entry(hotline, entry, now):
                    taken.append(done)
            except OSError as error:
                # An error in one hotline's folder must not affect the others.
                log.warning("watched folder: %s", type(error).__name__, extra={"hotline": hotline.code})
        self.seen = now
        return taken

    def _check_entry(self, hotline: Hotline, entry: os.DirEntry[str], now: Snapshot) -> ImportedFile | None:
        path = Path(entry.path)
        if entry.is_symlink():
            path.unlink(missing_ok=True)
            return _answer(hotline, path, _("This is a link to another place. Drop the file itself."), refused=True)
        if not entry.is_file(follow_symlinks=False):
            return None
        facts = entry.stat(follow_symlinks=False)
        now[path] = (facts.st_size, facts.st_mtime_ns, facts.st_ino)
        if self.seen.get(path) != now[path]:
            return None
        if not can_receive(hotline):
            return None  # it remains in the folder, and is not read again at each poll
        done = _import_file(hotline, path, now[path])
        if done:
            del now[path]
        return done

    def unknown_folders(self) -> list[str]:
        """Return folders that are named after no hotline's code: nothing is read from them."""
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
    """Import one file through the spool and remove it, whatever the result. None if another process has it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        try:
            # Released with the process that holds it, so that a killed watcher does not keep the file locked.
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
            return _answer(
                hotline, path, describe_problem(Problem("too_large", params={"megabytes": megabytes})), refused=True
            )
        try:
            statistics, is_new = receive(hotline, spooled, path.name, by=None, way=StatisticsImport.Way.FOLDER)
        except Refusal:
            return None  # too many of its files are waiting meanwhile
        # Removed only now, so that a file is never lost: imported twice, it is the same import.
        path.unlink(missing_ok=True)
    if is_new:
        _read(statistics)
    is_refused = statistics.state == StatisticsImport.State.REFUSED
    return _answer(hotline, path, *_sentences(statistics, is_new), refused=is_refused, mark=statistics.file_digest)


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


def _answer(hotline: Hotline, path: Path, *sentences: str, refused: bool, mark: str = "") -> ImportedFile:
    """Write the answer file atomically next to the original, under its name if that may be stored."""
    name = acceptable_name(path.name, hotline.code)
    if not name:
        now = timezone.localtime()
        name = name_unread(hotline.code, now.date(), mark or f"{now:%H%M%S%f}")
        sentences = (*sentences, _("The name of the file is not kept: it may say something about a person."))
    result = path.with_name(name + RESULT)
    coming = result.with_name(f".{result.name}.new")
    coming.unlink(missing_ok=True)
    with coming.open("x", encoding="utf-8") as file:
        file.write("".join(f"{sentence}\n" for sentence in sentences))
    coming.replace(result)
    return ImportedFile(result, refused, sentences)
