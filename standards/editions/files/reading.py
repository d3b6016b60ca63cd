"""Read and check an edition in any format. Each problem names its place, and says how to fix it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from standards.drafts.fields import (
    DOMAIN_FIELDS,
    EDITION_FIELDS,
    INDICATOR_FIELDS,
    SCALE_LEVELS,
    SCORED_PART,
    EditionText,
    Part,
    write_points,
)
from standards.drafts.frameworks import draft_framework
from standards.drafts.part_checks import find_duplicates, not_one_of
from standards.editions.entries import (
    AGGREGATION,
    CONDITION,
    DOMAIN,
    GROUP,
    INDICATOR,
    LEVEL_TEXTS,
    NEEDED,
    OBLIGATION,
    OUTCOME,
    PROCEDURE_TABLE,
    RECOMMENDATION_TEXTS,
    RESULT,
    SCALE,
    STANDARD,
    TITLE_PAGE,
    TRAIT,
    Table,
)
from standards.editions.files.document import read_document
from standards.editions.files.entry_reader import TITLE, EntryReader, note_text_problems
from standards.editions.files.source import Source, place_of
from standards.editions.files.toml.folder import read_folder
from standards.editions.files.workbook.reader import read_workbook
from standards.framework import (
    ADVICE,
    INDICATOR_STRUCTURE,
    LEVELS,
    TIERS,
    Framework,
    MalformedEdition,
    Measure,
    Text,
    level_texts,
)

LIBRARIES = ("openpyxl",)


@dataclass(frozen=True)
class EditionReading:
    """The content of an edition's files, the problems, and the names of files or sheets that were not read.

    `text` and `framework` exist in any case, but have gaps if there are problems. With `is_sound`, the structure is
    valid and can be checked as a whole, though texts may still be missing.
    """

    text: EditionText
    framework: Framework
    problems: tuple[str, ...]
    unread: tuple[str, ...]
    is_sound: bool
    reader: EntryReader
    source: Source

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence for each name in `unread`."""
        return tuple(f"{name} lies in {self.source.location} and is not read." for name in self.unread)


_READERS: Mapping[str, Callable[[Path, EntryReader], Source]] = {".json": read_document, ".xlsx": read_workbook}
"""The readers by extension. Any other path is read as a folder."""


def read_edition(path: str | Path) -> EditionText:
    """Read a folder with `edition.toml` and `domains/*.toml`, a JSON document or a workbook.

    Raises MalformedEdition with every problem.
    """
    reading = read_files(path)
    if reading.problems:
        raise MalformedEdition(list(reading.problems))
    return reading.text


def read_files(path: str | Path) -> EditionReading:
    """Return the content of the files with its problems. Raises MalformedEdition only if there is no edition at all."""
    path, reader = Path(path), EntryReader()
    read = read_folder if path.is_dir() else _READERS.get(path.suffix.lower(), read_folder)
    source = read(path, reader)
    reader.dialect = source.dialect
    text = _read_title(source.title, reader.at(TITLE))
    levels = LEVELS if any(place.startswith(TITLE) for place in reader.problems) else text.levels
    domains = tuple(_read_domain(data, reader.at(place), levels) for place, data in source.domains)
    _find_duplicates(source, text, reader)
    text = replace(text, domains=domains)
    framework = draft_framework(text)
    is_sound = note_text_problems(text, framework, reader)
    problems = tuple(reader.sorted_problems(source.show))
    return EditionReading(text, framework, problems, tuple(source.unread), is_sound, reader, source)


