"""Conditions of being asked: a trait of the hotline, or the level of its answer to another indicator."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from standards.framework.problem import MalformedEdition, ValidationProblem, gettext_noop

if TYPE_CHECKING:
    from standards.framework.indicator import Indicator
    from standards.framework.scale import Scale

TRAIT = re.compile(r"^[a-z][a-z_]{0,19}$")
ANSWER = re.compile(
    r"^(?P<code>\d{1,2}\.\d{1,2}\.\d{1,2})\s*(?:>=\s*(?P<least>\d{1,2})|=\s*(?P<levels>\d{1,2}(?:\s*,\s*\d{1,2})*))$",
    re.ASCII,
)
_WITHOUT_LEVEL = re.compile(r"^(?P<code>\d{1,2}\.\d{1,2}\.\d{1,2})\s*(?:>=|=)?$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asking:
    """One of the alternatives in `Indicator.asked_if`. The indicator is asked if one of them holds.

    It holds if the hotline has the `trait`, or if its answer to the indicator `code` is at one of `levels`, or at
    `least` or better.
    """

    trait: str = ""
    code: str = ""
    least: int | None = None
    levels: tuple[int, ...] = ()

    def __str__(self) -> str:
        if self.trait:
            return self.trait
        if self.least is not None:
            return f"{self.code}>={self.least}"
        return f"{self.code}={','.join(map(str, self.levels))}"

    @property
    def named_levels(self) -> tuple[int, ...]:
        return self.levels if self.least is None else (self.least,)

    def holds_at(self, level: int | None, scale: "Scale") -> bool:
        """Whether the alternative holds for an answer at a level. Without a level, it does not."""
        if level is None:
            return False
        return level in self.levels if self.least is None else scale.reaches(level, self.least)


def read_askings(text: str) -> tuple[Asking, ...]:
    """Parse a text such as `own_number;1.1.2>=2;1.1.3=0,1`. An empty text has none. Raises MalformedEdition."""
    parts = filter(None, (part.strip() for part in text.split(";")))
    return tuple(dict.fromkeys(map(_read_asking, parts)))


def _read_asking(part: str) -> Asking:
    if TRAIT.match(part):
        return Asking(trait=part)
    if match := _WITHOUT_LEVEL.match(part):
        message = gettext_noop("Say from which level of the answer to %(code)s on it is asked.")
        raise MalformedEdition([ValidationProblem(message, "", "asked_if", code=match["code"])])
    match = ANSWER.match(part)
    if match is None:
        message = gettext_noop("“%(part)s” is not written like “own_number”, “1.1.2>=2” or “1.1.2=0,1”.")
        raise MalformedEdition([ValidationProblem(message, "", "asked_if", part=part)])
    if match["least"] is not None:
        return Asking(code=match["code"], least=int(match["least"]))
    return Asking(code=match["code"], levels=tuple(sorted({int(level) for level in match["levels"].split(",")})))


def write_askings(askings: tuple[Asking, ...]) -> str:
    return ";".join(map(str, askings))


def find_asked(
    indicators: Mapping[str, "Indicator"],
    scale: "Scale",
    traits: Collection[str],
    level_of: Callable[["Indicator"], int | None],
) -> dict[str, "Indicator"]:
    """Return those of `indicators` that are asked of a hotline with these traits, by code in their order.

    `level_of` returns the level of the hotline's own answer to an indicator, or None. The answer to an indicator that
    is not asked itself does not count.
    """

    def holds(asking: Asking, asked: Collection[str]) -> bool:
        if asking.trait:
            return asking.trait in traits
        return asking.code in asked and asking.holds_at(level_of(indicators[asking.code]), scale)

    return _find_open(indicators, holds)


def find_possibly_asked(indicators: Mapping[str, "Indicator"], traits: Collection[str]) -> dict[str, "Indicator"]:
    """Return those of `indicators` that some answers of a hotline with these traits could cause to be asked."""

    def holds(asking: Asking, asked: Collection[str]) -> bool:
        return asking.trait in traits if asking.trait else asking.code in asked

    return _find_open(indicators, holds)


def _find_open(
    indicators: Mapping[str, "Indicator"], holds: Callable[[Asking, Collection[str]], bool]
) -> dict[str, "Indicator"]:
    """Return the indicators without a condition, and repeatedly those of which an alternative holds.

    `holds` takes an alternative and the codes of the indicators that are asked so far.
    """
    asked = {code for code, indicator in indicators.items() if not indicator.asked_if}
    waiting = [indicator for code, indicator in indicators.items() if code not in asked]
    while opened := {one.code for one in waiting if any(holds(asking, asked) for asking in one.asked_if)}:
        asked |= opened
        waiting = [indicator for indicator in waiting if indicator.code not in opened]
    return {code: indicator for code, indicator in indicators.items() if code in asked}
