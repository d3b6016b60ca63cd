"""Exports of hotlines' own systems, with generated figures: other names, words, dates and number marks."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files

from django.utils import dates, translation

from evaluation.figures.dictionary import names
from evaluation.figures.dictionary.items import code_lists, items
from evaluation.figures.formats import Source, Unreadable
from evaluation.figures.formats.opened import Opened
from evaluation.figures.intake.published_format import read
from evaluation.figures.mapping import ColumnMapping, Period, match, suggest_mapping
from evaluation.figures.mapping.tables.across import open_export

MOMENT = datetime(2026, 2, 1, 9, tzinfo=UTC)

HEADS = {
    "de": ("Zeitraum", "Kennzahl", "Davon", "Weitere Aufteilung", "Wert"),
    "fr": ("Période", "Indicateur", "Dont", "Détail 2", "Valeur"),
    "el": ("Περίοδος", "Δείκτης", "Ομάδα", "Ομάδα 2", "Τιμή"),
    "pl": ("Okres", "Wskaźnik", "W tym", "Podział 2", "Wartość"),
    "en": ("Period", "Item", "Breakdown", "Breakdown 2", "Value"),
}


@dataclass(frozen=True, slots=True)
class Style:
    """The format of a hotline's system."""

    language: str = "de"
    delimiter: str = ";"
    decimal: str = ","
    thousands: str = "."
    encoding: str = "utf-8"
    date_format: str = "%d.%m.%Y"
    not_applicable: str = "entfällt"


GERMAN = Style()
FRENCH = Style("fr", ";", ",", "\u202f", date_format="%d/%m/%Y", not_applicable="sans objet")
GREEK = Style("el", "\t", ",", ".", date_format="%d/%m/%Y", not_applicable="δεν ισχύει")
POLISH = Style("pl", ";", ",", "\u00a0", date_format="%d.%m.%Y", not_applicable="nie dotyczy")
ENGLISH = Style("en", ",", ".", ",", date_format="%m/%d/%Y", not_applicable="n/a")
STYLES = (GERMAN, FRENCH, GREEK, POLISH, ENGLISH)


def figures_of(content: bytes) -> list[tuple[str, tuple[str, ...], str]]:
    """Return item, codes and value of each row of a published file."""
    lines = [line for line in content.decode().split("\n") if line and not line.startswith("#")]
    return [
        (row["item_code"], tuple(filter(None, (row["dim1_value"], row["dim2_value"]))), row["value"])
        for row in csv.DictReader(lines)
    ]


IN_THE_CATALOGUE = ("en", "fr", "pl")


@cache
def _own_words() -> dict[tuple[str, str], str]:
    """Return the first synonym by field and language."""
    text = (files("evaluation.figures") / "data" / "synonyms.csv").read_text(encoding="utf-8")
    found: dict[tuple[str, str], str] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault((row["field"], row["language"]), row["word"].capitalize())
    return found


def word(field: str, language: str, known: object, otherwise: str) -> str:
    """Return the hotline's word for a field in this language, or `otherwise` if there is none."""
    if own := _own_words().get((field, language)):
        return own
    with translation.override(language):
        return str(known) if language in IN_THE_CATALOGUE else otherwise


def item_word(code: str, language: str) -> str:
    """Return the name of an item with its unit, unless the name has it."""
    name = word(code, language, names.ITEMS[code], code)
    return f"{name} (s)" if name != code and items()[code].unit == "seconds" else name


def code_word(name: str, code: str, language: str) -> str:
    return word(f"{name}={code}", language, names.CODES.get(name, {}).get(code, code), code)


def number(value: str, style: Style) -> str:
    if value == "NA":
        return style.not_applicable
    whole, _, rest = value.partition(".")
    groups: list[str] = []
    while len(whole) > 3:
        groups.insert(0, whole[-3:])
        whole = whole[:-3]
    text = style.thousands.join([whole, *groups])
    return f"{text}{style.decimal}{rest}" if rest else text