def read_uploaded_file(content: bytes, name: str) -> tuple[EditionText, tuple[str, ...]]:
    """Return the content of a file and its problems. Called in the limited process. Raises MalformedEdition."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        reading = read_files(path)
    return reading.text, reading.problems


def _find_duplicates(source: Source, text: EditionText, reader: EntryReader) -> None:
    """Record duplicate codes, with the places of each."""
    for code, places in reader.places.items():
        if len(places) > 1:
            names = " and ".join(dict.fromkeys(place.partition(",")[0] for place in places))
            reader.at(names).note(
                f"The code {code} stands {len(places)} times ({'; '.join(source.places_of_code(code))}). "
                "Each code may stand once in an edition. Give the others a code of their own."
            )
    for kind, parts in text.named_parts.items():
        for code in find_duplicates([part.code for part in parts if part.code]):
            lines = source.places_of_code(code, of_rule=True)
            reader.at(f"{TITLE}, {kind} {code}").note(
                f"The {kind} {code} stands more than once ({'; '.join(lines)}). "
                "Each may stand once. Give the others a code of their own.",
                "code",
            )


# --- The title page -------------------------------------------------------------------------------------------------


def _read_title(data: Mapping[str, Any], reader: EntryReader) -> EditionText:
    if not data:
        return EditionText("", dict.fromkeys(EDITION_FIELDS, ""), ())
    found = reader.take(data, TITLE_PAGE.entries)
    languages = tuple(code for code, _ in settings.LANGUAGES)
    if found["language"] and found["language"] not in languages:
        reader.note(not_one_of(found["language"], languages), "language")
    if not found["obligations"] and "obligations" in data:
        reader.note(
            f"The decision rule has no obligation. {reader.dialect.how_to_add('[[obligations]]')}", "obligations"
        )
    if not found["outcomes"] and "outcomes" in data:
        reader.note(f"The decision rule has no outcome. {reader.dialect.how_to_add('[[outcomes]]')}", "outcomes")
    fields = {
        **{
            name: found[name]
            for name in (
                "code",
                "title",
                "introduction",
                "examined",
                "sample_notice",
                "excused_at_most",
                "redistributes",
            )
        },
        "is_sample": found["sample"],
        **_read_scale(found["scale"], reader),
        **_read_aggregation(found["aggregation"], reader.at(f"{reader.where}, aggregation")),
        **reader.at(f"{reader.where}, procedure").take(found["procedure"], PROCEDURE_TABLE.entries),
    }
    return EditionText(
        found["language"],
        fields,
        (),
        tuple(_read_obligations(found["obligations"], reader)),
        tuple(_read_conditions(found["passing"], reader.at(f"{reader.where}, passing"))),
        tuple(_read_outcomes(found["outcomes"], reader)),
        tuple(_read_named(found["traits"], reader, "trait", TRAIT)),
        tuple(_read_named(found["results"], reader, "result", RESULT)),
        tuple(_read_groups(found["groups"], reader)),
    )


def _read_scale(scale: Mapping[str, Any], reader: EntryReader) -> dict[str, Any]:
    """Return the fields of the scale. Its levels are those with a name, which must be consecutive."""
    here = reader.at(f"{reader.where}, scale")
    scale = _without_levels_beyond(scale, LEVELS, here, "a scale has levels from")
    numbers = [int(key) for key in scale if key in {str(level) for level in LEVELS}]
    lowest, highest = (min(numbers), max(numbers)) if numbers else (0, 0)
    if len(numbers) < 2:
        reader.note("The scale needs at least two levels. Write the name of each, such as 0 = “Not in place”.", "scale")
    names = [str(level) for level in range(lowest, highest + 1)]
    beyond = {str(level) for level in LEVELS} - set(names)
    found = here.take(
        scale,
        [
            replace(entry, default=NEEDED) if entry.name in names else entry
            for entry in SCALE.entries
            if entry.name not in beyond
        ],
    )
    return {
        **dict.fromkeys(SCALE_LEVELS, ""),
        **{f"level_{name}": found[name] for name in names},
        "scale_lowest": lowest,
        "scale_highest": highest,
        "scale_falling": found["falling"],
        "scale_points": write_points(tuple(here.take_list(found["points"], int, "points"))),
    }


def _without_levels_beyond(
    table: Mapping[str, Any], levels: tuple[int, ...], reader: EntryReader, where: str
) -> Mapping[str, Any]:
    """Return the table without levels that the scale does not have. Record a problem for each of these."""
    beyond = [key for key in table if re.fullmatch(r"-?\d+", key) and key not in {str(level) for level in levels}]
    for key in beyond:
        reader.note(
            f"There is no level {key}: {where} {levels[0]} to {levels[-1]}. Number the levels within that.", key
        )
    return {key: name for key, name in table.items() if key not in beyond}


def _read_aggregation(data: Mapping[str, Any], reader: EntryReader) -> dict[str, Any]:
    found = reader.take(data, AGGREGATION.entries)
    return {
        **{f"{tier}_method": found[tier] for tier in TIERS},
        "of_groups": found["of_groups"],
        "share_level": found["level"],
    }


def _tables(rows: list[Any], reader: EntryReader, what: str, mark: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the tables in a list, numbered from 1. Record a problem for each other value."""
    for number, row in enumerate(rows, start=1):
        if isinstance(row, dict):
            yield number, row
        else:
            remedy = f" Begin it with {mark}." if reader.dialect.has_headers else ""
            reader.note(f"This must be {reader.dialect.kinds[dict]}.{remedy}", f"{what} {number}")


def _read_obligations(rows: list[Any], reader: EntryReader) -> Iterator[Part]:
    for number, row in _tables(rows, reader, "obligation", "[[obligations]]"):
        yield Part(reader.at(f"{reader.where}, obligation {row.get('code', number)}").take(row, OBLIGATION.entries))


def _read_named(rows: list[Any], reader: EntryReader, kind: str, table: Table) -> Iterator[Part]:
    """Yield the parts in a list that have only a code and a name."""
    for number, row in _tables(rows, reader, kind, table.begins):
        yield Part(reader.at(f"{reader.where}, {kind} {row.get('code', number)}").take(row, table.entries))


