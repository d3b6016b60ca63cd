"""Runs the tests on SQLite and on PostgreSQL at the same time: `./go test`. Each run has its own files and its own output.

The browser tests, which wait more than they compute, are a run of their own. The others are divided between two runs on
SQLite as they go, so that both end at the same time; PostgreSQL has few enough for one. A database is migrated once and
shared by its runs.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tests.cluster import MEMORY, QUICK, NoPostgreSQL, folder_in_memory, has_room_in_memory, running_cluster
from tests.where_time_goes import account_of, table

VAR = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parent.parent / "var") / "test"
TEMPLATES = VAR / "templates"
DATABASES = ("SQLite", "PostgreSQL")
NO_TEST_FOUND = 5
"""Pytest's word for it: the arguments chose nothing on this database."""


@dataclass
class Run:
    """One pytest process on one database."""

    name: str
    url: str
    arguments: list[str]
    place: Path = field(init=False)
    process: "subprocess.Popen[bytes]" = field(init=False)

    def __post_init__(self) -> None:
        self.place = VAR / "-".join(re.findall(r"\w+", self.name.lower()))
        self.place.mkdir(parents=True, exist_ok=True)
        self.results.unlink(missing_ok=True)
        self.account.unlink(missing_ok=True)
        environment = {**os.environ, "VAR_DIR": str(self.place), "TEMPLATES_DIR": str(TEMPLATES)}
        environment.pop("DATABASE_URL", None)
        if has_room_in_memory():
            environment.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
            environment["COPIES_DIR"] = str(self.copies)
        if self.url:
            environment["DATABASE_URL"] = self.url
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "pytest", "-q", f"--junit-xml={self.results}"),
                    *("-o", f"cache_dir={self.place / 'pytest_cache'}"),
                    *self.arguments,
                ],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def output(self) -> Path:
        return self.place / "output.txt"

    @property
    def copies(self) -> Path:
        """The folder in memory for copies of its database, where there is room."""
        return folder_in_memory(self.place)

    @property
    def results(self) -> Path:
        return self.place / "results.xml"

    @property
    def account(self) -> Path:
        return account_of(self.place)

    def count(self) -> dict[str, int]:
        """Passed, failed and skipped; a run that broke before or after its tests counts as one failure."""
        found = dict.fromkeys(("passed", "failed", "skipped"), 0)
        if self.results.exists():
            suites = ElementTree.parse(self.results).getroot().iter("testsuite")  # noqa: S314 - our own file
            for suite in suites:
                failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
                skipped = int(suite.get("skipped", 0))
                found["failed"] += failed
                found["skipped"] += skipped
                found["passed"] += int(suite.get("tests", 0)) - failed - skipped
        if self.process.returncode not in (0, NO_TEST_FOUND) and not found["failed"]:
            found["failed"] = 1
        return found


def main(arguments: list[str]) -> int:
    began = time.monotonic()
    VAR.mkdir(parents=True, exist_ok=True)
    divided = _divide(arguments)
    compiling = _compile_tests() if len(divided) > len(DATABASES) else None
    building = [_build_template("")]
    try:
        with running_cluster(VAR / "cluster", QUICK, in_memory=has_room_in_memory()) as cluster:
            building.append(_build_template(cluster.url("quality")))
            if compiling:
                compiling.wait()
            runs = [
                Run(
                    name,
                    cluster.url("quality") if name.startswith("PostgreSQL") else "",
                    [*chosen, *arguments, *(_files_of(name, arguments) if compiling else ())],
                )
                for name, chosen in divided.items()
            ]
            print(f"Testing on SQLite and PostgreSQL at once; their output grows in {VAR}/", flush=True)
            _wait_and_print(runs)
            for process in building:
                process.wait()
            server = cluster.seconds()
    except NoPostgreSQL as missing:
        print(missing, "0 passed, 1 failed", sep="\n")
        return 1
    if accounts := [run.account for run in runs if run.account.exists()]:
        print(table(accounts, {"PostgreSQL, the server": server}))
    counts = [run.count() for run in runs]
    total = {name: sum(count[name] for count in counts) for name in ("passed", "failed", "skipped")}
    if not total["passed"] and not total["failed"]:
        total["failed"] = 1
        print("No test was found.")
    print(f"On both databases, in {time.monotonic() - began:.0f} s:")
    skipped = f", {total['skipped']} skipped" if total["skipped"] else ""
    print(f"{total['passed']} passed, {total['failed']} failed{skipped}")
    return 1 if total["failed"] else 0


def _build_template(url: str) -> "subprocess.Popen[bytes]":
    """Begin to migrate the database from which the runs copy theirs, while the tests are compiled; they wait for it."""
    environment = {**os.environ, "VAR_DIR": str(VAR), "TEMPLATES_DIR": str(TEMPLATES)}
    environment.pop("DATABASE_URL", None)
    if url:
        environment["DATABASE_URL"] = url
    return subprocess.Popen([sys.executable, "-m", "tests.template_database"], env=environment)


def _compile_tests() -> "subprocess.Popen[bytes]":
    """Import all tests while PostgreSQL starts, so that the runs find them compiled, and list the files of some runs.

    On a fresh clone each run would compile them.
    """
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider", f"--list-files={VAR}"]
    environment = {**os.environ, "VAR_DIR": str(VAR)}
    environment.pop("DATABASE_URL", None)
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _files_of(name: str, arguments: list[str]) -> list[str]:
    """Return the files that a run collects, so that it imports no others; none stands for all."""
    listed = VAR / f"files-{name.lower()}"
    if "--everywhere" in arguments or not listed.exists():
        return []
    return listed.read_text().splitlines()


def _divide(arguments: list[str]) -> dict[str, list[str]]:
    """The runs, with what each chooses; whoever chooses tests gets one on each database."""
    if {"-k", "-m"} & set(arguments) or any(Path(argument.partition("::")[0]).exists() for argument in arguments):
        return {name: [] for name in DATABASES}
    record = VAR / "taken"
    record.write_text("")
    divided = ["-m", "not browser", f"--divided-by={record}"]
    return {"Browser": ["-m", "browser"], "SQLite, one": divided, "SQLite, two": divided, "PostgreSQL": []}


def _wait_and_print(runs: list[Run]) -> None:
    """Print each run's output as it ends; on the way out, end what still runs."""
    waiting = list(runs)
    try:
        while waiting:
            for run in [run for run in waiting if run.process.poll() is not None]:
                waiting.remove(run)
                print(f"\n--- {run.name} ---", run.output.read_text(errors="replace"), sep="\n", flush=True)
            time.sleep(0.2)
    finally:
        for run in waiting:
            run.process.terminate()
            run.process.wait()
        for run in runs:
            shutil.rmtree(run.copies, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
