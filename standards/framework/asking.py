"""Conditions of being asked: a trait of the hotline, or the level of its answer to another indicator."""

import re
from dataclasses import dataclass

from standards.framework.problem import MalformedEdition, ValidationProblem, gettext_noop
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

    def holds_at(self, level: int | None, scale: Scale) -> bool:
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
