"""What the sheets of a visit come to: for each criterion how many of how many met it, exactly."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluation.models import SheetRow
from evaluation.visits.sheets.rows import DOES_NOT_APPLY, MET, ReadSheet
from evaluation.visits.sheets.templates import Criterion, Kind, SheetTemplate
from standards.framework import Framework


@dataclass(frozen=True, slots=True)
class Count:
    """`met` of the `of` to which a criterion applied. None of none is no share, and not 0."""

    met: int
    of: int
    threshold: int | None = None

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.met, self.of) if self.of else None

    @property
    def is_reached(self) -> bool | None:
        """Whether as many met it as are asked; None without a threshold, and where it applied to nothing."""
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
    """The result of a sheet. `rows` is how many there are; of contacts, `every` counts those that met all that applied."""

    template: SheetTemplate
    rows: int
    criteria: tuple[CriterionResult, ...]
    every: Count | None

    @property
    def missing(self) -> int:
        """How many rows are missing of the number that is asked."""
        return max(0, self.template.asked - self.rows)

    @property
    def reached(self) -> Count | None:
        """How many of the criteria are met by as many as are asked; None without a threshold."""
        if self.template.threshold is None:
            return None
        decided = [one.count.is_reached for one in self.criteria if one.count.is_reached is not None]
        return Count(sum(decided), len(decided))

    @property
    def is_passed(self) -> bool | None:
        """Whether every criterion is reached, by as many rows as are asked; None while that cannot be said."""
        reached = self.reached
        if reached is None or not reached.of or self.missing:
            return None
        return reached.met == reached.of


def compute_result(sheet: ReadSheet) -> SheetResult:
    """Return what the rows of a sheet come to."""
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
    """A result that tells something of an indicator: that of a criterion, or of the sheet without one."""

    result: SheetResult
    criterion: CriterionResult | None = None


def link_results(framework: Framework, results: Iterable[SheetResult]) -> Mapping[str, Sequence[LinkedResult]]:
    """Return the results by the code of each indicator that they are linked to; what the edition lacks is left out."""
    found: dict[str, list[LinkedResult]] = {}
    for result in results:
        for code in _indicators(framework, result.template.keys):
            found.setdefault(code, []).append(LinkedResult(result))
        for one in result.criteria:
            for code in _indicators(framework, one.criterion.keys):
                found.setdefault(code, []).append(LinkedResult(result, one))
    return found


def _indicators(framework: Framework, keys: Iterable[str]) -> list[str]:
    """Return the codes of the indicators with these keys, and of those of the standards with them."""
    wanted = set(keys)
    return [
        code
        for code, indicator in framework.indicators.items()
        if not wanted.isdisjoint((indicator.permanent_key, framework.standard_of[code].permanent_key))
    ]
