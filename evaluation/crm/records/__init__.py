"""Files of records, a row for each contact or for each child in a case, become figures; no row is kept.

`data/record_fields.csv` names the columns, `data/example-contact.csv` and `data/example-case.csv` show them. Columns may
stand in any order; one that is not always asked for may be left out. Empty is not recorded, `NA` is not applicable.
Several codes in one cell stand with `|` between them, or with `;`. Yes and no are `true` and `false`. A key is made for
this export only, of 16 to 40 letters, digits and hyphens, at least a letter and a digit: a bare number would be the
number of the record or a telephone. `records.derived` says what each figure is counted from.
"""

from evaluation.crm.records.derived import DERIVED
from evaluation.crm.records.reading import RecordReading, read_records

__all__ = ["DERIVED", "RecordReading", "read_records"]
