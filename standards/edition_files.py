"""The files of an edition: read as a whole, checked as a whole, every problem with its file and the cure."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from standards.checking import not_one_of
from standards.edition_desk import LONGEST, TIERS, TITLE, Desk, proofread
from standards.edition_text import (
    CONDITION_FIELDS,
    DOMAIN_FIELDS,
    EDITION_FIELDS,
    FIGURES,
    INDICATOR_FIELDS,
    LEVELS,
    PROCEDURE,
    RECOMMENDATION,
    SCALE_LEVELS,
    EditionText,
    Part,
    write_points,
)
from standards.framework import Aggregation, MalformedEdition, Measure, Obligation, Procedure


def read_edition(folder: str | Path) -> EditionText:
    """Read `edition.toml` and `domains/*.toml`. Raises MalformedEdition with every problem of every file."""
    folder = Path(folder)
    if not (folder / TITLE).is_file():
        raise MalformedEdition(
            [f"There is no edition.toml in {folder}. Name the folder of an edition, such as practical_guide/2026."]
        )
    desk = Desk()
    title = desk.at(TITLE)
    text = _read_title(_read_file(folder / TITLE, title), title)
    levels = LEVELS if desk.problems else text.levels
    files = sorted((folder / "domains").glob("*.toml"))
    if not files:
        desk.at("domains").note("There is no domain. Write a file such as domains/D01.toml.")
    domains = []
    for path in files:
        here = desk.at(f"domains/{path.name}")
        domains.append(_read_domain(_read_file(path, here), here, levels))
    for code, places in desk.places.items():
        if len(places) > 1:
            names = " and ".join(dict.fromkeys(place.partition(",")[0] for place in places))
            desk.at(names).note(f"The code {code} stands {len(places)} times. Each code may stand once in an edition.")
    text = EditionText(text.language, text.fields, tuple(domains), text.obligations, text.passing, text.outcomes)
    proofread(text, desk)
    if desk.problems:
        raise MalformedEdition(desk.told())
    return text


def _read_file(path: Path, desk: Desk) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as unreadable:
        desk.note(f"The file is not TOML: {unreadable}.")
    except UnicodeDecodeError as unreadable:
        desk.note(f"The file is not UTF-8 at byte {unreadable.start}. Save it as UTF-8.")
    return {}


# --- The title page -------------------------------------------------------------------------------------------------

_TITLE_KINDS: dict[str, type] = {
    "code": str,
    "title": str,
    "language": str,
    "introduction": str,
    "sample": bool,
    "sample_notice": str,
    "scale": dict,
    "obligations": list,
    "aggregation": dict,
    "excused_at_most": int,
    "passing": list,
    "procedure": dict,
    "outcomes": list,
}
_TITLE_DEFAULTS = {
    "introduction": "",
    "sample": False,
    "sample_notice": "",
    "aggregation": {},
    "excused_at_most": 100,
    "passing": [],
    "procedure": {},
}


def _read_title(data: Mapping[str, Any], desk: Desk) -> EditionText:
    if not data:
        return EditionText("", dict.fromkeys(EDITION_FIELDS, ""), ())
    found = desk.take(data, _TITLE_KINDS, _TITLE_DEFAULTS)
    languages = tuple(code for code, _ in settings.LANGUAGES)
    if found["language"] and found["language"] not in languages:
        desk.note(not_one_of(found["language"], languages), "language")
    if not found["obligations"] and "obligations" in data:
        desk.note("The decision rule has no obligation. Write one with [[obligations]].", "obligations")
    if not found["outcomes"] and "outcomes" in data:
        desk.note("The decision rule has no outcome. Write one with [[outcomes]].", "outcomes")
    fields = {
        **{name: found[name] for name in ("code", "title", "introduction", "sample_notice", "excused_at_most")},
        "is_sample": found["sample"],
        **_read_scale(found["scale"], desk),
        **_read_aggregation(found["aggregation"], desk.at(f"{desk.where}, aggregation")),
        **desk.at(f"{desk.where}, procedure").take(
            found["procedure"], dict.fromkeys(PROCEDURE, int), asdict(Procedure())
        ),
    }
    return EditionText(
        found["language"],
        fields,
        (),
        tuple(_read_obligations(found["obligations"], desk)),
        tuple(_read_conditions(found["passing"], desk.at(f"{desk.where}, passing"))),
        tuple(_read_outcomes(found["outcomes"], desk)),
    )


def _read_scale(scale: Mapping[str, Any], desk: Desk) -> dict[str, Any]:
    """Its levels are those that have a name, without a gap between them."""
    here = desk.at(f"{desk.where}, scale")
    numbers = [int(key) for key in scale if key in {str(level) for level in LEVELS}]
    lowest, highest = (min(numbers), max(numbers)) if numbers else (0, 0)
    if len(numbers) < 2:
        desk.note("The scale needs at least two levels. Write the name of each, such as 0 = “Not in place”.", "scale")
    names = {str(level): str for level in range(lowest, highest + 1)}
    found = here.take(scale, {**names, "falling": bool, "points": list}, {"falling": False, "points": []})
    return {
        **dict.fromkeys(SCALE_LEVELS, ""),
        **{f"level_{name}": found[name] for name in names},
        "scale_lowest": lowest,
        "scale_highest": highest,
        "scale_falling": found["falling"],
        "scale_points": write_points(tuple(here.take_list(found["points"], int, "points"))),
    }


def _read_aggregation(data: Mapping[str, Any], desk: Desk) -> dict[str, Any]:
    usual = Aggregation()
    methods = {tier: getattr(usual, tier).value for tier in TIERS}
    found = desk.take(data, {**dict.fromkeys(TIERS, str), "level": int}, {**methods, "level": None})
    return {**{f"{tier}_method": found[tier] for tier in TIERS}, "share_level": found["level"]}


def _tables(rows: list[Any], desk: Desk, what: str, mark: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The entries of a list that are tables, with their place from 1."""
    for number, row in enumerate(rows, start=1):
        if isinstance(row, dict):
            yield number, row
        else:
            desk.note(f"This must be a table. Begin it with {mark}.", f"{what} {number}")


