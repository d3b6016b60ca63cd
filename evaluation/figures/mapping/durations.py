"""Parse an export's durations: the unit of its numbers, and the meaning of its clock times. Pure.

`12 s`, `1 min 30 s` and `0:01:30` are unambiguous. A bare number may be seconds, minutes, hours or a fraction of a day,
as spreadsheets store times; `3:25` may be minutes and seconds or hours and minutes, and a spreadsheet exports it as
`3:25:00`. If a file does not determine the unit, the user is asked.
"""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from math import ceil

from evaluation.figures.mapping.cells.number_formats import (
    NumberWriting,
    format_number,
    normalize_number,
    read_writing,
    unambiguous,
)
from evaluation.figures.mapping.column_mapping import NumberMarks
from evaluation.figures.mapping.words.headings import UNITS, concepts_of
from standards.framework.units import HOURS

SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
NUMBERS, TWO_PARTS, WHOLE_MINUTES = "unit:numbers", "unit:two", "unit:three"
"""The ambiguous texts of a column: bare numbers, clock times such as `3:25`, clock times that all end in `:00`."""
CHOICES = {
    NUMBERS: ("s", "min", "h", "d"),
    TWO_PARTS: ("m:s", "h:m"),
    WHOLE_MINUTES: ("h:m:s", "m:s:0"),
}

_LONGEST = 40
_OTHER_UNIT = 8
"""How many times larger a typical time is if its unit may be another."""
_LONG = re.compile(r"[0-9]+\.[0-9]{5,}")
_CLOCK = re.compile(r"(?:([0-9]{1,4}) days?, )?([0-9]{1,6}):([0-5]?[0-9])(?::([0-5]?[0-9])(?:\.([0-9]{1,6}))?)?")
_PART = re.compile(r"([0-9]+(?:[.,][0-9]{1,2})?) ?([^\W\d_]+)\.?,? ?")
_EXACT_TO = Decimal("0.0001")
_OF_A_DAY = Decimal("0.01")
"""The precision of seconds computed from a fraction of a day, which is a rounded number."""
_PATTERNS = {
    TWO_PARTS: (
        ("m:s", re.compile(r"(?<![a-z:])mm?:ss?\b", re.IGNORECASE)),
        ("h:m", re.compile(r"\bhh?:mm?(?![a-z:])", re.IGNORECASE)),
    ),
    WHOLE_MINUTES: (("h:m:s", re.compile(r"\bhh?:mm?:ss?\b", re.IGNORECASE)),),
}


def is_time(text: str) -> bool:
    """Whether a text is a time with a unit and not a bare number."""
    return len(text) <= _LONGEST and (_CLOCK.fullmatch(text) is not None or _read_worded(text) is not None)


def find_question(texts: Iterable[str]) -> str:
    """Return the ambiguity of these times, a key of `CHOICES`, or an empty string. Zero is not ambiguous."""
    found = set()
    clocks = []
    for text in texts:
        if len(text) > _LONGEST:
            continue
        if clock := _CLOCK.fullmatch(text):
            clocks.append(clock)
            if clock[4] is None and clock[1] is None and text.strip("0:"):
                found.add(TWO_PARTS)
        elif read_writing(text)[0] is not NumberWriting.NO_NUMBER and text.strip("0.,"):
            found.add(NUMBERS)
    whole = [clock for clock in clocks if clock[4] is not None]
    if not any(int(clock[4] + (clock[5] or "")) for clock in whole) and any(int(c[2]) or int(c[3]) for c in whole):
        found.add(WHOLE_MINUTES)
    return next((question for question in CHOICES if question in found), "")


