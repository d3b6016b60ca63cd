"""Measures how contacts become figures beside pandas reading the same file typed: `python -m tests.bench.records [ROWS]`."""

import multiprocessing
import os
import resource
import statistics
import sys
import tempfile
from pathlib import Path

import django

from tests.bench.timing import tell, timed

MILLION = 1_000_000
RUNS = 3
MOST_TIMES = 3
MOST_MEGABYTES = 300


def write_contacts(path: Path, rows: int) -> None:
    """A year's contacts of an invented hotline, about as many as asked for."""
    from evaluation.crm.generating import Exports, period

    exports = Exports("116000-XA", seed=1, contacts_a_year=rows)
    exports = Exports("116000-XA", seed=1, contacts_a_year=round(rows / exports.size))
    exports.write_records(path, "contact", *period(2025))


def read_typed(path: Path) -> int:
    """As a person would read it who knows the columns."""
    import pandas

    from evaluation.crm.dictionary import header_fields, record_fields

    types = {name: "category" if field.type != "key" else str for name, field in record_fields()["contact"].items()}
    frame = pandas.read_csv(path, skiprows=len(header_fields()), dtype=types, na_filter=False, low_memory=False)
    return len(frame)


def to_figures(path: Path) -> int:
    """Opened, checked and counted, through the door that an import takes."""
    from evaluation.crm.opening import Limits, Source, open_file
    from evaluation.crm.reading import read

    source = Source.of_path(path)
    with source.file:
        reading = read(open_file(source, Limits(bytes=source.size)))
    assert not reading.problems
    return int(reading.rows_read)


def megabytes() -> float:
    """The most that this process has held."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024 / (1024 if sys.platform == "darwin" else 1)


def weigh(path: Path) -> tuple[int, float]:
    """How many rows became figures, and the megabytes that it took beside pandas and pandera themselves."""
    set_up()
    base = megabytes()
    return to_figures(path), megabytes() - base


def set_up() -> None:
    django.setup()
    import pandas
    import pandera.pandas

    assert pandas
    assert pandera


def measure_file(rows: int, *, runs: int, before: float | None = None) -> float:
    """Tell two lines about a file of so many contacts. `before` is what a million of them took."""
    with tempfile.TemporaryDirectory(dir=os.environ["VAR_DIR"]) as folder:
        path = Path(folder) / "contacts.csv"
        # each in a process of its own, whose memory is its own
        with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
            pool.apply(write_contacts, (path, rows))
            count, taken = pool.apply(weigh, (path,))
        times = [(timed(lambda: to_figures(path)), timed(lambda: read_typed(path))) for _ in range(runs)]
    figures, typed = (list(found) for found in zip(*times, strict=True))
    ratio = statistics.median(one / other for one, other in times)
    tell(f"{rows:,} contacts, read typed by pandas", typed, None, count)
    said = [f"{ratio:.2f} times pandas", f"{taken:.0f} MB above the base, of {MOST_MEGABYTES}"]
    if before is not None:
        said.append(f"{statistics.median(figures) / before:.1f} times a million")
    to_beat = statistics.median(typed) * 1000 * MOST_TIMES
    tell(f"{rows:,} contacts, to figures", figures, None, count, to_beat_ms=to_beat, peer="; ".join(said))
    return statistics.median(figures)


def main() -> None:
    set_up()
    measured = measure_file(MILLION, runs=RUNS)
    for rows in map(int, sys.argv[1:]):
        measure_file(rows, runs=1, before=measured)


if __name__ == "__main__":
    main()
