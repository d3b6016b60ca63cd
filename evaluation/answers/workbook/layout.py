"""The sheets and columns of a workbook, and its hidden state."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from evaluation.answers.judgements import AnswerInput
from evaluation.answers.workbook.texts import clean_words
from standards.framework import Domain, Framework, Indicator, Standard, canonical, digest

STATE_SHEET = "_state"
"""The hidden sheet of the source of the workbook, with the version of each answer."""
HEAD_ROWS = 3
"""Rows above the first standard of a domain's sheet: the hidden keys, the title, the headings."""
LONGEST_CELL = 32_767
"""In characters, by the specification of Excel."""
KEPT_DIGITS = 15
"""The number of significant digits that a spreadsheet stores."""
_LONGEST_NAME = 31
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


class Column(StrEnum):
    """The possible columns of a domain's sheet. The values are the keys in the hidden first row."""

    CODE = "code"
    QUESTION = "question"
    OBLIGATION = "obligation"
    LEVELS = "levels"
    HOTLINE_ANSWER = "said"
    """The hotline's answer."""
    NOTES = "notes"
    """The notes of the desk review."""
    ANSWER = "answer"
    WORDS = "words"
    STRENGTH = "strength"
    CONCERN = "concern"
    GOOD_PRACTICE = "good_practice"
    ADDRESSES = "addresses"
    FILES = "files"
    FIGURE = "figure"
    GUIDANCE = "guidance"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a kind of workbook, in order, and the columns to fill in.

    Every workbook of the kind contains `format`; a workbook with another format is refused.
    """

    format: str
    columns: tuple[Column, ...]
    entries: tuple[Column, ...]

    @property
    def read(self) -> tuple[Column, ...]:
        """The columns that are read back."""
        return (Column.CODE, *self.entries)


_ASKED = (Column.CODE, Column.QUESTION, Column.OBLIGATION, Column.LEVELS)
_ANSWERED = (Column.ANSWER, Column.WORDS, Column.ADDRESSES)
_OBSERVED = (Column.ANSWER, Column.WORDS, Column.STRENGTH, Column.CONCERN, Column.GOOD_PRACTICE)
_HELP = (Column.GUIDANCE, Column.EVIDENCE)
ANSWERS = Layout(
    "116000 self-assessment 1", (*_ASKED, *_ANSWERED, Column.FILES, Column.FIGURE, *_HELP), entries=_ANSWERED
)
OBSERVATIONS = Layout(
    "116000 study visit 1", (*_ASKED, Column.HOTLINE_ANSWER, Column.NOTES, *_OBSERVED, *_HELP), entries=_OBSERVED
)


class Key(StrEnum):
    """The keys of the entries at the top of the hidden sheet. The value is in the next cell of the row."""

    FORMAT = "format"
    EVALUATION = "evaluation"
    """The `uid` of the subject; for a visit it also contains that of the assessor."""
    EDITION = "edition"
    LANGUAGE = "language"
    MADE_AT = "made_at"


class StateColumn(StrEnum):
    """The columns of the table below the entries, with a row per indicator."""

    CODE = "code"
    VERSION = "version"
    """The version of the stored answer; empty if the row is not read: it is fixed, or too long for a cell."""
    WAS = "was"
    """The fingerprint of the stored answer."""
    ADDRESSES = "addresses"
    """The stored addresses, one per line."""


@dataclass(frozen=True, slots=True)
class AskedDomain:
    """A domain with its standards and their indicators that are asked, now or depending on other answers."""

    domain: Domain
    standards: tuple[tuple[Standard, tuple[Indicator, ...]], ...]

    @property
    def indicators(self) -> Iterator[Indicator]:
        for _, indicators in self.standards:
            yield from indicators


def asked_domains(framework: Framework, asked: Collection[str]) -> list[AskedDomain]:
    """Return the domains with asked indicators, in the order of the edition. `asked` are indicator codes."""
    found = []
    for domain in framework.domains:
        standards = tuple(
            (standard, indicators)
            for standard in domain.standards
            if (indicators := tuple(one for one in standard.indicators if one.code in asked))
        )
        if standards:
            found.append(AskedDomain(domain, standards))
    return found


def sheet_name(text: str) -> str:
    """Return a valid sheet name: the text without forbidden characters, truncated to 31."""
    return _NOT_IN_A_NAME.sub(" ", text)[:_LONGEST_NAME].strip(" '")


def fingerprint(answer: AnswerInput) -> str:
    """Return a digest of an answer. Reading compares it to detect an offline change."""
    value = None if answer.value is None else f"{answer.value.normalize():f}"
    sides = [clean_words(answer.strength), clean_words(answer.concern), answer.good_practice, answer.not_seen]
    observed = sides if any(sides) else []
    return digest(canonical([answer.level, value, answer.not_applicable, clean_words(answer.words), *observed]))[:16]
