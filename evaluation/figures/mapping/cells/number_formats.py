"""Determine the decimal and thousands marks of an export's numbers from all of them. Pure.

If the numbers can be read in two ways, the user is asked.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from evaluation.figures.mapping.column_mapping import NumberMarks

_BLANKS = " \u00a0\u2007\u2009\u202f"
_APOSTROPHES = "'\u2019"
_PLAIN = re.compile(r"[0-9]+")
_ONE_MARK = re.compile(r"([0-9]+)([.,])([0-9]+)")
_GROUPED = re.compile(
    rf"([0-9]{{1,3}})(?:([.,{_BLANKS}{_APOSTROPHES}])([0-9]{{3}}))(?:\2[0-9]{{3}})*(?:([.,])([0-9]+))?"
)


class NumberWriting(Enum):
    """The evidence in one text for the number marks of its file."""

    PLAIN = "plain"
    SETTLED = "settled"
    TWO_WAYS = "two ways"
    NO_NUMBER = "no number"


def read_writing(text: str) -> tuple[NumberWriting, NumberMarks]:
    """Return whether a text is a number, and the marks that it proves. A leading minus proves nothing."""
    text = text.removeprefix("-").removeprefix("\u2212").strip()
    if _PLAIN.fullmatch(text):
        return NumberWriting.PLAIN, NumberMarks()
    if one := _ONE_MARK.fullmatch(text):
        whole, mark, rest = one.groups()
        if len(rest) == 3 and len(whole) <= 3 and not whole.startswith("0"):
            return NumberWriting.TWO_WAYS, NumberMarks()
        return NumberWriting.SETTLED, NumberMarks(decimal=mark)
    if grouped := _GROUPED.fullmatch(text):
        thousands, decimal = _kind(grouped[2]), grouped[4] or ""
        if thousands == decimal:
            return NumberWriting.NO_NUMBER, NumberMarks()
        return NumberWriting.SETTLED, NumberMarks(decimal or _other(thousands), thousands)
    return NumberWriting.NO_NUMBER, NumberMarks()


def _kind(mark: str) -> str:
    return " " if mark in _BLANKS else "'" if mark in _APOSTROPHES else mark


def _other(thousands: str) -> str:
    """Return the other decimal mark: the thousands mark is never also the decimal mark."""
    return {".": ",", ",": "."}.get(thousands, "")


@dataclass(slots=True)
class NumberEvidence:
    """The evidence for the marks of a file's numbers, with the rows that have it."""

    decimals: dict[str, int] = field(default_factory=dict)
    """The first row that proves each decimal mark."""
    thousands: dict[str, int] = field(default_factory=dict)
    two_ways: dict[str, int] = field(default_factory=dict)
    """The first texts that can be read in two ways, with their first row."""

    def add(self, text: str, row: int) -> None:
        writing, marks = read_writing(text)
        if writing is NumberWriting.TWO_WAYS and len(self.two_ways) < 100:
            self.two_ways.setdefault(text, row)
        if marks.decimal:
            self.decimals[marks.decimal] = min(row, self.decimals.get(marks.decimal, row))
        if marks.thousands:
            self.thousands[marks.thousands] = min(row, self.thousands.get(marks.thousands, row))

    def merge(self, other: "NumberEvidence") -> None:
        for own, added in ((self.decimals, other.decimals), (self.thousands, other.thousands)):
            for mark, row in added.items():
                own[mark] = min(row, own.get(mark, row))
        self.two_ways |= other.two_ways

    @property
    def kind(self) -> str:
        """Whether the file proves its marks, has numbers that can be read in two ways, or neither.

        The comma of `33,251` beside `1'240` may be the decimal mark, so the apostrophe does not prove how it is read.
        """
        is_open = bool(self.two_ways) and not self.decimals
        if is_open and any(mark not in text for text in self.two_ways for mark in self.thousands):
            return "two ways"
        return "proved" if self.decimals or self.thousands else "two ways" if is_open else ""

    def contradiction(self) -> tuple[int, int] | None:
        """Return two rows whose numbers have contradictory marks, or None."""
        for rows in (self.decimals, self.thousands):
            if len(rows) > 1:
                first, second, *_rest = sorted(rows.values())
                return first, second
        return None

    def settle(self, saved: NumberMarks) -> tuple[NumberMarks, bool]:
        """Return the marks, and whether a user must confirm the decimal mark.

        Evidence in the file takes precedence over the saved marks; a difference between them must be confirmed.
        """
        decimal, thousands = next(iter(self.decimals), ""), next(iter(self.thousands), "")
        differs = bool(decimal and saved.decimal and decimal != saved.decimal)
        settled = decimal or saved.decimal
        marks = NumberMarks(settled, thousands or saved.thousands)
        return marks, differs or bool(self.two_ways and not settled)


def normalize_number(text: str, marks: NumberMarks) -> str | None:
    """Return the number in the published format, or None if the text is no number with these marks."""
    sign = "-" if text.startswith(("-", "\u2212")) else ""
    bare = text.removeprefix("-").removeprefix("\u2212").strip()
    writing, proved = read_writing(bare)
    if writing is NumberWriting.NO_NUMBER:
        return None
    if writing is NumberWriting.PLAIN:
        return sign + bare
    if writing is NumberWriting.TWO_WAYS:
        mark = "," if "," in bare else "."
        if not marks.decimal:
            return None
        return sign + (bare.replace(mark, ".") if mark == marks.decimal else bare.replace(mark, ""))
    if proved.decimal and marks.decimal and proved.decimal != marks.decimal:
        return None
    grouped = _GROUPED.fullmatch(bare)
    if grouped and proved.thousands:
        whole = re.sub(r"[^0-9]", "", bare[: grouped.start(4) if grouped[4] else None])
        return sign + whole + (f".{grouped[5]}" if grouped[4] else "")
    return sign + bare.replace(proved.decimal, ".")


def format_number(number: Decimal) -> str:
    """Return a number in the published format."""
    return unambiguous(format(number.normalize() if number else Decimal(0), "f"))


def unambiguous(number: str) -> str:
    """Append a fourth decimal to a number with three, which could be read as thousands in the published format."""
    return f"{number}0" if re.fullmatch(r"[0-9]+\.[0-9]{3}", number) else number


def readings(text: str) -> tuple[tuple[str, str], ...]:
    """Return each decimal mark with the number that an ambiguous text is under it.

    `89.340` is 89340 under a comma and 89.340 under a point.
    """
    return tuple((mark, normalize_number(text, NumberMarks(mark)) or text) for mark in ".,")
