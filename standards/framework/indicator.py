"""An indicator: how it is answered, its source, and its texts in each language."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any

from standards.framework.asking import Asking, read_askings, write_askings
from standards.framework.canonical import LONGEST_KEY, drop_redundant_key
from standards.framework.field import Field, Text, Written, choice, day, fields_of, flag, read_plain, text
from standards.framework.figures import (
    MOST_MONTHS,
    MOST_PERCENT,
    Band,
    Formula,
    MinimumBase,
    read_bands,
    write_bands,
    write_text,
)
from standards.framework.problem import MalformedEdition, ValidationProblem, gettext_noop
from standards.framework.scale import LEVELS, Scale
from standards.framework.units import PERCENT


class Measure(StrEnum):
    """The kind of answer to an indicator: a level, yes or no, or a number, which bands convert to a level."""

    SCALE = "scale"
    YES_NO = "yes_no"
    NUMERIC = "numeric"


class Source(StrEnum):
    """The source of the evidence.

    `STATISTICS` are imported figures, `VISIT` needs observation, `SYSTEM` is MCE's own record.
    """

    DOCUMENTS = "documents"
    VISIT = "visit"
    STATISTICS = "statistics"
    SYSTEM = "system"


class Support(StrEnum):
    """The support that the hotline's answer needs to count: a text, a document, or either of them."""

    NOTHING = ""
    WORDS = "words"
    EVIDENCE = "evidence"
    EITHER = "either"


_NOT_APPLICABLE, _NOTHING = "na", "nothing"
SUPPORT_AT = re.compile(r"^(\d{1,2}|na):(nothing|words|evidence|either)$", re.ASCII)


@dataclass(frozen=True, slots=True)
class SupportAt:
    """The support that an answer at `level` needs. Without a level, it is for the answer “not applicable”."""

    level: int | None
    support: Support

    def __str__(self) -> str:
        return f"{_NOT_APPLICABLE if self.level is None else self.level}:{self.support or _NOTHING}"


def read_supports(text: str) -> tuple[SupportAt, ...]:
    """Parse a text such as `0:words;3:evidence;na:either`. An empty text has none. Raises MalformedEdition."""
    found: list[SupportAt] = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        match = SUPPORT_AT.match(part)
        if match is None:
            message = gettext_noop("“%(part)s” is not written like “0:words”, “3:evidence” or “na:either”.")
            raise MalformedEdition([ValidationProblem(message, "", "counts_at", part=part)])
        level = None if match[1] == _NOT_APPLICABLE else int(match[1])
        if level in [one.level for one in found]:
            message = gettext_noop("“%(part)s” stands beside another one of the same level. Keep one.")
            raise MalformedEdition([ValidationProblem(message, "", "counts_at", part=part)])
        found.append(SupportAt(level, Support.NOTHING if match[2] == _NOTHING else Support(match[2])))
    return tuple(found)


def write_supports(supports: tuple[SupportAt, ...]) -> str:
    return ";".join(map(str, supports))


MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. `obligation` is the code of one of the rule's obligations.

    Its fields are declared only here: the canonical form, the entries of edition files, the comparison of editions, and
    the untranslated fields of pages are all derived from this declaration. `INDICATOR_TEXTS` are its texts.

    A numeric indicator without `bands` is shown and not scored. The figure of a formula on any other indicator limits
    its level (`capped_by_figures`). `points` replace the scale's points for this indicator. `minimum_months` is the
    number of months from which figures of part of the period count; 0 requires the whole period. `counts_with` is the
    support that an answer needs, and `counts_at` replaces it at single levels and for “not applicable”. `least_words`
    is the number of words that a text needs to explain an answer. `asked_from` is the first day on which it is asked.
    `asked_if` are alternatives, of which one must hold for it to be asked of a hotline. Without any, it is asked of
    every hotline. `asked_anew` means that its meaning differs from that in the former edition, so that no answer is
    carried over. `key` identifies it across editions. If it is empty, the code does: see `permanent_key`.
    """

    code: Annotated[str, text(is_meaning=False)]
    obligation: Annotated[str, text(is_meaning=False)]
    measure: Annotated[Measure, choice(Measure)]
    source: Annotated[Source, choice(Source)] = Source.DOCUMENTS
    evidence_required: Annotated[bool, flag()] = False
    not_applicable: Annotated[bool, flag()] = False
    unit: Annotated[str, text(30, written=Written.WITH_FIGURE, of_figure=True)] = ""
    bands: Annotated[
        tuple[Band, ...],
        text(120, read=read_bands, write=write_bands, written=Written.WITH_FIGURE, of_figure=True),
    ] = ()
    formula: Annotated[
        Formula | None,
        text(read=Formula.read, write=write_text, written=Written.WITH_FIGURE, of_figure=True),
    ] = None
    minimum_base: Annotated[
        MinimumBase | None,
        text(20, read=MinimumBase.read, write=write_text, written=Written.WITH_FIGURE, of_figure=True),
    ] = None
    counts_with: Annotated[Support, choice(Support, written=Written.IF_SET)] = Support.NOTHING
    counts_at: Annotated[
        tuple[SupportAt, ...], text(120, read=read_supports, write=write_supports, written=Written.IF_SET)
    ] = ()
    least_words: Annotated[int, Field(kind=int, written=Written.IF_SET, bounds=(1, MOST_WORDS))] = 0
    asked_from: Annotated[date | None, day(written=Written.IF_SET, is_meaning=False)] = None
    asked_if: Annotated[
        tuple[Asking, ...],
        text(255, read=read_askings, write=write_askings, written=Written.IF_SET, is_meaning=False),
    ] = ()
    points: Annotated[
        tuple[int, ...], Field(kind=list, read=tuple, write=list, written=Written.IF_SET, is_meaning=False)
    ] = ()
    minimum_months: Annotated[int, Field(kind=int, written=Written.IF_SET, bounds=(1, MOST_MONTHS), of_figure=True)] = 0
    asked_anew: Annotated[bool, flag(written=Written.IF_SET, is_meaning=False)] = False
    key: Annotated[str, text(LONGEST_KEY, written=Written.IF_SET, is_meaning=False)] = ""

    def __post_init__(self) -> None:
        drop_redundant_key(self)

    @property
    def permanent_key(self) -> str:
        return self.key or self.code

    @property
    def has_figure(self) -> bool:
        """Whether it has a number, entered or computed."""
        return self.measure is Measure.NUMERIC or self.formula is not None

    @property
    def is_scored(self) -> bool:
        return self.measure is not Measure.NUMERIC or bool(self.bands)

    @property
    def has_answered_level(self) -> bool:
        """Whether the hotline's own answer has a level."""
        return self.is_scored and not self.from_figures

    @property
    def from_figures(self) -> bool:
        """Whether its value is computed from imported statistics."""
        return self.measure is Measure.NUMERIC and self.formula is not None and self.source is Source.STATISTICS

    @property
    def capped_by_figures(self) -> bool:
        """Whether people judge it, and the level of its figures limits the level."""
        return self.measure is not Measure.NUMERIC and self.formula is not None

    @property
    def supports(self) -> frozenset[Support]:
        """The kinds of support that answers to it can need."""
        return frozenset((self.counts_with, *(one.support for one in self.counts_at)))

    def support_of(self, level: int | None, scale: Scale) -> Support:
        """Return the support that an answer at a level needs; for None, the answer “not applicable”.

        By default, the worst level and “not applicable” need none.
        """
        declared = next((one.support for one in self.counts_at if one.level == level), None)
        if declared is not None:
            return declared
        return Support.NOTHING if level in (None, scale.worst) else self.counts_with

    def is_explained_by(self, words: str) -> bool:
        """Whether a text has enough words to explain an answer: `least_words`, and at least one."""
        return len(words.split()) >= max(1, self.least_words)

    def is_in_force(self, on: date | None) -> bool:
        """Whether the edition asks it on a day. Without a day, it does."""
        return on is None or self.asked_from is None or self.asked_from <= on

    def sample_values(self) -> tuple[Fraction, ...]:
        """Return a value from each range that the bands separate, in ascending order: each bound, and one between two.

        Values are at least 0. An entered percentage is at most 100; a computed one may be more.
        """
        bounds = sorted({Fraction(0), *(band.limit for band in self.bands)})
        between = [(low + high) / 2 for low, high in pairwise(bounds)]
        values = sorted((*bounds, *between, bounds[-1] + 1))
        if self.unit == PERCENT and self.formula is None:
            values = [*(value for value in values if value < MOST_PERCENT), MOST_PERCENT]
        return tuple(values)

    def level_of(self, value: Fraction, scale: Scale) -> int:
        """Return the level of a measured value: that of the first band that applies, or else the worst one."""
        return next((band.level for band in self.bands if band.holds(value)), scale.worst)

    def levels_of_values(self, scale: Scale) -> set[int]:
        """Return the levels that measured values can have."""
        return {self.level_of(value, scale) for value in self.sample_values()}

    def answer_levels(self, scale: Scale) -> set[int]:
        """Return the levels that a person's answer can have."""
        if self.measure is Measure.NUMERIC:
            return self.levels_of_values(scale)
        return {scale.worst, scale.best} if self.measure is Measure.YES_NO else set(scale.levels)


