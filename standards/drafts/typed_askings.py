"""The condition of being asked in the editor's form: its rows, its sentence, and its problems."""

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
"""The levels of a row whose indicator is answered with yes or no."""
OR_BETTER, JUST_THIS, OR_WORSE = ">=", "=", "<="
_PARTS = re.compile(r"^(\d{1,2}\.\d{1,2}\.\d{1,2})\s*(>=|=)?\s*(.*)$", re.ASCII)


# --- Rows -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AskingRow:
    """One alternative as chosen in a form: a trait, or an indicator with a level of its answer and a comparison.

    A `subject` that is neither was typed by an editor, and is kept.
    """

    subject: str = ""
    level: str = ""
    compare: str = OR_BETTER


def split_askings(text: str, edition: "AskableParts") -> tuple[AskingRow, ...]:
    """Return the rows of a condition in its text form. `join_askings` returns an equivalent text."""
    return tuple(_read_row(part, edition) for part in filter(None, (part.strip() for part in text.split(";"))))


def _read_row(part: str, edition: "AskableParts") -> AskingRow:
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
    """Return the best of several levels, if they are all the levels from the worst up to it; otherwise None."""
    found = {int(level) for level in levels.split(",") if level.strip().isdecimal()}
    edge = max(found & set(scale.levels), key=scale.rank, default=None)
    return edge if edge is not None and len(found) > 1 and found == set(_up_to(edge, scale)) else None


def _up_to(edge: int, scale: Scale) -> list[int]:
    return [level for level in scale.levels if scale.reaches(edge, level)]


def join_askings(rows: Iterator[AskingRow], scale: Scale) -> str:
    """Return the text form of the condition of chosen rows, without empty rows. Missing levels stay missing."""
    return ";".join(dict.fromkeys(_write_row(row, scale) for row in rows if row.subject.strip()))


def _write_row(row: AskingRow, scale: Scale) -> str:
    if not _PARTS.match(row.subject):
        return row.subject
    level = {YES: str(scale.best), NO: str(scale.worst)}.get(row.level, row.level)
    compare = JUST_THIS if row.level == NO else row.compare
    if compare == OR_WORSE:
        compare = JUST_THIS
        if level.isdecimal() and int(level) in scale.levels:
            level = ",".join(map(str, _up_to(int(level), scale)))
    return f"{row.subject}{compare}{level}"


# --- The choices ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AskableParts:
    """The traits and indicators of a draft edition that a condition of being asked can name, with its texts by path.

    `indicators` have the fields on which their answers and their conditions of being asked depend. They and their
    `titles` are by code in the order of the Guide.
    """

    scale: Scale = field(default_factory=Scale)
    traits: tuple[str, ...] = ()
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    texts: Wording = field(default_factory=lambda: Wording({}))

    def is_yes_no(self, code: str) -> bool:
        return code in self.indicators and self.indicators[code].measure is Measure.YES_NO

    def levels_of(self, code: str) -> tuple[str, ...]:
        """Return the levels of the answers to an indicator in the form of `AskingRow.level`; none if they have none."""
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
        """A framework without a rule that has all indicators in one standard."""
        standard = Standard("1.1", tuple(self.indicators.values()))
        return Framework("", (Domain("D1", (standard,)),), Rule((), ()), self.scale, traits=self.traits)


def draft_askable(values: Values) -> Indicator | None:
    """Return an indicator from some of its fields; None while its measure is not chosen."""
    return draft_indicator({**{one.name: None for one in INDICATOR_STRUCTURE}, "obligation": "", **values})


# --- The sentence -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TypedAsking:
    """The sentence of a condition, empty if the indicator is asked of every hotline, and its problems."""

    sentence: Sentence = field(default_factory=Sentence)
    problems: tuple[str, ...] = ()


def describe_typed_asking(code: str, text: str, edition: AskableParts) -> TypedAsking:
    """Describe of whom the indicator `code` would be asked with a condition in its text form."""
    try:
        askings = read_askings(text)
    except MalformedEdition as unreadable:
        return TypedAsking(problems=tuple(map(translate_problem, unreadable.problems)))
    indicator = Indicator(code, "", Measure.SCALE, asked_if=askings)
    framework = edition.with_indicator(indicator).framework
    problems = (problem for problem in find_asking_problems(framework) if problem.where == f"indicator/{code}")
    sentence = describe_askings(indicator, framework, edition.texts)
    return TypedAsking(sentence, tuple(map(translate_problem, problems)))
