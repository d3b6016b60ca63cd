"""The results of the sheets of a visit: for each criterion, the exact number that met it and the number examined."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluation.models import SheetRow
from evaluation.visits.sheets.rows import DOES_NOT_APPLY, MET, ReadSheet
from evaluation.visits.sheets.templates import Criterion, Kind, SheetTemplate
from standards.framework import Framework


@dataclass(frozen=True, slots=True)
class Count:
    """A count: `met` of the `of` rows or files to which a criterion applied. If `of` is 0, the share is None, not 0."""

    met: int
    of: int
    threshold: int | None = None

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.met, self.of) if self.of else None

    @property
    def is_reached(self) -> bool | None:
        """Whether the share reaches the threshold; None without a threshold or a share."""
        if self.threshold is None or self.share is None:
            return None
        return self.share * 100 >= self.threshold


@dataclass(frozen=True, slots=True)
class CriterionResult:
    criterion: Criterion
    count: Count
    not_applicable: int


@dataclass(frozen=True, slots=True)
class SheetResult:
    """The result of a sheet. `rows` is the number of rows.

    `every` counts the rows that met all criteria that applied; None for files and interviews.
    """

    template: SheetTemplate
    rows: int
    criteria: tuple[CriterionResult, ...]
    every: Count | None

    @property
    def missing(self) -> int:
        """How many rows are missing to the number asked for."""
        return max(0, self.template.asked - self.rows)

    @property
    def reached(self) -> Count | None:
        """The count of criteria that reach the threshold; None without a threshold."""
        if self.template.threshold is None:
            return None
        decided = [one.count.is_reached for one in self.criteria if one.count.is_reached is not None]
        return Count(sum(decided), len(decided))

    @property
    def is_passed(self) -> bool | None:
        """Whether every criterion reaches the threshold; None without a threshold or result, or if rows are missing."""
        reached = self.reached
        if reached is None or not reached.of or self.missing:
            return None
        return reached.met == reached.of


def compute_result(sheet: ReadSheet) -> SheetResult:
    """Compute the result of the rows of a sheet."""
    template = sheet.template
    count = _count_files if template.kind == Kind.FILES else _count_marks
    return SheetResult(
        template,
        len(sheet.rows),
        tuple(count(criterion, sheet.rows, template.threshold) for criterion in template.criteria),
        None if template.kind in (Kind.FILES, Kind.INTERVIEWS) else _count_rows(sheet.rows),
    )


def _count_marks(criterion: Criterion, rows: Sequence[SheetRow], threshold: int | None) -> CriterionResult:
    marks = [row.marks[criterion.key] for row in rows]
    applies = [mark for mark in marks if mark != DOES_NOT_APPLY]
    return CriterionResult(criterion, Count(applies.count(MET), len(applies), threshold), len(marks) - len(applies))


def _count_files(criterion: Criterion, rows: Sequence[SheetRow], threshold: int | None) -> CriterionResult:
    met, of = sum(row.marks[criterion.key] for row in rows), sum(row.looked_at or 0 for row in rows)
    return CriterionResult(criterion, Count(met, of, threshold), 0)


def _count_rows(rows: Sequence[SheetRow]) -> Count:
    applied = [[mark for mark in row.marks.values() if mark != DOES_NOT_APPLY] for row in rows]
    return Count(sum(set(marks) == {MET} for marks in applied), sum(map(bool, applied)))


@dataclass(frozen=True, slots=True)
class LinkedResult:
    """A result that is linked to an indicator: that of a criterion, or of the whole sheet if `criterion` is None."""

    result: SheetResult
    criterion: CriterionResult | None = None


def link_results(framework: Framework, results: Iterable[SheetResult]) -> Mapping[str, Sequence[LinkedResult]]:
    """Return the results by the code of each linked indicator. Keys that the edition does not have are ignored."""
    found: dict[str, list[LinkedResult]] = {}
    for result in results:
        for code in _indicators(framework, result.template.keys):
            found.setdefault(code, []).append(LinkedResult(result))
        for one in result.criteria:
            for code in _indicators(framework, one.criterion.keys):
                found.setdefault(code, []).append(LinkedResult(result, one))
    return found


def _indicators(framework: Framework, keys: Iterable[str]) -> list[str]:
    """Return the codes of the indicators that have, or whose standards have, one of these permanent keys."""
    wanted = set(keys)
    return [
        code
        for code, indicator in framework.indicators.items()
        if not wanted.isdisjoint((indicator.permanent_key, framework.standard_of[code].permanent_key))
    ]
