"""The seal: an append-only file outside the database with the last step of each chain, and each frozen row and text."""

import errno
import fcntl
import hmac
import io
import json
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.crypto import salted_hmac

from evaluation.models import Step
from evaluation.models.step import GENESIS
from portal.operations.models import CalendarRun
from portal.operations.released_texts import ONLY, read_released_texts
from standards.framework import canonical
from standards.models import SealedRow

MARGIN = timedelta(minutes=10)
"""Longer than any transaction and than `keep_dates` itself: a step older than this was visible to the seal."""

Chain = tuple[str, str]
"""The kind and the uid of an object, the kind and the name of a released text, or `ROW` with table and key of a row."""

ROW = "row"
"""The kind of a line about one row under the seal."""


class SealFailed(Exception):
    """Nothing was written. The message has the reason and the remedy."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: the last step of an object at that time, a text that was released, or a row that was frozen.

    `seal` covers it and the line before.
    """

    at: str
    kind: str
    uid: str
    seq: int
    digest: str
    seal: str = ""

    def seal_after(self, previous: str, key: str | bytes | None = None) -> str:
        """Return the seal of this line after one with the seal `previous`; by default with the present SECRET_KEY."""
        content = asdict(self)
        del content["seal"]
        return salted_hmac(
            "portal.operations.log_seal", f"{previous}\n{canonical(content)}", secret=key, algorithm="sha256"
        ).hexdigest()


@dataclass(frozen=True, slots=True)
class SealFile:
    """The content of a seal file, with lines after the first problem. `problems` are those of the file itself."""

    lines: tuple[Line, ...]
    problems: tuple[str, ...]

    @property
    def last_seal(self) -> str:
        """The seal that the next line covers."""
        return self.lines[-1].seal if self.lines else GENESIS

    @property
    def sealed(self) -> dict[Chain, dict[int, str]]:
        """For each chain, the digests of its sealed steps by their numbers."""
        found: dict[Chain, dict[int, str]] = defaultdict(dict)
        for line in self.lines:
            found[line.kind, line.uid][line.seq] = line.digest
        return dict(found)


def read_seal(path: Path) -> SealFile:
    """Read a seal file and verify the seal of each line. A missing file is an empty one."""
    try:
        with path.open("rb") as file:
            return _read(file)
    except FileNotFoundError:
        return SealFile((), ())
    except OSError as unreadable:
        raise SealFailed(f"The seal file {path} cannot be read: {unreadable.strerror}.") from unreadable


def append_heads(path: Path) -> int:
    """Append the last step of each chain with new steps, and each new released text; return how many.

    Raises SealFailed.

    Nothing is appended to a file that was cut or edited, nor for a chain that ends before its sealed step: `verify_log`
    reports both.
    """
    with _opened(path) as file:
        known = _read(io.BytesIO(file.read()))
        if known.problems:
            raise SealFailed(f"Nothing was sealed. {' '.join(known.problems)} Look at {path} with `verify_log`.")
        last = {chain: max(steps) for chain, steps in known.sealed.items()}
        seal, written = known.last_seal, []
        for kind, uid, seq, digest in (*_heads(), *_released(), *_rows()):
            if seq > last.get((kind, uid), 0):
                at = timezone.now().isoformat(timespec="seconds")
                line = Line(at, kind, uid, seq, digest)
                seal = line.seal_after(seal)
                written.append(json.dumps(asdict(line) | {"seal": seal}) + "\n")
        _write(file, "".join(written).encode())
    return len(written)


def compare_chain(chain: Chain, present: Mapping[int, str], sealed: Mapping[int, str]) -> Iterator[str]:
    """Yield the problems of an object's chain; `present` and `sealed` are digests by the number of the step."""
    place = " ".join(chain)
    if not present:
        yield f"{place}: the whole chain is gone. The seal has it up to step {max(sealed)}."
        return
    if max(present) < max(sealed):
        yield f"{place}: the chain is cut off at its end. It ends with step {max(present)}, and the seal has step {max(sealed)}."
    for seq in sorted(sealed):
        if seq in present and present[seq] != sealed[seq]:
            yield (
                f"{place}: step {seq} is not the one that was sealed. It, or a step before it, was changed or inserted "
                "after it was sealed."
            )
            return


def count_lines(path: Path) -> int:
    """Return the number of lines of a seal file."""
    with path.open("rb") as file:
        return sum(1 for _line in file)


def last_sealed_moment() -> datetime | None:
    """Return the moment before which every step is in the seal, as `keep_dates` seals; None before its first run."""
    at = CalendarRun.objects.values_list("at", flat=True).first()
    return at - MARGIN if at else None


def _write(file: io.FileIO, lines: bytes) -> None:
    """Write all lines or none: a partial line would look like one that was cut."""
    size = os.fstat(file.fileno()).st_size
    try:
        if file.write(lines) != len(lines):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(file.fileno())
    except OSError:
        file.truncate(size)
        raise


def _heads() -> Iterator[tuple[str, str, int, str]]:
    later = Step.objects.filter(kind=OuterRef("kind"), uid=OuterRef("uid"), seq__gt=OuterRef("seq"))
    for step in Step.objects.filter(~Exists(later)).order_by("kind", "uid").iterator(chunk_size=2000):
        yield step.kind, str(step.uid), step.seq, step.digest


def _released() -> Iterator[tuple[str, str, int, str]]:
    for text in read_released_texts():
        yield text.kind, text.name, ONLY, text.sha256


def _rows() -> Iterator[tuple[str, str, int, str]]:
    rows = SealedRow.objects.order_by("pk").values_list("table_name", "row_id", "sha256")
    for table, row_id, sha256 in rows.iterator(chunk_size=2000):
        yield ROW, f"{table}/{row_id}", ONLY, sha256


@contextmanager
def _opened(path: Path) -> Iterator[io.FileIO]:
    """Open the file for reading and appending, by one process at a time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            yield file
    except OSError as failed:
        raise SealFailed(f"The seal file {path} cannot be written: {failed.strerror}. Nothing was sealed.") from failed


def _read(file: IO[bytes]) -> SealFile:
    lines: list[Line] = []
    problems: list[str] = []
    previous = GENESIS
    for number, written in enumerate(file, 1):
        line = _parse(written)
        if line is None:
            problems.append(f"Line {number} of the seal file was cut or edited: it cannot be read.")
            previous = ""
            continue
        if previous and not _is_sealed(line, previous):
            problems.append(
                f"Line {number} of the seal file, or the one before it, was edited or removed, or SECRET_KEY is another one."
            )
        lines.append(line)
        previous = line.seal
    return SealFile(tuple(lines), tuple(problems))


def _parse(written: bytes) -> Line | None:
    if not written.endswith(b"\n"):
        return None
    try:
        line = Line(**json.loads(written))
    except (ValueError, TypeError):
        return None
    texts = (line.at, line.kind, line.uid, line.digest, line.seal)
    return line if all(isinstance(text, str) for text in texts) and type(line.seq) is int and line.seq > 0 else None


def _is_sealed(line: Line, previous: str) -> bool:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(hmac.compare_digest(line.seal.encode(), line.seal_after(previous, key).encode()) for key in keys)
