"""The sums of an export while its columns are matched: what the choices made so far add up to, computed as a dry run.

Columns and words without a choice are left out, so that there are sums before every question is answered.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from evaluation.figures.formats import Opened, Source, Unreadable
from evaluation.figures.intake import spool
from evaluation.figures.intake.imports import open_unmatched, source_of_unmatched
from evaluation.figures.intake.published_format import MAX_ROWS, read
from evaluation.figures.mapping import (
    Certainty,
    ColumnMapping,
    MappingSuggestion,
    Matched,
    Period,
    covered_period,
    first_times,
    match,
    suggest_mapping,
)
from evaluation.figures.mapping.cells.dates import months_in
from evaluation.figures.mapping.column_mapping import AGGREGATE, LEFT_OUT, UNIT
from evaluation.figures.problems.file_problems import Problem, describe_problem
from evaluation.models import SpooledFile, StatisticsImport
from portal.access import find_statistics, require
from portal.figures.mapping import answers as form
from portal.figures.mapping.errors import find_errors
from portal.figures.mapping.preview import Sum, add_up
from portal.figures.mapping.saved_mappings import find_saved_or_nearest
from portal.requests.signed_in import SignedInRequest

FIRST_ROWS = MAX_ROWS
"""The rows that are added up: all of a table of totals, and the first ones of records."""
SHOWN_TIMES = 3
_LATER = ("column", "words", "word")
"""The questions without whose answer there are sums: what they are about is left out."""


@dataclass(frozen=True, slots=True)
class Line:
    """The sums of an item: one for each time that is shown, and that of all rows."""

    whole: Sum
    times: list[str]


@dataclass(frozen=True, slots=True)
class Sums:
    """The context of `figures/mapping/sums.html`."""

    lines: list[Line] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    rows: int = 0
    is_cut: bool = False
    open_columns: int = 0
    open_words: int = 0
    needed: dict[str, str] = field(default_factory=dict)
    """What must be answered before there are sums: sentences by field."""
    problems: list[str] = field(default_factory=list)
    is_unclear: bool = False
    """Whether there are questions about rows, which the page asks when it is shown again."""


@require_POST
def add_up_choices(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Return the sums of the choices in the form, as a part of the page of the columns. Nothing is written."""
    found = find_statistics(request, uid)
    require(request, "statistics.match", found)
    if found.state != StatisticsImport.State.UNMATCHED:
        return HttpResponse(status=409)
    problems: tuple[Problem, ...] = ()
    try:
        with spool.open_spooled(found) as file:
            shown = _read_choices(request, found, source_of_unmatched(found, file))
    except Unreadable as unreadable:
        problems = unreadable.problems
    except (SpooledFile.DoesNotExist, FileNotFoundError, spool.Damaged):
        return HttpResponse(status=409)
    # outside the handlers, so that no traceback contains a cell
    if problems:
        shown = Sums(problems=[describe_problem(problem) for problem in problems])
    return render(request, "figures/mapping/sums.html", {"sums": shown})


def _read_choices(request: SignedInRequest, found: StatisticsImport, source: Source) -> Sums:
    opened = open_unmatched(source, form.read_layout(request.GET), first_rows=FIRST_ROWS)
    given = form.read_mapping(request.POST, opened.names)
    unsaid = [name for name in opened.names if name not in given.columns and name not in given.ignored]
    understood = suggest_mapping(
        opened,
        replace(given, ignored=(*given.ignored, *unsaid)),
        answers=form.read_answers(request.POST),
        earlier=find_saved_or_nearest(found.hotline, opened),
        confirmed=form.read_confirmed_columns(request.POST, opened.names),
    )
    period = form.read_period(request.POST) or understood.period
    return read_sums(found, opened, understood, period, request.POST, open_columns=len(unsaid))


