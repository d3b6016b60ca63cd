"""Figures of indicators: the formula, the smallest base that it needs, and the bands that convert it to a level."""

import operator
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Self

from standards.framework.problem import MalformedEdition, ValidationProblem, gettext_noop

_COMPARISONS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
BOUND = re.compile(r"^(>=|<=|>|<)(\d+(?:\.\d+)?)$")
BAND = re.compile(r"^(>=|<=|>|<)(\d+(?:\.\d+)?):(\d+)$")


@lru_cache(maxsize=1024)
def _exactly(text: str) -> Fraction:
    """Parse a decimal as a fraction. Cached, as every evaluation uses the same few bounds."""
    return Fraction(text)


@dataclass(frozen=True, slots=True)
class Bound:
    """A comparison with a bound, such as `>=90`. The bound is stored as the editor's decimal text, and so is exact."""

    comparison: str
    bound: str

    @classmethod
    def read(cls, text: str) -> Self | None:
        if not text:
            return None
        match = BOUND.match(text.strip())
        if match is None:
            message = gettext_noop("The bound “%(text)s” is not written like “>=90”.")
            raise MalformedEdition([ValidationProblem(message, "", "figure", text=text)])
        return cls(match[1], match[2])

    def __str__(self) -> str:
        return f"{self.comparison}{self.bound}"

    @property
    def limit(self) -> Fraction:
        return _exactly(self.bound)

    def holds(self, value: Fraction) -> bool:
        return bool(_COMPARISONS[self.comparison](value, self.limit))


@dataclass(frozen=True, slots=True)
class Band(Bound):
    """A band: values within the bound have `level`."""

    level: int


MOST_MONTHS = 12
"""The largest number of months that can be required. Without a number, the whole period of the round is required."""

REPORT_ONLY = "report_only"
MOST_PERCENT = Fraction(100)


def read_bands(text: str) -> tuple[Band, ...]:
    """Parse a text such as `>=90:3;>=80:2` as bands, in the order in which they are tested. Raises MalformedEdition.

    `report_only` and an empty text have no bands.
    """
    text = text.strip()
    if text in ("", REPORT_ONLY):
        return ()
    bands = []
    for part in text.split(";"):
        match = BAND.match(part.strip())
        if match is None:
            message = gettext_noop("The band “%(band)s” is not written like “>=90:3”.")
            raise MalformedEdition([ValidationProblem(message, "", "bands", band=part.strip())])
        bands.append(Band(match[1], match[2], int(match[3])))
    return tuple(bands)


def write_bands(bands: tuple[Band, ...]) -> str:
    return ";".join(f"{band.comparison}{band.bound}:{band.level}" for band in bands) or REPORT_ONLY


_ITEM = re.compile(r"A\d{2}")
FORMULA = re.compile(r"^(A\d{2})(?:/(?:(A\d{2})|\((A\d{2})([+-])(A\d{2})\)))?$")
BASE = re.compile(r"^(A\d{2})>=(\d+)$")


@dataclass(frozen=True, slots=True)
class Formula:
    """The formula of a figure from items of the data dictionary: `A08`, `A04/A03` or `A04/(A03-A05)`."""

    text: str

    def __post_init__(self) -> None:
        if FORMULA.match(self.text) is None:
            raise MalformedEdition([f"The formula “{self.text}” is not an item, nor a ratio such as A04/(A03-A05)."])

    @classmethod
    def read(cls, text: str) -> Self | None:
        return cls(text) if text else None

    def __str__(self) -> str:
        return self.text

    @property
    def items(self) -> tuple[str, ...]:
        """The items of the formula, in order."""
        return tuple(dict.fromkeys(_ITEM.findall(self.text)))

    @property
    def is_ratio(self) -> bool:
        return "/" in self.text

    def parts(self) -> tuple[str, tuple[tuple[int, str], ...]]:
        """Return the numerator, and the denominator as signed items. It is empty for a single item."""
        match = FORMULA.match(self.text)
        assert match is not None  # validated by the constructor
        numerator, plain, first, sign, second = match.groups()
        if plain:
            return numerator, ((1, plain),)
        if first:
            return numerator, ((1, first), (1 if sign == "+" else -1, second))
        return numerator, ()


@dataclass(frozen=True, slots=True)
class MinimumBase:
    """The number of cases that a figure needs at least, such as `A56>=20`."""

    item: str
    at_least: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        if not text:
            return None
        match = BASE.match(text)
        if match is None:
            raise MalformedEdition([f"The smallest base “{text}” is not written like “A56>=20”."])
        return cls(match[1], int(match[2]))

    def __str__(self) -> str:
        return f"{self.item}>={self.at_least}"


def write_text(figure: Formula | MinimumBase | None) -> str:
    """Return the text of a formula or a smallest base, empty for None. It is the inverse of their `read`."""
    return str(figure) if figure else ""
