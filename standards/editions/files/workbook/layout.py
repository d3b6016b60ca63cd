"""The sheets of the workbook of an edition and their columns, derived from the declared entries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from standards.editions.entries import (
    CONDITION,
    DOMAIN,
    GROUP,
    INDICATOR,
    OBLIGATION,
    OUTCOME,
    RESULT,
    STANDARD,
    TITLE_PAGE,
    TRAIT,
    Entry,
    Table,
    table_within,
)


@dataclass(frozen=True)
class Column:
    """An entry by its path, such as `levels.2`. It is a column of a sheet, or a row of the sheet `EDITION`."""

    path: tuple[str, ...]
    entry: Entry

    @property
    def header(self) -> str:
        return ".".join(self.path)


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet with a row for each part. `own` are the columns that are not entries of its table."""

    name: str
    meaning: str
    table: Table
    own: tuple[Entry, ...] = ()
    may_be_missing: bool = False
    """Whether a workbook may lack the sheet, as older workbooks do."""

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return (*(Column((entry.name,), entry) for entry in self.own), *_columns(self.table))

    @cached_property
    def by_header(self) -> Mapping[str, Column]:
        return {column.header: column for column in self.columns}


def _columns(table: Table, above: tuple[str, ...] = ()) -> Iterator[Column]:
    """Yield the columns of a table, including those of tables within it. Lists of parts have none."""
    for entry in table.entries:
        inner = table_within(table, entry)
        if inner is None:
            yield Column((*above, entry.name), entry)
        elif entry.kind is dict:
            yield from _columns(inner, (*above, entry.name))


ALTERNATIVE = Entry(
    "alternative", bool, "Whether it is an alternative of the condition `any` above it.", "false", default=False
)
OF_OUTCOME = Entry("of outcome", str, "The outcome that it is a condition of, by its code.", '"accredited"')

EDITION = Sheet("Edition", "The title page, the scale, the aggregation and the procedure: an entry a row.", TITLE_PAGE)
"""The sheet with a row for each entry: its name, and its value in the next column."""
OBLIGATIONS = Sheet("Obligations", "An obligation a row, the most insistent first.", OBLIGATION)
OUTCOMES = Sheet("Outcomes", "An outcome a row, in the order in which they are tried.", OUTCOME)
RESULTS = Sheet("Results", "A further result a row.", RESULT)
TRAITS = Sheet("Traits", "A trait of a hotline a row.", TRAIT)
GROUPS = Sheet("Groups", "A group of domains a row.", GROUP, may_be_missing=True)
CONDITIONS = Sheet("Conditions", "A condition of an outcome a row.", CONDITION, (OF_OUTCOME, ALTERNATIVE))
PASSING = Sheet(
    "Passing", "A condition by which standards pass a row, for the test `failing`.", CONDITION, (ALTERNATIVE,)
)
DOMAINS = Sheet("Domains", "A domain a row.", DOMAIN)
STANDARDS = Sheet(
    "Standards", "A standard a row.", STANDARD, (Entry("domain", str, "The domain it is in, by its code.", '"D1"'),)
)
INDICATORS = Sheet(
    "Indicators",
    "An indicator a row, with its texts and its levels.",
    INDICATOR,
    (Entry("standard", str, "The standard it is in, by its code.", '"1.1"'),),
)
ROW_SHEETS = (OBLIGATIONS, OUTCOMES, RESULTS, TRAITS, GROUPS, CONDITIONS, PASSING, DOMAINS, STANDARDS, INDICATORS)
SHEETS = (EDITION, *ROW_SHEETS)


def flatten(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plain values of a table by header, including those of tables within it, without lists of parts."""
    found: dict[str, Any] = {}
    for name, value in content.items():
        if isinstance(value, dict):
            found |= {f"{name}.{inner}": plain for inner, plain in flatten(value).items()}
        elif not (isinstance(value, list) and any(isinstance(row, dict) for row in value)):
            found[name] = value
    return found


def nest(values: Mapping[str, Any], sheet: Sheet) -> dict[str, Any]:
    """Return the entries of a row with those of tables in dictionaries. It is the inverse of `flatten`."""
    found: dict[str, Any] = {}
    for header, value in values.items():
        *above, name = sheet.by_header[header].path
        here = found
        for part in above:
            here = here.setdefault(part, {})
        here[name] = value
    return found
