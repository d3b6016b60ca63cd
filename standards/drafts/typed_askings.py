"""Of whom an indicator is asked, as an editor chooses it: in rows, in a sentence, or what is wrong with it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from standards.drafts.fields import Values
from standards.drafts.frameworks import draft_indicator
from standards.drafts.part_checks import translate_problem
from standards.framework import (
    INDICATOR_STRUCTURE,
    Domain,
    Framework,
    Indicator,
    MalformedEdition,
    Measure,
    Rule,
    Scale,
    Standard,
    Wording,
)
from standards.framework.asking import read_askings
from standards.framework.validation.asking import find_asking_problems
from standards.presentation.asking_sentences import describe_askings
from standards.presentation.sentences import Sentence

YES, NO = "yes", "no"
"""The levels of an indicator with these answers, where one is chosen."""
OR_BETTER, JUST_THIS, OR_WORSE = ">=", "=", "<="
_PARTS = re.compile(r"^(\d{1,2}\.\d{1,2}\.\d{1,2})\s*(>=|=)?\s*(.*)$", re.ASCII)


# --- Rows -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AskingRow:
    """One alternative as it is chosen: a trait, or an indicator with a level of its answer and how to compare with it.

    A `subject` that is neither is what somebody typed; it is kept.
    """

    subject: str = ""
    level: str = ""
    compare: str = OR_BETTER


def split_askings(text: str, edition: "AskableParts") -> tuple[AskingRow, ...]:
    """Return the rows of a typed condition. `join_askings` returns the same condition from them."""
    return tuple(_split(part, edition) for part in filter(None, (part.strip() for part in text.split(";"))))


def _split(part: str, edition: "AskableParts") -> AskingRow:
    match = _PARTS.match(part)
    if match is None:
        return AskingRow(part)
    code, compare, level = match[1], match[2] or OR_BETTER, match[3].strip()
    if compare == JUST_THIS and (edge := _find_edge(level, edition.scale)) is not None:
        return AskingRow(code, str(edge), OR_WORSE)
    if edition.is_yes_no(code):
        if level == str(edition.scale.best):
            return AskingRow(code, YES, compare)
        if level == str(edition.scale.worst) and compare == JUST_THIS:
            return AskingRow(code, NO, compare)
    return AskingRow(code, level, compare)


def _find_edge(levels: str, scale: Scale) -> int | None:
    """Return the best of several levels that are all up to it from the worst; None if they are not."""
    found = {int(level) for level in levels.split(",") if level.strip().isdecimal()}
    edge = max(found & set(scale.levels), key=scale.rank, default=None)
    return edge if edge is not None and len(found) > 1 and found == set(_up_to(edge, scale)) else None


def _up_to(edge: int, scale: Scale) -> list[int]:
    return [level for level in scale.levels if scale.reaches(edge, level)]


def join_askings(rows: Iterator[AskingRow], scale: Scale) -> str:
    """Return chosen rows as the condition is typed, without empty ones; one that lacks a level lacks it there, too."""
    return ";".join(dict.fromkeys(_join(row, scale) for row in rows if row.subject.strip()))


def _join(row: AskingRow, scale: Scale) -> str:
    if not _PARTS.match(row.subject):
        return row.subject
    level = {YES: str(scale.best), NO: str(scale.worst)}.get(row.level, row.level)
    compare = JUST_THIS if row.level == NO else row.compare
    if compare == OR_WORSE:
        compare = JUST_THIS
        if level.isdecimal() and int(level) in scale.levels:
            level = ",".join(map(str, _up_to(int(level), scale)))
    return f"{row.subject}{compare}{level}"


# --- What it can be asked after -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AskableParts:
    """What the indicators of a draft edition can be asked after, with its texts by path.

    `indicators` have what decides on their answers and on when they are asked, `titles` are theirs, both by code and
    in the order of the Guide.
    """

    scale: Scale = field(default_factory=Scale)
    traits: tuple[str, ...] = ()
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    texts: Wording = field(default_factory=lambda: Wording({}))

    def is_yes_no(self, code: str) -> bool:
        return code in self.indicators and self.indicators[code].measure is Measure.YES_NO

    def levels_of(self, code: str) -> tuple[str, ...]:
        """Return the levels of the answers to an indicator, as rows have them; none if no answer to it has one."""
        indicator = self.indicators.get(code)
        if indicator is None or not indicator.has_answered_level:
            return ()
        if self.is_yes_no(code):
            return (YES, NO)
        return tuple(str(level) for level in sorted(indicator.answer_levels(self.scale)))

    def with_indicator(self, indicator: Indicator) -> "AskableParts":
        return replace(self, indicators={**self.indicators, indicator.code: indicator})

    @cached_property
    def framework(self) -> Framework:
        """The indicators in one standard, without a rule."""
        standard = Standard("1.1", tuple(self.indicators.values()))
        return Framework("", (Domain("D1", (standard,)),), Rule((), ()), self.scale, traits=self.traits)


def draft_askable(values: Values) -> Indicator | None:
    """Return an indicator from some of its fields, None while its measure is not chosen."""
    return draft_indicator({**{one.name: None for one in INDICATOR_STRUCTURE}, "obligation": "", **values})


# --- In words -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TypedAsking:
    """The sentence, empty if it is asked of every hotline, and the sentences on what is wrong."""

    sentence: Sentence = field(default_factory=Sentence)
    problems: tuple[str, ...] = ()


def describe_typed_asking(code: str, text: str, edition: AskableParts) -> TypedAsking:
    """Describe of whom the indicator `code` would be asked in the edition, by a condition that is typed."""
    try:
        askings = read_askings(text)
    except MalformedEdition as unreadable:
        return TypedAsking(problems=tuple(map(translate_problem, unreadable.problems)))
    indicator = Indicator(code, "", Measure.SCALE, asked_if=askings)
    framework = edition.with_indicator(indicator).framework
    problems = (problem for problem in find_asking_problems(framework) if problem.where == f"indicator/{code}")
    sentence = describe_askings(indicator, framework, edition.texts)
    return TypedAsking(sentence, tuple(map(translate_problem, problems)))
