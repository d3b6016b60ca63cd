"""Exports after the formats of telephone systems, case systems and spreadsheets, in the languages of the hotlines.

They were written without looking at the vocabulary of the reader. Beside each heading stands what it truly is: an item
of the dictionary, or `-` for a number that no item has. The first file of a sender is read as it is suggested, or asked
about; its user answers truly; the second file of the same sender is read under what was saved; the third has another
table in it (a total, running sums, another unit) and must not be read as if nothing had changed.
"""

import csv
import io
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from random import Random

import pytest
from django.utils import dates, translation

from evaluation.figures.formats import Source, Unreadable, open_file
from evaluation.figures.intake.published_format import read
from evaluation.figures.mapping import ColumnMapping, NumberMarks, match, suggest_mapping
from evaluation.figures.mapping.column_mapping import LEFT_OUT
from evaluation.figures.mapping.suggestions import DEFAULTS
from tests.evaluation.figures.own_exports import MOMENT

QUARTERS = {1: (date(2025, 1, 1), date(2025, 3, 31)), 2: (date(2025, 4, 1), date(2025, 6, 30))}


@dataclass(frozen=True, slots=True)
class System:
    """One sender: what its file looks like, and `columns` as `heading=truth` with the way its times are written."""

    name: str
    language: str
    months: str
    delimiter: str
    thousands: str
    decimal: str
    encoding: str
    title: str
    columns: str

    @property
    def headings(self) -> list[tuple[str, str]]:
        return [(heading, truth) for heading, _, truth in (c.rpartition("=") for c in self.columns.split("|"))]


SYSTEMS = [
    System(**row)
    for row in csv.DictReader(
        (Path(__file__).parent / "exports_of_systems.csv").read_text(encoding="utf-8").splitlines()
    )
]
CALLS = ("A03", "A04", "A08s", "-c")
"""A file without calls has new and closed cases only, which are no figures before they are divided by category."""
WORDS_OF_UNITS = {"A08s": "s", "A08x": "min", "A08m": "m:s", "A08h": "m:s:0", "A08c": "h:m:s"}


def months_of(system: System, quarter: int) -> list[str]:
    numbers = range(3 * quarter - 2, 3 * quarter + 1)
    if system.months == "name":
        with translation.override(system.language):
            return [f"{dates.MONTHS[number]} 2025" for number in numbers]
    written = {"iso": "2025-{0:02}", "dmy": "01.{0:02}.2025", "mdy": "{0:02}/01/2025"}[system.months]
    return [written.format(number) for number in numbers]


