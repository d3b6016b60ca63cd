"""A backup as one file: a snapshot of the database, the stored files, and a manifest with the digest of each."""

import hashlib
import io
import json
import os
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.core.files import File
from django.core.files.storage import FileSystemStorage, storages
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.backends.sqlite3 import base as sqlite
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from portal.operations import verification
from standards import frozen

MANIFEST, DATABASE = "manifest.json", "database"
STORED = {"private": "private", "media": "default"}
"""The folders of the archive, each with the storage of its files."""
_BLOCK = 1024 * 1024


class BackupFailed(Exception):
    """The message has the problem and the remedy."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of an archive. `rows`: row counts of the snapshot, by table; `sha256`: by name in the archive."""

    made_at: str
    vendor: str
    rows: dict[str, int]
    sha256: dict[str, str]


# --- Backup ----------------------------------------------------------------------------------------------------------


def back_up(target: Path) -> Manifest:
    """Write the archive `target` atomically. The site may be in use meanwhile.

    The snapshot comes first and the files after it: a file is on the disk before its row.
    """
    if target.exists():
        raise BackupFailed(f"{target} exists already. Name a new file.")
    if not target.parent.is_dir():
        raise BackupFailed(f"There is no folder {target.parent}. Make it first.")
    if not os.access(target.parent, os.W_OK):
        raise BackupFailed(f"This user may not write to {target.parent}. Name a folder of the user of the service.")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        snapshot, part = Path(folder) / DATABASE, Path(folder) / "part"
        rows = (_dump_sqlite if connection.vendor == "sqlite" else _dump_postgresql)(snapshot)
        digests = {}
        part.touch(mode=0o600)  # it contains all personal data
        with tarfile.open(part, "w") as archive:
            for name, path in [(DATABASE, snapshot), *_stored_files()]:
                with suppress(FileNotFoundError):  # deleted a moment ago, with its row
                    try:
                        digests[name] = _add(archive, name, path)
                    except PermissionError as unreadable:
                        raise BackupFailed(
                            f"{path} cannot be read. Give it to the user of the service."
                        ) from unreadable
            manifest = Manifest(timezone.now().isoformat(), connection.vendor, rows, digests)
            written = json.dumps(asdict(manifest), indent=1).encode()
            about = tarfile.TarInfo(MANIFEST)
            about.size = len(written)
            archive.addfile(about, io.BytesIO(written))
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.rename(target)
    return manifest


