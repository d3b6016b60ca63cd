"""A whole edition as one JSON document: the entries of its files, with the domains under `domains`."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from standards.drafts.fields import EditionText
from standards.editions.entries import DOMAIN, Table, table_within
from standards.editions.files.content import write_content
from standards.editions.files.entry_reader import TITLE, Dialect, EntryReader
from standards.editions.files.source import Source
from standards.framework import MalformedEdition

SCHEMA_ID = "urn:quality-116000:edition:1"
"""The identifier of the JSON Schema, which documents name as their `$schema`."""
DOMAINS = "domains"

JSON = Dialect(
    {
        str: "a text in quotation marks",
        bool: "true or false",
        int: "a whole number",
        list: "a list",
        dict: "an object in braces",
        date: "a date in quotation marks, such as “2027-01-31”",
    },
    "Write one under “%(name)s”.",
)


@dataclass
class Document(Source):
    """The entries of a document. `names` has a readable name for the place of each domain."""

    text: str = ""
    names: dict[str, str] = field(default_factory=dict)

    def places_of_code(self, code: str, *, of_rule: bool = False) -> list[str]:
        entry = re.compile(rf'"code"\s*:\s*{re.escape(json.dumps(code, ensure_ascii=False))}')
        lines = self.text.split("\n")
        return [f"{self.name}, line {number}" for number, line in enumerate(lines, start=1) if entry.search(line)]

    def show(self, place: str) -> str:
        first, comma, rest = place.partition(", ")
        shown = " and ".join(self.names.get(part, part) for part in first.split(" and "))
        return f"{shown}{comma}{rest}"


def write_document(text: EditionText) -> str:
    """Return the JSON document of an edition. `read_document` reads it back."""
    content = {"$schema": SCHEMA_ID, **write_content(text)}
    return json.dumps(content, ensure_ascii=False, indent=2, default=date.isoformat) + "\n"


def read_document(path: Path, reader: EntryReader) -> Document:
    """Read a document. Raises MalformedEdition if the file is not one."""
    content, text = _load(path)
    schema = content.pop("$schema", SCHEMA_ID)
    if schema != SCHEMA_ID:
        reader.at(TITLE).note(f"“{schema}” is not known here. Write {SCHEMA_ID}, or remove it.", "$schema")
    rows = content.pop(DOMAINS, None)
    document = Document(content, dialect=JSON, name=path.name, text=text, names={TITLE: path.name})
    if not isinstance(rows, list) or not rows:
        reader.at(TITLE).note("There is no domain. Write the list of them, with one at least.", DOMAINS)
        rows = []
    for number, row in enumerate(rows, start=1):
        place = f"{DOMAINS}/{number:02}"
        code = row.get("code") if isinstance(row, dict) else None
        document.names[place] = f"{path.name}, domain {code or f'number {number}'}"
        if isinstance(row, dict) and row:
            document.domains.append((place, _with_dates(row, DOMAIN)))
        else:
            reader.at(place).note(f"This must be {JSON.kinds[dict]}, with the entries of a domain.")
    return document


def _load(path: Path) -> tuple[dict[str, Any], str]:
    """Return the JSON object in a file, and the text of the file. Raises MalformedEdition."""
    if not path.is_file():
        raise MalformedEdition([f"There is no file {path}. Name the document of an edition."])
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = json.loads(
            text, object_pairs_hook=_read_object, parse_float=_read_number, parse_constant=_refuse_constant
        )
    except OSError as unreadable:
        problem = f"The file cannot be read: {unreadable.strerror}. Let yourself read it."
    except UnicodeDecodeError as unreadable:
        problem = f"The file is not UTF-8 at byte {unreadable.start}. Save it as UTF-8."
    except json.JSONDecodeError as unreadable:
        place = f"line {unreadable.lineno}, column {unreadable.colno}"
        problem = f"The file is not JSON: {unreadable.msg} ({place}). Correct that line."
    except RecursionError:
        problem = "The file is not JSON that can be read: its brackets are nested too deep. Correct the brackets."
    except ValueError as unreadable:
        problem = str(unreadable)
    else:
        if isinstance(content, dict) and content:
            return content, text
        problem = "The document must be an object in braces, with the entries of an edition."
    raise MalformedEdition([f"{path.name}: {problem}"])


def _read_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object. Raises ValueError for a duplicate name, and for a surrogate in a name or a code.

    A message could not show the surrogate.
    """
    for name, value in pairs:
        for shown in (name, value if name == "code" and isinstance(value, str) else ""):
            if half := next((c for c in shown if unicodedata.category(c) == "Cs"), ""):
                what = "name of an entry" if shown is name else "code"
                raise ValueError(f"A {what} has the half character U+{ord(half):04X}, which nobody sees. Take it out.")
    return _refuse_duplicates(pairs)


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object. Raises ValueError for a duplicate name, as the parser would drop the first value."""
    found = dict(pairs)
    if len(found) < len(pairs):
        duplicate = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(
            f"The entry “{duplicate}” stands twice in one object. Delete one of the two, or correct its name."
        )
    return found


def _read_number(text: str) -> int | float:
    """Return a number with a point or an exponent. As in JSON Schema, `2.0` is a whole number."""
    number = float(text)
    return int(number) if number.is_integer() else number


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON. Write a whole number.")


def _with_dates(values: Mapping[str, Any], table: Table) -> dict[str, Any]:
    """Return the entries of a table with well-formed dates converted."""
    found = dict(values)
    for entry in table.entries:
        value, inner = values.get(entry.name), table_within(table, entry)
        if entry.kind is date and isinstance(value, str):
            found[entry.name] = _date(value)
        elif inner and isinstance(value, dict):
            found[entry.name] = _with_dates(value, inner)
        elif inner and isinstance(value, list):
            found[entry.name] = [_with_dates(row, inner) if isinstance(row, dict) else row for row in value]
    return found


def _date(text: str) -> date | str:
    """Return a date, or the text unchanged if it is not one. The reader then refuses it."""
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else text
    except ValueError:
        return text