def table(style: Style, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=style.delimiter, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return text.getvalue().encode(style.encoding)


def period_word(start: date, end: date, style: Style) -> str:
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if months == 12:
        return str(start.year)
    if months == 3:
        return f"Q{(start.month + 2) // 3} {start.year}"
    with translation.override(style.language):
        return f"{dates.MONTHS[start.month]} {start.year}"


def long(content: bytes, style: Style, period: str) -> bytes:
    """Return an export with one figure per row: its period, its name, the words of its dimensions, its value."""
    rows = []
    for item, codes, value in figures_of(content):
        words = [code_word(d, c, style.language) for d, c in zip(items()[item].dimensions, codes, strict=False)]
        rows.append([period, item_word(item, style.language), *words, *[""] * (2 - len(words)), number(value, style)])
    return table(style, HEADS[style.language], rows)


def wide(contents: Sequence[tuple[str, bytes]], style: Style, wanted: Sequence[str]) -> bytes:
    """Return an export with one period per row and a column for each wanted item without dimensions."""
    rows = []
    for period, content in contents:
        values = {item: value for item, codes, value in figures_of(content) if not codes}
        rows.append([period, *(number(values[item], style) for item in wanted)])
    return table(style, [HEADS[style.language][0], *(item_word(i, style.language) for i in wanted)], rows)


def by_category(content: bytes, style: Style, wanted: Sequence[str]) -> bytes:
    """Return an export with one category per row, a column for each wanted item, and their sum at the bottom."""
    values = {(item, codes): value for item, codes, value in figures_of(content)}
    rows = [
        [code_word("category", code, style.language), *(number(values[item, (code,)], style) for item in wanted)]
        for code in code_lists()["category"]
    ]
    sums = [str(sum(Decimal(values[item, (code,)]) for code in code_lists()["category"])) for item in wanted]
    rows.append(["Summe" if style.language == "de" else "Total", *(number(value, style) for value in sums)])
    head = {"de": "Kategorie", "fr": "Catégorie", "pl": "Kategoria", "el": "Κατηγορία", "en": "Category"}
    return table(style, [head[style.language], *(item_word(i, style.language) for i in wanted)], rows)


def opened(content: bytes) -> Opened:
    return open_export(Source.of_bytes(content, "export.csv"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of an export whose user confirms what is suggested: `read`, `asked` or `refused`, and its figures.

    `about` has what is asked, or the codes of the problems.
    """

    is_: str
    about: tuple[str, ...] = ()
    figures: Mapping[str, str] = field(default_factory=dict)


def outcome_of(
    content: bytes, period: Period, saved: ColumnMapping | None = None, name: str = "export.csv", **answers: str
) -> Outcome:
    """Read an export as the worker does under a mapping that was suggested, or that a user confirmed before.

    `answers` are those about its rows.
    """
    try:
        export = open_export(Source.of_bytes(content, name))
        found = suggest_mapping(export, saved)
        if found.problems:
            return Outcome("refused", tuple(problem.code for problem in found.problems))
        if asked := [question for question in found.questions if question.about != "period"]:
            return Outcome("asked", tuple(f"{q.about}:{q.word or q.column or q.list}" for q in asked))
        mapping = replace(found.mapping, constants={**found.mapping.constants, **answers})
        matched = match(export, mapping, hotline_code="116000-XA", period=period, moment=MOMENT)
        if matched.questions:
            doubts = (problem.code for question in matched.questions for problem in question.doubts)
            return Outcome("asked", (*(question.about for question in matched.questions), *doubts))
        reading = read(matched)
    except Unreadable as unreadable:
        return Outcome("refused", tuple(problem.code for problem in unreadable.problems))
    if reading.problems:
        return Outcome("refused", tuple(problem.code for problem in reading.problems))
    return Outcome(
        "read",
        figures={
            ":".join(filter(None, (row.item, row.dim1_value, row.dim2_value))): str(row.amount.value)
            for row in reading.rows
            if row.amount.value is not None
        },
    )
