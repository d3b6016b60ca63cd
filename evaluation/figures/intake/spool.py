"""Store received files encrypted on disk until they are read. Half of each key is in the row and deleted with it."""

import hashlib
import io
import os
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from evaluation.figures.problems.file_problems import Problem
from evaluation.models import SpooledFile, StatisticsImport, Step
from evaluation.workflow import Refusal, act_of, perform

FRAME = 1024 * 1024
"""The bytes of an encrypted frame: no more is in memory at a time, and a reader can seek."""
TAG = 16
ORPHANED_AFTER = timedelta(minutes=10)
"""The time after which a file on disk without a row is deleted. Nobody can read it without its key."""
PROGRESS_INTERVAL = 0.5
"""The seconds between two updates of the progress."""

EXPIRED = "spool_expired"


class TooLarge(Exception):
    """The upload exceeds the limit."""


class Damaged(Exception):
    """The file on disk is not as it was written."""


@dataclass(frozen=True, slots=True)
class Spooled:
    """A file in the spool, with or without a row. `digest` is empty if it was loaded from the row."""

    path: str
    key: bytes
    size: int
    digest: str = ""

    @classmethod
    def of_row(cls, row: SpooledFile) -> Self:
        return cls(row.path, bytes(row.key), row.size)

    def open(self) -> BinaryIO:
        """Open the decrypted file, seekable. Raises FileNotFoundError, and Damaged while reading."""
        return io.BufferedReader(_Reader(self, (root() / self.path).open("rb")), 128 * 1024)

    def remove(self) -> None:
        (root() / self.path).unlink(missing_ok=True)


