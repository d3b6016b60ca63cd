"""Read entries of edition files by kind, and record each problem with its file, its place and how to fix it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any

from standards.drafts.control_characters import find_control_character
from standards.drafts.edition_checks import DraftProblem, find_contradictions, find_missing, find_unreadable
from standards.drafts.fields import PROCEDURE, EditionText
from standards.editions.entries import TABLES, Entry
from standards.framework import LEVELS, TIERS, Framework

TITLE = "edition.toml"


@dataclass(frozen=True)
class Dialect:
    """The words that the problems of a format use for its values and its lists of parts."""

    kinds: Mapping[type, str]
    adds: str
    """How to add a part, with the placeholders `%(header)s` and `%(name)s`."""
    has_headers: bool = False
    """Whether a table begins with a header in brackets."""

    def how_to_add(self, header: str) -> str:
        return self.adds % {"header": header, "name": header.strip("[]").rpartition(".")[2]}


TOML = Dialect(
    {
        str: "a text in quotation marks",
        bool: "true or false",
        int: "a whole number",
        list: "a list",
        dict: "a table",
        date: "a date such as 2027-01-31",
    },
    "Write one with %(header)s.",
    has_headers=True,
)


@dataclass(frozen=True)
class UnreadableValue:
    """A value that its format cannot read, with the reason and how to fix it."""

    sentence: str


_BEGINNINGS = {entry.name: entry.example for table in TABLES for entry in table.entries if entry.is_list_of_tables}
"""The header of the tables of each list, by the name of the list."""


@dataclass
class EntryReader:
    """A reader of entries. `where` is its present place. `at` returns a reader for another one."""

    problems: dict[str, list[str]] = field(default_factory=dict)
    """The problems so far, by place."""
    places: dict[str, list[str]] = field(default_factory=dict)
    """The places of each code of a domain, standard or indicator."""
    where: str = ""
    dialect: Dialect = TOML

    def note(self, sentence: str, name: str = "") -> None:
        """Record a problem. Surrogates in a quoted text become question marks, as no page can show them."""
        sentence = sentence.encode(errors="replace").decode()
        self.problems.setdefault(f"{self.where}, {name}" if name else self.where, []).append(sentence)

    def add_code_place(self, code: str) -> None:
        if code:
            self.places.setdefault(code, []).append(self.where)

    def at(self, where: str) -> "EntryReader":
        return EntryReader(self.problems, self.places, where, self.dialect)

    def take(self, data: Mapping[str, Any], entries: Iterable[Entry]) -> dict[str, Any]:
        """Return the entries of a table, invalid ones with their defaults. Record the problems of all entries."""
        found, known = {}, {entry.name: entry for entry in entries}
        for name, entry in known.items():
            found[name] = _nothing(entry.kind) if entry.is_needed else entry.default
            value = data.get(name)
            if value is None:
                if entry.is_needed:
                    self.note(f"The entry “{name}” is missing. {self._how_to_write(entry)}", name)
            elif isinstance(value, UnreadableValue):
                self.note(value.sentence, name)
            elif type(value) is not entry.kind and not (entry.or_text and isinstance(value, str)):
                self.note(f"“{name}” must be {self.dialect.kinds[entry.kind]}.{self._how_to_fix(entry)}", name)
            else:
                found[name] = value.strip() if isinstance(value, str) else value
                self._check_value(entry, found[name])
        for name in sorted(set(data) - set(known)):
            self.note(f"The entry “{name}” is not known here. {self._what_else(name, known)}", name)
        return found

    def _check_value(self, entry: Entry, value: Any) -> None:
        if isinstance(value, str):
            self._check_for_control_characters(entry.name, value)
            if not value and entry.is_needed:
                self.note("This text is empty. Write it.", entry.name)
            self._check_length(entry, value)
        elif type(value) is int:
            lowest, highest = entry.bounds
            if not lowest <= value <= highest:
                self.note(f"{value} is out of range. Write a number from {lowest} to {highest}.", entry.name)

    def _check_length(self, entry: Entry, value: str) -> None:
        if entry.longest and len(value) > entry.longest:
            self.note(f"This text has {len(value)} characters; there is room for {entry.longest}.", entry.name)

    def _check_for_control_characters(self, name: str, value: str) -> None:
        if found := find_control_character(value):
            self.note(f"This text has the control character {found}, which nobody sees. Take it out.", name)

    def take_list(self, value: list[Any], kind: type, name: str) -> list[Any]:
        """Return the values of a list if all are of one kind. Otherwise record a problem, and return an empty list."""
        if any(type(entry) is not kind for entry in value):
            self.note(f"Each entry of “{name}” must be {self.dialect.kinds[kind]}.", name)
            return []
        for entry in value:
            if isinstance(entry, str):
                self._check_for_control_characters(name, entry)
        return value

    def take_texts(self, value: list[Any], entry: Entry) -> str:
        """Return the texts of a list, joined by commas."""
        joined = ", ".join(self.take_list(value, str, entry.name))
        self._check_length(entry, joined)
        return joined

    def _how_to_write(self, entry: Entry) -> str:
        if entry.is_list_of_tables and self.dialect.has_headers:
            return f"Begin each with {entry.example}, in double brackets."
        return f"Write {self.dialect.kinds[entry.kind]}."

    def _how_to_fix(self, entry: Entry) -> str:
        """Return how to write the header of a table, or of each table of a list; empty for other values."""
        if not self.dialect.has_headers:
            return ""
        if entry.is_list_of_tables:
            return f" Begin each with {entry.example}, in double brackets."
        return f" Begin it once with {entry.example}, in single brackets." if entry.begins_table else ""

    def _what_else(self, name: str, known: Iterable[str]) -> str:
        """Return how to fix an unknown entry."""
        if name in _BEGINNINGS and self.dialect.has_headers:
            return f"Begin each with {_BEGINNINGS[name]}, in double brackets, under what it belongs to."
        return suggest(name, known)

    def sorted_problems(self, show: Callable[[str], str] = str) -> list[str]:
        """Return every problem, those of the title page first, then by file. `show` formats a place."""
        in_order = sorted(self.problems, key=lambda place: (not place.startswith(TITLE), place.partition(",")[0]))
        return [f"{show(place)}: {sentence}" for place in in_order for sentence in self.problems[place]]


def describe_kind(kind: type) -> str:
    """Describe a kind of value in TOML: `a text in quotation marks`."""
    return TOML.kinds[kind]


def longest_length(entry: Entry) -> str:
    """Describe the maximal length of a text or of a list's texts together, or the bounds of a number; empty without."""
    if entry.longest:
        return f"at most {entry.longest} characters" + (" together" if entry.kind is list else "")
    return "from {} to {}".format(*entry.bounds) if entry.kind is int else ""