def read_sums(
    found: StatisticsImport,
    opened: Opened,
    understood: MappingSuggestion,
    period: Period | None,
    post: Mapping[str, str],
    *,
    open_columns: int | None = None,
) -> Sums:
    """Return what the choices made so far add up to. `open_columns` is the number of columns without a choice."""
    if understood.problems:
        return Sums(problems=[describe_problem(problem) for problem in understood.problems])
    units = {(question.list, question.word) for question in understood.words if question.list == UNIT}
    blocking = tuple(
        question
        for question in understood.questions
        if question.about not in _LATER or (question.list, question.word) in units
    )
    without = {question.column for question in understood.questions if question.about == "column"}
    mapping, open_words = _without_unsaid(understood, without)
    period = period or _find_period(opened, mapping)
    if needed := find_errors(replace(understood, questions=blocking), period, post):
        return Sums(needed=needed)
    assert period is not None
    whole = _match(found, opened, mapping, period)
    read_rows, problems = _read(whole)
    if problems:
        return Sums(problems=problems, is_unclear=_is_unclear(whole))
    times = first_times(opened, mapping, period, SHOWN_TIMES)
    plain = replace(mapping, evidence={**mapping.evidence, "rows": {}})  # answers about rows were given for the whole
    of_times = [{each.code: each.total for each in _read(_match(found, opened, plain, time))[0]} for time in times]
    return Sums(
        lines=[Line(whole, [sums.get(whole.code, "") for sums in of_times]) for whole in read_rows],
        times=[_format_time(time) for time in times],
        rows=opened.row_count - opened.empty_count,
        is_cut=opened.is_cut,
        open_columns=len(without) if open_columns is None else open_columns,
        open_words=open_words,
        is_unclear=_is_unclear(whole),
    )


def _find_period(opened: Opened, mapping: ColumnMapping) -> Period | None:
    with suppress(Unreadable):
        return covered_period(opened, mapping)
    return None


def _without_unsaid(understood: MappingSuggestion, columns: set[str]) -> tuple[ColumnMapping, int]:
    """Return the mapping without these columns and without words that mean nothing yet, and the number of words."""
    mapping = understood.mapping
    unsaid = [
        question for question in understood.words if question.certainty is Certainty.NONE and question.list != UNIT
    ]
    codes = {name: dict(words) for name, words in mapping.codes.items()}
    for question in unsaid:
        is_left_out = mapping.level == AGGREGATE and question.list not in ("value", "quality")
        codes.setdefault(question.list, {})[question.word] = LEFT_OUT if is_left_out else ""
    kept = {name: use for name, use in mapping.columns.items() if name not in columns}
    ignored = tuple({*mapping.ignored, *(mapping.columns.keys() - kept.keys())})
    return replace(mapping, codes=codes, columns=kept, ignored=ignored), len(unsaid)


def _match(found: StatisticsImport, opened: Opened, mapping: ColumnMapping, period: Period) -> Matched:
    return match(opened, mapping, hotline_code=found.hotline.code, period=period, moment=timezone.now())


def _read(matched: Matched) -> tuple[list[Sum], list[str]]:
    """Return the sums of an export as it will be read, or why it cannot be read."""
    problems: tuple[Problem, ...] | list[Problem] = ()
    try:
        reading = read(matched)
        problems = [matched.in_export_terms(problem) for problem in reading.problems]
    except Unreadable as unreadable:
        problems = unreadable.problems
    # outside the handler, so that no traceback contains a cell
    if problems:
        return [], [describe_problem(problem) for problem in problems]
    return add_up(reading.rows), []


def _is_unclear(matched: Matched) -> bool:
    with suppress(Unreadable):
        return bool(matched.questions)
    return False


def _format_time(time: Period) -> str:
    months = len(months_in(time))
    if months == 1:
        return date_format(time[0], "M Y")
    if months == 3:
        # Translators: a quarter of a year, short: Q3 2025.
        return _("Q%(quarter)d %(year)d") % {"quarter": (time[0].month + 2) // 3, "year": time[0].year}
    return date_format(time[0], "Y") if months == 12 else f"{date_format(time[0], 'M')}–{date_format(time[1], 'M Y')}"
