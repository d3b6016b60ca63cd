"""Times operations, counts their queries, and prints both as one JSON object per line."""

import json
import statistics
import time
from collections.abc import Callable
from math import ceil

from portal.operations.data_stack import with_large_chunk
from tests.bench.floors import Floor


def tell(
    operation: str,
    times: list[float],
    queries: int | None,
    stored_rows: int,
    *,
    floor: Floor,
    floor_times: list[float] | None = None,
    **extra: float | str,
) -> None:
    """Print a measurement as JSON.

    `extra` are further entries, such as what to beat, if that is measured at the same moment. A floor without times is
    measured now, as often as the operation was.
    """
    lowest = statistics.median(floor_times or [timed(floor.act) for _ in times])
    ratio = statistics.median(times) / lowest
    extra |= {"floor": floor.what, "floor_ms": round(lowest * 1000, 4), "ratio": round(ratio, 1)}
    spread = {
        "median_ms": statistics.median(times),
        "p95_ms": percentile(times, 95),
        "max_ms": max(times),
    }
    row = {"operation": operation, **{name: round(seconds * 1000, 2) for name, seconds in spread.items()}}
    print(json.dumps({**row, "queries": queries, "stored_rows": stored_rows, **extra}), flush=True)


def percentile(times: list[float], hundredths: int) -> float:
    """Return the smallest of the times that at least `hundredths` per cent of them do not exceed."""
    return sorted(times)[ceil(len(times) * hundredths / 100) - 1]


def timed(act: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the seconds of one run. As a server calls what it measures; see `portal.operations.data_stack`."""
    run = with_large_chunk(act)
    began = clock()
    run()
    return clock() - began


def count_queries(act: Callable[[], object]) -> int:
    """Return the number of statements of one run, without those that only begin and end transactions."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        act()
    control = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
    return sum(not query["sql"].startswith(control) for query in captured.captured_queries)


def nothing() -> None:
    """Do nothing: most operations need no preparation."""


def measure(
    operation: str,
    act: Callable[[], object],
    *,
    times: int,
    floor: Floor,
    warm: int = 2,
    before: Callable[[], object] = nothing,
    smaller: float | None = None,
    clock: Callable[[], float] = time.perf_counter,
    stored_in_s: float | None = None,
) -> float:
    """Measure runs after warming up, each followed by the floor, and return the median.

    Queries are counted in one run more. `before` is not timed. `clock` may be processor time, which other processes on
    the machine do not lengthen. `smaller` is the seconds of the same operation where less was stored, `stored_in_s` the
    seconds that storing the rows took.
    """
    from evaluation.models import Answer

    for _ in range(warm):
        before()
        act()
    taken, floors = [], []
    floor.act()
    for _ in range(times):
        before()
        taken.append(timed(act, clock))
        floors.append(timed(floor.act, clock))
    before()
    median = statistics.median(taken)
    growth = {} if smaller is None else {"peer": f"{median / smaller:.2f} times the smaller one"}
    if stored_in_s is not None:
        growth = {"peer": f"stored in {stored_in_s:,.1f} s"}
    tell(operation, taken, count_queries(act), Answer.objects.count(), floor=floor, floor_times=floors, **growth)
    return median
