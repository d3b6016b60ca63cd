"""Read strict JSON: without duplicate keys and inexact numbers, and with file and location in every problem."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST_NUMBER = 18
"""The most digits of an integer: a longer one is a mistake, and slow to read."""


class Unreadable(ValueError):
    """A file cannot be used. `problems` are sentences with the location and the remedy."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Inexact:
    """A number that is not an integer, as it is written in the file."""

    written: str

    def __str__(self) -> str:
        return self.written if len(self.written) <= LONGEST_NUMBER else f"{self.written[:LONGEST_NUMBER]}…"


class Entries(dict[str, Any]):
    """An object of a file. `twice` are its duplicate keys."""

    twice: tuple[str, ...] = ()


def _entries(pairs: list[tuple[str, Any]]) -> Entries:
    entries = Entries(pairs)
    counted = Counter(name for name, _ in pairs)
    entries.twice = tuple(name for name, count in counted.items() if count > 1)
    return entries


def _whole(written: str) -> int | Inexact:
    return int(written) if len(written) <= LONGEST_NUMBER else Inexact(written)


def read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unreadable([f"{path}: The file cannot be opened: {error.strerror}."]) from error


def read_json(path: Path) -> Any:
    """Return the data of a JSON file. Raises Unreadable.

    A number that is not an integer is an `Inexact`, so that the caller can report it.
    """
    try:
        data = json.loads(
            read_bytes(path).decode("utf-8-sig"),
            object_pairs_hook=_entries,
            parse_int=_whole,
            parse_float=Inexact,
            parse_constant=Inexact,
        )
    except json.JSONDecodeError as error:
        raise Unreadable(
            [f"{path.name}, line {error.lineno}, column {error.colno}: This is not JSON: {error.msg}."]
        ) from error
    except UnicodeDecodeError as error:
        raise Unreadable([f"{path.name}: The file is not UTF-8 at byte {error.start}. Save it as UTF-8."]) from error
    except RecursionError as error:
        raise Unreadable([f"{path.name}: The file is nested too deeply to be one of ours."]) from error
    if problems := [f"{path.name}{problem}" for problem in _find_problems(data, "")]:
        raise Unreadable(problems)
    return data


def _find_problems(data: Any, place: str) -> Iterator[str]:
    """Yield the problems that do not depend on a schema: duplicate keys and invalid texts."""
    if isinstance(data, Entries):
        for name in data.twice:
            yield f"{place}: “{name}” stands twice. Keep one of them."
        for name, value in data.items():
            yield from _find_problems(name, place)
            yield from _find_problems(value, f"{place}, {name}")
    elif isinstance(data, list):
        for number, value in enumerate(data, start=1):
            yield from _find_problems(value, f"{place}, entry {number}")
    elif isinstance(data, str) and any("\ud800" <= character <= "\udfff" for character in data):
        yield f"{place}: This text holds half a character. Write it again."


def read_canonical(path: Path) -> Any:
    """Return the data of a JSON file. Raises Unreadable if a number is not an integer."""
    data = read_json(path)
    if problems := [f"{path.name}{problem}" for problem in _find_inexact(data, "")]:
        raise Unreadable(problems)
    return data


def _find_inexact(data: Any, place: str) -> Iterator[str]:
    if isinstance(data, Inexact):
        yield f"{place}: “{data}” can be inexact. No number of this file is written so."
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from _find_inexact(value, f"{place}, {name}")
    elif isinstance(data, list):
        for number, value in enumerate(data, start=1):
            yield from _find_inexact(value, f"{place}, entry {number}")
