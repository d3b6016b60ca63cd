"""Whether each store of files can be written and read."""

import secrets
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

_log = structlog.get_logger("portal.operations.stores")
PROBED_FOR = timedelta(seconds=30)
"""How long a process uses the result of a probe."""


def store_errors() -> tuple[type[Exception], ...]:
    """Return the errors with which a store refuses: those of the disk, and of a bucket if its library is loaded."""
    library = sys.modules.get("botocore.exceptions")
    return (OSError, library.BotoCoreError, library.ClientError) if library else (OSError,)


def _write_and_read(folder: Path) -> bool:
    content, path = secrets.token_bytes(16), folder / f".probe-{secrets.token_hex(8)}"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        path.write_bytes(content)
        return path.read_bytes() == content
    finally:
        path.unlink(missing_ok=True)


def _save_and_open(storage: Storage) -> bool:
    content = secrets.token_bytes(16)
    name = storage.save(f"probe/{secrets.token_hex(8)}", ContentFile(content))
    try:
        with storage.open(name) as file:
            return bool(file.read() == content)
    finally:
        storage.delete(name)


_PROBES: dict[str, Callable[[], bool]] = {
    "store_private": lambda: _save_and_open(storages["private"]),
    "store_cms": lambda: _save_and_open(storages["default"]),
    "store_spool": lambda: _write_and_read(Path(settings.STATISTICS_SPOOL_ROOT)),
    "store_var": lambda: _write_and_read(Path(settings.VAR_DIR)),
}
_probed: dict[str, tuple[float, bool]] = {}


def probe_stores() -> dict[str, bool]:
    """Return for each store whether a small file can be written to it and read from it, at most `PROBED_FOR` ago."""
    return {name: _probe(name) for name in _PROBES}


def _probe(name: str) -> bool:
    at, is_well = _probed.get(name, (-PROBED_FOR.total_seconds(), False))
    if time.monotonic() - at >= PROBED_FOR.total_seconds():
        try:
            is_well = _PROBES[name]()
        except store_errors() as error:
            is_well = False
            _log.error("store cannot be used", store=name, error=type(error).__name__)
        _probed[name] = (time.monotonic(), is_well)
    return is_well
