"""A private PostgreSQL cluster for tests and benchmarks: started when needed, stopped afterwards.

It needs the programs of PostgreSQL only, listens on localhost on a free port and has a password of its own. Standard
library only: it runs before any package is installed.
"""

import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

MEMORY = Path("/dev/shm")  # noqa: S108 - the file system in memory that Linux has
ROOMY = 2**30
"""Bytes that must be free in memory before the tests store their temporary files there."""

OWNER = "quality"
QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "256MB",
}
"""For tests, whose data need not survive a power cut. The benchmarks measure without this."""


class NoPostgreSQL(RuntimeError):
    """The programs are not installed. The message has the command that installs them."""


def find_programs() -> Path:
    """Return the folder of the newest installed initdb, pg_ctl and postgres."""
    places = [
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: -float(place.parent.name)),
        *sorted(Path("/opt/homebrew/opt").glob("postgresql*/bin"), reverse=True),
        *sorted(Path("/usr/local/opt").glob("postgresql*/bin"), reverse=True),
        *(Path(place) for place in os.environ.get("PATH", "").split(os.pathsep) if place),
    ]
    for place in places:
        if all((place / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return place
    install = "brew install postgresql@17" if sys.platform == "darwin" else "sudo apt-get install -y postgresql"
    raise NoPostgreSQL(f"PostgreSQL is missing. Install it: {install}")


def has_room_in_memory() -> bool:
    """Return whether there is a file system in memory with enough room: it is faster for thousands of small files."""
    return MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOMY


def folder_in_memory(place: Path) -> Path:
    """Return the folder in memory for the temporary files of a place: always the same, so that leftovers are found."""
    return MEMORY / f"quality-{hashlib.sha256(bytes(place.resolve())).hexdigest()[:12]}"


def _free_port() -> int:
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        return int(plug.getsockname()[1])


class Cluster:
    """One data folder and its server. PostgreSQL refuses to run as root: the system's user `postgres` runs it then.

    In memory, the server runs on a copy of the folder, which is written back if its databases have changed.
    """

    def __init__(self, home: Path, *, in_memory: bool = False) -> None:
        self.programs = find_programs()
        self.user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        self.home = home
        self.is_passing = not self._reaches(home)
        if self.is_passing:
            self.home = Path(tempfile.mkdtemp(prefix="quality-postgresql-"))
            self._give(self.home)
        self.kept = self.home / "data"
        self.data = folder_in_memory(self.home) / "data" if in_memory else self.kept
        self.log = self.home / "log"
        self.port = 0
        self.is_started = False

    def _reaches(self, home: Path) -> bool:
        """Return whether the user who runs the server can write to the folder."""
        home.mkdir(parents=True, exist_ok=True)
        if self.user is None:
            return True
        self._give(home)
        return self._run("test", "-w", str(home), check=False).returncode == 0

    def _give(self, path: Path) -> None:
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def _run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        identity = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        done = subprocess.run(
            command,
            check=False,
            cwd="/",
            env={"PATH": f"{self.programs}:/usr/bin:/bin", "LC_ALL": "C", "HOME": str(self.home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            **identity,
        )
        if check and done.returncode:
            log_end = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
            raise NoPostgreSQL(f"{command[0]} failed.\n{done.stderr.decode(errors='replace')}{log_end}")
        return done

    def _initialise(self) -> None:
        version = self.data / "PG_VERSION"
        programs = self._version_of_programs()
        if version.exists() and version.read_text().strip() == programs:
            return
        if self.data.exists():
            shutil.rmtree(self.data)
        secret = self.home / "password"
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(24))
        self._give(secret)
        ctype = "UTF-8" if sys.platform == "darwin" else "C.UTF-8"
        self._run(
            str(self.programs / "initdb"),
            *("-D", str(self.data), "-U", OWNER, "-E", "UTF8", "--no-sync", "--no-instructions"),
            *("--lc-collate=C", f"--lc-ctype={ctype}", "-A", "scram-sha-256", f"--pwfile={secret}"),
        )

    def _load(self) -> None:
        """Copy the stored folder into memory."""
        place = self.data.parent
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(mode=0o700)
        self._give(place)
        if self.kept.exists():
            self._run("cp", "-a", str(self.kept), str(self.data))

    def _save(self) -> None:
        """Store the folder as it is in memory, unless it has the same databases as the stored one.

        If this is interrupted, a complete folder remains.
        """
        was, is_now = ({path.name for path in (data / "base").glob("*")} for data in (self.kept, self.data))
        if was == is_now:
            return
        new, old = (self.home / f"data.{name}" for name in ("new", "old"))
        for left in (new, old):
            shutil.rmtree(left, ignore_errors=True)
        self._run("cp", "-a", str(self.data), str(new))
        if self.kept.exists():
            self.kept.rename(old)
        new.rename(self.kept)
        shutil.rmtree(old, ignore_errors=True)

    def _version_of_programs(self) -> str:
        done = subprocess.run([self.programs / "postgres", "--version"], check=True, capture_output=True, text=True)
        return done.stdout.split()[2].partition(".")[0]

    def start(self, settings: dict[str, str]) -> None:
        """Start the server, on its former port if it had one."""
        self.halt("immediate")
        if self.data != self.kept:
            self._load()
        self._initialise()
        self.port = self.port or _free_port()
        wanted = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "''",
            "max_connections": "60",
            **settings,
        }
        options = " ".join(f"-c {name}={value}" for name, value in wanted.items())
        self.log.unlink(missing_ok=True)
        self._run(
            str(self.programs / "pg_ctl"),
            *("-D", str(self.data), "-l", str(self.log), "-w", "-t", "60", "-o", options, "start"),
        )
        self.is_started = True

    def halt(self, mode: str = "fast") -> bool:
        """Stop the server and keep its folder. Return whether one was running and has stopped."""
        self.is_started = False
        stop = ("-D", str(self.data), "-m", mode, "-w", "stop")
        return self._run(str(self.programs / "pg_ctl"), *stop, check=False).returncode == 0

    def stop(self) -> None:
        """Stop the server. The folder in memory is stored only if the server had started and has stopped properly."""
        is_in_memory, was_started = self.data != self.kept, self.is_started
        try:
            if self.halt() and was_started and is_in_memory and not self.is_passing:
                self._save()
        finally:
            if is_in_memory:
                shutil.rmtree(self.data.parent, ignore_errors=True)
            if self.is_passing:
                shutil.rmtree(self.home, ignore_errors=True)

    def seconds(self) -> float:
        """Return the CPU seconds of the server and of its finished processes; 0 without /proc."""
        stat = Path("/proc") / (self.data / "postmaster.pid").read_text().split()[0] / "stat"
        if not stat.exists():
            return 0.0
        return sum(int(ticks) for ticks in stat.read_text().rpartition(")")[2].split()[11:15]) / os.sysconf(
            "SC_CLK_TCK"
        )

    def url(self, database: str) -> str:
        password = (self.home / "password").read_text()
        return f"postgres://{OWNER}:{password}@127.0.0.1:{self.port}/{database}"


def _end(signum: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + signum)


@contextmanager
def running_cluster(home: Path, settings: dict[str, str], *, in_memory: bool = False) -> Iterator[Cluster]:
    """Run the cluster during the block. A second run in the same folder waits for the first."""
    home.mkdir(parents=True, exist_ok=True)
    with (home.parent / f"{home.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another ./go uses the PostgreSQL of this folder; waiting for it.", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        before = signal.signal(signal.SIGTERM, _end)  # so that SIGTERM stops the server, too
        cluster = Cluster(home, in_memory=in_memory)
        try:
            cluster.start(settings)
            yield cluster
        finally:
            cluster.stop()
            signal.signal(signal.SIGTERM, before)
