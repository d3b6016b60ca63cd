"""Count the rows of a file of records, one per contact or per child in a case; no row is stored.

`data/record_fields.csv` defines the columns, `data/example-contact.csv` and `data/example-case.csv` are examples.
Columns may be in any order; optional ones may be left out. An empty cell is not recorded, `NA` is not applicable.
Several codes in one cell are separated by `|` or `;`. Booleans are `true` and `false`. A key is generated for this
export only. It has 16 to 40 letters, digits and hyphens, with at least one letter and one digit: a bare number could be
a record number or a telephone number. `records.derived` defines how each figure is counted.
"""

from evaluation.figures.records.derived import DERIVED
from evaluation.figures.records.reading import RecordReading, read_records

__all__ = ["DERIVED", "RecordReading", "read_records"]