INDICATOR_STRUCTURE = fields_of(Indicator)
"""The fields that are the same in every language."""

INDICATOR_TEXTS = (
    Text("wording"),
    Text("guidance"),
    Text("evidence", 255),
    *(Text(f"level/{level}", 160) for level in LEVELS),
    Text("level/yes", 160),
    Text("level/no", 160),
    Text("recommendation/title", 120),
    Text("recommendation/text"),
    Text("recommendation/look_for", 255),
)
"""The texts of an indicator in each language."""
ADVICE = tuple(text for text in INDICATOR_TEXTS if text.table == "recommendation")
"""The texts of the recommendation that may be drafted for an indicator."""


def level_texts(measure: str, levels: tuple[int, ...]) -> Iterator[Text]:
    """Yield the texts of a measure's levels. An unknown measure has all possible ones."""
    by_measure: Mapping[str, tuple[str, ...]] = {
        Measure.SCALE: tuple(map(str, levels)),
        Measure.YES_NO: ("yes", "no"),
        Measure.NUMERIC: (),
    }
    keys = by_measure.get(measure)
    return (text for text in INDICATOR_TEXTS if text.table == "level" and (keys is None or text.key in keys))


def texts_asked_for(measure: str, levels: tuple[int, ...], *, is_advised: bool) -> Iterator[Text]:
    """Yield the texts that an indicator must have. `is_advised` means that a recommendation may be drafted for it."""
    yield from (text for text in INDICATOR_TEXTS if not text.table)
    yield from level_texts(measure, levels)
    if is_advised:
        yield from ADVICE


def write_indicator(indicator: Indicator) -> dict[str, Any]:
    """Return the fields as plain data, each if its `written` requires it."""
    data = {}
    for field in INDICATOR_STRUCTURE:
        value = getattr(indicator, field.name)
        is_written = {
            Written.ALWAYS: True,
            Written.WITH_FIGURE: indicator.has_figure,
            Written.IF_SET: bool(value),
        }[field.written]
        if is_written:
            data[field.name] = field.write(value)
    return data


def read_indicator(data: Mapping[str, Any]) -> Indicator:
    """Return the indicator from plain data. It is the inverse of `write_indicator`.

    Raises KeyError, ValueError or MalformedEdition.
    """
    return Indicator(**read_plain(INDICATOR_STRUCTURE, data))
