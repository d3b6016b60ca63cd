"""The pure shape of a released edition: what is asked, how it is measured, what it takes. No database, no text.

A `Framework` is the structure alone. Words live in a `Wording` per language, keyed by the paths of `text_paths`,
so that a translation can never change what counts.
"""

import hashlib
import json
import operator
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, Self


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


# --- Canonical form: UTF-8, NFC, sorted keys, no floats, no spare blanks --------------------------------------------


def canonical(data: Any) -> str:
    """The one way to write `data` as JSON, so that the same content always has the same digest."""
    _refuse_floats(data)
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return unicodedata.normalize("NFC", text)


def _refuse_floats(data: Any) -> None:
    if isinstance(data, float):
        raise TypeError("A canonical document holds no floats: write an integer, or the decimal as text.")
    if isinstance(data, dict):
        for value in data.values():
            _refuse_floats(value)
    elif isinstance(data, list | tuple):
        for value in data:
            _refuse_floats(value)


def digest(text: str) -> str:
    """sha256 of canonical text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def write_framework(framework: Framework) -> dict[str, Any]:
    """The framework as plain data, ready for `canonical`. `read_framework` is its inverse."""
    return {
        "code": framework.code,
        "scale": {"lowest": framework.scale.lowest, "highest": framework.scale.highest},
        "rule": {
            "weights": {obligation.value: weight for obligation, weight in framework.rule.weights.items()},
            "outcomes": [
                {
                    "code": outcome.code,
                    "months": outcome.months,
                    "conditions": [_write_condition(condition) for condition in outcome.conditions],
                }
                for outcome in framework.rule.outcomes
            ],
        },
        "domains": [
            {
                "code": domain.code,
                "standards": [
                    {"code": standard.code, "indicators": [_write_indicator(i) for i in standard.indicators]}
                    for standard in domain.standards
                ],
            }
            for domain in framework.domains
        ],
    }


def _write_condition(condition: Condition) -> dict[str, Any]:
    data = {
        "test": condition.test.value,
        "obligation": condition.obligation and condition.obligation.value,
        "level": condition.level,
        "count": condition.count,
        "percent": condition.percent,
    }
    return {key: value for key, value in data.items() if value is not None}


def _write_indicator(indicator: Indicator) -> dict[str, Any]:
    data: dict[str, Any] = {
        "code": indicator.code,
        "obligation": indicator.obligation.value,
        "measure": indicator.measure.value,
        "source": indicator.source.value,
        "evidence_required": indicator.evidence_required,
        "not_applicable": indicator.not_applicable,
    }
    if indicator.measure is Measure.NUMERIC:
        data["unit"] = indicator.unit
        data["bands"] = write_bands(indicator.bands)
        data["formula"] = indicator.formula.text if indicator.formula else ""
        data["minimum_base"] = str(indicator.minimum_base) if indicator.minimum_base else ""
    return data


def read_framework(data: Mapping[str, Any]) -> Framework:
    """Build a framework from plain data and check it. Raises MalformedEdition with every problem it finds."""
    try:
        framework = Framework(
            code=data["code"],
            scale=Scale(**data["scale"]),
            rule=Rule(
                weights={Obligation(key): value for key, value in data["rule"]["weights"].items()},
                outcomes=tuple(
                    Outcome(
                        code=outcome["code"],
                        months=outcome["months"],
                        conditions=tuple(_read_condition(condition) for condition in outcome["conditions"]),
                    )
                    for outcome in data["rule"]["outcomes"]
                ),
            ),
            domains=tuple(
                Domain(
                    code=domain["code"],
                    standards=tuple(
                        Standard(s["code"], tuple(_read_indicator(i) for i in s["indicators"]))
                        for s in domain["standards"]
                    ),
                )
                for domain in data["domains"]
            ),
        )
    except KeyError as missing:
        raise MalformedEdition([f"The entry {missing} is missing."]) from missing
    if problems := list(find_problems(framework)):
        raise MalformedEdition(problems)
    return framework


def _read_condition(data: Mapping[str, Any]) -> Condition:
    return Condition(
        test=Test(data["test"]),
        obligation=Obligation(data["obligation"]) if data.get("obligation") else None,
        level=data.get("level"),
        count=data.get("count"),
        percent=data.get("percent"),
    )


def _read_indicator(data: Mapping[str, Any]) -> Indicator:
    return Indicator(
        code=data["code"],
        obligation=Obligation(data["obligation"]),
        measure=Measure(data["measure"]),
        source=Source(data["source"]),
        evidence_required=data["evidence_required"],
        not_applicable=data["not_applicable"],
        unit=data.get("unit", ""),
        bands=read_bands(data.get("bands", "")),
        formula=Formula(data["formula"]) if data.get("formula") else None,
        minimum_base=MinimumBase.read(data.get("minimum_base", "")),
    )


def find_problems(framework: Framework) -> Iterator[str]:
    """What makes a framework unusable, each as a sentence that says where and how to mend it."""
    seen: set[str] = set()
    for domain in framework.domains:
        for code in (domain.code, *(c for s in domain.standards for c in (s.code, *(i.code for i in s.indicators)))):
            if not code:
                yield f"Something in {domain.code or 'a domain'} has no code. Give every standard and indicator one."
            elif code in seen:
                yield f"The code {code} stands twice. Each code may stand once in an edition."
            seen.add(code)
        if not domain.indicators:
            yield f"Domain {domain.code} has no indicator."
    if not framework.domains:
        yield "The edition has no domain."
    for indicator in framework.indicators.values():
        if indicator.obligation not in framework.rule.weights:
            yield f"{indicator.code} is {indicator.obligation.value}, for which the decision rule has no weight."
        for band in indicator.bands:
            if band.level not in framework.scale.levels:
                yield f"{indicator.code} has a band for level {band.level}, which the scale does not have."
        if indicator.not_applicable and indicator.obligation is Obligation.ESSENTIAL:
            yield f"{indicator.code} is essential and may not allow “not applicable”."
    if not framework.rule.outcomes:
        yield "The decision rule has no outcome."
    elif framework.rule.outcomes[-1].conditions:
        yield "The last outcome must have no condition: it is what is left when nothing else holds."


def parse_framework(structure: str) -> Framework:
    """The framework of an edition's canonical structure."""
    return read_framework(json.loads(structure))


class Wording(dict[str, str]):
    """The texts of an edition in one language, by path; `missing` names what a framework asks for and is not there."""

    def missing(self, framework: Framework) -> list[str]:
        return [path for path in framework.text_paths() if not self.get(path, "").strip()]


def parse_wording(texts: str) -> Wording:
    """The wording of one language from its canonical JSON."""
    return Wording(json.loads(texts))
