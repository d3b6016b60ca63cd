"""The tested installation: PostgreSQL, gunicorn, a worker and a mail server, each of which is killed and restarted."""

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from tests.cluster import Cluster
from tests.faults import ground
from tests.template_database import fingerprint

ROOT = Path(__file__).resolve().parents[2]
SMALL_DISK = "160m"
SERVER = {"dynamic_shared_memory_type": "mmap"}
"""Debian's default configuration, so that what is acknowledged is on the disk.

Shared memory is in the server's own folder, where nobody removes it who ends another server of the same user.
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as plug:
        return int(plug.getsockname()[1])


def children_of(parent: int) -> list[int]:
    """Return the child processes of a process, from /proc."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = place.read_text().rpartition(")")[2].split()
            if int(words[1]) == parent:
                found.append(int(place.parent.name))
    return found


def kill_all(processes: list[int]) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def kill_postgresql(cluster: Cluster) -> None:
    postmaster = int((cluster.data / "postmaster.pid").read_text().split()[0])
    kill_all([postmaster, *children_of(postmaster)])


def environment_of(var: Path, port: int, *, mail: int, database: str) -> dict[str, str]:
    """Return the environment of an installation with its files in `var`; `mail` is the port of its mail server."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    return inherited | {
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "SECRET_KEY": "k" * 60,
        "ALLOWED_HOSTS": "127.0.0.1",
        "BASE_URL": f"http://127.0.0.1:{port}",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail}",
        "VAR_DIR": str(var),
        "DATABASE_URL": database,
    }


def run_python(environment: dict[str, str], *arguments: str) -> str:
    """Run Python and return its output. End the proof if it fails."""
    done = subprocess.run(
        [sys.executable, *arguments], check=False, cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed.\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


class Supervised:
    """A program that is restarted whenever it ends, as by systemd."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], place: Path) -> None:
        self.name, self.command, self.environment = name, command, environment
        self.log = (place / f"{name}.log").open("ab")
        self.has_ended = threading.Event()
        self.starts = 0
        self.process = self._start()
        self.thread = threading.Thread(target=self._keep, daemon=True)
        self.thread.start()

    def _start(self) -> "subprocess.Popen[bytes]":
        self.starts += 1
        return subprocess.Popen(
            self.command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log
        )

    def _keep(self) -> None:
        while not self.has_ended.wait(0.2):
            if self.process.poll() is not None and not self.has_ended.wait(0.5):
                self.process = self._start()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)

    def kill_with_children(self) -> None:
        """Kill the program first, so that it does not restart its children."""
        kill_all([self.process.pid, *children_of(self.process.pid)])

    def end(self) -> None:
        self.has_ended.set()
        self.thread.join()
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