def numbers_of(system: System, quarter: int) -> list[dict[str, Decimal]]:
    """Return the numbers of three months, by truth: those of a hotline whose calls and cases are consistent."""
    source, found = Random(f"{system.name} {quarter}"), []
    for month in range(3):
        calls = source.randrange(1150, 1900) - 130 * (month == 1)
        answered = calls * source.randrange(78, 95) // 100
        new = source.randrange(31, 60)
        found.append(
            {
                "A03": Decimal(calls),
                "A04": Decimal(answered),
                "A07": Decimal(answered * source.randrange(60, 85) // 100),
                "A08": Decimal(source.randrange(11, 50)),
                "A21": Decimal(new),
                "A23": Decimal(new - source.randrange(1, 9)),
                "A25": Decimal(new + source.randrange(1, 12)),
                "n": Decimal(source.randrange(20, 700)),
                "f": Decimal(source.randrange(82, 97)),
            }
        )
    return found


def _number(value: Decimal, system: System) -> str:
    whole, _, rest = format(value, "f").partition(".")
    if system.thousands and len(whole) > 3:
        whole = f"{whole[:-3]}{system.thousands}{whole[-3:]}"
    return f"{whole}{system.decimal}{rest}" if rest else whole


def _cell(truth: str, month: dict[str, Decimal], before: list[dict[str, Decimal]], system: System) -> str:
    seconds, odd = int(month["A08"]), month["n"]
    match truth:
        case "A08s":
            return str(seconds)
        case "A08x":
            return _number((month["A08"] / 60).quantize(Decimal("0.01"), ROUND_HALF_UP), system)
        case "A08c":
            return f"0:00:{seconds:02}"
        case "A08m":
            return f"0:{seconds:02}"
        case "A08h":
            return f"0:{seconds:02}:00"
        case "-t":
            return f"{int(odd) // 60 + 9}:{int(odd) % 60:02}:{seconds:02}"
        case "-p":
            return f"{month['f']}%"
        case "-f":
            return str(month["f"])
        case "-c":
            return _number(sum((each["A03"] for each in (*before, month)), Decimal(0)), system)
        case "-n":
            return _number(odd, system)
    return _number(month[truth], system)


def content_of(system: System, quarter: int, *, rows_more: tuple[tuple[str, ...], ...] = ()) -> bytes:
    numbers, text = numbers_of(system, quarter), io.StringIO()
    writer = csv.writer(text, delimiter=system.delimiter)
    if system.title:
        writer.writerow([system.title, *[""] * (len(system.headings) - 1)])
    writer.writerow([heading for heading, _truth in system.headings])
    for place, period in enumerate(months_of(system, quarter)):
        truths = (truth for _heading, truth in system.headings[1:])
        writer.writerow([period, *(_cell(truth, numbers[place], numbers[:place], system) for truth in truths)])
    writer.writerows(rows_more)
    return text.getvalue().encode(system.encoding)


def figures_of(system: System, quarter: int) -> dict[str, Decimal]:
    """Return the figures of the quarter that are right, without means, which weights decide."""
    items = [truth for _heading, truth in system.headings if truth in ("A03", "A04", "A07", "A21", "A23", "A25")]
    return {item: sum((month[item] for month in numbers_of(system, quarter)), Decimal(0)) for item in items}


def true_mapping(system: System) -> ColumnMapping:
    """Return the mapping of a user who knows what each column is. Cases are not divided, so they cannot be read."""
    uses = {heading: truth[:3] if truth != "period" else truth for heading, truth in system.headings}
    uses = {
        heading: use for heading, use in uses.items() if not use.startswith("-") and use not in ("A21", "A23", "A25")
    }
    units = {heading: WORDS_OF_UNITS[truth] for heading, truth in system.headings if truth in WORDS_OF_UNITS}
    return ColumnMapping(
        "aggregate",
        "wide",
        uses,
        tuple(heading for heading, _truth in system.headings if heading not in uses),
        {"unit": units},
        NumberMarks(system.decimal),
        "dmy" if system.months == "dmy" else "mdy" if system.months == "mdy" else "",
        dict(DEFAULTS),
    )


def result_of(system: System, content: bytes, quarter: int, saved: ColumnMapping | None = None):
    """Return `asked`, `refused` or the figures of a file that is read as the worker does."""
    try:
        export = open_file(Source.of_bytes(content, "export.csv"))
        found = suggest_mapping(export, saved)
        if found.problems:
            return "refused"
        if any(question.about != "period" for question in found.questions):
            return "asked"
        return read_under(export, found.mapping, quarter)
    except Unreadable:
        return "refused"


def read_under(export, mapping: ColumnMapping, quarter: int):
    matched = match(export, mapping, hotline_code="116000-XA", period=QUARTERS[quarter], moment=MOMENT)
    if matched.questions:
        return "asked"
    reading = read(matched)
    return "refused" if reading.problems else {row.item: row.amount.value for row in reading.rows if not any(row.codes)}


def first_result(system: System):
    """Return what a user gets who trusts every guess of the page, and answers truly what it leaves open.

    With it, how many columns were guessed, and the guesses that are wrong.
    """
    try:
        export = open_file(Source.of_bytes(content_of(system, 1), "export.csv"))
        found = suggest_mapping(export)
        if found.problems:
            return "refused", 0, []
        true, left = true_mapping(system), {question.column for question in found.questions}
        guessed = {c.name: c.use for c in found.columns if c.use and c.use != LEFT_OUT and c.name not in left}
        wrong = [f"{system.name}: {h} as {guessed[h]}" for h, t in system.headings if guessed.get(h, t[:3]) != t[:3]]
        wrong = [each for each in wrong if not each.endswith(" as period")]
        uses = {name: guessed.get(name) or true.use_of(name) for name, _truth in system.headings}
        mapping = replace(
            found.mapping,
            columns={name: use for name, use in uses.items() if use not in ("", LEFT_OUT)},
            ignored=tuple(name for name, use in uses.items() if use in ("", LEFT_OUT)),
            codes={**found.mapping.codes, "unit": {**true.codes["unit"], **found.mapping.codes.get("unit", {})}},
            date_order=found.mapping.date_order or true.date_order,
            marks=found.mapping.marks if found.mapping.marks.decimal else true.marks,
        )
        if any(question.about not in ("period", "column", "word", "marks", "order") for question in found.questions):
            return "asked", len(guessed), wrong
        return read_under(export, mapping, 1), len(guessed), wrong
    except Unreadable:
        return "refused", 0, []


def is_right(figures: dict[str, Decimal], system: System, quarter: int) -> bool:
    true = figures_of(system, quarter)
    return all(figures[item] == true.get(item) for item in figures if item != "A08") and _is_true_mean(
        figures, system, quarter
    )


def _is_true_mean(figures: dict[str, Decimal], system: System, quarter: int) -> bool:
    months = numbers_of(system, quarter)
    if figures.get("A08") is None:
        return True
    weighted = sum((m["A08"] * m["A04"] for m in months), Decimal(0)) / sum((m["A04"] for m in months), Decimal(0))
    return abs(weighted - figures["A08"]) < 1


def test_no_first_file_of_a_sender_is_read_silently_wrong(capsys):
    count, wrong, refused, guesses = Counter(), [], [], 0
    for system in SYSTEMS:
        result, guessed, wrong_guesses = first_result(system)
        kind = result if isinstance(result, str) else "right" if is_right(result, system, 1) else "wrong"
        count[kind] += 1
        guesses += guessed
        refused += [system.name] if kind == "refused" else []
        if kind == "wrong" or (wrong_guesses and kind == "right"):
            wrong += [f"{system.name}: {result}", *wrong_guesses]
    columns = sum(not truth.startswith("-") for system in SYSTEMS for _heading, truth in system.headings)
    with capsys.disabled():
        languages = len({system.language for system in SYSTEMS})
        print(
            f"\n{len(SYSTEMS)} senders in {languages} languages: {dict(count)}, {guesses} of {columns} columns guessed"
        )
    assert wrong == []
    assert refused == [system.name for system in SYSTEMS if not any(t in CALLS for _heading, t in system.headings)]
    assert count["asked"] == 5


READABLE = [system for system in SYSTEMS if {"A03", "A04"} & {truth for _heading, truth in system.headings}]


@pytest.mark.parametrize("system", READABLE, ids=lambda system: system.name)
def test_the_second_file_is_read_as_the_first_and_the_third_with_a_total_is_not(system):
    first = open_file(Source.of_bytes(content_of(system, 1), "export.csv"))
    found = suggest_mapping(first, true_mapping(system), answers=true_mapping(system).answer)
    assert found.problems == ()
    assert [question for question in found.questions if question.about not in ("period", "marks")] == []
    mapping = replace(found.mapping, constants={**found.mapping.constants, "doubts": "right"})
    confirmed = match(first, mapping, hotline_code="116000-XA", period=QUARTERS[1], moment=MOMENT).confirmed
    saved = ColumnMapping.from_data(confirmed.as_data())
    again = result_of(system, content_of(system, 1), 1, saved)
    assert again == "asked" or is_right(again, system, 1)
    second = result_of(system, content_of(system, 2), 2, saved)
    assert second == "asked" or is_right(second, system, 2)
    months = numbers_of(system, 2)
    sums = [
        _number(sum((month[truth[:3]] for month in months), Decimal(0)), system) if truth[:3] in months[0] else ""
        for _heading, truth in system.headings[1:]
    ]
    for label in ("", "Total", months_of(system, 2)[-1]):
        third = result_of(system, content_of(system, 2, rows_more=((label, *sums),)), 2, saved)
        assert isinstance(third, str), (label, third)
