"""Write an edition to files that can be reviewed in a diff and read back as the same edition."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from standards.drafts.fields import (
    CONDITION_FIELDS,
    OBLIGATION_FIELDS,
    PROCEDURE,
    EditionText,
    Part,
    Values,
    read_codes,
    read_points,
)
from standards.editions.entries import INDICATOR, LEVEL_TEXTS, RECOMMENDATION_TEXTS
from standards.framework import ADVICE, MalformedEdition, Measure, level_texts


def write_edition(text: EditionText, folder: str | Path) -> list[Path]:
    """Write `edition.toml` and a file for each domain; delete files of removed domains. Return the written paths.

    Raises MalformedEdition, and writes nothing, if the folder contains another edition.
    """
    folder = Path(folder)
    inside = folder / "domains"
    _require_room(folder / "edition.toml", text.fields["code"])
    pages = {folder / "edition.toml": _title(text)}
    pages |= {inside / f"{_file_name(domain.code)}.toml": _domain(domain, text.levels) for domain in text.domains}
    written = {path: "\n".join(lines).strip() + "\n" for path, lines in pages.items()}
    inside.mkdir(parents=True, exist_ok=True)
    for old in set(inside.glob("*.toml")) - set(pages):
        old.unlink()
    for path, content in written.items():
        path.write_text(content, encoding="utf-8")
    return list(written)


def _require_room(title: Path, code: str) -> None:
    """Raise MalformedEdition if the folder contains another edition, whose domains would be lost."""
    if not title.exists():
        return
    try:
        there = tomllib.loads(title.read_text(encoding="utf-8")).get("code")
    except ValueError:  # not TOML, or not UTF-8
        there = None
    if there != code:
        what = f"edition {there}" if isinstance(there, str) else "an edition whose code cannot be read"
        raise MalformedEdition([f"The folder {title.parent} holds {what}. Name an empty folder, or that of {code}."])


def _file_name(code: str) -> str:
    """Return `D01` for `D1`, so that files sort in the order of the domains."""
    return f"D{int(code.removeprefix('D')):02}"


def _title(text: EditionText) -> Iterator[str]:
    own = text.fields
    yield from _entries({"code": own["code"], "title": own["title"], "language": text.language})
    yield from _entries({"introduction": own["introduction"], "examined": own["examined"]}, needed=False)
    if own["is_sample"]:
        yield from _entries({"sample": True, "sample_notice": own["sample_notice"]})
    yield from _entries({"excused_at_most": own["excused_at_most"]})
    if text.passing:
        yield from _conditions("passing", text.passing)
    yield from ("", "[scale]")
    yield from _entries({str(level): own[f"level_{level}"] for level in text.levels})
    if own["scale_falling"]:
        yield from _entries({"falling": True})
    yield from _entries({"points": list(read_points(own["scale_points"]))}, needed=False)
    yield from ("", "[aggregation]")
    yield from _entries({tier: own[f"{tier}_method"] for tier in ("standard", "domain", "overall")})
    yield from _entries({"level": own["share_level"]}, needed=False)
    yield from ("", "[procedure]")
    yield from _entries({name: own[name] for name in PROCEDURE})
    for part in text.obligations:
        yield from ("", "[[obligations]]")
        yield from _entries({name: part.fields[name] for name in OBLIGATION_FIELDS if part.fields[name] is not None})
    for part in text.outcomes:
        yield from ("", "[[outcomes]]")
        yield from _entries(part.fields)
        yield from _conditions("conditions", part.parts)


def _conditions(name: str, parts: tuple[Part, ...]) -> Iterator[str]:
    if not parts:
        yield f"{name} = []"
        return
    yield f"{name} = ["
    for part in parts:
        values = {field: part.fields[field] for field in CONDITION_FIELDS if part.fields[field] not in (None, "")}
        if "codes" in values:
            values["codes"] = list(read_codes(values["codes"]))
        yield "    { " + ", ".join(f"{field} = {_value(value)}" for field, value in values.items()) + " },"
    yield "]"


def _domain(domain: Part, levels: tuple[int, ...]) -> Iterator[str]:
    own = domain.fields
    yield from _entries({"code": own["code"]})
    yield from _key(own)
    yield from _entries({name: own[name] for name in ("title", "short_title")})
    yield from _entries({"introduction": own["introduction"], "weight": _without_usual(own["weight"], 1)}, needed=False)
    for standard in domain.parts:
        yield from ("", "[[standards]]")
        own = standard.fields
        yield from _entries({"code": own["code"]})
        yield from _key(own)
        yield from _entries({"title": own["title"]})
        yield from _entries(
            {"introduction": own["introduction"], "weight": _without_usual(own["weight"], 1)}, needed=False
        )
        yield from _entries({"basis": list(read_codes(own["basis"]))})
        for indicator in standard.parts:
            yield from _indicator(indicator.fields, levels)


def _indicator(values: Values, levels: tuple[int, ...]) -> Iterator[str]:
    yield from ("", INDICATOR.begins)
    for entry in INDICATOR.entries:
        if entry.name == "key":
            yield from _key(values)
        elif not entry.begins_table:
            value = values[entry.name]
            value = list(read_points(value)) if entry.kind is list else value
            yield from _entries({entry.name: value} if entry.is_needed or value != entry.default else {})
    meanings = level_texts(values["measure"], levels) if values["measure"] in tuple(Measure) else ()
    yield from _table(LEVEL_TEXTS.begins, {text.key: values[text.name] for text in meanings})
    yield from _table(RECOMMENDATION_TEXTS.begins, {text.key: values[text.name] for text in ADVICE})


def _key(values: Values) -> Iterator[str]:
    """Yield the permanent key, if it is not the code."""
    yield from _entries({"key": _without_usual(values["key"], values["code"])}, needed=False)


def _table(begins: str, values: Mapping[str, str]) -> Iterator[str]:
    if any(values.values()):
        yield from ("", begins)
        yield from _entries(values, needed=False)


def _without_usual(value: Any, usual: Any) -> Any:
    return None if value == usual else value


def _entries(values: Mapping[str, Any], *, needed: bool = True) -> Iterator[str]:
    for name, value in values.items():
        if needed or value not in (None, "", []):
            yield f"{name} = {_value(value)}"


def _value(value: Any) -> str:
    """Return a value in TOML. The escapes of JSON strings are valid in TOML."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(_value(entry) for entry in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
