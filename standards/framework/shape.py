"""The shapes themselves: an edition's domains, standards and indicators, its scale and its decision rule."""

import operator
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Self


class Obligation(StrEnum):
    """How much the Guide insists on an indicator."""

    ESSENTIAL = "essential"
    CORE = "core"
    DEVELOPMENTAL = "developmental"


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


class MalformedEdition(ValueError):
    """The edition cannot be used. `problems` says where and how to mend it, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Scale:
    """Levels from `lowest` to `highest`; yes counts as the highest, no as the lowest."""

    lowest: int = 0
    highest: int = 3

    @property
    def levels(self) -> tuple[int, ...]:
        return tuple(range(self.lowest, self.highest + 1))


_COMPARISONS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
_BAND = re.compile(r"^(>=|<=|>|<)(\d+(?:\.\d+)?):(\d+)$")


@dataclass(frozen=True, slots=True)
class Band:
    """`comparison bound` gives `level`. Bounds are exact; they are kept as the decimal text MCE wrote."""

    comparison: str
    bound: str
    level: int

    @property
    def limit(self) -> Fraction:
        return Fraction(self.bound)

    def holds(self, value: Fraction) -> bool:
        return bool(_COMPARISONS[self.comparison](value, self.limit))


REPORT_ONLY = "report_only"


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
    """One thing that is looked at. `bands` empty on a numeric indicator means: shown, not scored."""

    code: str
    obligation: Obligation
    measure: Measure
    source: Source = Source.DOCUMENTS
    evidence_required: bool = False
    not_applicable: bool = False
    unit: str = ""
    bands: tuple[Band, ...] = ()
    formula: Formula | None = None
    minimum_base: MinimumBase | None = None

    @property
    def is_scored(self) -> bool:
        return self.measure is not Measure.NUMERIC or bool(self.bands)

    @property
    def from_figures(self) -> bool:
        """Filled by the imported statistics: nobody types it."""
        return self.formula is not None and self.source is Source.STATISTICS

    def level_of(self, value: Fraction, scale: Scale) -> int:
        """The level of a measured value, by the first band that holds; below all bands the lowest."""
        return next((band.level for band in self.bands if band.holds(value)), scale.lowest)


@dataclass(frozen=True, slots=True)
class Standard:
    code: str
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Domain:
    code: str
    standards: tuple[Standard, ...]

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(i for standard in self.standards for i in standard.indicators)


class Test(StrEnum):
    """What a condition of an outcome looks at."""

    __test__ = False  # not a test class, whatever pytest thinks

    INCOMPLETE = "incomplete"
    """An indicator of the obligation has no finding."""
    EVERY = "every"
    """Each applicable indicator of the obligation reaches `level`."""
    AT_MOST = "at_most"
    """At most `count` indicators of the obligation stand exactly at `level`."""
    NONE_AT = "none_at"
    """No indicator of the obligation stands at `level` or is missing."""
    DOMAINS = "domains"
    """Each domain reaches `percent`."""
    OVERALL = "overall"
    """The whole reaches `percent`."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One sentence of a decision rule. Only the fields that its test reads are set."""

    test: Test
    obligation: Obligation | None = None
    level: int | None = None
    count: int | None = None
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result the panel may give; proposed when all its conditions hold. Valid for `months`; 0 means not at all."""

    code: str
    months: int
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """How findings become a proposal: weights by obligation, then outcomes tested in this order."""

    weights: Mapping[Obligation, int]
    outcomes: tuple[Outcome, ...]

    def outcome(self, code: str) -> Outcome:
        return next(outcome for outcome in self.outcomes if outcome.code == code)


@dataclass(frozen=True)
class Framework:
    """The structure of an edition: domains in order, the scale, the decision rule."""

    code: str
    domains: tuple[Domain, ...]
    rule: Rule
    scale: Scale = field(default_factory=Scale)

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Every indicator by code, in the order of the Guide."""
        return {i.code: i for domain in self.domains for i in domain.indicators}

    @cached_property
    def standards(self) -> dict[str, Standard]:
        return {s.code: s for domain in self.domains for s in domain.standards}

    @cached_property
    def domain_of(self) -> dict[str, Domain]:
        """The domain of each indicator and each standard, by code."""
        found = {}
        for domain in self.domains:
            for standard in domain.standards:
                found[standard.code] = domain
                found.update((indicator.code, domain) for indicator in standard.indicators)
        return found

    @cached_property
    def standard_of(self) -> dict[str, Standard]:
        return {i.code: s for s in self.standards.values() for i in s.indicators}

    def text_paths(self) -> Iterator[str]:
        """The texts that an edition must have in a language before that language is published."""
        yield "title"
        for level in self.scale.levels:
            yield f"level/{level}"
        for outcome in self.rule.outcomes:
            yield f"outcome/{outcome.code}"
        for domain in self.domains:
            yield from (f"domain/{domain.code}/title", f"domain/{domain.code}/short_title")
        for standard in self.standards.values():
            yield f"standard/{standard.code}/title"
        for indicator in self.indicators.values():
            path = f"indicator/{indicator.code}"
            yield from (f"{path}/wording", f"{path}/guidance", f"{path}/evidence")
            if indicator.measure is Measure.SCALE:
                yield from (f"{path}/level/{level}" for level in self.scale.levels)
            elif indicator.measure is Measure.YES_NO:
                yield from (f"{path}/level/yes", f"{path}/level/no")
            if indicator.is_scored:
                yield from (f"{path}/recommendation/{part}" for part in ("title", "text", "look_for"))
