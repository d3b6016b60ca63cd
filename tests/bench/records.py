"""Measures counting contacts, compared with pandas reading the same file: `python -m tests.bench.records [ROWS]`."""

import argparse
import multiprocessing
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import django

from tests.bench.floors import Floor
from tests.bench.timing import nothing, tell, timed

MILLION = 1_000_000
RUNS = 3
MOST_TIMES = 3
MOST_MEGABYTES = 300
MOST_GROWTH = 1.3
"""The tolerated factor, for noise, between the growth of the cost and that of the rows."""


def write_contacts(path: Path, rows: int) -> None:
    """Write a year's contacts of an invented hotline, about as many as requested."""
    from portal.demonstration.exports import Exports, period

    exports = Exports("116000-XA", seed=1, contacts_a_year=rows)
    exports = Exports("116000-XA", seed=1, contacts_a_year=round(rows / exports.size))
    exports.write_records(path, "contact", *period(2025))


def read_typed(path: Path) -> int:
    """Read the file with pandas as somebody would who knows the columns. Return the number of rows."""
    import pandas

    from evaluation.figures.dictionary.items import header_fields, record_fields

    types = {name: "category" if field.type != "key" else str for name, field in record_fields()["contact"].items()}
    frame = pandas.read_csv(path, skiprows=len(header_fields()), dtype=types, na_filter=False, low_memory=False)
    return len(frame)


def to_figures(path: Path) -> int:
    """Open, check and count the file with the functions that an import calls. Return the number of rows read."""
    from evaluation.figures.formats import Limits, Source, open_file
    from evaluation.figures.intake.published_format import read

    source = Source.of_path(path)
    with source.file:
        reading = read(open_file(source, Limits(bytes=source.size)))
    assert not reading.problems
    return reading.account.read if reading.account else 0


def megabytes() -> float:
    """Return the peak memory of this process in MB.

    On Linux, `getrusage` starts with the peak of the parent process.
    """
    status = Path("/proc/self/status")
    if status.exists():
        held = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(held.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024 / (1024 if sys.platform == "darwin" else 1)


def measure_memory(path: Path) -> tuple[int, float]:
    """Return the number of rows that became figures, and the MB used in addition to pandas itself."""
    set_up()
    base = megabytes()
    return to_figures(path), megabytes() - base


def set_up() -> None:
    django.setup()
    import pandas

    assert pandas


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of a file: its time as a multiple of that of pandas at the same moment, and the memory above the base.

    The seconds are processor time, so that other work of the machine does not look like growth.
    """

    rows: int
    seconds: float
    times_pandas: float
    megabytes: float

    def beyond(self, smaller: "Cost | None" = None) -> list[str]:
        """Return each exceeded bound. Compared with a smaller file, the cost may grow little more than the rows do."""
        found = []
        if self.times_pandas > MOST_TIMES:
            found.append(f"{self.rows:,} contacts took {self.times_pandas:.2f} times pandas, of {MOST_TIMES} at most.")
        if self.megabytes > MOST_MEGABYTES:
            found.append(f"{self.rows:,} contacts took {self.megabytes:.0f} MB, of {MOST_MEGABYTES} at most.")
        if smaller and self.seconds / smaller.seconds > self.rows / smaller.rows * MOST_GROWTH:
            times, rows = self.seconds / smaller.seconds, self.rows / smaller.rows
            found.append(
                f"{self.rows:,} contacts took {times:.1f} times as long as {smaller.rows:,}, for {rows:.1f} times the rows."
            )
        return found


def twice_timed(act: Callable[[], object]) -> tuple[float, float]:
    """Return the wall time and the processor time of a call."""
    began = time.process_time()
    return timed(act), time.process_time() - began


def measure_file(rows: int, *, runs: int, before: Cost | None = None) -> Cost:
    """Measure a file of about `rows` contacts and print two lines. `before` is the cost of a million contacts."""
    with tempfile.TemporaryDirectory(dir=os.environ["VAR_DIR"]) as folder:
        path = Path(folder) / "contacts.csv"
        # each in a process of its own, with memory of its own
        with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
            pool.apply(write_contacts, (path, rows))
            count, taken = pool.apply(measure_memory, (path,))
        times = [(*twice_timed(lambda: to_figures(path)), timed(lambda: read_typed(path))) for _ in range(runs)]
    figures, processor, typed = (list(found) for found in zip(*times, strict=True))
    ratio = statistics.median(one / other for one, other in zip(figures, typed, strict=True))
    floor = Floor("read typed by pandas", nothing)
    tell(f"{rows:,} contacts, read typed by pandas", typed, None, count, floor=floor, floor_times=typed)
    facts = [f"{ratio:.2f} times pandas", f"{taken:.0f} MB above the base, of {MOST_MEGABYTES}"]
    if before is not None:
        facts.append(f"{statistics.median(processor) / before.seconds:.1f} times a million, of the processor")
    to_beat = statistics.median(typed) * 1000 * MOST_TIMES
    bounds = {"to_beat_ms": to_beat, "peer": "; ".join(facts)}
    tell(f"{rows:,} contacts, to figures", figures, None, count, floor=floor, floor_times=typed, **bounds)
    return Cost(count, statistics.median(processor), ratio, taken)


def main() -> int:
    """Print the costs; with `--prove`, fail if a bound is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prove", action="store_true")
    parser.add_argument("rows", nargs="*", type=int)
    given = parser.parse_args()
    set_up()
    measured = measure_file(MILLION, runs=RUNS)
    beyond = measured.beyond()
    for rows in given.rows:
        beyond += measure_file(rows, runs=1, before=measured).beyond(measured)
    if not given.prove:
        return 0
    for sentence in beyond:
        print(sentence, file=sys.stderr)
    return 1 if beyond else 0


if __name__ == "__main__":
    sys.exit(main())
