"""`./go bench [--json]`: fill a database of each kind, measure on it, print a table or one JSON object per line."""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.peers import PEERS
from tests.cluster import NoPostgreSQL, running_cluster

VAR = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parents[2] / "var") / "bench"


def measure(name: str, url: str, module: str = "tests.bench.measuring") -> Iterator[dict[str, Any]]:
    """Yield the measurements of one database, each as soon as it is done."""
    place = VAR / name.lower()
    shutil.rmtree(place, ignore_errors=True)
    (place / "static").mkdir(parents=True)
    environment = {**os.environ, "VAR_DIR": str(place), "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    environment.pop("DATABASE_URL", None)
    if url:
        environment["DATABASE_URL"] = url
    command = [sys.executable, "-m", module]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            yield format_row(json.loads(line), name, is_postgresql=bool(url))
    if process.returncode:
        raise SystemExit(f"The bench on {name} broke off; its last words stand above.")


WIDEST = 54
"""The width of the column of operations, in characters."""


def format_row(row: dict[str, Any], database: str, *, is_postgresql: bool) -> dict[str, Any]:
    """Return a measurement with its database and, if one was measured, the cost of a peer.

    The cost of a page has no times.
    """
    if "kilobytes" in row:
        return {**row, "database": database}
    peer = PEERS.get(row["operation"])
    return {
        "operation": row["operation"],
        "database": database,
        "median_ms": row["median_ms"],
        "p95_ms": row["p95_ms"],
        "max_ms": row["max_ms"],
        "queries": row["queries"],
        "stored_rows": row["stored_rows"],
        "floor_ms": row["floor_ms"],
        "ratio": row["ratio"],
        "floor": row["floor"],
        "to_beat_ms": row.get("to_beat_ms") or (peer and (peer.postgresql if is_postgresql else peer.sqlite)),
        "peer": row.get("peer") or (peer and peer.what),
    }


def create_database(url: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS bench WITH (FORCE)")
        admin.execute("CREATE DATABASE bench TEMPLATE template0 ENCODING UTF8")


def measure_all() -> Iterator[dict[str, Any]]:
    yield from measure("SQLite", "")
    yield from measure("SQLite", "", "tests.bench.history")
    yield from measure("none", "", "tests.bench.records")
    # Debian's default configuration, so that a commit costs as much as on a server.
    with running_cluster(VAR.parent / "bench-postgresql", {}) as cluster:
        create_database(cluster.url("postgres"))
        yield from measure("PostgreSQL", cluster.url("bench"))
        create_database(cluster.url("postgres"))
        yield from measure("PostgreSQL", cluster.url("bench"), "tests.bench.history")


def as_number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def as_floor(value: float | None) -> str:
    """Format the time of a floor, which may be far below a millisecond."""
    return f"{value:.3f}" if value is not None and value < 1 else as_number(value)


def print_row(row: dict[str, Any]) -> None:
    if "kilobytes" in row:
        most = row["at_most"]
        print(
            f"{row['operation']:{WIDEST}}{row['database']:12}{row['kilobytes']:>7.1f} kB of {most['kilobytes']:.0f}, "
            f"{row['requests']} requests of {most['requests']}, "
            f"layout shift {row['layout_shift']:.3f} of {most['layout_shift']}",
            flush=True,
        )
        return
    queries = "" if row["queries"] is None else row["queries"]
    print(
        f"{row['operation']:{WIDEST}}{row['database']:12}{as_number(row['median_ms']):>10}"
        f"{as_number(row['p95_ms']):>9}{as_number(row['max_ms']):>9}{queries:>9}"
        f"{row['stored_rows']:>13,}{as_floor(row['floor_ms']):>10}{as_number(row['ratio']):>8}"
        f"{as_number(row['to_beat_ms']):>10}  {'; '.join(filter(None, (row['floor'], row['peer'])))}",
        flush=True,
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="./go bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="a JSON object a line")
    as_json = parser.parse_args().json
    if not as_json:
        print(
            f"{'operation':{WIDEST}}{'database':12}{'median ms':>10}{'p95 ms':>9}{'max ms':>9}"
            f"{'queries':>9}{'stored rows':>13}{'floor ms':>10}{'ratio':>8}{'to beat':>10}  floor; peer"
        )
    try:
        for row in measure_all():
            if as_json:
                print(json.dumps(row, ensure_ascii=False), flush=True)
            else:
                print_row(row)
    except NoPostgreSQL as missing:
        print(missing, file=sys.stderr)
        return 1
    if not as_json:
        print(
            "\nThe floor is what the machine itself takes, measured in the same run; the ratio is the median beside it.\n"
            "Stored rows are answers, or the rows of a file. "
            "Queries are counted without BEGIN, COMMIT and savepoints, in a run of their own."
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
