"""What every matched export has: the lines on top, and its own words for what is wrong with it. Pure."""

from abc import abstractmethod
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self

from evaluation.crm.dictionary.items import SCHEMA_VERSION, header_fields
from evaluation.crm.formats import Opened
from evaluation.crm.mapping.cells.tokens import spell
from evaluation.crm.mapping.column_mapping import LEFT_OUT, ColumnMapping, Period
from evaluation.crm.mapping.tables.adding_up import Sum
from evaluation.crm.mapping.words.uses import split_figure
from evaluation.crm.mapping.words.vocabulary import words_for_columns
from evaluation.crm.problems.file_problems import Problem


@dataclass(frozen=True, slots=True)
class RowQuestion:
    """What only a person can say of some rows. `about` names the constant of the meaning that answers it."""

    about: str
    rows: tuple[int, ...]
    sums: tuple[Sum, ...] = ()
    """What adding up would give, where that is the question."""

    def as_problem(self) -> Problem:
        """Why the file cannot be read without an answer."""
        code = {"empty_cells": "own_cells_empty", "repeated": "own_figures_twice", "alike": "own_records_twice"}
        return Problem(code[self.about], self.rows[0], params={"count": len(self.rows)})


class Matched(Opened):
    """An `Opened` in the published form."""

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
        said = {
            "schema_version": SCHEMA_VERSION,
            "hotline_code": hotline_code,
            "period_start": start,
            "period_end": end,
            "level": mapping.level,
            "generated_at": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            **{name: text for name, text in mapping.constants.items() if name in header_fields()},
        }
        self.top = tuple(f"# {name}: {said[name]}" for name in header_fields() if name in said)

    def under(self, mapping: ColumnMapping) -> Self:
        """The same export, with another meaning of the same level."""
        return type(self)(self.opened, mapping, self.hotline_code, self.period, self.moment)

    def in_own_words(self, problem: Problem) -> Problem:
        """The same problem, with the column as it is in the hotline's own export."""
        own = self.own_column(problem)
        return replace(problem, column=own) if own else problem

    @property
    @abstractmethod
    def questions(self) -> tuple[RowQuestion, ...]:
        """What stands open. Raises Unreadable where a cell cannot be read."""

    def find_repeated_uses(self) -> list[Problem]:
        """Columns that say the same as another one, of which only one could be read."""
        first: dict[str, int] = {}
        return [
            Problem(
                "own_use_twice", column=self.column_label(place), params={"other_column": self.column_label(first[use])}
            )
            for place, use in enumerate(self.uses)
            if use not in ("", LEFT_OUT) and not split_figure(use) and first.setdefault(use, place) != place
        ]

    def column_label(self, place: int) -> str:
        """How a column is named in a problem, which is kept: as it is written if we know the word, else by its number."""
        name = self.opened.names[place]
        return name if spell(name) in words_for_columns(self.mapping.level) else str(place + 1)

    @abstractmethod
    def own_column(self, problem: Problem) -> str | None:
        """The hotline's own column that a problem is about, as it is told."""