def supervised_web(port: int, environment: dict[str, str], place: Path) -> Supervised:
    """Return gunicorn as a supervised program, with its log in `place`."""
    serve = ["-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    serve += ["--workers", "2", "--worker-class", "gthread", "--threads", "4", "--preload", "--graceful-timeout", "5"]
    return Supervised("web", [sys.executable, *serve], environment, place)


def wait_for_web(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit("The web process did not start; see web.log.")


class Disk:
    """A small disk for files and tables, which can be filled. Only root can mount one."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.why_not = ""
        place.mkdir(parents=True, exist_ok=True)
        if os.geteuid() != 0 or not sys.platform.startswith("linux"):
            self.why_not = "only root can mount a small disk"
            return
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK},mode=755", "tmpfs", str(place)],
            check=False,
            capture_output=True,
            text=True,
        )
        self.why_not = done.stderr.strip()

    def fill(self) -> None:
        with (self.place / "ballast").open("wb", buffering=0) as ballast, suppress(OSError):
            while ballast.write(bytes(64 * 1024)):
                pass

    def empty(self) -> None:
        (self.place / "ballast").unlink(missing_ok=True)

    def unmount(self) -> None:
        if not self.why_not:
            subprocess.run(["umount", "-l", str(self.place)], check=False)


class Site:
    """The running programs and their folders. `quick` shortens the wait for lost things."""

    def __init__(self, cluster: Cluster, place: Path, disk: Disk, *, quick: bool) -> None:
        self.cluster, self.place, self.disk, self.quick = cluster, place, disk, quick
        self.port, self.mail_port = free_port(), free_port()
        var = disk.place / "var"
        shutil.rmtree(var, ignore_errors=True)
        var.mkdir()
        self.environment = environment_of(var, self.port, mail=self.mail_port, database=cluster.url("faults"))
        if quick:
            self.environment["EMAIL_TIMEOUT"] = "3"
        self.programs: list[Supervised] = []

    # --- Database ----------------------------------------------------------------------------------------------------

    def connect(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(self.cluster.url("faults"), autocommit=True, connect_timeout=5)

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.connect() as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def create_database(self) -> dict[str, Any]:
        """Copy the database with the initial data, on the small disk if there is one. It is created once a day."""
        mark = hashlib.sha256(
            f"{fingerprint()} {datetime.now(UTC).date()}".encode() + Path(ground.__file__).read_bytes()
        )
        template, data_file = f"ground_{mark.hexdigest()[:12]}", self.place / f"ground-{mark.hexdigest()[:12]}.json"
        with psycopg.connect(self.cluster.url("postgres"), autocommit=True) as admin:
            self._drop(admin, "faults", "ground_unfinished")
            old = [name for (name,) in admin.execute("SELECT datname FROM pg_database WHERE datname LIKE 'ground_%'")]
            if template not in old or not data_file.exists():
                self._drop(admin, *old)
                admin.execute("CREATE DATABASE ground_unfinished TEMPLATE template0 ENCODING UTF8")
                variables = {
                    "DATABASE_URL": self.cluster.url("ground_unfinished"),
                    "PGOPTIONS": "-c synchronous_commit=off",
                }
                self.run("manage.py", "migrate", "-v0", **variables)
                data_file.write_text(self.run("-m", "tests.faults.ground", **variables).splitlines()[-1])
                admin.execute(f"ALTER DATABASE ground_unfinished RENAME TO {template}")
            where = self._create_tablespace(admin)
            admin.execute(f"CREATE DATABASE faults TEMPLATE {template} {where}")
            # Otherwise PostgreSQL 15 resets the sequences of a copied database to their values when it was copied.
            admin.execute("CHECKPOINT")
        return dict(json.loads(data_file.read_text()))

    def _drop(self, admin: "psycopg.Connection[Any]", *databases: str) -> None:
        for name in databases:
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute("DROP TABLESPACE IF EXISTS small")

    def _create_tablespace(self, admin: "psycopg.Connection[Any]") -> str:
        if self.disk.why_not:
            return ""
        tables = self.disk.place / "tables"
        tables.mkdir(exist_ok=True)
        if self.cluster.user:
            os.chown(tables, self.cluster.user.pw_uid, self.cluster.user.pw_gid)
        admin.execute(f"CREATE TABLESPACE small LOCATION '{tables}'")
        return "TABLESPACE small"

    def drop_database(self) -> None:
        """Drop the database before the small disk is removed, whatever the last fault was."""
        self.disk.empty()
        self.start_postgresql()
        with psycopg.connect(self.cluster.url("postgres"), autocommit=True) as admin:
            self._drop(admin, "faults")

    def kill_postgresql(self) -> None:
        kill_postgresql(self.cluster)

    def start_postgresql(self) -> None:
        self.cluster.start(SERVER)

    # --- Programs ----------------------------------------------------------------------------------------------------

    def run(self, *arguments: str, **environment: str) -> str:
        return run_python(self.environment | environment, *arguments)

    def start(self) -> None:
        work = ["-m", "tests.faults.worker"] if self.quick else ["manage.py", "run_worker", "--interval", "0.2"]
        self.web = supervised_web(self.port, self.environment, self.place)
        self.worker = Supervised("worker", [sys.executable, *work], self.environment, self.place)
        self.programs = [self.web, self.worker]
        wait_for_web(self.port)

    def end(self) -> None:
        for program in self.programs:
            program.end()