def _read_obligations(rows: list[Any], desk: Desk) -> Iterator[Part]:
    kinds = {"code": str, "name": str, "weight": int, "wanted": int, "excusable": bool}
    usual = Obligation("")
    defaults = {"weight": usual.weight, "wanted": usual.wanted, "excusable": usual.excusable}
    for number, row in _tables(rows, desk, "obligation", "[[obligations]]"):
        yield Part(desk.at(f"{desk.where}, obligation {row.get('code', number)}").take(row, kinds, defaults))


def _read_outcomes(rows: list[Any], desk: Desk) -> Iterator[Part]:
    for number, row in _tables(rows, desk, "outcome", "[[outcomes]]"):
        here = desk.at(f"{desk.where}, outcome {row.get('code', number)}")
        fields = here.take(row, {"code": str, "name": str, "months": int, "conditions": list})
        conditions = fields.pop("conditions")
        yield Part(fields, tuple(_read_conditions(conditions, here)))


_CONDITION_KINDS = {
    **dict.fromkeys(CONDITION_FIELDS, str),
    "codes": list,
    "level": int,
    "count": int,
    "percent": int,
}
_CONDITION_DEFAULTS = {name: None if kind is int else kind() for name, kind in _CONDITION_KINDS.items()}


def _read_conditions(rows: list[Any], desk: Desk) -> Iterator[Part]:
    for number, row in enumerate(rows, start=1):
        here = desk.at(f"{desk.where}, condition {number}")
        if not isinstance(row, dict):
            here.note("A condition must be a table, such as { test = “score”, percent = 80 }.")
            continue
        found = here.take(row, _CONDITION_KINDS, {n: d for n, d in _CONDITION_DEFAULTS.items() if n != "test"})
        yield Part({**found, "codes": ", ".join(here.take_list(found["codes"], str, "codes"))})


# --- The domains ----------------------------------------------------------------------------------------------------