class SpoolWriter:
    """A writer that encrypts a file into the spool and computes its digest. Without `finish`, exit deletes the file.

    Raises TooLarge once more than `limit` bytes are written.
    """

    def __init__(self, limit: int | None = None) -> None:
        self.size = 0
        self._limit = limit
        self._path = uuid.uuid4().hex
        self._key = AESGCM.generate_key(256)
        self._cipher = _cipher_of(self._key)
        self._digest = hashlib.sha256()
        self._pending = bytearray()
        self._frames = 0
        descriptor = os.open(root() / self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.size += len(data)
        if self._limit is not None and self.size > self._limit:
            self.discard()
            raise TooLarge
        self._digest.update(data)
        self._pending += data
        while len(self._pending) >= FRAME:
            self._seal(FRAME)

    def finish(self) -> Spooled:
        """Sync the file to disk and return it. A row that refers to it has its file even after a power failure."""
        if self._pending:
            self._seal(len(self._pending))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        folder = os.open(root(), os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return Spooled(self._path, self._key, self.size, self._digest.hexdigest())

    def discard(self) -> None:
        """Delete the file, unless it is finished."""
        if not self._file.closed:
            self._pending.clear()
            self._file.close()
            (root() / self._path).unlink(missing_ok=True)

    def _seal(self, length: int) -> None:
        frame = bytes(self._pending[:length])
        del self._pending[:length]
        self._file.write(self._cipher.encrypt(_nonce(self._frames), frame, None))
        self._frames += 1


class _Reader(io.RawIOBase):
    """A reader that decrypts one frame at a time, at any offset."""

    def __init__(self, spooled: Spooled, file: BinaryIO) -> None:
        """Read `spooled` from its open `file`, which is closed with this reader."""
        self._file = file
        self._size = spooled.size
        self._cipher = _cipher_of(spooled.key)
        self._position = 0
        self._held = -1
        self._frame = b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("negative seek position")
        self._position = start + offset
        return self._position

    def readinto(self, buffer: Any) -> int:  # any writable buffer
        if self._position >= self._size:
            return 0
        number, start = divmod(self._position, FRAME)
        if number != self._held:
            self._frame, self._held = self._read_frame(number), number
        part = memoryview(self._frame)[start : start + len(buffer)]
        buffer[: len(part)] = part
        self._position += len(part)
        return len(part)

    def close(self) -> None:
        self._frame = b""
        self._file.close()
        super().close()

    def _read_frame(self, number: int) -> bytes:
        length = min(FRAME, self._size - number * FRAME) + TAG
        self._file.seek(number * (FRAME + TAG))
        sealed = self._file.read(length)
        if len(sealed) == length:
            try:
                return self._cipher.decrypt(_nonce(number), sealed, None)
            except InvalidTag:
                pass
        raise Damaged


def _cipher_of(key: bytes) -> AESGCM:
    """Return the cipher of a file.

    Half of the key derives from SECRET_KEY, so a backup or log of the database is not enough to decrypt the file.
    """
    return AESGCM(salted_hmac("evaluation.figures.intake.spool", key.hex(), algorithm="sha256").digest())


def _nonce(number: int) -> bytes:
    """Return the nonce of a frame: its number. Each key is for one file only, so a frame is valid at its place only."""
    return number.to_bytes(12, "big")


def root() -> Path:
    place = Path(settings.STATISTICS_SPOOL_ROOT)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def spool(parts: Iterable[bytes], limit: int | None = None) -> Spooled:
    """Encrypt all of `parts` into the spool. Raises TooLarge; on any error nothing remains."""
    with SpoolWriter(limit) as writer:
        for part in parts:
            writer.write(part)
        return writer.finish()


# --- The row of a file -------------------------------------------------------------------------------------------


def attach_to_import(spooled: Spooled, statistics: StatisticsImport) -> SpooledFile:
    """Create the row of the file, with its half of the key, for the import `statistics`."""
    return SpooledFile.objects.create(
        statistics=statistics, path=spooled.path, key=spooled.key, size=spooled.size, expires_at=_expiry()
    )


def open_spooled(statistics: StatisticsImport) -> BinaryIO:
    """Open the file of `statistics`. Raises SpooledFile.DoesNotExist, FileNotFoundError or, while reading, Damaged."""
    return Spooled.of_row(SpooledFile.objects.get(statistics=statistics)).open()


def extend_expiry(statistics: StatisticsImport) -> None:
    """Restart the expiry time, and reset the progress: the file waits for a worker again."""
    SpooledFile.objects.filter(statistics=statistics).update(
        expires_at=_expiry(), changed_at=timezone.now(), phase=SpooledFile.Phase.WAITING, rows_read=0, share=0
    )


def release_file(statistics: StatisticsImport) -> None:
    """Delete the row with its half of the key, and the file once the transaction is committed."""
    paths = list(SpooledFile.objects.filter(statistics=statistics).values_list("path", flat=True))
    SpooledFile.objects.filter(statistics=statistics).delete()
    transaction.on_commit(partial(_remove, paths))


def _remove(paths: Iterable[str]) -> None:
    for path in paths:
        (root() / path).unlink(missing_ok=True)


class Progress:
    """A function that saves the progress of reading, at most twice a second; this also shows that a worker is alive.

    `progress(phase)` begins a phase, `progress(phase, rows=…, share=…)` reports within it.
    """

    def __init__(self, statistics: StatisticsImport) -> None:
        self._row = SpooledFile.objects.filter(statistics=statistics)
        self._phase = ""
        self._reported_at = 0.0

    def __call__(self, phase: str, *, rows: int | None = None, share: int | None = None) -> None:
        now = time.monotonic()
        if phase == self._phase and now - self._reported_at < PROGRESS_INTERVAL:
            return
        self._phase, self._reported_at = phase, now
        facts = {"rows_read": rows, "share": share}
        self._row.update(
            phase=phase,
            changed_at=timezone.now(),
            **{name: number for name, number in facts.items() if number is not None},
        )


def sweep() -> int:
    """Remove expired files and files without a row; return their number.

    The import of an expired file is refused with that reason.
    """
    removed = 0
    for row in SpooledFile.objects.filter(expires_at__lte=timezone.now()).select_related("statistics"):
        refuse(row.statistics, Problem(EXPIRED, params={"minutes": settings.STATISTICS_SPOOL_MINUTES}))
        removed += 1
    return removed + _remove_orphans()


def refuse(statistics: StatisticsImport, *problems: Problem) -> None:
    """Refuse the import with these problems, and delete its file. If the move is refused, delete the file only."""
    with transaction.atomic():
        try:
            perform(statistics, "refuse", by=None, problems=problems)
        except Refusal:
            release_file(statistics)


@act_of(StatisticsImport.kind, "refuse")
def _save_problems(statistics: StatisticsImport, _step: Step, *, problems: Sequence[Problem]) -> None:
    statistics.problems = [problem.as_data() for problem in problems]
    statistics.save(update_fields=["problems"])
    release_file(statistics)


def _remove_orphans() -> int:
    old = time.time() - ORPHANED_AFTER.total_seconds()
    found = {path.name: path for path in root().iterdir() if _written_at(path) < old}
    known = set(SpooledFile.objects.filter(path__in=found).values_list("path", flat=True))
    for name in found.keys() - known:
        found[name].unlink(missing_ok=True)
    return len(found.keys() - known)


def _written_at(path: Path) -> float:
    """Return the time when a file was written; the current time if another process has removed it."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def _expiry() -> datetime:
    return timezone.now() + timedelta(minutes=settings.STATISTICS_SPOOL_MINUTES)