def typical_time(texts: Iterable[str]) -> str:
    """Return the median of the numbers and clock times as they are written, or an empty string. Zeros are left out."""
    found = []
    for text in texts:
        if len(text) > _LONGEST:
            continue
        if clock := _CLOCK.fullmatch(text):
            found.append(Decimal(int(clock[2]) * 60 + int(clock[3])))
        elif (number := normalize_number(text, NumberMarks("," if "," in text else "."))) is not None:
            found.append(Decimal(number))
    found = sorted(number for number in found if number)
    return str(found[len(found) // 2]) if found else ""


def is_another_unit(typical: str, earlier: str) -> bool:
    """Whether two typical times differ so much that their units may differ."""
    if not typical or not earlier:
        return False
    small, large = sorted((Decimal(typical), Decimal(earlier)))
    return large >= _OTHER_UNIT * small


def find_pattern(heading: str, question: str) -> str:
    """Return the answer that a heading such as `wait (mm:ss)` gives to a question; else an empty string."""
    found = {code for code, pattern in _PATTERNS.get(question, ()) if pattern.search(heading)}
    return found.pop() if len(found) == 1 else ""


def read_seconds(text: str, unit: str, marks: NumberMarks) -> Decimal | None:
    """Return a time in seconds, or None if the text is no time or its unit is unknown."""
    if len(text) > _LONGEST:
        return None
    if clock := _CLOCK.fullmatch(text):
        return _read_clock(clock, unit)
    number = normalize_number(text, marks)
    if number is None:
        return _read_worded(text)
    value = Decimal(number)
    if not value:
        return value
    if unit == "d":
        return (value * SECONDS[unit]).quantize(_OF_A_DAY, ROUND_HALF_UP)
    return _exact(value * SECONDS[unit]) if unit in SECONDS else None


def _read_clock(clock: re.Match[str], unit: str) -> Decimal | None:
    days, first, second, third, rest = clock.groups()
    if third is None and days is None and (int(first) or int(second)):
        if unit not in CHOICES[TWO_PARTS]:
            return None
        return Decimal(int(first) * 60 + int(second)) * (1 if unit == "m:s" else 60)
    if unit == "m:s:0":
        return None if int(third or 0) or days else Decimal(int(first) * 60 + int(second))
    whole = int(days or 0) * 86400 + int(first) * 3600 + int(second) * 60 + int(third or 0)
    return _exact(Decimal(f"{whole}.{rest or 0}"))


def _read_worded(text: str) -> Decimal | None:
    """Parse `1 min 30 s`: each number with its unit, from the longest to the shortest."""
    if len(text) > _LONGEST or not _PART.match(text):
        return None
    total, before, place = Decimal(0), 0, 0
    while place < len(text):
        part = _PART.match(text, place)
        unit = _unit_of(part[2]) if part else ""
        if part and part[2] == "m" and (before or part.end() < len(text)):  # alone it may be a month or a metre
            unit = "min"
        if not part or not unit or (before and SECONDS[unit] >= before):
            return None
        before, place = SECONDS[unit], part.end()
        total += Decimal(part[1].replace(",", ".")) * before
    return _exact(total)


def _unit_of(word: str) -> str:
    found = {UNITS[concept] for concept in concepts_of(word) if concept in UNITS}
    return found.pop() if len(found) == 1 else ""


def _exact(seconds: Decimal) -> Decimal:
    """Return the seconds rounded to four decimals, the most that a figure may have."""
    return seconds.quantize(_EXACT_TO, ROUND_HALF_UP)


def read_as(text: str, unit: str, wanted: str, marks: NumberMarks) -> str | None:
    """Return a time in the unit `wanted` of the dictionary, seconds or hours, or None if it cannot be read.

    It is rounded to four decimals, as a spreadsheet stores 16 digits of a mean.
    """
    number = normalize_number(text, marks)
    if number is not None and unit == UNITS[wanted.removesuffix("s")]:
        return format_number(_exact(Decimal(number))) if _LONG.fullmatch(number) else unambiguous(number)
    seconds = read_seconds(text, unit, marks)
    if seconds is None:
        return None
    value = _exact(seconds / 3600) if wanted == HOURS else seconds
    return format_number(value)


def as_whole_seconds(seconds: Decimal) -> int:
    """Return the seconds rounded up, so that a comparison with a limit in whole seconds gives the same result."""
    return ceil(seconds.quantize(_OF_A_DAY, ROUND_HALF_UP))
