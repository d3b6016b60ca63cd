"""Define the base of matched exports: header lines, and problems with columns of the export. Pure."""

from abc import abstractmethod
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self

from evaluation.figures.dictionary.items import SCHEMA_VERSION, header_fields
from evaluation.figures.formats import Opened
from evaluation.figures.mapping.cells.tokens import spell
from evaluation.figures.mapping.column_mapping import LEFT_OUT, ColumnMapping, Period
from evaluation.figures.mapping.tables.adding_up import Sum
from evaluation.figures.mapping.tables.row_answers import (
    ALIKE,
    EMPTY_CELLS,
    REPEATED,
    ROW_ANSWERS,
    SAME_CASE,
    answer_for,
)
from evaluation.figures.mapping.words.uses import split_figure
from evaluation.figures.mapping.words.vocabulary import words_for_columns
from evaluation.figures.problems.file_problems import Problem


@dataclass(frozen=True, slots=True)
class RowQuestion:
    """A question about rows that only a user can answer. `about` names the answer among the mapping's constants."""

    about: str
    rows: tuple[int, ...]
    sums: tuple[Sum, ...] = ()
    """The resulting sums, if the question is whether to add up."""
    doubts: tuple[Problem, ...] = ()
    """What is odd, if the question is whether the numbers are right."""

    def as_problem(self) -> Problem:
        """Return the problem of an unanswered question."""
        if self.doubts:
            return self.doubts[0]
        code = {
            EMPTY_CELLS: "own_cells_empty",
            REPEATED: "own_figures_twice",
            ALIKE: "own_records_twice",
            SAME_CASE: "own_case_twice",
        }
        return Problem(code[self.about], self.rows[0], params={"count": len(self.rows)})


class Matched(Opened):
    """An export that is read in the published format."""

    is_published = True

    def __init__(
        self, opened: Opened, mapping: ColumnMapping, hotline_code: str, period: Period, moment: datetime
    ) -> None:
        self.opened = opened
        self.mapping = mapping
        self.hotline_code = hotline_code
        self.period = period
        self.moment = moment
        self.names_row = opened.names_row
        self.uses = tuple(mapping.use_of(name) for name in opened.names)
        start, end = (day.isoformat() for day in period)
        fields = {
            "schema_version": SCHEMA_VERSION,
            "hotline_code": hotline_code,
            "period_start": start,
            "period_end": end,
            "level": mapping.level,
            "generated_at": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            **{name: text for name, text in mapping.constants.items() if name in header_fields()},
        }
        self.top = tuple(f"# {name}: {fields[name]}" for name in header_fields() if name in fields)

    def under(self, mapping: ColumnMapping) -> Self:
        """Return the same export with another mapping of the same level."""
        return type(self)(self.opened, mapping, self.hotline_code, self.period, self.moment)

    def in_export_terms(self, problem: Problem) -> Problem:
        """Return the problem with the label of the export's column in place of that of the published format."""
        own = self.own_column(problem)
        return replace(problem, column=own) if own else problem

    @abstractmethod
    def basis(self, about: str) -> str:
        """Return what an answer about rows is given for. Raises Unreadable for an unreadable cell."""

    @property
    def confirmed(self) -> ColumnMapping:
        """The mapping with what its answers about rows are given for, to be saved."""
        bases = {about: self.basis(about) for about in ROW_ANSWERS if about in self.mapping.constants}
        return replace(self.mapping, evidence={**self.mapping.evidence, "rows": bases})

    def _is_answered(self, about: str) -> bool:
        return answer_for(self.mapping, about, self.basis(about)) in ROW_ANSWERS[about]

    @property
    @abstractmethod
    def questions(self) -> tuple[RowQuestion, ...]:
        """The open questions about rows. Raises Unreadable for an unreadable cell."""

    def find_repeated_uses(self) -> list[Problem]:
        """Return the problems of columns that have the same use as an earlier one."""
        first: dict[str, int] = {}
        return [
            Problem(
                "own_use_twice", column=self.column_label(place), params={"other_column": self.column_label(first[use])}
            )
            for place, use in enumerate(self.uses)
            if use not in ("", LEFT_OUT) and not split_figure(use) and first.setdefault(use, place) != place
        ]

    def column_label(self, place: int, cells: tuple[str, ...] = ()) -> str:
        """Return the label of a column for a problem: its name if that is a known word, else its number.

        Problems are stored, and an unknown name may be personal. `cells` are the row of the problem.
        """
        if number := self.opened.file_column(place, cells):
            return str(number)
        name = self.opened.names[place]
        return name if spell(name) in words_for_columns(self.mapping.level) else str(place + 1)

    @abstractmethod
    def own_column(self, problem: Problem) -> str | None:
        """Return the label of the export's column that a problem refers to, or None."""