def suggest(name: str, known: Iterable[str]) -> str:
    """Return how to fix an unknown name: write a similar known one, or remove it."""
    close = get_close_matches(name, known, n=1)
    return f"Write “{close[0]}”, or remove it." if close else "Remove it, or correct its name."


def _nothing(kind: type) -> Any:
    return None if kind is date else kind()


# --- The edition as a whole -----------------------------------------------------------------------------------------


def note_text_problems(text: EditionText, framework: Framework, reader: EntryReader) -> bool:
    """Record the problems of the edition. Return whether its structure is valid, so that it can be checked as a whole.

    A place that has unreadable values gets no further problems. While the title page has some, nothing else is checked.
    While another part has some, only the problems of readable indicators are recorded.
    """
    note_draft_problems(find_unreadable(text), reader)
    faulty_places = set(reader.problems)
    if any(place.startswith(TITLE) for place in faulty_places):
        return False
    contradictions = list(find_contradictions(framework))
    note_draft_problems(
        (
            finding
            for finding in (*contradictions, *find_missing(text, framework))
            if not faulty_places
            or (finding.where.startswith("indicator/") and not _is_noted(finding, faulty_places, reader))
        ),
        reader,
    )
    return not contradictions and not faulty_places


def note_draft_problems(findings: Iterator[DraftProblem], reader: EntryReader) -> None:
    faulty_places = set(reader.problems)
    for finding in findings:
        place, name = place_in_file(finding.where, reader), _name_in_file(finding)
        if {place, f"{place}, {name}"}.isdisjoint(faulty_places) and not finding.where.endswith("/"):
            reader.at(place).note(finding.sentence, name)


def _is_noted(finding: DraftProblem, faulty_places: set[str], reader: EntryReader) -> bool:
    code = finding.where.partition("/")[2]
    place = place_in_file(finding.where, reader)
    return len(reader.places.get(code, ())) > 1 or any(f"{noted},".startswith(f"{place},") for noted in faulty_places)


def place_in_file(where: str, reader: EntryReader) -> str:
    """Return the place in the files of a part or condition, such as `indicator/1.1.1` or `outcome/accredited/0`."""
    kind, _, code = where.partition("/")
    if kind in ("domain", "standard", "indicator"):
        return reader.places.get(code, ["domains"])[0]
    if kind == "passing":
        return f"{TITLE}, passing, {_condition_in_file(code)}"
    if kind == "outcome" and "/" in code:
        outcome, _, numbers = code.partition("/")
        return f"{TITLE}, outcome {outcome}, {_condition_in_file(numbers)}"
    return TITLE if kind == "edition" else f"{TITLE}, {kind} {code}"


def place_of_text(finding: DraftProblem, reader: EntryReader) -> str:
    """Return the place in the files of a text, with the name of its entry."""
    return ", ".join(filter(None, (place_in_file(finding.where, reader), _name_in_file(finding))))


def _condition_in_file(numbers: str) -> str:
    """Format the place of a condition or of an alternative. The numbers in `numbers` count from 0."""
    return ", ".join(f"condition {int(number) + 1}" for number in numbers.split("/"))


def _name_in_file(finding: DraftProblem) -> str:
    """Return the name of the entry of a field, with the name of its table."""
    name = finding.name
    if finding.where == "edition":
        return _TABLES.get(name, name)
    for table, start in (("levels", "level_"), ("recommendation", "recommendation_")):
        if finding.where.startswith("indicator/") and name.startswith(start):
            return f"{table}, {name.removeprefix(start)}"
    return name


_TABLES = {
    **{f"level_{level}": f"scale, {level}" for level in LEVELS},
    "scale_highest": "scale",
    "scale_points": "scale, points",
    "share_level": "aggregation, level",
    "of_groups": "aggregation, of_groups",
    **{f"{tier}_method": f"aggregation, {tier}" for tier in TIERS},
    **{name: f"procedure, {name}" for name in PROCEDURE},
}
"""The table and the entry of the edition's fields that are in a table of their own."""
