"""Problems of an uploaded workbook, as codes and places. They never contain the content of a cell."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class WorkbookProblem:
    """A problem of the file (without a sheet), of a sheet or of a cell.

    Of the file: `empty`, `too_big`, `wrong_kind`, `old_or_locked`, `broken`, `active`, `embedded`, `external`, `link`,
    `signed` (each of these with `what` and `place` of `Found`, if known), `infected`, `not_scanned`, `too_many_cells`,
    `not_a_workbook`, `other_edition`, `other_evaluation`, `rows_missing`.
    Of a sheet: `columns_missing`. Of a cell: `row_unknown`, `row_twice`, `row_without_code`, `is_formula`, `is_error`,
    `is_date`, `too_long`, `too_many_addresses`, `not_an_address`, `no_such_choice`, and the codes of InvalidAnswer.
    `evaluation.visits.sheets.workbook` has further codes, which begin with `sheet_`.
    """

    code: str
    sheet: str = ""
    cell: str = ""
    params: Mapping[str, str | int] = field(default_factory=dict)


class UnusableWorkbook(Exception):
    """The workbook cannot be used. `problems` has all its problems."""

    def __init__(self, *problems: WorkbookProblem) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems
