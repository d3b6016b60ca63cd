"""Define the mapping of a hotline's own export: the meaning of its columns and words, as plain data. Pure.

`columns` gives the *use* of each column of the export:

- a field of the record formats: `channel`, `contact_month`, …;
- for totals in the *long* shape, where each row is one figure: `item`, `code1`, `code2`, `value`, `quality`, `period`;
- for totals in the *wide* shape, where each column is one figure: `period`, `quality`, a figure, or `list:category`
  for a column whose words divide the figures of its row by the code list `category`.

A figure is written `A03`, `A11:chat` or `A27:girl:0-3`. Words of a column are mapped to codes: by their field, by the
code list for totals, by `item` for names of figures, by `value` for words in place of a number (they mean `NA` or not
recorded), by `period` for words in place of a period, such as that of a sum. `unit` maps headings and names of figures
to the unit of their times.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self

AGGREGATE, CONTACT, CASE = LEVELS = ("aggregate", "contact", "case")
LONG, WIDE = "long", "wide"
UNIT = "unit"
"""The name under which the units of times are mapped, by heading."""
LEFT_OUT = "-"
"""The answer for a word whose rows are left out, such as the sum at the bottom of a sheet."""

LONGEST_WORD = 120
"""Letters. No name of a figure, a column or a code is longer; a longer text is free text, in any column."""

Period = tuple[date, date]
Seal = Callable[[str], str]
"""A function that returns the keyed digest of a text, which can be recognized but not read."""


@dataclass(frozen=True, slots=True)
class NumberMarks:
    """The marks of numbers; empty if a mark never occurred. `thousands` may be a point, comma, blank or apostrophe."""

    decimal: str = ""
    thousands: str = ""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The meaning of the columns and words of an export, as a user of the hotline confirmed it."""

    level: str
    shape: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    marks: NumberMarks = NumberMarks()
    date_order: str = ""
    """`dmy`, `mdy` or `ymd`."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """Values that are equal in every export until a user changes them.

    By name: definition_set, source_system, completeness_note, fields without a column, and the names of `row_answers`.
    """
    evidence: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What the answers were given for: a later file in which it differs is asked again.

    `marks` and `order` have what the file proved, `unit` a typical time of each heading, `rows` what each answer about
    rows was given for.
    """

    def use_of(self, name: str) -> str:
        """Return the use of a column; `-` if it is left out, an empty string if it is unknown."""
        wanted = normalized_name(name)
        for own, use in self.columns.items():
            if normalized_name(own) == wanted:
                return use
        return LEFT_OUT if any(normalized_name(own) == wanted for own in self.ignored) else ""

    def answer(self, name: str, word: str) -> str | None:
        """Return the code of a word of a list, or None if it is unknown."""
        return self.codes.get(name, {}).get(word)

    def evidence_of(self, name: str, word: str = "") -> str | None:
        """Return what an answer was given for, or None if it is not known."""
        return self.evidence.get(name, {}).get(word)

    def unit_of(self, heading: str) -> str:
        """Return the confirmed unit of time of a heading; an empty string if there is none."""
        return self.answer(UNIT, heading) or ""

    def as_data(self) -> dict[str, Any]:
        """Return plain data for JSON; `from_data` is its inverse."""
        return {
            "level": self.level,
            "shape": self.shape,
            "columns": dict(self.columns),
            "ignored": list(self.ignored),
            "codes": {name: dict(words) for name, words in self.codes.items()},
            "marks": {"decimal": self.marks.decimal, "thousands": self.marks.thousands},
            "date_order": self.date_order,
            "constants": dict(self.constants),
            "evidence": {name: dict(found) for name, found in self.evidence.items()},
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            level=data["level"],
            shape=data["shape"],
            columns=data["columns"],
            ignored=tuple(data["ignored"]),
            codes=data["codes"],
            marks=NumberMarks(**data["marks"]),
            date_order=data["date_order"],
            constants=data["constants"],
            evidence=data.get("evidence", {}),
        )


@dataclass(frozen=True, slots=True)
class SealedMapping(ColumnMapping):
    """The mapping of an earlier export, with a keyed digest in place of each name and word."""

    seal: Seal = str

    @classmethod
    def of(cls, mapping: ColumnMapping, seal: Seal) -> Self:
        def sealed(words: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
            return {name: {seal(_word(name, w)): code for w, code in own.items()} for name, own in words.items()}

        hidden = replace(
            mapping,
            columns={seal(normalized_name(name)): use for name, use in mapping.columns.items()},
            ignored=tuple(seal(normalized_name(name)) for name in mapping.ignored),
            codes=sealed(mapping.codes),
            evidence=sealed(mapping.evidence),
        )
        return cls.again(hidden.as_data(), seal)

    @classmethod
    def again(cls, data: Mapping[str, Any], seal: Seal) -> Self:
        """Return the mapping from the data of `as_data`."""
        return replace(cls.from_data(data), seal=seal)

    def use_of(self, name: str) -> str:
        sealed = self.seal(normalized_name(name))
        return LEFT_OUT if sealed in self.ignored else self.columns.get(sealed, "")

    def answer(self, name: str, word: str) -> str | None:
        return self.codes.get(name, {}).get(self.seal(_word(name, word)))

    def evidence_of(self, name: str, word: str = "") -> str | None:
        return self.evidence.get(name, {}).get(self.seal(_word(name, word)))


def _word(name: str, word: str) -> str:
    """Return the key of a word of a list, distinct from the same word of another list."""
    return f"{name}\0{word}"


def normalized_name(name: str) -> str:
    """Return the name of a column, normalized for comparison."""
    return " ".join(name.casefold().split())


def signature(names: Sequence[str]) -> str:
    """Return a digest of the names of the columns that does not depend on their order and capitals."""
    folded = sorted(normalized_name(name) for name in names if name)
    return hashlib.sha256(json.dumps(folded, ensure_ascii=False).encode()).hexdigest()


def nearest_mapping(names: Sequence[str], mappings: Iterable[ColumnMapping]) -> ColumnMapping | None:
    """Return the mapping that has most of these names, if it has at least half of them; the first of equal ones."""
    best, most = None, 0
    for mapping in mappings:
        shared = sum(1 for name in names if mapping.use_of(name))
        if shared > most and 2 * shared >= len(names):
            best, most = mapping, shared
    return best
