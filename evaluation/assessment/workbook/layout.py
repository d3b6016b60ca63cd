"""The sheets of the workbook, its columns and what it holds for the machine."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from evaluation.assessment.judgements import AnswerInput
from evaluation.assessment.workbook.texts import clean_words
from evaluation.models import Evaluation
from standards.framework import Domain, Indicator, Standard, canonical, digest

FORMAT = "116000 self-assessment 1"
"""Stands in every workbook. A workbook of another format is not read."""
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
    """The columns of a domain's sheet, in order. The hidden first row has their keys."""

    CODE = "code"
    QUESTION = "question"
    OBLIGATION = "obligation"
    LEVELS = "levels"
    ANSWER = "answer"
    WORDS = "words"
    ADDRESSES = "addresses"
    FILES = "files"
    FIGURE = "figure"
    GUIDANCE = "guidance"
    EVIDENCE = "evidence"


COLUMNS = tuple(Column)
READ = (Column.CODE, Column.ANSWER, Column.WORDS, Column.ADDRESSES)
"""The columns that are read back."""


class Key(StrEnum):
    """The entries at the top of the hidden sheet, each with its value beside it."""

    FORMAT = "format"
    EVALUATION = "evaluation"
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


def asked_domains(evaluation: Evaluation) -> list[AskedDomain]:
    """Return what is in the workbook: the indicators that the evaluation may ask, in the order of the edition."""
    asked = evaluation.possibly_asked
    found = []
    for domain in evaluation.framework.domains:
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
    return digest(canonical([answer.level, value, answer.not_applicable, clean_words(answer.words)]))[:16]
