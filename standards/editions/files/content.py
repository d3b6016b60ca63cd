"""The text of an edition as entries in dictionaries and lists, as every file format has them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from standards.drafts.fields import EditionText, Part, Values, read_codes, read_points
from standards.editions.entries import (
    AGGREGATION,
    CONDITION,
    DOMAIN,
    GROUP,
    INDICATOR,
    LEVEL_TEXTS,
    OBLIGATION,
    OUTCOME,
    PROCEDURE_TABLE,
    RECOMMENDATION_TEXTS,
    RESULT,
    SCALE,
    STANDARD,
    TITLE_PAGE,
    TRAIT,
    Entry,
    Table,
)
from standards.framework import ADVICE, LEVELS, TIERS, Aggregation, Measure, level_texts

_FIELDS: Mapping[str, Mapping[str, str]] = {
    TITLE_PAGE.begins: {"sample": "is_sample"},
    SCALE.begins: {name: f"scale_{name}" for name in ("falling", "points")} | {str(n): f"level_{n}" for n in LEVELS},
    AGGREGATION.begins: {tier: f"{tier}_method" for tier in TIERS} | {"level": "share_level"},
    RECOMMENDATION_TEXTS.begins: {text.key: text.name for text in ADVICE},
}
"""The names of fields that differ from those of their entries, by table and entry."""
_WHOLE = (TITLE_PAGE, AGGREGATION, PROCEDURE_TABLE, OBLIGATION, OUTCOME)
"""The tables that also have default numbers and methods, so that the rule can be read without this program."""


def write_content(text: EditionText) -> dict[str, Any]:
    """Return the entries of the title page, with the domains under `domains`, and without entries that have no value.

    `standards.editions.files.reading` is the inverse.
    """
    return {
        **_title(text),
        "domains": [_part(DOMAIN, domain, _standards(domain, text.levels)) for domain in text.domains],
    }


def _title(text: EditionText) -> dict[str, Any]:
    beyond = {f"level_{level}" for level in LEVELS if level not in text.levels}
    own = {name: value for name, value in text.fields.items() if name not in beyond}
    tables: dict[str, Any] = {
        "scale": _table(SCALE, own),
        "aggregation": _table(AGGREGATION, _without_group_method(text, own)),
        "procedure": _table(PROCEDURE_TABLE, own),
        "passing": [_condition(part) for part in text.passing] or None,
        "obligations": [_table(OBLIGATION, part.fields) for part in text.obligations],
        "outcomes": [
            _table(OUTCOME, part.fields) | {"conditions": [_condition(condition) for condition in part.parts]}
            for part in text.outcomes
        ],
        "results": [_table(RESULT, part.fields) for part in text.results] or None,
        "traits": [_table(TRAIT, part.fields) for part in text.traits] or None,
        "groups": [_table(GROUP, part.fields) for part in text.groups] or None,
    }
    return _table(TITLE_PAGE, {**own, "language": text.language}, tables)


def _without_group_method(text: EditionText, own: Values) -> Values:
    """Return the fields without the default method of groups if the edition has no groups."""
    is_needed = text.groups or own["group_method"] != Aggregation().group
    return own if is_needed else {**own, "group_method": None}


def _condition(part: Part) -> dict[str, Any]:
    return _table(CONDITION, part.fields, {"conditions": [_condition(inner) for inner in part.parts] or None})


def _standards(domain: Part, levels: tuple[int, ...]) -> dict[str, Any]:
    return {
        "standards": [
            _part(STANDARD, standard, {"indicators": [_indicator(part, levels) for part in standard.parts]})
            for standard in domain.parts
        ]
    }


def _indicator(part: Part, levels: tuple[int, ...]) -> dict[str, Any]:
    measure = part.fields["measure"]
    asked = level_texts(measure, levels) if measure in tuple(Measure) else ()
    return _part(
        INDICATOR,
        part,
        {
            "levels": _table(LEVEL_TEXTS, {text.key: part.fields[text.name] for text in asked}),
            "recommendation": _table(RECOMMENDATION_TEXTS, part.fields),
        },
    )


def _part(table: Table, part: Part, inner: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entries of a domain, a standard or an indicator, without a key that equals the code."""
    fields = part.fields
    return _table(table, {**fields, "key": "" if fields["key"] == fields["code"] else fields["key"]}, inner)


def _table(table: Table, values: Values, inner: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the entries of a table in the order of their declaration. `inner` has its lists and tables."""
    inner, names = inner or {}, _FIELDS.get(table.begins, {})
    found: dict[str, Any] = {}
    for entry in table.entries:
        if entry.name in inner:
            value = inner[entry.name]
        else:
            value = _written(entry, values.get(names.get(entry.name, entry.name)))
        if value is not None and (entry.is_needed or not _is_default(table, entry, value)):
            found[entry.name] = value
    return found


def _written(entry: Entry, value: Any) -> Any:
    """Return the value of an entry from that of its field. A list is a text with commas in the field."""
    if value is None or not isinstance(value, str):
        return value
    if entry.kind is list:
        return list(read_points(value) if entry.item_kind is int else read_codes(value))
    if entry.or_text:
        return int(value) if value.isdecimal() and str(int(value)) == value else value or None
    return value


def _is_default(table: Table, entry: Entry, value: Any) -> bool:
    """Whether an entry has its default and is left out."""
    if entry.default in (None, "", [], {}, False) or table not in _WHOLE:
        return bool(value == entry.default)
    return False


def conditions_of(content: Mapping[str, Any]) -> Iterator[tuple[str, Iterable[Mapping[str, Any]]]]:
    """Yield the conditions by which standards pass, with an empty code, then those of each outcome with its code."""
    yield "", content.get("passing", ())
    for outcome in content["outcomes"]:
        yield outcome["code"], outcome["conditions"]
