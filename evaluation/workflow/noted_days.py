"""Format and parse days at the beginning of a step's note: periods of a visit, or the former and the new last day."""

import re
from collections.abc import Iterable
from datetime import date

Period = tuple[date, date]
"""A first and a last day."""

_DAY = r"\d{4}-\d\d-\d\d"
_NOTED = re.compile(rf"({_DAY} > {_DAY}(?:; {_DAY} > {_DAY})*): (.*)", re.DOTALL)


def note_days(first: date, second: date, note: str) -> str:
    """Return the note with both days before it, in a format that does not depend on the language."""
    return note_periods([(first, second)], note)


def note_periods(periods: Iterable[Period], note: str) -> str:
    """Return the note with the periods before it, in a format that does not depend on the language."""
    written = "; ".join(f"{first.isoformat()} > {second.isoformat()}" for first, second in periods)
    return f"{written}: {note.strip()}"


def read_noted_periods(note: str) -> tuple[list[Period], str] | None:
    """Return the periods at the beginning of a note and the rest of it; None if it does not begin with periods."""
    if not (found := _NOTED.fullmatch(note)):
        return None
    try:
        pairs = [period.split(" > ") for period in found[1].split("; ")]
        return [(date.fromisoformat(first), date.fromisoformat(second)) for first, second in pairs], found[2]
    except ValueError:  # a note in which a user wrote invalid days in this format
        return None