def _read_groups(rows: list[Any], reader: EntryReader) -> Iterator[Part]:
    for number, row in _tables(rows, reader, "group", GROUP.begins):
        here = reader.at(f"{reader.where}, group {row.get('code', number)}")
        found = here.take(row, GROUP.entries)
        yield Part({**found, "domains": here.take_texts(found["domains"], GROUP.entry("domains"))})


def _read_outcomes(rows: list[Any], reader: EntryReader) -> Iterator[Part]:
    for number, row in _tables(rows, reader, "outcome", "[[outcomes]]"):
        here = reader.at(f"{reader.where}, outcome {row.get('code', number)}")
        fields = here.take(row, OUTCOME.entries)
        conditions = fields.pop("conditions")
        yield Part(fields, tuple(_read_conditions(conditions, here)))


def _read_conditions(rows: list[Any], reader: EntryReader) -> Iterator[Part]:
    for number, row in enumerate(rows, start=1):
        here = reader.at(f"{reader.where}, condition {number}")
        if not isinstance(row, dict):
            here.note("A condition must be a table, such as { test = “score”, percent = 80 }.")
            continue
        found = here.take(row, CONDITION.entries)
        percent = "" if found["percent"] is None else str(found["percent"])
        codes = here.take_texts(found["codes"], CONDITION.entry("codes"))
        alternatives = found.pop("conditions")
        yield Part({**found, "percent": percent, "codes": codes}, tuple(_read_conditions(alternatives, here)))


# --- The domains ----------------------------------------------------------------------------------------------------


def _read_domain(data: Mapping[str, Any], reader: EntryReader, levels: tuple[int, ...]) -> Part:
    if not data:
        return Part({**dict.fromkeys(DOMAIN_FIELDS, ""), **dict.fromkeys(SCORED_PART)})
    found = reader.take(data, DOMAIN.entries)
    reader.add_code_place(found["code"])
    found["key"] = found["key"] or found["code"]
    rows = found.pop("standards")
    if not rows and "standards" in data:
        reader.note(f"The domain has no standard. {reader.dialect.how_to_add('[[standards]]')}", "standards")
    standards = _tables(rows, reader, "standard", "[[standards]]")
    return Part(found, tuple(_read_standard(row, number, reader, levels) for number, row in standards))


def _read_standard(row: Mapping[str, Any], number: int, reader: EntryReader, levels: tuple[int, ...]) -> Part:
    here = reader.at(place_of(row, f"{reader.where}, standard {row.get('code', f'number {number}')}"))
    found = here.take(row, STANDARD.entries)
    here.add_code_place(found["code"])
    found["key"] = found["key"] or found["code"]
    found["basis"] = here.take_texts(found["basis"], STANDARD.entry("basis"))
    rows = found.pop("indicators")
    if not rows and "indicators" in row:
        here.note(
            f"The standard has no indicator. {reader.dialect.how_to_add('[[standards.indicators]]')}", "indicators"
        )
    parts = _tables(rows, here, "indicator", "[[standards.indicators]]")
    return Part(found, tuple(_read_indicator(inner, place, found["code"], reader, levels) for place, inner in parts))


def _read_indicator(
    row: Mapping[str, Any], number: int, standard_code: str, reader: EntryReader, levels: tuple[int, ...]
) -> Part:
    here = reader.at(
        place_of(row, f"{reader.where}, indicator {row.get('code', f'number {number} of {standard_code}')}")
    )
    found = here.take(row, INDICATOR.entries)
    here.add_code_place(found["code"])
    found["key"] = found["key"] or found["code"]
    for field in INDICATOR_STRUCTURE:
        if field.kind is list:
            found[field.name] = write_points(tuple(here.take_list(found[field.name], int, field.name)))
    texts = {
        **_read_levels(here, found["measure"], found.pop("levels"), levels),
        **_read_texts(here, "recommendation", found.pop("recommendation"), ADVICE, RECOMMENDATION_TEXTS),
    }
    return Part({**dict.fromkeys(INDICATOR_FIELDS, ""), **found, **texts})


def _read_levels(
    reader: EntryReader, measure: str, table: Mapping[str, Any], levels: tuple[int, ...]
) -> dict[str, str]:
    """Return the descriptions of an indicator's levels, by the name of their field."""
    if measure == Measure.SCALE and levels:
        here = reader.at(f"{reader.where}, levels")
        table = _without_levels_beyond(table, levels, here, "the scale of the edition has levels from")
    return _read_texts(reader, "levels", table, level_texts(measure, levels), LEVEL_TEXTS)


def _read_texts(
    reader: EntryReader, name: str, data: Mapping[str, Any], texts: Iterable[Text], table: Table
) -> dict[str, str]:
    """Return the texts in a table of an indicator, by the name of their field."""
    names = {text.key: text.name for text in texts}
    found = reader.at(f"{reader.where}, {name}").take(data, [entry for entry in table.entries if entry.name in names])
    return {names[key]: words for key, words in found.items()}
