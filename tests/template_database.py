"""The test database: migrated once into a template, then laid as a fresh copy wherever a test needs one.

A copy is a real SQLite file or a real PostgreSQL database, so that transactions, threads and triggers are the real
thing. It is laid again after every test that commits: a flush would be refused by the triggers of the frozen tables,
and would take Wagtail's root page with it.
"""

import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
SHAPING = (
    "*/migrations/*.py",
    "site/portal/migrations/*.py",
    "site/portal/hooks.py",
    "site/portal/settings/base.py",
    "standards/frozen.py",
    "requirements.txt",
)
"""The files that shape a migrated database."""


def fingerprint() -> str:
    """Changes whenever a freshly migrated database would look different."""
    seal = hashlib.sha256()
    for path in sorted({path for pattern in SHAPING for path in ROOT.glob(pattern)}):
        seal.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return seal.hexdigest()[:12]


class TestDatabase:
    """The database of this process. `lay` gives it a fresh copy of the template."""

    __test__ = False  # not a test class, whatever pytest thinks

    def __init__(self) -> None:
        self.folder = Path(settings.VAR_DIR) / "test"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.copies = 0

    def prepare(self) -> None:
        """Build the template unless it is there, and lay the first copy."""
        with self._alone():
            self._sweep()
            if not self._template_exists():
                self._build()
        self.lay()

    def lay(self) -> None:
        raise NotImplementedError

    def remove(self) -> None:
        raise NotImplementedError

    def _sweep(self) -> None:
        raise NotImplementedError

    def _template_exists(self) -> bool:
        raise NotImplementedError

    def _build(self) -> None:
        raise NotImplementedError

    def _use(self, name: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = name  # the threads of this process share it

    def _migrate_into(self, name: str) -> None:
        self._use(name)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        connection.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process builds; the others wait and find it built."""
        with (self.folder / f"{connection.vendor}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _is_running(process: str) -> bool:
    """Whether a process of that number is alive, so that its copy is not swept away."""
    try:
        os.kill(int(process), 0)
    except PermissionError:
        return True
    except (ValueError, ProcessLookupError):
        return False
    return True


class SQLiteDatabase(TestDatabase):
    def __init__(self) -> None:
        super().__init__()
        self.template = self.folder / f"template-{fingerprint()}.sqlite3"
        self.copy = self.folder / f"copy-{os.getpid()}.sqlite3"

    def _template_exists(self) -> bool:
        return self.template.exists()

    def _build(self) -> None:
        raw = self.template.with_suffix(".raw")
        raw.unlink(missing_ok=True)
        self._migrate_into(str(raw))
        raw.rename(self.template)

    def _sweep(self) -> None:
        """Take away templates of other fingerprints, and copies whose process is gone."""
        for path in self.folder.glob("template-*"):
            if not path.name.startswith(self.template.stem):
                path.unlink()
        for path in self.folder.glob("copy-*"):
            if not _is_running(path.name.removeprefix("copy-").partition(".")[0]):
                path.unlink(missing_ok=True)

    def lay(self) -> None:
        self._use(str(self.copy))
        with closing(sqlite3.connect(self.template)) as source, closing(sqlite3.connect(self.copy, timeout=20)) as copy:
            copy.execute("PRAGMA synchronous=OFF")
            source.backup(copy)

    def remove(self) -> None:
        connection.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.copy}{suffix}").unlink(missing_ok=True)


class PostgreSQLDatabase(TestDatabase):
    def __init__(self) -> None:
        super().__init__()
        base = connection.settings_dict["NAME"]
        self.templates = f"{base}_template_"
        self.template = self.templates + fingerprint()
        self.copies_of_all = f"{base}_copy_"
        self.copy = f"{self.copies_of_all}{os.getpid()}"

    def _sql(self, statement: str, *values: Any) -> list[Any]:
        """Run a statement beside Django, in PostgreSQL's own database and outside any transaction."""
        import psycopg

        known = connection.settings_dict
        with psycopg.connect(
            dbname="postgres",
            host=known["HOST"] or None,
            port=known["PORT"] or None,
            user=known["USER"] or None,
            password=known["PASSWORD"] or None,
            autocommit=True,
        ) as admin:
            cursor = admin.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def _databases(self, prefix: str) -> list[str]:
        rows = self._sql("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", prefix)
        return [name for (name,) in rows]

    def _template_exists(self) -> bool:
        return self.template in self._databases(self.templates)

    def _build(self) -> None:
        raw = f"{self.templates}raw"
        self._sql(f'CREATE DATABASE "{raw}" TEMPLATE template0 ENCODING UTF8')
        self._migrate_into(raw)
        self._sql(f'ALTER DATABASE "{raw}" RENAME TO "{self.template}"')

    def _sweep(self) -> None:
        for name in self._databases(self.templates):
            if name != self.template:
                self._drop(name)
        for name in self._databases(self.copies_of_all):
            if not _is_running(name.removeprefix(self.copies_of_all)):
                self._drop(name)

    def _drop(self, name: str) -> None:
        self._sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def lay(self) -> None:
        self._use(self.copy)
        self._drop(self.copy)
        self._sql(f'CREATE DATABASE "{self.copy}" TEMPLATE "{self.template}"')

    def remove(self) -> None:
        connection.close()
        self._drop(self.copy)


def test_database() -> TestDatabase:
    return PostgreSQLDatabase() if connection.vendor == "postgresql" else SQLiteDatabase()


test_database.__test__ = False  # type: ignore[attr-defined]
