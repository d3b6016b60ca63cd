"""Runs the tests on SQLite and on PostgreSQL at the same time: `./go test`. Each run has its own files and its own output.

All tests are collected once, by the process that runs them on SQLite; it forks into three (`tests.division`). PostgreSQL
has few enough for one process, which imports only their files. A database is migrated once and shared by its runs.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.cluster import MEMORY, QUICK, NoPostgreSQL, folder_in_memory, has_room_in_memory, running_cluster
from tests.division import FORKED
from tests.outcomes import count_of
from tests.turns import lengthen_turns
from tests.where_time_goes import account_of, table

VAR = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parent.parent / "var") / "test"
TEMPLATES = VAR / "templates"
DIVIDED = "--divided"
"""The argument that divides named tests among processes on SQLite, too."""
LISTED = VAR / "files-postgresql"
"""The files with tests that run on PostgreSQL, a path a line, written when the tests are collected."""


class Run:
    """One pytest process on one database; `forked` are the names of the runs into which it divides itself."""

    def __init__(self, name: str, url: str, arguments: list[str], forked: tuple[str, ...] = ()) -> None:
        self.places = {part: VAR / "-".join(re.findall(r"\w+", part.lower())) for part in (name, *forked)}
        for place in self.places.values():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(parents=True)
        place = self.places[name]
        divided = [f"--divide={self.places[part]}" for part in forked]
        # Pytest's memory of failures is of a process: those of several would write over each other's.
        memory = ["-p", "no:cacheprovider"] if forked else ["-o", f"cache_dir={VAR / 'pytest_cache' / place.name}"]
        self.copies = folder_in_memory(place)
        environment = {**os.environ, "VAR_DIR": str(place), "TEMPLATES_DIR": str(TEMPLATES)}
        environment |= {"OPENBLAS_NUM_THREADS": "1"}  # a process with threads cannot be forked
        environment.pop("DATABASE_URL", None)
        if has_room_in_memory():
            environment.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
            environment["COPIES_DIR"] = str(self.copies)
        if url:
            environment["DATABASE_URL"] = url
        with (place / "output.txt").open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pytest", "-q", "--write-outcomes", *memory, *divided, *arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        lengthen_turns(self.process.pid)

    def print_output(self) -> None:
        for part, place in self.places.items():
            output = place / "output.txt"
            print(
                f"\n--- {part} ---", output.read_text(errors="replace") if output.exists() else "", sep="\n", flush=True
            )


def main(arguments: list[str]) -> int:
    began = time.monotonic()
    VAR.mkdir(parents=True, exist_ok=True)
    is_divided = DIVIDED in arguments
    arguments = [argument for argument in arguments if argument != DIVIDED]
    is_whole = not _names_tests(arguments)
    building = [_build_template("")]
    runs: list[Run] = []
    try:
        with running_cluster(VAR / "cluster", QUICK, in_memory=has_room_in_memory()) as cluster:
            LISTED.unlink(missing_ok=True)  # a second `./go test` waits for the cluster: until then it is the first's
            url = cluster.url("quality")
            building.append(_build_template(url))
            print(f"Testing on SQLite and PostgreSQL at once; their output grows in {VAR}/", flush=True)
            try:
                if is_whole:
                    runs.append(Run("SQLite", "", [f"--list-files={LISTED}", *arguments], FORKED))
                    runs.append(Run("PostgreSQL", url, [*arguments, *_await_files(runs[0], arguments)]))
                else:
                    forked = FORKED if is_divided else ()
                    runs += [Run("SQLite", "", arguments, forked), Run("PostgreSQL", url, arguments)]
                _wait_and_print(runs)
            finally:
                _end(runs)
            for process in building:
                process.wait()
            server = cluster.seconds()
    except NoPostgreSQL as missing:
        print(missing, "0 passed, 1 failed", sep="\n")
        return 1
    places = [place for run in runs for place in run.places.values()]
    if accounts := [account for place in places if (account := account_of(place)).exists()]:
        print(table(accounts, {"PostgreSQL, the server": server}))
    total: Counter[str] = sum(map(count_of, places), Counter())
    if not total["failed"]:
        total["failed"] = sum(
            run.process.returncode not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) for run in runs
        )
    if not total["passed"] and not total["failed"]:
        total["failed"] = 1
        print("No test was found.")
    print(f"On both databases, in {time.monotonic() - began:.0f} s:")
    skipped = f", {total['skipped']} skipped" if total["skipped"] else ""
    print(f"{total['passed']} passed, {total['failed']} failed{skipped}")
    return 1 if total["failed"] else 0


def _names_tests(arguments: list[str]) -> bool:
    """Return whether the arguments choose tests: these are not divided, and each database gets one process."""
    return bool({"-k", "-m"} & set(arguments)) or any(
        Path(argument.partition("::")[0]).exists() for argument in arguments
    )


def _build_template(url: str) -> "subprocess.Popen[bytes]":
    """Begin to migrate the database from which the runs copy theirs, while the tests are collected; they wait for it."""
    environment = {**os.environ, "VAR_DIR": str(VAR), "TEMPLATES_DIR": str(TEMPLATES)}
    environment.pop("DATABASE_URL", None)
    if url:
        environment["DATABASE_URL"] = url
    return subprocess.Popen([sys.executable, "-m", "tests.template_database"], env=environment)


def _await_files(collecting: Run, arguments: list[str]) -> list[str]:
    """Return the files that PostgreSQL collects when the other run has listed, and thereby compiled, them.

    None stands for all.
    """
    while not LISTED.exists() and collecting.process.poll() is None:
        time.sleep(0.1)
    if "--everywhere" in arguments or not LISTED.exists():
        return []
    return LISTED.read_text().splitlines()


def _wait_and_print(runs: list[Run]) -> None:
    """Print each run's output as it ends."""
    waiting = list(runs)
    while waiting:
        for run in [run for run in waiting if run.process.poll() is not None]:
            waiting.remove(run)
            run.print_output()
        time.sleep(0.2)


def _end(runs: list[Run]) -> None:
    """End what still runs, and delete the copies of the databases."""
    for run in runs:
        run.process.terminate()
        run.process.wait()
        shutil.rmtree(run.copies, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
