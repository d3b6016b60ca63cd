"""An export in its own columns, told in the published ones: the same rows, with their own numbers. Pure."""

from datetime import date, datetime

from evaluation.crm.formats import Opened
from evaluation.crm.mapping.cells.dates import covered
from evaluation.crm.mapping.column_mapping import AGGREGATE, ColumnMapping, Period
from evaluation.crm.mapping.tables.matched import Matched
from evaluation.crm.mapping.tables.matched_records import MatchedRecords
from evaluation.crm.mapping.tables.matched_totals import MatchedTotals, covered_by_rows


def match(opened: Opened, mapping: ColumnMapping, *, hotline_code: str, period: Period, moment: datetime) -> Matched:
    """`moment` is when the file came in: it stands for the moment it was made.

    Walking the rows raises Unreadable where something stands that nobody has matched.
    """
    kind = MatchedTotals if mapping.level == AGGREGATE else MatchedRecords
    return kind(opened, mapping, hotline_code, period, moment)


def covered_period(opened: Opened, mapping: ColumnMapping) -> Period | None:
    """What the rows of a table of totals cover, where no single column of it says so: years beside months."""
    if mapping.level != AGGREGATE or "year" not in mapping.columns.values():
        return None
    return covered(covered_by_rows(opened, mapping, (date.min, date.max)))
