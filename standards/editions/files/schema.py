"""The JSON Schema of the document of an edition, generated from the declared entries."""

from datetime import date
from typing import Any

from standards.editions.entries import (
    CONDITION,
    DOMAIN,
    INDICATOR,
    OUTCOME,
    SCALE,
    STANDARD,
    TITLE_PAGE,
    Entry,
    Table,
    table_within,
)
from standards.editions.files.document import DOMAINS, SCHEMA_ID

COMMAND = "./go manage describe_edition_schema"
_TYPES = {str: "string", bool: "boolean", int: "integer", list: "array", dict: "object", date: "string"}
_SHARED = {CONDITION.begins: "condition", DOMAIN.begins: "domain", STANDARD.begins: "standard"} | {
    INDICATOR.begins: "indicator",
    OUTCOME.begins: "outcome",
}
"""The names of the tables that have their own definition in the schema."""


def edition_schema() -> dict[str, Any]:
    """Return the schema, in the dialect 2020-12."""
    title = _describe_table(TITLE_PAGE)
    domains = {
        "type": "array",
        "description": "The domains, in their order.",
        "items": _reference(DOMAIN),
        "minItems": 1,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "An edition of the Practical Guide",
        "description": f"Written by `{COMMAND}` from the entries in docs/edition_files.md.",
        **title,
        "properties": {"$schema": {"const": SCHEMA_ID}, **title["properties"], DOMAINS: domains},
        "required": [*title["required"], DOMAINS],
        "$defs": {
            _SHARED[table.begins]: _describe_table(table) for table in (OUTCOME, CONDITION, DOMAIN, STANDARD, INDICATOR)
        },
    }


def _describe_table(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {entry.name: _describe_entry(table, entry) for entry in table.entries},
        "required": [entry.name for entry in table.entries if entry.is_needed],
        "additionalProperties": False,
    }
    if table is SCALE:
        schema["minProperties"] = 2
    return schema


def _describe_entry(table: Table, entry: Entry) -> dict[str, Any]:
    schema: dict[str, Any] = {"description": entry.meaning, "type": _TYPES[entry.kind]}
    inner = table_within(table, entry)
    if entry.kind is dict and inner:
        return {**_describe_table(inner), "description": entry.meaning}
    if entry.kind is list:
        schema["items"] = _reference(inner) if inner else {"type": _TYPES[entry.item_kind]}
    elif entry.kind is int:
        schema |= {"minimum": entry.bounds[0], "maximum": entry.bounds[1]}
        if entry.or_text:
            schema["type"] = ["integer", "string"]
    elif entry.kind is date:
        schema["format"] = "date"
    elif entry.kind is str:
        schema |= _describe_text(entry)
    if not entry.is_needed and entry.default is not None:
        schema["default"] = entry.default
    return schema


def _describe_text(entry: Entry) -> dict[str, Any]:
    if entry.choices:
        return {"enum": list(entry.choices) if entry.is_needed or entry.default else ["", *entry.choices]}
    limits = {"minLength": 1} if entry.is_needed else {}
    return limits | ({"maxLength": entry.longest} if entry.longest else {})


def _reference(table: Table) -> dict[str, Any]:
    name = _SHARED.get(table.begins)
    return {"$ref": f"#/$defs/{name}"} if name else _describe_table(table)
