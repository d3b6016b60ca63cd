"""Convert a released year to plain data and back: codes instead of words, marks instead of suppressed numbers. Pure.

The same tables always give the same text: canonical JSON with whole numbers only.
"""

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from evaluation.engine.scoring import as_percent, in_tenths, tenths_as_text
from evaluation.figures.publishing.disclosure import FEWEST_HOTLINES
from evaluation.figures.publishing.network_tables import Cell, Ratio, Table, YearTables
from evaluation.figures.publishing.suppression import Mark
from evaluation.figures.series.benchmark import Spread
from standards.framework import canonical

FORMAT, VERSION = "116000-network-year", 1
SMALL_BASE = "small_base"
"""The mark of a share that is not published because its base is too small."""

MARKS = {
    Mark.SMALL: "from 1 to 4",
    Mark.HIDDEN: "not told, so that no small number and no number of one hotline can be computed",
    SMALL_BASE: "a share of fewer than 20 is not told",
}


def as_text(year_tables: YearTables, *, invented: bool) -> str:
    return canonical(as_data(year_tables, invented=invented))


def as_data(year_tables: YearTables, *, invented: bool) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "year": year_tables.year,
        "release": year_tables.release,
        "hotlines": year_tables.hotlines,
        "invented": invented,
        "marks": dict(MARKS),
        "fewest_hotlines": FEWEST_HOTLINES,
        "answer_rates": year_tables.answering and _spread_data(year_tables.answering),
        "tables": [_table_data(table) for table in year_tables.tables],
    }


def _spread_data(answering: Spread) -> dict[str, Any]:
    return {
        "hotlines": answering.count,
        "lower_quartile": tenths_as_text(in_tenths(answering.low)),
        "median": tenths_as_text(in_tenths(answering.median)),
        "upper_quartile": tenths_as_text(in_tenths(answering.high)),
    }


def _table_data(table: Table) -> dict[str, Any]:
    return {
        "code": table.code,
        "release": table.release,
        "rows": list(table.rows),
        "columns": list(table.columns),
        "hotlines": table.hotlines,
        "definitions": list(table.definitions),
        "estimated_percent": None if table.estimated is None else as_percent(table.estimated),
        "withheld": table.is_withheld,
        "cells": [
            {"row": row, "column": column, "value": cell.value, "mark": cell.mark}
            for (row, column), cell in table.cells.items()
        ],
        "ratios": [
            {"row": row, "column": column, **_ratio_data(ratio)} for (row, column), ratio in table.ratios.items()
        ],
    }


def _ratio_data(ratio: Ratio) -> dict[str, Any]:
    if ratio.value is not None:
        return {"percent": as_percent(ratio.value), "mark": None}
    return {"percent": None, "mark": Mark.HIDDEN if ratio.is_hidden else SMALL_BASE}


def from_text(text: str) -> YearTables:
    data = json.loads(text)
    answering = data["answer_rates"]
    return YearTables(
        year=data["year"],
        release=data["release"],
        hotlines=data["hotlines"],
        tables=tuple(_table(table) for table in data["tables"]),
        answering=answering and _spread(answering),
    )


def _spread(data: Mapping[str, Any]) -> Spread:
    low, median, high = (Fraction(data[name]) for name in ("lower_quartile", "median", "upper_quartile"))
    return Spread(data["hotlines"], low, median, high)


def _table(data: Mapping[str, Any]) -> Table:
    estimated = data["estimated_percent"]
    return Table(
        code=data["code"],
        release=data["release"],
        rows=tuple(data["rows"]),
        columns=tuple(data["columns"]),
        cells={(cell["row"], cell["column"]): _cell(cell) for cell in data["cells"]},
        hotlines=data["hotlines"],
        definitions=tuple(data["definitions"]),
        estimated=None if estimated is None else Fraction(estimated) / 100,
        ratios={(ratio["row"], ratio["column"]): _ratio(ratio) for ratio in data["ratios"]},
    )


def _cell(data: Mapping[str, Any]) -> Cell:
    return Cell(data["value"], data["mark"] and Mark(data["mark"]))


def _ratio(data: Mapping[str, Any]) -> Ratio:
    percent = data["percent"]
    return Ratio(None if percent is None else Fraction(percent) / 100, is_hidden=data["mark"] == Mark.HIDDEN)