def _dump_sqlite(snapshot: Path) -> dict[str, int]:
    """Copy the database by SQLite's backup API, which sees one moment; return the row counts of the copy."""
    with (
        closing(sqlite3.connect(f"file:{connection.settings_dict['NAME']}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(snapshot)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        return _count_sqlite(copy, verification.tables())


def _count_sqlite(database: sqlite3.Connection, tables: Iterable[str]) -> dict[str, int]:
    """Return the number of rows of those of these tables that exist."""
    present = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    wanted = sorted(present.intersection(tables))
    return {name: database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in wanted}  # noqa: S608 - our tables


def _dump_postgresql(snapshot: Path) -> dict[str, int]:
    """Run pg_dump on the same snapshot in which the rows are counted; return the row counts."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (exported,) = cursor.fetchone()
        rows = verification.count_rows()
        _run_postgresql("pg_dump", "--format=custom", "--no-owner", f"--snapshot={exported}", f"--file={snapshot}")
    return rows


def _run_postgresql(program: str, *arguments: str, needs_database: bool = True) -> None:
    """Run a program of PostgreSQL with the role of DATABASE_URL."""
    known = connection.settings_dict
    where = [f"--dbname={known['NAME']}"] if needs_database else []
    for option, name in (("--host", "HOST"), ("--port", "PORT"), ("--username", "USER")):
        if needs_database and known.get(name):
            where.append(f"{option}={known[name]}")
    environment = {**os.environ, "PGPASSWORD": str(known.get("PASSWORD") or "")}
    try:
        done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, with options of our own
            [program, *where, *arguments], check=False, env=environment, capture_output=True, text=True
        )
    except FileNotFoundError as missing:
        raise BackupFailed(
            f"{program} is not installed. Install it with: sudo apt-get install postgresql-client"
        ) from missing
    if done.returncode:
        raise BackupFailed(f"{program} ended with: {done.stderr.strip()[:500]}")


def _roots() -> dict[str, Path]:
    """Return the local folders whose files are in an archive, by their folder in it."""
    return {
        folder: Path(storage.location)
        for folder, alias in STORED.items()
        if isinstance(storage := storages[alias], FileSystemStorage)
    }


def are_files_elsewhere() -> bool:
    """Whether files are in a bucket, which has its own backups: they are in no archive."""
    return len(_roots()) < len(STORED)


def _stored_files() -> Iterator[tuple[str, Path]]:
    """Yield each stored file once, with its name in the archive."""
    roots = _roots()
    for folder, root in roots.items():
        inner = [other for other in roots.values() if other != root and other.is_relative_to(root)]
        for path in sorted(root.rglob("*")):
            if path.is_file() and not any(path.is_relative_to(other) for other in inner):
                yield f"{folder}/{path.relative_to(root).as_posix()}", path


class _Digested:
    """A file object that computes the digest of what is read from it, as the file may still grow."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.sha256 = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size)
        self.sha256.update(block)
        return block


def _add(archive: tarfile.TarFile, name: str, path: Path) -> str:
    about = archive.gettarinfo(path, arcname=name)
    with path.open("rb") as file:
        digested = _Digested(file)
        archive.addfile(about, digested)
    return digested.sha256.hexdigest()


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := file.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()


# --- Restore ---------------------------------------------------------------------------------------------------------


def verify(source: Path) -> Manifest:
    """Read an archive to its end, compare every digest, and open its database. Raises BackupFailed."""
    with tempfile.TemporaryDirectory() as folder:
        return _unpack(source, Path(folder))


def restore(source: Path) -> list[str]:
    """Restore an archive into an installation with an empty database; return the problems found afterwards.

    An archive of SQLite can be restored on PostgreSQL, too. Its seal file proves nothing there: a new one begins.
    """
    with connection.cursor() as cursor:
        if connection.introspection.table_names(cursor):
            raise BackupFailed("The database is not empty. Restore into a new one, so that nothing is overwritten.")
        if connection.vendor == "postgresql":
            cursor.execute("SELECT has_schema_privilege('public', 'CREATE')")
            if cursor.fetchone() == (False,):  # before any file is moved
                raise BackupFailed(
                    "This needs the role that owns the tables of the database. Run it as root: ./go owner restore"
                )
    name = connection.settings_dict["NAME"]
    connection.close()
    with tempfile.TemporaryDirectory(dir=_place_to_unpack(name), prefix=".restore-") as folder:
        manifest = _unpack(source, Path(folder))
        is_moved = (manifest.vendor, connection.vendor) == ("sqlite", "postgresql")
        if manifest.vendor != connection.vendor and not is_moved:
            raise BackupFailed("The archive is of PostgreSQL, and this installation runs on SQLite: restore it there.")
        if is_moved:
            _check_before_moving(Path(folder) / DATABASE)
        for stored, alias in STORED.items():
            unpacked = Path(folder) / stored
            if unpacked.exists():
                _move_files(unpacked, storages[alias])
        if is_moved:
            _move_rows(Path(folder) / DATABASE)
        elif connection.vendor == "sqlite":
            for leftover in (name, f"{name}-wal", f"{name}-shm"):
                Path(leftover).unlink(missing_ok=True)
            (Path(folder) / DATABASE).rename(name)
        else:
            _run_postgresql("pg_restore", "--no-owner", "--single-transaction", str(Path(folder) / DATABASE))
    counted = verification.count_rows()
    wanted = {table: number for table, number in manifest.rows.items() if not (is_moved and table in MADE_ANEW)}
    differing = [table for table, number in wanted.items() if counted.get(table) != number]
    return [
        *(f"The table {table} has {counted.get(table)} rows, not {manifest.rows[table]}." for table in differing),
        *verification.find_problems(),
    ]


MADE_ANEW = frozenset(
    {
        "standards_sealedrow",  # written by triggers: SQLite and PostgreSQL compute other digests of a row
        "portal_calendarrun",  # of the seal of these digests
        "django_migrations",
        "portal_cache",
        "wagtailsearch_indexentry",
        "wagtailsearch_indexentry_fts",
    }
)
"""The tables that are not copied from SQLite to PostgreSQL."""


def _check_before_moving(snapshot: Path) -> None:
    """Raise BackupFailed if the snapshot is of another version, or its rows are not as they were recorded."""
    archive = sqlite.DatabaseWrapper({**connection.settings_dict, "NAME": snapshot, "OPTIONS": {}}, "archive")
    connections["archive"] = archive
    with closing(archive):
        migrations = MigrationExecutor(archive)
        known = migrations.loader.disk_migrations
        own = ("standards", "evaluation", "reports", "portal")
        newer = [key for key in migrations.loader.applied_migrations if key[0] in own and key not in known]
        if newer or migrations.migration_plan(migrations.loader.graph.leaf_nodes()):
            raise BackupFailed(
                "The archive is of another version of the program. Update the installation that it is of to this "
                "version, and make the backup again."
            )
        changed = [f"{one.table} {one.row_id}: {one.happened}" for one in frozen.find_differences(archive)]
    if changed:
        raise BackupFailed(f"Nothing was restored. Rows of the archive are not as recorded: {' '.join(changed[:5])}")


def _move_rows(snapshot: Path) -> None:
    """Make the tables, and copy every row of a snapshot of SQLite to PostgreSQL, in one transaction."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable")
    with closing(sqlite3.connect(snapshot)) as archive, transaction.atomic(), connection.cursor() as cursor:
        present = {name for (name,) in archive.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        tables = sorted(present & {*connection.introspection.table_names(cursor)} - MADE_ANEW)
        for table in tables:  # what the migrations inserted
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our tables
        for table in tables:
            _copy_table(archive, cursor, table)
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True)):
            cursor.execute(statement)
    call_command("update_index", verbosity=0)


_CONVERTED: dict[str, Callable[[Any], Any]] = {
    "boolean": bool,
    "timestamp with time zone": lambda text: f"{text}+00",
    "interval": lambda microseconds: timedelta(microseconds=microseconds),
}
"""Functions by the type of a column that convert what Django stores in SQLite to what PostgreSQL reads."""


def _copy_table(archive: sqlite3.Connection, cursor: Any, table: str) -> None:
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s",
        [table],
    )
    kinds = dict(cursor.fetchall())
    names = ", ".join(map(connection.ops.quote_name, kinds))
    convert = [_CONVERTED.get(kind) for kind in kinds.values()]
    with cursor.copy(f"COPY {connection.ops.quote_name(table)} ({names}) FROM STDIN") as copy:
        for row in archive.execute(f'SELECT {names} FROM "{table}" ORDER BY rowid'):  # noqa: S608 - our tables
            copy.write_row(
                [value if value is None or to is None else to(value) for value, to in zip(row, convert, strict=True)]
            )


def _place_to_unpack(database: str) -> Path | None:
    """Return a folder on the restored files' file system; None, for the system's temporary one, without files."""
    neighbours = [Path(database)] if connection.vendor == "sqlite" else [*_roots().values()]
    if not neighbours:
        return None
    neighbours[0].parent.mkdir(parents=True, exist_ok=True)
    return neighbours[0].parent


def _move_files(unpacked: Path, storage: Any) -> None:
    if not isinstance(storage, FileSystemStorage):
        raise BackupFailed(
            "The archive holds files, and this installation keeps them in a bucket. Copy them there first."
        )
    for path in sorted(unpacked.rglob("*")):
        if path.is_file():
            name = path.relative_to(unpacked).as_posix()
            if storage.exists(name):
                raise BackupFailed(f"The file {name} is there already. Restore into an installation without files.")
            with path.open("rb") as file:
                storage.save(name, File(file))


def _unpack(source: Path, folder: Path) -> Manifest:
    """Unpack and verify an archive: every file is in the manifest with its digest, and the database opens."""
    try:
        with tarfile.open(source, "r:") as archive:
            archive.extractall(folder, filter="data")
        manifest = Manifest(**json.loads((folder / MANIFEST).read_bytes()))
    except FileNotFoundError as missing:
        raise BackupFailed(f"There is no archive {source}, or it has no manifest.") from missing
    except (IsADirectoryError, PermissionError) as unreadable:
        raise BackupFailed(f"{source} cannot be read: {unreadable.strerror}. Name the archive.") from unreadable
    except (tarfile.TarError, ValueError, TypeError, EOFError) as broken:
        raise BackupFailed(f"{source} is not an archive of this program, or is damaged: {broken}") from broken
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    del found[MANIFEST]
    if found.keys() != manifest.sha256.keys():
        raise BackupFailed(f"Files are missing or too many: {sorted(found.keys() ^ manifest.sha256.keys())[:5]}")
    for name, path in found.items():
        with path.open("rb") as file:
            if _digest(file) != manifest.sha256[name]:
                raise BackupFailed(f"{name} is not as it was written.")
    _check_database(manifest, folder / DATABASE)
    return manifest


def _check_database(manifest: Manifest, path: Path) -> None:
    if manifest.vendor == "postgresql":
        _run_postgresql("pg_restore", "--list", str(path), needs_database=False)
        return
    with closing(sqlite3.connect(path)) as database:
        (answer,) = database.execute("PRAGMA integrity_check").fetchone()
        if answer != "ok" or _count_sqlite(database, manifest.rows) != manifest.rows:
            raise BackupFailed(f"The database of the archive is damaged: {answer}.")
