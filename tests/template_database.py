"""The test database: migrated once into a template, then laid as a fresh copy wherever a test needs one.

A copy is a real SQLite file or a real PostgreSQL database, so that transactions, threads and triggers are the real
thing. It is laid again after every test that commits: a flush would be refused by the triggers of the frozen tables,
and would take Wagtail's root page with it.
"""

import fcntl
import hashlib
import os
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tests.cluster import MEMORY

if TYPE_CHECKING:
    import psycopg

ROOT = Path(__file__).resolve().parent.parent
SHAPING = (
    "*/migrations/*.py",
    "site/portal/migrations/*.py",
    "site/portal/signals.py",
    "site/portal/settings/base.py",
    "standards/migration_operations.py",
    "standards/frozen.py",
    "requirements.txt",
)
"""The files that shape a migrated database."""

EMPTY, PLAIN = "empty", "plain"
"""The scene to which nothing was added, and the one with the bystander, to which most other scenes add."""


def fingerprint() -> str:
    """Changes whenever a freshly migrated database would look different."""
    seal = hashlib.sha256()
    for path in sorted({path for pattern in SHAPING for path in ROOT.glob(pattern)}):
        seal.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return seal.hexdigest()[:12]


def address_of_database(name: str = "") -> str:
    """Return the URL of this test's database, or of another one on its server, for a separate process."""
    known = connection.settings_dict
    name = name or known["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST'] or '127.0.0.1'}:{known['PORT']}/{name}"


class TestDatabase:
    """The database of this process. `restore` gives it a fresh copy of the template.

    A scene is a copy to which something was added that many tests begin with; it is set up once, when the first test
    asks for it, and kept beside the plain one.
    """

    __test__ = False  # not a test class, whatever pytest thinks

    def __init__(self) -> None:
        self.folder = Path(os.environ.get("COPIES_DIR") or Path(settings.VAR_DIR) / "test")
        self.shared = Path(os.environ.get("TEMPLATES_DIR") or self.folder)
        for folder in (self.folder, self.shared):
            folder.mkdir(parents=True, exist_ok=True)
        self.scene = EMPTY
        self.bases = {EMPTY: EMPTY}
        """The scene to which each scene adds."""

    def prepare(self) -> None:
        """Build the template unless it is there, and lay the first copy."""
        self.build_template()
        self.restore()

    def build_template(self) -> None:
        """Build the template unless it is there; a second process waits for the first."""
        with self._alone():
            self._sweep()
            if not self._template_exists():
                self._build()

    def enter(self, scene: str, set_up: Callable[[], object], base: str) -> None:
        """From here on tests find the database of this scene, which adds to another one that was entered before."""
        if scene == self.scene:
            return
        self.scene = scene
        if scene in self.bases:
            self._use(self._copy())
            return
        self.bases[scene] = base
        self.restore()
        set_up()
        self._keep()
        self.restore()

    def restore(self) -> None:
        raise NotImplementedError

    def remove(self) -> None:
        raise NotImplementedError

    def _copy(self) -> str:
        """Where the tests of this scene find their database."""
        raise NotImplementedError

    def _keep(self) -> None:
        """Make what stands in this scene's copy the source of its later copies."""
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
        with (self.shared / f"{connection.vendor}.lock").open("w") as lock:
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
        self.template = self.shared / f"template-{fingerprint()}.sqlite3"
        self.copies = f"copy-{os.getpid()}"
        self.restored: Counter[str] = Counter()
        """How often each scene was restored."""

    def _template_exists(self) -> bool:
        return self.template.exists()

    def _build(self) -> None:
        raw = self.template.with_suffix(".raw")
        raw.unlink(missing_ok=True)
        self._migrate_into(str(raw))
        raw.rename(self.template)

    def _sweep(self) -> None:
        """Take away templates of other fingerprints, and copies whose process is gone."""
        for path in self.shared.glob("template-*"):
            if not path.name.startswith(self.template.stem):
                path.unlink()
        for path in self.folder.glob("copy-*"):
            if not _is_running(re.split(r"[-.]", path.name)[1]):
                path.unlink(missing_ok=True)

    def restore(self) -> None:
        """Write a new file of another name: a thread that still has the old one open disturbs no other test.

        SQLite deletes the log beside a file, by its name, when the last connection to it is closed.
        """
        before = self._copy()
        self.restored[self.scene] += 1
        copy = self._copy()
        self._use(copy)
        shutil.copyfile(self._source(), copy)
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(before + suffix).unlink(missing_ok=True)

    def remove(self) -> None:
        connection.close()
        for path in self.folder.glob(f"{self.copies}[-.]*"):
            path.unlink(missing_ok=True)

    def _copy(self) -> str:
        return str(self.folder / f"{self.copies}-{self.scene}-{self.restored[self.scene]}.sqlite3")

    def _source(self) -> Path:
        """Return what is copied: what is kept of the scene; for a new scene, of that to which it adds."""
        kept = (self._kept(scene) for scene in (self.scene, self.bases[self.scene]))
        return next((path for path in kept if path.exists()), self.template)

    def _kept(self, scene: str) -> Path:
        return self.folder / f"{self.copies}-{scene}-kept.sqlite3"

    def _keep(self) -> None:
        connection.close()
        with closing(sqlite3.connect(self._copy())) as source, closing(sqlite3.connect(self._kept(self.scene))) as kept:
            source.backup(kept)


class PostgreSQLDatabase(TestDatabase):
    def __init__(self) -> None:
        super().__init__()
        base = connection.settings_dict["NAME"]
        self.templates = f"{base}_template_"
        self.template = self.templates + fingerprint()
        self.copies_of_all = f"{base}_copy_"
        self.copies = f"{self.copies_of_all}{os.getpid()}"
        self.kept: set[str] = set()

    @cached_property
    def _server(self) -> "psycopg.Connection[Any]":
        """A connection to PostgreSQL's own database, besides that of Django. It stays open: to open one takes 7 ms."""
        import psycopg

        known = connection.settings_dict
        return psycopg.connect(
            dbname="postgres",
            host=known["HOST"] or None,
            port=known["PORT"] or None,
            user=known["USER"] or None,
            password=known["PASSWORD"] or None,
            autocommit=True,
        )

    def _sql(self, statement: str, *values: Any) -> list[Any]:
        """Run a statement outside any transaction of Django's."""
        cursor = self._server.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []

    @cached_property
    def _strategy(self) -> str:
        """How a copy is made: file by file where the server's files are in memory, else as PostgreSQL chooses."""
        [[folder, version]] = self._sql(
            "SELECT current_setting('data_directory'), current_setting('server_version_num')"
        )
        return "STRATEGY file_copy" if Path(folder).is_relative_to(MEMORY) and int(version) >= 150_000 else ""

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
            if not _is_running(name.removeprefix(self.copies_of_all).partition("_")[0]):
                self._drop(name)

    def _drop(self, name: str) -> None:
        self._sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def restore(self) -> None:
        copy = self._copy()
        self._use(copy)
        self._drop(copy)
        kept = (self._kept(scene) for scene in (self.scene, self.bases[self.scene]))
        source = next((name for name in kept if name in self.kept), self.template)
        self._sql(f'CREATE DATABASE "{copy}" TEMPLATE "{source}" {self._strategy}')

    def remove(self) -> None:
        connection.close()
        for name in self._databases(f"{self.copies}_"):
            self._drop(name)
        self._server.close()

    def _copy(self) -> str:
        return f"{self.copies}_{self.scene}"

    def _kept(self, scene: str) -> str:
        return f"{self.copies}_{scene}_kept"

    def _keep(self) -> None:
        connection.close()
        kept = self._kept(self.scene)
        self._sql(f'ALTER DATABASE "{self._copy()}" RENAME TO "{kept}"')
        self.kept.add(kept)


def test_database() -> TestDatabase:
    return PostgreSQLDatabase() if connection.vendor == "postgresql" else SQLiteDatabase()


test_database.__test__ = False  # type: ignore[attr-defined]


if __name__ == "__main__":
    os.nice(5)  # The tests are compiled beside it, which takes longer: on two cores, that goes first.
    django.setup()
    test_database().build_template()
