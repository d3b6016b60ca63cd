"""Compare a filled workbook with the stored answers: what would change, and where a newer answer conflicts."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from evaluation.answers.unresolved_texts import as_input
from evaluation.answers.workbook.layout import fingerprint
from evaluation.answers.workbook.reading import FilledRow, FilledWorkbook
from evaluation.answers.workbook.subject import Subject
from evaluation.models import Evidence
from evaluation.models.answers.judgements import Judgement


class Difference(StrEnum):
    """How the answer of a row differs from the stored answer."""

    NONE = "none"
    """They are the same, or the answer was not changed offline."""
    CHANGE = "change"
    CONFLICT = "conflict"
    """It was changed offline, and the stored answer is newer than the workbook."""
    FIXED = "fixed"
    """It was changed offline, but the stored answer cannot be changed, because only others were sent back."""


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A row of the workbook with the stored answer, and the addresses that the row adds and removes."""

    row: FilledRow
    stored: Judgement
    difference: Difference
    added: tuple[str, ...]
    removed: tuple[Evidence, ...]

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def is_conflict(self) -> bool:
        return self.difference is Difference.CONFLICT

    @property
    def is_fixed(self) -> bool:
        return self.difference is Difference.FIXED

    @property
    def is_changed(self) -> bool:
        """Whether confirming writes something without a choice on a conflict."""
        return self.difference is Difference.CHANGE or bool(self.added or self.removed)


@dataclass(frozen=True, slots=True)
class Comparison:
    rows: tuple[ComparedRow, ...]

    @property
    def changes(self) -> list[ComparedRow]:
        return [row for row in self.rows if row.is_changed]

    @property
    def conflicts(self) -> list[ComparedRow]:
        return [row for row in self.rows if row.is_conflict]

    @property
    def fixed(self) -> list[ComparedRow]:
        return [row for row in self.rows if row.is_fixed]


def compare_workbook(subject: Subject, workbook: FilledWorkbook) -> Comparison:
    """Return every row of the workbook compared with the stored answer. Two queries."""
    stored, links = subject.find_stored(), subject.find_links()
    return Comparison(
        tuple(
            _compare(row, stored[row.code], links.get(row.code, ()), is_open=subject.is_code_open(row.code))
            for row in workbook.rows
            if row.code in stored
        )
    )


def _compare(row: FilledRow, stored: Judgement, links: Sequence[Evidence], *, is_open: bool) -> ComparedRow:
    present = {link.address for link in links}
    added = [one for one in row.addresses if one not in row.former_addresses and one not in present]
    taken_out = set(row.former_addresses) - set(row.addresses)
    removed = [link for link in links if link.address in taken_out]
    difference = _difference(row, stored)
    if not is_open:
        is_changed = difference is not Difference.NONE or added or removed
        return ComparedRow(row, stored, Difference.FIXED if is_changed else Difference.NONE, (), ())
    return ComparedRow(row, stored, difference, tuple(added), tuple(removed))


def _difference(row: FilledRow, stored: Judgement) -> Difference:
    if not row.is_edited or fingerprint(row.answer) == fingerprint(as_input(stored)):
        return Difference.NONE
    return Difference.CHANGE if row.version == stored.version else Difference.CONFLICT
