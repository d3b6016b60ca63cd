"""An indicator: how it is answered, its source, and the scale of its levels."""

import operator
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any, Self

from standards.framework.units import PERCENT


class MalformedEdition(ValueError):
    """The edition cannot be used. `problems` says where and how to mend it, one sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


class Measure(StrEnum):
    """How an indicator is answered: a level with words, yes or no, or a number that bands turn into a level."""

    SCALE = "scale"
    YES_NO = "yes_no"
    NUMERIC = "numeric"


class Source(StrEnum):
    """Where the evidence comes from. Figures fill `STATISTICS`; `VISIT` needs eyes; `SYSTEM` is MCE's own record."""

    DOCUMENTS = "documents"
    VISIT = "visit"
    STATISTICS = "statistics"
    SYSTEM = "system"


class Support(StrEnum):
    """What the hotline's own word must come with before it counts."""

    NOTHING = ""
    WORDS = "words"
    EVIDENCE = "evidence"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Scale:
    """Levels from `lowest` to `highest` number. `falling` means that the lowest number is the best one.

    `points` are those of each level, from the lowest number up; left empty, the worst level has 0 and each better
    one has 1 more. Yes counts as the best level, no as the worst.
    """

    lowest: int = 0
    highest: int = 3
    falling: bool = False
    points: tuple[int, ...] = ()

    @property
    def levels(self) -> tuple[int, ...]:
        return tuple(range(self.lowest, self.highest + 1))

    @property
    def best(self) -> int:
        return self.lowest if self.falling else self.highest

    @property
    def worst(self) -> int:
        return self.highest if self.falling else self.lowest

    def rank(self, level: int) -> int:
        """How many levels are worse."""
        return self.highest - level if self.falling else level - self.lowest

    def reaches(self, level: int, wanted: int) -> bool:
        """Whether a level is the wanted one or better."""
        return self.rank(level) >= self.rank(wanted)

    def points_of(self, level: int, points: tuple[int, ...] = ()) -> int:
        """The points of a level, by an indicator's own table if it has one."""
        table = points or self.points
        return table[level - self.lowest] if table else self.rank(level)


_COMPARISONS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
_BAND = re.compile(r"^(>=|<=|>|<)(\d+(?:\.\d+)?):(\d+)$")


@lru_cache(maxsize=1024)
def _exactly(text: str) -> Fraction:
    """A decimal as a fraction. The same few bounds are asked for with every evaluation."""
    return Fraction(text)


@dataclass(frozen=True, slots=True)
class Band:
    """`comparison bound` gives `level`. Bounds are exact; they are kept as the decimal text MCE wrote."""

    comparison: str
    bound: str
    level: int

    @property
    def limit(self) -> Fraction:
        return _exactly(self.bound)

    def holds(self, value: Fraction) -> bool:
        return bool(_COMPARISONS[self.comparison](value, self.limit))


MOST_MONTHS = 12
"""Nobody asks for figures of more months than a year has; the whole time of a round is asked for without a number."""

REPORT_ONLY = "report_only"
MOST_PERCENT = Fraction(100)


def read_bands(text: str) -> tuple[Band, ...]:
    """Read `>=90:3;>=80:2` as bands, tested in this order. `report_only` and nothing both give no bands."""
    text = text.strip()
    if text in ("", REPORT_ONLY):
        return ()
    bands = []
    for part in text.split(";"):
        match = _BAND.match(part.strip())
        if match is None:
            raise MalformedEdition([f"The band “{part.strip()}” is not written like “>=90:3”."])
        bands.append(Band(match[1], match[2], int(match[3])))
    return tuple(bands)


def write_bands(bands: tuple[Band, ...]) -> str:
    return ";".join(f"{band.comparison}{band.bound}:{band.level}" for band in bands) or REPORT_ONLY


_ITEM = re.compile(r"A\d{2}")
_FORMULA = re.compile(r"^(A\d{2})(?:/(?:(A\d{2})|\((A\d{2})([+-])(A\d{2})\)))?$")
_BASE = re.compile(r"^(A\d{2})>=(\d+)$")


@dataclass(frozen=True, slots=True)
class Formula:
    """A statistic from items of the data dictionary: `A08`, `A04/A03` or `A04/(A03-A05)`."""

    text: str

    def __post_init__(self) -> None:
        if _FORMULA.match(self.text) is None:
            raise MalformedEdition([f"The formula “{self.text}” is not an item, nor a ratio such as A04/(A03-A05)."])

    @property
    def items(self) -> tuple[str, ...]:
        """The items it needs, in the order written."""
        return tuple(dict.fromkeys(_ITEM.findall(self.text)))

    @property
    def is_ratio(self) -> bool:
        return "/" in self.text

    def parts(self) -> tuple[str, tuple[tuple[int, str], ...]]:
        """The numerator, and the denominator as signed items; an empty denominator means the item itself."""
        match = _FORMULA.match(self.text)
        assert match is not None  # checked when it was made
        numerator, plain, first, sign, second = match.groups()
        if plain:
            return numerator, ((1, plain),)
        if first:
            return numerator, ((1, first), (1 if sign == "+" else -1, second))
        return numerator, ()


@dataclass(frozen=True, slots=True)
class MinimumBase:
    """A figure counts only from this many cases: `A56>=20`."""

    item: str
    at_least: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        if not text:
            return None
        match = _BASE.match(text)
        if match is None:
            raise MalformedEdition([f"The smallest base “{text}” is not written like “A56>=20”."])
        return cls(match[1], int(match[2]))

    def __str__(self) -> str:
        return f"{self.item}>={self.at_least}"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing that is looked at. `obligation` is the code of one of the rule's obligations.

    `bands` empty on a numeric indicator means: shown, not scored. A formula on any other indicator gives the level
    above which nobody's word counts (`capped_by_figures`). `points` replace the scale's points for this indicator.
    `minimum_months` lets figures of a part of the time count, from so many months on; 0 asks for the whole time.
    `asked_anew`: it means something else than in the edition before, so that no answer to that one is carried over.
    """

    code: str
    obligation: str
    measure: Measure
    source: Source = Source.DOCUMENTS
    evidence_required: bool = False
    not_applicable: bool = False
    unit: str = ""
    bands: tuple[Band, ...] = ()
    formula: Formula | None = None
    minimum_base: MinimumBase | None = None
    counts_with: Support = Support.NOTHING
    asked_from: date | None = None
    points: tuple[int, ...] = ()
    minimum_months: int = 0
    asked_anew: bool = False

    @property
    def is_scored(self) -> bool:
        return self.measure is not Measure.NUMERIC or bool(self.bands)

    @property
    def from_figures(self) -> bool:
        """Filled by the imported statistics: nobody types it."""
        return self.measure is Measure.NUMERIC and self.formula is not None and self.source is Source.STATISTICS

    @property
    def capped_by_figures(self) -> bool:
        """Judged by people, and by no more than what the statistics show."""
        return self.measure is not Measure.NUMERIC and self.formula is not None

    def is_asked(self, on: date | None) -> bool:
        """Whether it is asked on a day; without a day, all are."""
        return on is None or self.asked_from is None or self.asked_from <= on

    def values_apart(self) -> tuple[Fraction, ...]:
        """A value from each region that the bands tell apart, from the smallest up: at each bound and between them.

        A value is at least 0. A percentage that somebody types is at most 100; one that is computed may be more.
        """
        bounds = sorted({Fraction(0), *(band.limit for band in self.bands)})
        between = [(low + high) / 2 for low, high in pairwise(bounds)]
        values = sorted((*bounds, *between, bounds[-1] + 1))
        if self.unit == PERCENT and self.formula is None:
            values = [*(value for value in values if value < MOST_PERCENT), MOST_PERCENT]
        return tuple(values)

    def level_of(self, value: Fraction, scale: Scale) -> int:
        """The level of a measured value, by the first band that holds; below all bands the worst."""
        return next((band.level for band in self.bands if band.holds(value)), scale.worst)


def write_indicator(indicator: Indicator) -> dict[str, Any]:
    """What every indicator has; and of the rest, what is set."""
    data: dict[str, Any] = {
        "code": indicator.code,
        "obligation": indicator.obligation,
        "measure": indicator.measure.value,
        "source": indicator.source.value,
        "evidence_required": indicator.evidence_required,
        "not_applicable": indicator.not_applicable,
    }
    if indicator.measure is Measure.NUMERIC or indicator.formula:
        data["unit"] = indicator.unit
        data["bands"] = write_bands(indicator.bands)
        data["formula"] = indicator.formula.text if indicator.formula else ""
        data["minimum_base"] = str(indicator.minimum_base) if indicator.minimum_base else ""
    if indicator.counts_with:
        data["counts_with"] = indicator.counts_with.value
    if indicator.asked_from:
        data["asked_from"] = indicator.asked_from.isoformat()
    if indicator.points:
        data["points"] = list(indicator.points)
    if indicator.minimum_months:
        data["minimum_months"] = indicator.minimum_months
    if indicator.asked_anew:
        data["asked_anew"] = True
    return data
