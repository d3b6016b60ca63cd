"""The responses of the API: codes for programs, and sentences for users."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from evaluation.figures.intake.dry_run import CheckedFile
from evaluation.figures.problems.file_problems import Problem, describe_problem
from evaluation.figures.problems.row_sentences import describe_rows
from evaluation.models import StatisticsImport


class Remark(Schema):
    """A problem or a warning of a file. Never the content of a cell."""

    code: str
    row: int | None = Field(None, description="As a spreadsheet counts, from 1.")
    column: str | None = None
    item: str | None = None
    sentence: str = Field(description="What is so and what to do, in the language of Accept-Language.")

    @classmethod
    def of(cls, problem: Problem) -> "Remark":
        return cls(
            code=problem.code,
            row=problem.row,
            column=None if problem.column is None else str(problem.column),
            item=problem.item,
            sentence=describe_problem(problem),
        )


class SomeRows(Schema):
    count: int
    rows: list[int] = Field(description="The first of them, as a spreadsheet counts.")


class Rows(Schema):
    """The rows below the column names by what became of them: each is in exactly one count."""

    in_file: int
    read: int
    empty: int
    left_out: SomeRows | None = Field(None, description="As a person said when the columns were matched.")
    outside: SomeRows | None = Field(None, description="Of another time than the file.")
    repeated: SomeRows | None = Field(None, description="The same as a row above, of which one counts, as was said.")
    sentences: list[str]

    @classmethod
    def of(cls, account: Mapping[str, Any]) -> "Rows | None":
        """Return the counts from `RowAccount.as_data`; None for an older import."""
        return cls(**account, sentences=describe_rows(account)) if account else None


class Delivery(Schema):
    """One file that was sent, and its state."""

    uid: UUID
    state: str = Field(
        description="uploaded, unmatched, refused, checked, confirmed, returned, accepted, superseded or withdrawn"
    )
    state_name: str
    file_name: str
    file_sha256: str
    sent_at: datetime
    level: str | None = None
    period_start: date | None = None
    period_end: date | None = None
    rows_read: int | None = None
    rows: Rows | None = None
    problems: list[Remark]
    warnings: list[Remark]
    status_url: str
    page_url: str = Field(description="Where a person of the hotline matches columns, explains warnings and confirms.")


class Page(Schema):
    count: int
    page: int
    pages: int
    results: list[Delivery]


class DryRun(Schema):
    """The result of a dry run. Nothing was stored."""

    is_taken: bool
    file_sha256: str
    columns_unknown: bool = Field(description="A person has to match the columns of this export once, on the site.")
    level: str | None = None
    period_start: date | None = None
    period_end: date | None = None
    rows_read: int | None = None
    rows: Rows | None = None
    figures: int | None = None
    problems: list[Remark] = []
    warnings: list[Remark] = []


class Refused(Schema):
    code: str
    sentence: str


def delivery(statistics: StatisticsImport, *, status_url: str, page_url: str) -> Delivery:
    return Delivery(
        uid=statistics.uid,
        state=statistics.state,
        state_name=str(statistics.get_state_display()),
        file_name=statistics.file_name,
        file_sha256=statistics.file_digest,
        sent_at=statistics.uploaded_at,
        level=statistics.level or None,
        period_start=statistics.period_start,
        period_end=statistics.period_end,
        rows_read=statistics.rows_read,
        rows=Rows.of(statistics.row_account),
        problems=[Remark.of(Problem.from_data(data)) for data in statistics.problems],
        warnings=[Remark.of(Problem.from_data(data)) for data in statistics.warnings],
        status_url=status_url,
        page_url=page_url,
    )


def dry_run_of(checked_file: CheckedFile, digest: str) -> DryRun:
    return DryRun(
        is_taken=True,
        file_sha256=digest,
        columns_unknown=False,
        level=checked_file.header.level,
        period_start=checked_file.header.period_start,
        period_end=checked_file.header.period_end,
        rows_read=checked_file.rows_read,
        rows=Rows.of(checked_file.account.as_data()),
        figures=len(checked_file.rows),
        warnings=[Remark.of(warning) for warning in checked_file.warnings],
    )
