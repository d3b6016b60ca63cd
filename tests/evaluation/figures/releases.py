"""Random histories of releases, and the proof that their readers learn no number of a hotline.

python -m tests.evaluation.figures.releases 500
"""

import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from multiprocessing import get_context
from os import cpu_count
from random import Random

from evaluation.figures.publishing.hotline_year import HotlineYear
from evaluation.figures.publishing.layout import plan_tables
from evaluation.figures.publishing.network_tables import Former, YearTables, tabulate
from evaluation.figures.publishing.year_data import as_data
from tests.evaluation.figures.networks import hotline, truth
from tests.evaluation.figures.reader import NEITHER, RESULTS, SAME, Cell, Reader, read_releases

History = Sequence[Sequence[HotlineYear]]


def histories(seed: int) -> list[list[HotlineYear]]:
    """Return the hotlines' input at two or three times: some join, some correct or withdraw their figures."""
    source = Random(seed)
    scale = source.choice((0.1, 0.3, 1, 3, 20))
    given = [hotline(source, f"116000-X{n}", scale) for n in range(source.choice((3, 4, 8)))]
    found = [given]
    for time_ in range(source.choice((1, 1, 2))):
        given = [one if source.random() < 0.8 else hotline(source, one.key, scale) for one in given]
        given = [one for one in given if source.random() < 0.9]
        given += [hotline(source, f"116000-Y{time_}{n}", scale) for n in range(source.choice((0, 1, 3, 4)))]
        found.append(given)
    return found


def release_all(history: History) -> list[YearTables]:
    formers: list[Former] = []
    for given_then in history:
        formers.append(Former(given_then, tabulate(2025, given_then, 32, formers)))
    return [former.year_tables for former in formers]


def numbers_of(one: HotlineYear) -> Counter[Cell]:
    """Return the numbers of a hotline by cell, added independently of the tables; 0 where it has none."""
    found = truth([one])
    calls = {row: found[f"calls/{row}/calls"] for row in ("received", "answered", "missed")}
    others = {cell: value for cell, value in found.items() if cell not in SAME and not cell.startswith("calls/")}
    return Counter(
        {
            **others,
            **{f"calls/{row}/calls": value for row, value in calls.items()},
            "calls/short/calls": one.total("A05") or 0,
            NEITHER: calls["received"] - calls["answered"] - calls["missed"],
        }
    )


def reader_of(history: History, published: Sequence[YearTables], seed: int = 0) -> Reader:
    """Return a reader of all releases, who knows the results that hotlines published."""
    within = []
    for given_then, year_tables in zip(history, published, strict=True):
        plans = plan_tables(given_then)
        within.append(
            {
                table.code: frozenset(one.identity for one in plans[table.code].hotlines)
                for table in year_tables.new_tables
            }
        )
    everybody = {one.identity: one for given_then in history for one in given_then}
    real = {identity: numbers_of(one) for identity, one in everybody.items()}
    results = {
        identity: {
            RESULTS[item]: value
            for item, value in one.published.items()
            if item in RESULTS and real[identity].get(RESULTS[item]) == value
        }
        for identity, one in everybody.items()
    }
    return Reader(read_releases([as_data(one, invented=True) for one in published], within), real, results, seed)


def with_all_marks_but_small_removed(year_tables: YearTables, given: Sequence[HotlineYear]) -> YearTables:
    """Return the tables with every number that is no small count, as if nothing were suppressed beside them."""
    plans = plan_tables(given)
    tables = []
    for table in year_tables.tables:
        cells = {
            place: replace(cell, value=plans[table.code].value(plans[table.code].kinds[place]), mark=None)
            if cell.mark == "hidden"
            else cell
            for place, cell in table.cells.items()
        }
        tables.append(replace(table, cells=cells))
    return replace(year_tables, tables=tuple(tables))


# --- The proof -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What readers found in one history, and how much of it was published."""

    seed: int
    leaks: tuple[str, ...]
    cells: int
    suppressed: int
    withheld: int
    tables: int
    solved: int


@lru_cache(maxsize=4)
def released(seed: int) -> tuple[History, list[YearTables]]:
    """Return a random history and its releases, which take seconds to compute."""
    history = histories(seed)
    return history, release_all(history)


def examine(seed: int) -> Outcome:
    """Release a random history, and let the public and one of its hotlines read it."""
    history, published = released(seed)
    reader = reader_of(history, published, seed)
    hotlines = sorted({one for one, _cell in reader.places})
    found = [str(leak) for leak in reader.leaks()]
    if hotlines:
        one = Random(seed).choice(hotlines)
        found += [f"known to {one}: {leak}" for leak in reader.leaks_to(one)]
    tables = [table for one in published for table in one.tables if table.release == one.release]
    new = [table for table in tables if not table.is_withheld]
    return Outcome(
        seed=seed,
        leaks=tuple(found),
        cells=sum(len(table.cells) for table in new),
        suppressed=sum(cell.mark is not None for table in new for cell in table.cells.values()),
        withheld=sum(table.is_withheld and not table.has_too_few_hotlines for table in tables),
        tables=len(new),
        solved=reader.solved,
    )


def prove(count: int) -> bool:
    """Examine histories in all processors, print the progress and the figures, and return whether nothing leaked."""
    start, done = time.monotonic(), []
    processes = cpu_count() or 1
    with get_context("spawn").Pool(processes) as pool:
        for outcome in pool.imap_unordered(examine, range(count)):
            done.append(outcome)
            for leak in outcome.leaks:
                print(f"History {outcome.seed}: {leak}")
            if len(done) % max(1, count // 20) == 0:
                leaks = sum(len(one.leaks) for one in done)
                print(f"{len(done)} of {count} histories, {time.monotonic() - start:.0f} s, leaks: {leaks}", flush=True)
    leaks = sum(len(one.leaks) for one in done)
    print(
        f"Histories: {len(done)}. Tables: {sum(one.tables for one in done)}, and "
        f"{sum(one.withheld for one in done)} withheld. Cells: {sum(one.cells for one in done)}, of which "
        f"{sum(one.suppressed for one in done)} suppressed. Searches by HiGHS: {sum(one.solved for one in done)}. "
        f"Leaks: {leaks}, in {sum(bool(one.leaks) for one in done)} histories. "
        f"{time.monotonic() - start:.0f} s on {processes} processors."
    )
    return not leaks


if __name__ == "__main__":
    sys.exit(0 if prove(int(sys.argv[1])) else 1)
