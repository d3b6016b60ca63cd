"""The files of an edition: read as a whole, checked as a whole, every problem with its file and the cure."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from standards.checking import (
    DOMAIN_CODE,
    EDITION_CODE,
    INDICATOR_FIELDS,
    LEVELS,
    OUTCOME_CODE,
    RECOMMENDATION,
    SCALE_LEVELS,
    YES_NO_LEVELS,
    find_code_problem,
    find_condition_problems,
    find_indicator_gaps,
    find_indicator_problems,
    find_repeated,
    find_standard_problems,
    not_one_of,
)
from standards.framework import MalformedEdition, Measure, Obligation

_TYPES = {
    str: "a text in quotation marks",
    bool: "true or false",
    int: "a whole number",
    list: "a list",
    dict: "a table",
}
_LONGEST = {
    "evidence": 255,
    "recommendation_title": 120,
    "recommendation_look_for": 255,
    **dict.fromkeys((*SCALE_LEVELS, *YES_NO_LEVELS), 160),
    "bands": 120,
    "unit": 30,
    "title": 255,
    "short_title": 30,
    "name": 60,
}


@dataclass(frozen=True)
class Part:
    """A domain, standard, indicator, outcome or condition: the fields of its page, and what stands under it."""

    fields: dict[str, Any]
    parts: tuple["Part", ...] = ()

    @property
    def code(self) -> str:
        return self.fields["code"]


@dataclass(frozen=True)
class EditionText:
    """A whole edition as its files have it. The fields are those of the pages."""

    language: str
    fields: dict[str, Any]
    outcomes: tuple[Part, ...]
    domains: tuple[Part, ...]

    @property
    def code(self) -> str:
        return self.fields["code"]


@dataclass
class _Desk:
    """Where the reading stands, and what was found wrong so far."""

    problems: list[str] = field(default_factory=list)
    where: str = ""

    def note(self, sentence: str, name: str = "") -> None:
        self.problems.append(f"{self.where}{f', {name}' if name else ''}: {sentence}")

    def at(self, where: str) -> "_Desk":
        return _Desk(self.problems, where)

    def take(
        self, data: Mapping[str, Any], kinds: Mapping[str, type], optional: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """The entries of a table, each of its kind; what is missing, of another kind or unknown is noted."""
        found = {}
        for name, kind in kinds.items():
            value = data.get(name)
            if value is None:
                if name not in optional:
                    self.note(f"The entry “{name}” is missing. Write {_TYPES[kind]}.", name)
                found[name] = kind()
            elif type(value) is not kind:
                self.note(f"“{name}” must be {_TYPES[kind]}.", name)
                found[name] = kind()
            else:
                found[name] = value.strip() if isinstance(value, str) else value
                if isinstance(value, str) and not value.strip() and name not in optional:
                    self.note("This text is empty. Write it.", name)
                longest = _LONGEST.get(name)
                if longest and isinstance(value, str) and len(value) > longest:
                    self.note(f"This text has {len(value)} characters; there is room for {longest}.", name)
        for name in sorted(set(data) - set(kinds)):
            self.note(f"The entry “{name}” is not known here. Take it away or mend its name.", name)
        return found


def read_edition(folder: str | Path) -> EditionText:
    """Read `edition.toml` and `domains/*.toml`. Raises MalformedEdition with every problem of every file."""
    folder = Path(folder)
    if not (folder / "edition.toml").is_file():
        raise MalformedEdition(
            [f"There is no edition.toml in {folder}. Name the folder of an edition, such as practical_guide/2026."]
        )
    desk = _Desk()
    edition = _read_title(_read_file(folder / "edition.toml", desk.at("edition.toml")), desk.at("edition.toml"))
    files = sorted((folder / "domains").glob("*.toml"))
    if not files:
        desk.at("domains").note("There is no domain. Write a file such as domains/D01.toml.")
    domains, places = [], {}
    for path in files:
        name = f"domains/{path.name}"
        domain = _read_domain(_read_file(path, desk.at(name)), desk.at(name))
        domains.append(domain)
        for code in _codes(domain):
            places.setdefault(code, []).append(name)
    for code, names in places.items():
        if len(names) > 1:
            desk.problems.append(
                f"{' and '.join(dict.fromkeys(names))}: The code {code} stands {len(names)} times. "
                "Each code may stand once in an edition."
            )
    if desk.problems:
        raise MalformedEdition(desk.problems)
    return EditionText(edition.language, edition.fields, edition.outcomes, tuple(domains))


def _codes(part: Part) -> Iterator[str]:
    if part.code:
        yield part.code
    for inner in part.parts:
        yield from _codes(inner)


def _read_file(path: Path, desk: _Desk) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as unreadable:
        desk.note(f"The file is not TOML: {unreadable}.")
    except UnicodeDecodeError as unreadable:
        desk.note(f"The file is not UTF-8 at byte {unreadable.start}. Save it as UTF-8.")
    return {}


def _read_title(data: Mapping[str, Any], desk: _Desk) -> EditionText:
    if not data:
        return EditionText("", {"code": ""}, (), ())
    kinds = {"code": str, "title": str, "language": str, "introduction": str, "sample": bool, "sample_notice": str}
    found = desk.take(
        data, {**kinds, "scale": dict, "weights": dict, "outcomes": list}, ("introduction", "sample", "sample_notice")
    )
    if found["code"]:
        for name, sentence in find_code_problem(found["code"], EDITION_CODE, "2026"):
            desk.note(sentence, name)
    languages = tuple(code for code, _ in settings.LANGUAGES)
    if found["language"] and found["language"] not in languages:
        desk.note(not_one_of(found["language"], languages), "language")
    scale = desk.at(f"{desk.where}, scale").take(found["scale"], {str(level): str for level in LEVELS})
    weights = desk.at(f"{desk.where}, weights").take(found["weights"], {o.value: int for o in Obligation})
    for name, weight in weights.items():
        if name in found["weights"] and type(found["weights"][name]) is int and not 1 <= weight <= 99:
            desk.note(f"The weight is {weight}. Write a number from 1 to 99.", f"weights, {name}")
    fields = {
        **{name: found[name] for name in ("code", "title", "introduction", "sample_notice")},
        "is_sample": found["sample"],
        **{f"level_{level}": text for level, text in scale.items()},
        **{f"weight_{name}": weight for name, weight in weights.items()},
    }
    return EditionText(found["language"], fields, tuple(_read_outcomes(found["outcomes"], desk)), ())


def _read_outcomes(rows: list[Any], desk: _Desk) -> Iterator[Part]:
    codes = []
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            desk.note("An outcome must be a table. Begin it with [[outcomes]].", f"outcome {number}")
            continue
        here = desk.at(f"{desk.where}, outcome {row.get('code', number)}")
        fields = here.take(row, {"code": str, "name": str, "months": int, "conditions": list})
        codes.append(fields["code"])
        if fields["code"]:
            for name, sentence in find_code_problem(fields["code"], OUTCOME_CODE, "conditional"):
                here.note(sentence, name)
        if not 0 <= fields["months"] <= 120:
            here.note("Write a number of months from 0 to 120.", "months")
        conditions = fields.pop("conditions")
        if bool(conditions) == (number == len(rows)):
            here.note(
                "The last outcome must have no condition: it is what is left when nothing else holds."
                if conditions
                else "Only the last outcome may have no condition. Write its conditions, or put it last.",
                "conditions",
            )
        yield Part(fields, tuple(_read_conditions(conditions, here)))
    if not rows:
        desk.note("The decision rule has no outcome. Write one with [[outcomes]].", "outcomes")
    for code in find_repeated(codes):
        desk.note(f"The outcome {code} stands twice. Each outcome may stand once.", "outcomes")


def _read_conditions(rows: list[Any], desk: _Desk) -> Iterator[Part]:
    kinds = {"test": str, "obligation": str, "level": int, "count": int, "percent": int}
    for number, row in enumerate(rows, start=1):
        here = desk.at(f"{desk.where}, condition {number}")
        if not isinstance(row, dict):
            here.note("A condition must be a table, such as { test = “overall”, percent = 80 }.")
            continue
        found = here.take(row, kinds, tuple(kinds))
        fields = {name: found[name] if name in row else ("" if kinds[name] is str else None) for name in kinds}
        for name, sentence in find_condition_problems(fields):
            here.note(sentence, name)
        yield Part(fields)


def _read_domain(data: Mapping[str, Any], desk: _Desk) -> Part:
    if not data:
        return Part({"code": ""})
    found = desk.take(
        data,
        {"code": str, "title": str, "short_title": str, "introduction": str, "standards": list},
        ("introduction",),
    )
    if found["code"]:
        for name, sentence in find_code_problem(found["code"], DOMAIN_CODE, "D5"):
            desk.note(sentence, name)
    rows = found.pop("standards")
    if not rows and "standards" in data:
        desk.note("The domain has no standard. Write one with [[standards]].", "standards")
    standards = (_read_standard(row, number, found["code"], desk) for number, row in enumerate(rows, start=1))
    return Part(found, tuple(standards))


def _read_standard(row: Any, number: int, domain_code: str, desk: _Desk) -> Part:
    if not isinstance(row, dict):
        desk.note("A standard must be a table. Begin it with [[standards]].", f"standard {number}")
        return Part({"code": ""})
    here = desk.at(f"{desk.where}, standard {row.get('code', f'number {number}')}")
    found = here.take(
        row,
        {"code": str, "title": str, "introduction": str, "basis": list, "indicators": list},
        ("introduction", "basis"),
    )
    if found["code"]:
        for name, sentence in find_standard_problems(found["code"], domain_code):
            here.note(sentence, name)
    found["basis"] = ", ".join(str(key) for key in found["basis"])
    rows = found.pop("indicators")
    if not rows and "indicators" in row:
        here.note("The standard has no indicator. Write one with [[standards.indicators]].", "indicators")
    parts = (_read_indicator(inner, place, found["code"], desk) for place, inner in enumerate(rows, start=1))
    return Part(found, tuple(parts))


_LEVEL_NAMES = {
    Measure.SCALE: {str(level): f"level_{level}" for level in LEVELS},
    Measure.YES_NO: {"yes": "level_yes", "no": "level_no"},
}
_INDICATOR_KINDS: dict[str, type] = {
    **dict.fromkeys(("code", "wording", "guidance", "obligation", "measure", "source", "evidence"), str),
    **dict.fromkeys(("evidence_required", "not_applicable"), bool),
    **dict.fromkeys(("unit", "bands", "formula", "minimum_base"), str),
    **dict.fromkeys(("levels", "recommendation"), dict),
}
_INDICATOR_OPTIONAL = ("unit", "bands", "formula", "minimum_base", "levels", "recommendation")


def _read_indicator(row: Any, number: int, standard_code: str, desk: _Desk) -> Part:
    if not isinstance(row, dict):
        desk.note("An indicator must be a table. Begin it with [[standards.indicators]].", f"indicator {number}")
        return Part({"code": ""})
    here = desk.at(f"{desk.where}, indicator {row.get('code', f'number {number} of {standard_code}')}")
    found = here.take(row, _INDICATOR_KINDS, _INDICATOR_OPTIONAL)
    levels, recommendation = found.pop("levels"), found.pop("recommendation")
    is_known = found["measure"] in tuple(Measure)
    names = _LEVEL_NAMES.get(found["measure"], {})
    texts = here.at(f"{here.where}, levels").take(levels if is_known else {}, dict.fromkeys(names, str), tuple(names))
    advice = here.at(f"{here.where}, recommendation").take(
        recommendation, dict.fromkeys(("title", "text", "look_for"), str), ("title", "text", "look_for")
    )
    fields = {
        **dict.fromkeys(INDICATOR_FIELDS, ""),
        **found,
        **{names[name]: text for name, text in texts.items()},
        **dict(zip(RECOMMENDATION, advice.values(), strict=True)),
    }
    for name in (*texts, *advice):
        field_name = names.get(name, f"recommendation_{name}")
        if len(fields[field_name]) > _LONGEST.get(field_name, 10_000):
            here.note(
                f"This text has {len(fields[field_name])} characters; there is room for {_LONGEST[field_name]}.", name
            )
    if all(name in row for name in ("code", "obligation", "measure", "source")):
        for name, sentence in find_indicator_problems(fields, standard_code):
            here.note(sentence, name)
        for name, sentence in find_indicator_gaps(fields):
            if name not in _INDICATOR_KINDS or name == "unit":
                here.note(sentence, name.replace("level_", "levels, ").replace("recommendation_", "recommendation, "))
    return Part(fields)
