"""Open an export in its own columns as a table in the published format, with its own row numbers. Pure."""

from datetime import date, datetime

from evaluation.crm.formats import Opened
from evaluation.crm.mapping.cells.dates import covered
from evaluation.crm.mapping.column_mapping import AGGREGATE, ColumnMapping, Period
from evaluation.crm.mapping.tables.matched import Matched
from evaluation.crm.mapping.tables.matched_records import MatchedRecords
from evaluation.crm.mapping.tables.matched_totals import MatchedTotals, covered_by_rows


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