def _read_domain(data: Mapping[str, Any], desk: Desk, levels: tuple[int, ...]) -> Part:
    if not data:
        return Part({**dict.fromkeys(DOMAIN_FIELDS, ""), "weight": 1})
    found = desk.take(
        data,
        {"code": str, "title": str, "short_title": str, "introduction": str, "weight": int, "standards": list},
        {"introduction": "", "weight": 1},
    )
    desk.remember(found["code"])
    rows = found.pop("standards")
    if not rows and "standards" in data:
        desk.note("The domain has no standard. Write one with [[standards]].", "standards")
    standards = _tables(rows, desk, "standard", "[[standards]]")
    return Part(found, tuple(_read_standard(row, number, desk, levels) for number, row in standards))


def _read_standard(row: Mapping[str, Any], number: int, desk: Desk, levels: tuple[int, ...]) -> Part:
    here = desk.at(f"{desk.where}, standard {row.get('code', f'number {number}')}")
    found = here.take(
        row,
        {"code": str, "title": str, "introduction": str, "basis": list, "weight": int, "indicators": list},
        {"introduction": "", "basis": [], "weight": 1},
    )
    here.remember(found["code"])
    found["basis"] = ", ".join(here.take_list(found["basis"], str, "basis"))
    rows = found.pop("indicators")
    if not rows and "indicators" in row:
        here.note("The standard has no indicator. Write one with [[standards.indicators]].", "indicators")
    parts = _tables(rows, here, "indicator", "[[standards.indicators]]")
    return Part(found, tuple(_read_indicator(inner, place, found["code"], desk, levels) for place, inner in parts))


_INDICATOR_KINDS: dict[str, type] = {
    **dict.fromkeys(("code", "wording", "guidance", "obligation", "measure", "source", "evidence"), str),
    **dict.fromkeys(("evidence_required", "not_applicable"), bool),
    "counts_with": str,
    "asked_from": date,
    "points": list,
    **dict.fromkeys(FIGURES, str),
    "minimum_months": int,
    "asked_anew": bool,
    **dict.fromkeys(("levels", "recommendation"), dict),
}
_INDICATOR_DEFAULTS = {
    "counts_with": "",
    "asked_from": None,
    "points": [],
    "levels": {},
    "recommendation": {},
    **dict.fromkeys(FIGURES, ""),
    "minimum_months": None,
    "asked_anew": False,
}


def _read_indicator(
    row: Mapping[str, Any], number: int, standard_code: str, desk: Desk, levels: tuple[int, ...]
) -> Part:
    here = desk.at(f"{desk.where}, indicator {row.get('code', f'number {number} of {standard_code}')}")
    found = here.take(row, _INDICATOR_KINDS, _INDICATOR_DEFAULTS)
    here.remember(found["code"])
    fields = {
        **dict.fromkeys(INDICATOR_FIELDS, ""),
        **found,
        "points": write_points(tuple(here.take_list(found["points"], int, "points"))),
        **_read_texts(here, "levels", found["levels"], _level_fields(found["measure"], levels)),
        **_read_texts(here, "recommendation", found["recommendation"], _ADVICE_FIELDS),
    }
    del fields["levels"], fields["recommendation"]
    return Part(fields)


_ADVICE_FIELDS = {name.removeprefix("recommendation_"): name for name in RECOMMENDATION}


def _level_fields(measure: str, levels: tuple[int, ...]) -> dict[str, str]:
    """The entries of `levels` that a measure has, each with its field; for an unknown measure, all there are."""
    names = {
        Measure.SCALE: [str(level) for level in levels],
        Measure.YES_NO: ["yes", "no"],
        Measure.NUMERIC: [],
    }.get(measure, [*map(str, LEVELS), "yes", "no"])
    return {name: f"level_{name}" for name in names}


def _read_texts(desk: Desk, table: str, data: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    here = desk.at(f"{desk.where}, {table}")
    texts = here.take(data, dict.fromkeys(names, str), dict.fromkeys(names, ""))
    for name, text in texts.items():
        longest = LONGEST.get(names[name])
        if longest and len(text) > longest:
            here.note(f"This text has {len(text)} characters; there is room for {longest}.", name)
    return {names[name]: text for name, text in texts.items()}
