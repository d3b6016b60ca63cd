"""The sheets of a workbook, its columns and what it holds for the machine."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from evaluation.assessment.judgements import AnswerInput
from evaluation.assessment.workbook.texts import clean_words
from standards.framework import Domain, Framework, Indicator, Standard, canonical, digest

STATE_SHEET, CHOICES_SHEET = "_state", "_choices"
"""Hidden: what the workbook was made of, with the version of each answer; and the choices of the lists."""
HEAD_ROWS = 3
"""Rows above the first standard of a domain's sheet: the hidden keys, the title, the headings."""
LONGEST_CELL = 32_767
"""Characters, by the specification of Excel."""
KEPT_DIGITS = 15
"""Digits that a spreadsheet keeps of a number."""
_LONGEST_NAME = 31
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


class Column(StrEnum):
    """What a domain's sheet may have as a column. The hidden first row has their keys."""

    CODE = "code"
    QUESTION = "question"
    OBLIGATION = "obligation"
    LEVELS = "levels"
    SAID = "said"
    """What the hotline answered."""
    NOTES = "notes"
    """What the desk review marked."""
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
    """The columns of a kind of workbook, in order, and which of them are filled in.

    `format` stands in every workbook of the kind; one of another format is not read.
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
    "116000 study visit 1", (*_ASKED, Column.SAID, Column.NOTES, *_OBSERVED, *_HELP), entries=_OBSERVED
)


class Key(StrEnum):
    """The entries at the top of the hidden sheet, each with its value beside it."""

    FORMAT = "format"
    EVALUATION = "evaluation"
    """The uid of the subject: for a visit, that of the assessor stands behind it."""
    EDITION = "edition"
    LANGUAGE = "language"
    MADE_AT = "made_at"


class StateColumn(StrEnum):
    """The columns of the table below those entries: a row for each indicator."""

    CODE = "code"
    VERSION = "version"
    """Of the stored answer; empty if the row has no room for it and is not read."""
    WAS = "was"
    """The digest of the stored answer."""
    ADDRESSES = "addresses"
    """The stored addresses, a line each."""


@dataclass(frozen=True, slots=True)
class AskedDomain:
    """A domain with the indicators that are asked, now or after other answers, by standard."""

    domain: Domain
    standards: tuple[tuple[Standard, tuple[Indicator, ...]], ...]

    @property
    def indicators(self) -> Iterator[Indicator]:
        for _, indicators in self.standards:
            yield from indicators


def asked_domains(framework: Framework, asked: Collection[str]) -> list[AskedDomain]:
    """Return the domains in which something is asked, in the order of the edition. `asked` are codes of indicators."""
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
    """Return the name of a sheet: as much of a text as a name has room for."""
    return _NOT_IN_A_NAME.sub(" ", text)[:_LONGEST_NAME].strip(" '")


def fingerprint(answer: AnswerInput) -> str:
    """Return a digest of an answer by which a reader tells whether it was changed offline."""
    value = None if answer.value is None else f"{answer.value.normalize():f}"
    sides = [clean_words(answer.strength), clean_words(answer.concern), answer.good_practice, answer.not_seen]
    observed = sides if any(sides) else []
    return digest(canonical([answer.level, value, answer.not_applicable, clean_words(answer.words), *observed]))[:16]
