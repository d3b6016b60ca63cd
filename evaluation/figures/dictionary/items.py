"""Read the data dictionary: the items that a hotline counts, their codes, and how figures are added up. Pure."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from evaluation.figures.dictionary import names
from standards.framework.units import TIME

SCHEMA_VERSION = "1.0"

COLUMNS = (
    "hotline_code",
    "period_start",
    "period_end",
    "item_code",
    "dim1",
    "dim1_value",
    "dim2",
    "dim2_value",
    "value",
    "quality",
)

NOT_APPLICABLE = "NA"
"""Written as the value in a file; stored as the quality of a figure without a value."""

NOT_RECORDED = "not_recorded"

TOTALS_ONLY = "A39"
"""The item of vulnerability: a total of all cases or of one flag, never from 1 to below `SMALLEST_TOTAL`."""
SMALLEST_TOTAL = 10


PUBLISHED_CATEGORIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "runaway": ("runaway", "pushed_away"),
        "parental_abduction": ("parental_abduction",),
        "migration": ("migration",),
        "criminal_abduction": ("criminal_abduction",),
        "lost_injured_otherwise": ("lost_injured", "otherwise_missing"),
        "other_unknown": ("other", "unknown"),
    }
)
"""The categories of the yearly reports, each with its codes among the nine categories of files."""


class OverPeriods(StrEnum):
    """How an item's total of a year is computed from months or quarters."""

    SUM = "sum"
    FIRST = "first"
    """A stock at the start: the total is that of the first period."""
    LAST = "last"
    """A stock at the end: the total is that of the last period."""
    WEIGHTED = "weighted"
    """A mean weighted by another item: exact if that item is known in every period."""
    SINGLE = "single"
    """A mean or a level without a weight: it cannot be combined, so one file must cover the whole time.

    The dictionary does not define how to combine training hours per operator (A54), as the number of operators changes,
    and a mean headcount (A53), as its days are undefined. So they are not computed.
    """


@dataclass(frozen=True, slots=True)
class Item:
    """One counted item. `dimensions` names the code lists that divide it."""

    code: str
    is_count: bool
    dimensions: tuple[str, ...]
    required: bool
    unit: str
    adds_over_codes: bool
    """Whether its parts can be added: not for a mean, nor if one child may be counted under several codes."""
    over_periods: OverPeriods
    weight: str
    """The item by which this mean is weighted; empty if the item is not a weighted mean."""

    @property
    def name(self) -> Any:
        """The item's name as a lazy translation."""
        return names.ITEMS[self.code]

    @property
    def is_time(self) -> bool:
        """Whether the item is measured in a unit of time; a file may use another unit."""
        return self.unit in TIME

    @property
    def needs_every_code(self) -> bool:
        """Whether a code without a row is a missing part: true for required items with one code list."""
        return self.required and len(self.dimensions) == 1


@dataclass(frozen=True, slots=True)
class HeaderField:
    """A field of the header of a file; `list` names its code list, if any."""

    name: str
    list: str


@dataclass(frozen=True, slots=True)
class RecordField:
    """A column of a file of records."""

    name: str
    type: str
    """key, month, code, codes (several in one cell), integer or boolean."""
    list: str
    """Its code list, if any."""
    is_required: bool
    """Whether every row, and so every file, must have it."""
    conditions: Mapping[str, tuple[str, ...]]
    """The field is required if each of these other fields has one of these codes."""


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (files("evaluation.figures") / "data" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


@cache
def items() -> MappingProxyType[str, Item]:
    """Return the 54 items by code, in the order of the dictionary."""
    return MappingProxyType(
        {
            row["code"]: Item(
                code=row["code"],
                is_count=row["type"] == "int",
                dimensions=tuple(row["dimensions"].split(";")) if row["dimensions"] else (),
                required=row["required"] == "yes",
                unit=row["unit"],
                adds_over_codes=row["over_codes"] == "sum",
                over_periods=OverPeriods(row["over_periods"]),
                weight=row["weight"],
            )
            for row in _rows("items.csv")
        }
    )


@cache
def code_lists() -> MappingProxyType[str, tuple[str, ...]]:
    """Return the codes of each list, in order. Languages are those of ISO 639-1, countries those of ISO 3166-1."""
    found: dict[str, list[str]] = {}
    for row in _rows("code_lists.csv"):
        found.setdefault(row["list"], []).append(row["code"])
    return MappingProxyType({name: tuple(codes) for name, codes in found.items()})


@cache
def header_fields() -> MappingProxyType[str, HeaderField]:
    return MappingProxyType(
        {row["field"]: HeaderField(row["field"], row["list"]) for row in _rows("header_fields.csv")}
    )


@cache
def record_fields() -> MappingProxyType[str, MappingProxyType[str, RecordField]]:
    """Return the fields of the levels `contact` and `case`, by level and name, in the order of the dictionary."""
    found: dict[str, dict[str, RecordField]] = {}
    for row in _rows("record_fields.csv"):
        required = row["required"]
        conditions = (
            {}
            if required in ("yes", "no")
            else {
                field: tuple(codes.split("|"))
                for field, _, codes in (condition.partition("=") for condition in required.split(";"))
            }
        )
        field = RecordField(row["field"], row["type"], row["list"], required == "yes", conditions)
        found.setdefault(row["level"], {})[field.name] = field
    return MappingProxyType({level: MappingProxyType(fields) for level, fields in found.items()})


def code_name(dimension: str, code: str) -> Any:
    """Return the name of a code as a lazy translation; for a language or a country, the code itself."""
    return names.CODES.get(dimension, {}).get(code, code)


def example_of(level: str) -> bytes:
    """Return the published example file of a level: a year of totals, or a month of records, of an invented hotline."""
    return (files("evaluation.figures") / "data" / f"example-{level}.csv").read_bytes()
