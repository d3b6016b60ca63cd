"""The JSON Schema of the document of an edition, generated from the declared entries.

What it accepts, the reader accepts, apart from `BEYOND_A_SCHEMA`.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from standards.drafts import part_checks as codes
from standards.editions.entries import (
    CONDITION,
    DOMAIN,
    GROUP,
    INDICATOR,
    OBLIGATION,
    OUTCOME,
    RESULT,
    SCALE,
    STANDARD,
    TITLE_PAGE,
    TRAIT,
    Entry,
    Table,
    table_within,
)
from standards.editions.files.document import DOMAINS, SCHEMA_ID
from standards.framework import (
    CONDITION_FIELDS,
    LEVELS,
    MOST_POINTS,
    SCOPE_FIELDS,
    SCOPED,
    Measure,
    Source,
    Test,
    allowed_fields,
)
from standards.framework.asking import ANSWER
from standards.framework.asking import TRAIT as TRAIT_CODE
from standards.framework.figures import BAND, BASE, BOUND, FORMULA, REPORT_ONLY
from standards.framework.indicator import SUPPORT_AT
from standards.framework.units import PERCENTAGE

COMMAND = "./go manage describe_edition_schema"
BEYOND_A_SCHEMA = (
    "a code stands once, and begins with that of the part that it is in",
    "what is named by its code exists, in the order in which it may be named, and allows what its indicators ask",
    "the numbers of levels, points, weights, bands and conditions fit each other and the scale",
    "each level of the scale is described by the indicators that use it, and what is recommended by those that need it",
    "the last of the outcomes of one list, and only it, has no condition",
    "each domain is in one of the groups, if there are any",
    "the texts of one list have no more characters together than its longest text may have",
    "a percentage that is written as a text is at most 100",
    "the language is one of this installation",
    "no name stands twice in one object, and no text has half of a pair of code units",
)
"""What an edition must fulfil and a schema cannot say."""
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
        "description": (
            f"Written by `{COMMAND}` from the entries in docs/edition_files.md. A schema cannot say everything: "
            f"{'; '.join(BEYOND_A_SCHEMA)}."
        ),
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
    return schema | ({"allOf": rules} if (rules := _RULES.get(table.begins)) else {})


def _describe_entry(table: Table, entry: Entry) -> dict[str, Any]:
    schema: dict[str, Any] = {"description": entry.meaning, "type": _TYPES[entry.kind]}
    inner = table_within(table, entry)
    if entry.kind is dict and inner:
        return {**_describe_table(inner), "description": entry.meaning}
    if entry.kind is list:
        schema["items"] = _reference(inner) if inner else _describe_item(table, entry)
        if entry.is_needed and table_within(table, entry) is not CONDITION:
            schema["minItems"] = 1
    elif entry.kind is int:
        schema |= {"minimum": entry.bounds[0], "maximum": entry.bounds[1]}
        if entry.or_text:
            schema["type"] = ["integer", "string"]
            schema["pattern"] = _write_pattern(PERCENTAGE)
    elif entry.kind is date:
        schema["format"] = "date"
    elif entry.kind is str:
        schema |= _describe_text(table, entry)
    if not entry.is_needed and entry.default is not None:
        schema["default"] = entry.default
    return schema


def _describe_item(table: Table, entry: Entry) -> dict[str, Any]:
    """Return the schema of a text or number in a list."""
    if entry.item_kind is int:
        return {"type": "integer", "minimum": -MOST_POINTS, "maximum": MOST_POINTS}
    longest = {"maxLength": entry.longest} if entry.longest else {}
    return {"type": "string", "pattern": _PATTERNS.get((table.begins, entry.name), _ANY_TEXT), **longest}


def _describe_text(table: Table, entry: Entry) -> dict[str, Any]:
    if entry.choices:
        return {"enum": list(entry.choices) if entry.is_needed or entry.default else ["", *entry.choices]}
    is_level_name = table is SCALE
    pattern = _PATTERNS.get((table.begins, entry.name), "")
    if entry.is_needed or is_level_name:
        limits = {"minLength": 1, "pattern": pattern or _SOME_TEXT}
    else:
        limits = {"pattern": f"^$|{pattern}" if pattern else _ANY_TEXT}
    return limits | ({"maxLength": entry.longest} if entry.longest else {})


def _reference(table: Table) -> dict[str, Any]:
    name = _SHARED.get(table.begins)
    return {"$ref": f"#/$defs/{name}"} if name else _describe_table(table)


# --- Patterns of texts ------------------------------------------------------------------------------------------------

_CONTROL = r"\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029"
"""The control characters that the reader refuses, apart from halves of pairs, which not every validator can see."""
_ANY_TEXT = f"^[^{_CONTROL}]*$"
_SOME_TEXT = rf"^[^{_CONTROL}]*[^{_CONTROL}\s][^{_CONTROL}]*$"


def _write_pattern(*patterns: re.Pattern[str], is_list: bool = False, also: str = "") -> str:
    """Return a pattern for texts that match one of the patterns, or for several such texts with semicolons between."""
    parts = [re.sub(r"\(\?P<\w+>", "(", one.pattern).replace(r"\d", "[0-9]") for one in patterns]
    if not is_list and not also:
        return "|".join(parts)
    one = "|".join(f"(?:{part.removeprefix('^').removesuffix('$')})" for part in parts)
    found = rf"^\s*(?:{one})(?:\s*;\s*(?:{one}))*\s*$"
    return f"^{also}$|{found}" if also else found


_PATTERNS: Mapping[tuple[str, str], str] = {
    **{
        (table.begins, "code"): _write_pattern(pattern)
        for table, pattern in (
            (TITLE_PAGE, codes.EDITION_CODE),
            (OBLIGATION, codes.OBLIGATION_CODE),
            (OUTCOME, codes.OUTCOME_CODE),
            (RESULT, codes.OBLIGATION_CODE),
            (TRAIT, codes.OBLIGATION_CODE),
            (GROUP, codes.GROUP_CODE),
            (DOMAIN, codes.DOMAIN_CODE),
            (STANDARD, codes.STANDARD_CODE),
            (INDICATOR, codes.INDICATOR_CODE),
        )
    },
    **{(table.begins, "key"): _write_pattern(codes.KEY) for table in (DOMAIN, STANDARD, INDICATOR)},
    (GROUP.begins, "domains"): _write_pattern(codes.DOMAIN_CODE),
    (OUTCOME.begins, "result"): _write_pattern(codes.OBLIGATION_CODE),
    (OUTCOME.begins, "becomes"): _write_pattern(codes.OUTCOME_CODE),
    (CONDITION.begins, "obligation"): _write_pattern(codes.OBLIGATION_CODE),
    (CONDITION.begins, "group"): _write_pattern(codes.GROUP_CODE),
    (CONDITION.begins, "domain"): _write_pattern(codes.DOMAIN_CODE),
    (CONDITION.begins, "standard"): _write_pattern(codes.STANDARD_CODE),
    (CONDITION.begins, "codes"): _write_pattern(codes.INDICATOR_CODE),
    (CONDITION.begins, "outcome"): _write_pattern(codes.OUTCOME_CODE),
    (CONDITION.begins, "figure"): _write_pattern(BOUND),
    (INDICATOR.begins, "obligation"): _write_pattern(codes.OBLIGATION_CODE),
    (INDICATOR.begins, "counts_at"): _write_pattern(SUPPORT_AT, is_list=True),
    (INDICATOR.begins, "asked_if"): _write_pattern(TRAIT_CODE, ANSWER, is_list=True),
    (INDICATOR.begins, "bands"): _write_pattern(BAND, is_list=True, also=REPORT_ONLY),
    (INDICATOR.begins, "formula"): _write_pattern(FORMULA),
    (INDICATOR.begins, "minimum_base"): _write_pattern(BASE),
}
"""The pattern of a text that is not free, by the table and the name of its entry."""


# --- Rules between the entries of a table -----------------------------------------------------------------------------


def _given(*names: str) -> dict[str, Any]:
    """Return the schema of a table in which these entries are neither left out nor empty."""
    return {"required": list(names), "properties": {name: {"pattern": r"\S"} for name in names}}


def _empty(*names: str) -> dict[str, Any]:
    """Return the schema of a table in which each of these entries is left out, or empty."""
    return {"properties": {name: {"enum": ["", [], {}, False]} for name in names}}


def _when(condition: Mapping[str, Any], then: Mapping[str, Any]) -> dict[str, Any]:
    return {"if": dict(condition), "then": dict(then)}


def _is(**values: Any) -> dict[str, Any]:
    """Return the schema of a table in which these entries have these values."""
    return {"required": list(values), "properties": {name: {"const": value} for name, value in values.items()}}


def _rule_of_test(test: Test) -> dict[str, Any]:
    """Return which entries a condition with a test must and must not have."""
    needed, allowed = CONDITION_FIELDS[test], allowed_fields(test)
    shut = [name for name in CONDITION.names if name not in ("test", *allowed)]
    shut = [name for name in shut if not (name in (*SCOPE_FIELDS, "method") and test in SCOPED)]
    texts = [name for name in needed if CONDITION.entry(name).kind is str]
    lists = {name: {"minItems": 1} for name in needed if CONDITION.entry(name).kind is list}
    given = {**_empty(*shut)["properties"], **lists, **{name: {"minLength": 1} for name in texts}}
    return _when(_is(test=test.value), {"required": list(needed), "properties": given})


def _rules_of_levels() -> Iterable[dict[str, Any]]:
    """Yield that a scale has two levels at least, and no gap between two of them."""
    numbers = [str(level) for level in LEVELS]
    yield {"anyOf": [{"required": list(pair)} for pair in pairwise(numbers)]}
    for place, (level, following) in enumerate(pairwise(numbers)):
        if beyond := numbers[place + 2 :]:
            has_gap = {"required": [level], "not": {"required": [following]}}
            yield _when(has_gap, {"properties": dict.fromkeys(beyond, False)})


def _rules_of_indicators() -> Iterable[dict[str, Any]]:
    """Yield what the way in which an indicator is answered asks of its other entries."""
    is_numeric, has_formula = _is(measure=Measure.NUMERIC.value), _given("formula")
    yield _when(is_numeric, {"allOf": [_given("unit", "bands"), _empty("levels")]})
    yield _when({"allOf": [is_numeric, _is(source=Source.STATISTICS.value)]}, has_formula)
    yield _when(has_formula, _given("unit"))
    yield _when(_given("minimum_base"), has_formula)
    yield _when({"allOf": [is_numeric, {"required": ["minimum_months"]}]}, has_formula)
    both = {"required": ["levels"], "properties": {"levels": _given("yes", "no") | {"maxProperties": 2}}}
    yield _when(_is(measure=Measure.YES_NO.value), both)
    scale = {"properties": {"levels": {"properties": {"yes": False, "no": False}}}}
    yield _when(_is(measure=Measure.SCALE.value), scale)
    plain = {"properties": {"measure": {"enum": [Measure.SCALE.value, Measure.YES_NO.value]}}}
    yield _when({"allOf": [plain, has_formula]}, _given("bands"))
    yield _when({"allOf": [plain, _given("bands")]}, has_formula)
    without = {"allOf": [plain, {"not": has_formula}]}
    yield _when(without, {"properties": {"unit": {"enum": [""]}, "minimum_months": False}})


_GIVEN_CODES = {"required": ["codes"], "properties": {"codes": {"minItems": 1}}}
_RULES: Mapping[str, list[dict[str, Any]]] = {
    TITLE_PAGE.begins: [_when(_is(sample=True), _given("sample_notice"))],
    SCALE.begins: list(_rules_of_levels()),
    CONDITION.begins: [
        *map(_rule_of_test, Test),
        _when(_given("method"), {"anyOf": [_given("obligation"), _GIVEN_CODES]}),
    ],
    INDICATOR.begins: list(_rules_of_indicators()),
}
"""What the entries of a table ask of each other, by the table."""
