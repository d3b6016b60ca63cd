"""Open an export in its own columns as a table in the published format, with its own row numbers. Pure."""

from calendar import monthrange
from datetime import date, datetime

from evaluation.figures.formats import Opened
from evaluation.figures.mapping.cells.dates import covered, months_in
from evaluation.figures.mapping.column_mapping import AGGREGATE, ColumnMapping, Period
from evaluation.figures.mapping.tables.matched import Matched
from evaluation.figures.mapping.tables.matched_records import MatchedRecords
from evaluation.figures.mapping.tables.matched_totals import MatchedTotals, covered_by_rows


def match(opened: Opened, mapping: ColumnMapping, *, hotline_code: str, period: Period, moment: datetime) -> Matched:
    """Return the export in the published format. `moment`, when the file was received, becomes its `generated_at`.

    Iterating over the rows raises Unreadable for a value without a mapping.
    """
    kind = MatchedTotals if mapping.level == AGGREGATE else MatchedRecords
    return kind(opened, mapping, hotline_code, period, moment)


def covered_period(opened: Opened, mapping: ColumnMapping) -> Period | None:
    """Return the period that a table of totals covers if a column has the years; otherwise, and if unclear, None."""
    if mapping.level != AGGREGATE or "year" not in mapping.columns.values():
        return None
    return covered(covered_by_rows(opened, mapping, (date.min, date.max)))


def first_times(opened: Opened, mapping: ColumnMapping, period: Period, most: int) -> list[Period]:
    """Return the first months or longer times within a period that the rows of an export name, at most so many.

    Of records, these are the first months of the period. Days count as their month.
    """
    if mapping.level == AGGREGATE:
        named = {
            time if len(months_in(time)) > 1 else _month_of(time[0])
            for time in covered_by_rows(opened, mapping, period)
        }
    else:
        named = set(map(_month_of, months_in(period)))
    return sorted(time for time in named if period[0] <= time[0] and time[1] <= period[1] and time != period)[:most]


def _month_of(day: date) -> Period:
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
