"""Write an edition into files that can be reviewed in a diff and read back as the same edition."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from standards.drafts.fields import (
    CONDITION_FIELDS,
    FIGURES,
    OBLIGATION_FIELDS,
    PROCEDURE,
    RECOMMENDATION,
    EditionText,
    Part,
    Values,
    read_codes,
    read_points,
)
from standards.framework import MalformedEdition, Measure


def write_edition(text: EditionText, folder: str | Path) -> list[Path]:
    """Write `edition.toml` and a file for each domain; domains that are no more lose theirs. Returns what it wrote.

    Raises MalformedEdition, and writes nothing, where the folder holds another edition.
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
    """Another edition is not written over: its domains would be lost with it."""
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
    """`D1` as `D01`, so that files stand in the order of the domains."""
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
    yield from _entries({name: own[name] for name in ("code", "title", "short_title")})
    yield from _entries({"introduction": own["introduction"], "weight": _without_usual(own["weight"], 1)}, needed=False)
    for standard in domain.parts:
        yield from ("", "[[standards]]")
        own = standard.fields
        yield from _entries({"code": own["code"], "title": own["title"]})
        yield from _entries(
            {"introduction": own["introduction"], "weight": _without_usual(own["weight"], 1)}, needed=False
        )
        yield from _entries({"basis": list(read_codes(own["basis"]))})
        for indicator in standard.parts:
            yield from _indicator(indicator.fields, levels)


def _indicator(values: Values, levels: tuple[int, ...]) -> Iterator[str]:
    yield from ("", "[[standards.indicators]]")
    names = ("code", "wording", "guidance", "obligation", "measure", "source", "evidence")
    yield from _entries({name: values[name] for name in (*names, "evidence_required", "not_applicable")})
    more = {name: values[name] for name in ("counts_with", "asked_from", *FIGURES, "minimum_months")}
    more["asked_anew"] = values["asked_anew"] or None
    yield from _entries({**more, "points": list(read_points(values["points"]))}, needed=False)
    keys: tuple[Any, ...] = {Measure.SCALE: levels, Measure.YES_NO: ("yes", "no")}.get(values["measure"], ())
    yield from _table("standards.indicators.levels", {str(key): values[f"level_{key}"] for key in keys})
    yield from _table(
        "standards.indicators.recommendation",
        {name.removeprefix("recommendation_"): values[name] for name in RECOMMENDATION},
    )


def _table(name: str, values: Mapping[str, str]) -> Iterator[str]:
    if any(values.values()):
        yield from ("", f"[{name}]")
        yield from _entries(values, needed=False)


def _without_usual(value: int, usual: int) -> int | None:
    return None if value == usual else value


def _entries(values: Mapping[str, Any], *, needed: bool = True) -> Iterator[str]:
    for name, value in values.items():
        if needed or value not in (None, "", []):
            yield f"{name} = {_value(value)}"


def _value(value: Any) -> str:
    """A value as TOML has it. What JSON escapes in a text, TOML reads the same way."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(_value(entry) for entry in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
