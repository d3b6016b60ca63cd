"""Two days at the beginning of a step's note: those of a visit, or the former and the new last day."""

import re
from datetime import date

_NOTED = re.compile(r"(\d{4}-\d\d-\d\d) > (\d{4}-\d\d-\d\d): (.*)", re.DOTALL)


def note_days(first: date, second: date, note: str) -> str:
    """Return the note with both days before it, the same in every language."""
    return f"{first.isoformat()} > {second.isoformat()}: {note.strip()}"


def read_noted_days(note: str) -> tuple[date, date, str] | None:
    """Return both days and the rest of a note that begins with them; None if it does not."""
    if not (found := _NOTED.fullmatch(note)):
        return None
    try:
        return date.fromisoformat(found[1]), date.fromisoformat(found[2]), found[3]
    except ValueError:  # somebody wrote what looks like days
        return None
