"""Read a table in JSON: `{"header": {field: value}, "rows": [{column: value}]}`. Numbers keep their spelling."""

import codecs
import json
import re
from collections.abc import Iterable
from typing import Any

from evaluation.figures.dictionary.items import header_fields
from evaluation.figures.formats.loaded import LoadedTable
from evaluation.figures.formats.opened import Cells
from evaluation.figures.formats.source import MEGABYTE, Limits, Source, Unreadable, read_limited
from evaluation.figures.problems.file_problems import Problem

SEVERAL = "|"
"""The separator between the codes of one cell."""
_MAX_DEPTH = 8
_SURROGATE = re.compile("[\ud800-\udfff]")


class _DuplicateKeys(dict[str, Any]):
    """An object with a duplicate key."""


def open_objects(source: Source, limits: Limits) -> LoadedTable:
    """Open a table in JSON. Rows and header fields are numbered from 1. Raises Unreadable."""
    if source.size > limits.loaded_bytes:
        raise Unreadable(Problem("loaded_too_large", params={"megabytes": limits.loaded_bytes // MEGABYTE}))
    source.file.seek(0)
    data = read_limited(parse, source.file.read(limits.loaded_bytes + 1), limits)
    header, rows = _part(data)
    names: dict[str, None] = {}
    for number, row in enumerate(rows, start=1):
        if isinstance(row, _DuplicateKeys):
            raise Unreadable(Problem("json_twice", number))
        if not isinstance(row, dict):
            raise Unreadable(Problem("json_row", number))
        names.update(dict.fromkeys(row))
        if not all(map(_is_text, row)):
            raise Unreadable(Problem("not_text", number))
        if len(names) > limits.columns:
            raise Unreadable(Problem("too_many_columns", number, params={"limit": limits.columns}))
    if len(rows) * len(names) > limits.loaded_cells:
        raise Unreadable(Problem("too_many_loaded_cells", params={"limit": limits.loaded_cells}))
    if not names:
        raise Unreadable(Problem("no_rows"))
    if len({name.strip().lower() for name in names}) != len(names):
        raise Unreadable(Problem("json_twice", 1))
    top = [f"# {field}: {_cell(value, number, None)}" for number, (field, value) in enumerate(header, start=1)]
    made = list(_build_table(rows, list(names)))
    return LoadedTable(top, [name.strip() for name in names], 0, made, limits, empty=len(rows) - len(made))


def _build_table(rows: list[dict[str, Any]], names: list[str]) -> Iterable[tuple[int, Cells]]:
    for number, row in enumerate(rows, start=1):
        cells = tuple(_cell(row.get(name), number, str(place)) for place, name in enumerate(names, start=1))
        if any(cells):
            yield number, cells


def parse(content: bytes, limits: Limits) -> Any:
    """Return the data of a JSON text. Called in the limited process. Raises Unreadable."""
    code, data, row = None, None, 1
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = content.decode(encoding)
        # Count before the objects are built: each takes far more memory than its text.
        if (
            text.count("{") + text.count("[") > limits.loaded_cells
            or text.count(",") + text.count(":") > 3 * limits.loaded_cells
        ):
            code = "too_many_loaded_cells"
        elif _is_too_deep(text):
            code = "json_deep"
        else:
            data = json.loads(
                text, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_mark_duplicate_keys
            )
    except UnicodeDecodeError as wrong:
        code, row = "not_utf8", content.count(b"\n", 0, wrong.start) + 1
    except json.JSONDecodeError as wrong:
        code, row = "json_broken", wrong.lineno
    except RecursionError:
        code = "json_deep"
    # outside the handlers, so that no traceback contains the text
    if code is not None:
        raise Unreadable(Problem(code, row, params={"limit": limits.loaded_cells} if "cells" in code else {}))
    return data


def _is_too_deep(text: str) -> bool:
    """Whether brackets are nested too deeply. Brackets within texts count, too, as no cell needs several."""
    depth = 0
    for letter in _brackets(text):
        depth += 1 if letter in "[{" else -1
        if depth > _MAX_DEPTH:
            return True
    return False


def _brackets(text: str) -> str:
    return re.sub(r"[^\[\]{}]+", "", text)


def _mark_duplicate_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else _DuplicateKeys(made)


def _part(data: Any) -> tuple[list[tuple[str, Any]], list[Any]]:
    """Split the data into the fields of the header and the rows."""
    if isinstance(data, list):
        return [], data
    if isinstance(data, _DuplicateKeys):
        raise Unreadable(Problem("json_twice", 1))
    if isinstance(data, dict) and len(data) == 1 and "rows" not in data:  # as systems wrap it: {"result": [...]}
        (only,) = data.values()
        if isinstance(only, list) and only and all(isinstance(row, dict) for row in only):
            return [], only
    if not isinstance(data, dict) or not isinstance(data.get("rows"), list):
        raise Unreadable(Problem("json_shape"))
    header = data.get("header", {})
    if isinstance(header, _DuplicateKeys):
        raise Unreadable(Problem("json_twice", 1))
    if not isinstance(header, dict):
        raise Unreadable(Problem("json_header"))
    above = {name: value for name, value in data.items() if name not in ("header", "rows")}
    if set(header) & set(above):
        raise Unreadable(Problem("json_twice", 1))
    fields = {**header, **above}
    if any(name not in header_fields() for name in fields):
        raise Unreadable(
            Problem("json_field_unknown", [*fields].index(next(n for n in fields if n not in header_fields())) + 1)
        )
    return list(fields.items()), data["rows"]


def _is_text(text: str) -> bool:
    """Whether a text is valid Unicode: JSON can contain lone surrogates and the null character."""
    return "\0" not in text and not _SURROGATE.search(text)


def _cell(value: Any, row: int, column: str | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and not _is_text(value):
        raise Unreadable(Problem("not_text", row))
    if isinstance(value, str):
        return value.strip()
    if column is not None and isinstance(value, list) and all(isinstance(part, str) for part in value):
        return SEVERAL.join(_cell(part, row, column) for part in value)
    raise Unreadable(Problem("json_cell", row, column or "header"))
