"""Match the columns of a hotline's own export: a suggestion to correct, shown with the file's first rows."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from evaluation.figures.dictionary.items import code_lists, code_name, items
from evaluation.figures.formats import Opened, Source, TableLayout, Unreadable
from evaluation.figures.formats.sheets import read_sheets
from evaluation.figures.intake import spool
from evaluation.figures.intake.dry_run import ASKED, ASKED_OF_ROWS
from evaluation.figures.intake.imports import limits, open_unmatched, source_of_unmatched
from evaluation.figures.intake.worker import queue_matched_file
from evaluation.figures.mapping import (
    Certainty,
    Column,
    MappingSuggestion,
    Matched,
    Period,
    covered_period,
    match,
    suggest_mapping,
)
from evaluation.figures.mapping.column_mapping import AGGREGATE, LEVELS, UNIT
from evaluation.figures.mapping.saved_layouts import evidence_of_layout, has_layout
from evaluation.figures.mapping.saved_mappings import find_saved_layout
from evaluation.figures.mapping.words.fields import fields_of, label, list_labels
from evaluation.figures.mapping.words.uses import TOTAL, is_total, open_dimensions, split_figure
from evaluation.figures.problems.file_problems import Problem, describe_problem
from evaluation.models import SpooledFile, StatisticsImport
from evaluation.workflow import Refusal
from portal.access import find_statistics, require
from portal.figures.mapping import answers as form
from portal.figures.mapping.answers import address_of_layout, read_layout
from portal.figures.mapping.errors import find_errors, find_wrong_units
from portal.figures.mapping.preview import SHOWN_ROWS, preview
from portal.figures.mapping.rows import find_row_errors, is_open, show_questions
from portal.figures.mapping.saved_mappings import find_saved_or_nearest
from portal.figures.mapping.sums import FIRST_ROWS, read_sums
from portal.presentation.numbers import plain_number
from portal.requests.signed_in import SignedInRequest

SHOWN_LETTERS = 40


@require_http_methods(["GET", "HEAD", "POST"])
def match_columns(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the suggested mapping of an export; save a confirmed mapping and queue the file for import."""
    found = find_statistics(request, uid)
    require(request, "statistics.match", found)
    if found.state != StatisticsImport.State.UNMATCHED:
        return redirect("workspace:statistics", uid)
    if request.POST.get("act") == "delete":
        spool.refuse(found, Problem("own_not_matched"))
        return redirect("workspace:statistics", uid)
    return with_file(request, found, _answer)


def with_file(
    request: SignedInRequest,
    found: StatisticsImport,
    answer: Callable[[SignedInRequest, StatisticsImport, Source], HttpResponse],
) -> HttpResponse:
    """Return the answer of a page that reads the file; refuse a file that cannot be read."""
    problems: tuple[Problem, ...] = ()
    try:
        with spool.open_spooled(found) as file:
            _require_small_file(found)
            return answer(request, found, source_of_unmatched(found, file))
    except Unreadable as unreadable:
        problems = unreadable.problems
    except (SpooledFile.DoesNotExist, FileNotFoundError, spool.Damaged):
        problems = ()
    # outside the handlers, so that no traceback contains a cell
    expired = Problem("spool_expired", params={"minutes": settings.STATISTICS_SPOOL_MINUTES})
    spool.refuse(found, *(problems or (expired,)))
    return redirect("workspace:statistics", found.uid)


def _require_small_file(found: StatisticsImport) -> None:
    """Raise Unreadable for a file that is too large: the page reads the whole file on each request."""
    if found.spooled.size > settings.STATISTICS_MATCHED_BYTES:
        raise Unreadable(
            Problem("own_too_large", params={"megabytes": settings.STATISTICS_MATCHED_BYTES // (1024 * 1024)})
        )


def _answer(request: SignedInRequest, found: StatisticsImport, source: Source) -> HttpResponse:
    chosen = read_layout(request.GET)
    layout = chosen or find_saved_layout(found.hotline, source, limits(in_web_process=True))
    opened = _open(source, layout)
    saved = find_saved_or_nearest(found.hotline, opened) if opened else None
    if opened is None or (layout is None and saved is not None and has_layout(saved)):
        return redirect(address_of_layout("workspace:choose_table", found, chosen))
    if request.method != "POST":
        return _show(request, found, source, opened, suggest_mapping(opened, saved), None, layout=layout)
    given, confirmed = (
        form.read_mapping(request.POST, opened.names),
        form.read_confirmed_columns(request.POST, opened.names),
    )
    understood = suggest_mapping(
        opened, given, answers=form.read_answers(request.POST), earlier=saved, confirmed=confirmed
    )
    period = form.read_period(request.POST) or _find_period(opened, understood)
    if request.POST.get("act") != "confirm":
        return _show(request, found, source, opened, understood, period, layout=layout)
    errors = find_errors(understood, period, request.POST)
    matched = _match(found, opened, understood, period)
    if matched and not errors:
        errors = find_row_errors(matched) or find_wrong_units(matched, understood)
    if errors or understood.problems or matched is None:
        return _show(request, found, source, opened, understood, period, errors, layout=layout, status=422)
    mapping = matched.confirmed
    if layout:
        remembered = evidence_of_layout(layout, read_sheets(source, limits(in_web_process=True)))
        mapping = replace(mapping, evidence={**mapping.evidence, **remembered})
    with suppress(Refusal):  # withdrawn, or matched by another user meanwhile
        queue_matched_file(found, opened.names, mapping, period=period, by=request.user)
    return redirect("workspace:statistics", found.uid)


def _open(source: Source, layout: TableLayout | None) -> Opened | None:
    """Open the export; None if a user must first choose where its table is. Raises Unreadable."""
    problems: tuple[Problem, ...] = ()
    try:
        return open_unmatched(source, layout)
    except Unreadable as unreadable:
        problems = unreadable.problems
    # outside the handler, so that no traceback contains a cell
    if layout or all(problem.code in (*ASKED, *ASKED_OF_ROWS) for problem in problems):
        return None
    raise Unreadable(*problems)


def _match(
    found: StatisticsImport, opened: Opened, understood: MappingSuggestion, period: Period | None
) -> Matched | None:
    """Return the export in the published format, or None while its columns have open questions."""
    if understood.questions or understood.problems or period is None:
        return None
    return match(opened, understood.mapping, hotline_code=found.hotline.code, period=period, moment=timezone.now())


def _find_period(opened: Opened, understood: MappingSuggestion) -> Period | None:
    return understood.period or (None if understood.problems else covered_period(opened, understood.mapping))


# --- Context of the page ---------------------------------------------------------------------------------------------


def _show(
    request: SignedInRequest,
    found: StatisticsImport,
    source: Source,
    opened: Opened,
    understood: MappingSuggestion,
    period: Period | None,
    errors: dict[str, str] | None = None,
    *,
    layout: TableLayout | None,
    status: int = 200,
) -> HttpResponse:
    errors = errors or {}
    period = period or _find_period(opened, understood)
    which, year = form.write_period(period)
    which, year = which or request.POST.get("period", ""), year or request.POST.get("year", "")
    matched = _match(found, opened, understood, period)
    mapping = understood.mapping
    open_questions = {question.about for question in understood.questions}
    sample = [] if understood.problems and not understood.columns else list(islice(opened.rows(), SHOWN_ROWS))
    is_long = opened.row_count > FIRST_ROWS
    first = open_unmatched(source, layout, first_rows=FIRST_ROWS) if is_long else opened
    unclear = show_questions(request, matched, errors) if matched else []
    is_known = any(column.certainty is Certainty.CONFIRMED for column in understood.columns)
    return render(
        request,
        "figures/mapping/columns.html",
        {
            "statistics": found,
            "hotline": found.hotline,
            "names_row": opened.names_row,
            "layout": layout,
            "add_up": address_of_layout("workspace:add_up_choices", found, layout),
            "sums": read_sums(found, first, understood, period, request.POST),
            "choose_table": address_of_layout("workspace:choose_table", found, layout),
            "meaning": mapping,
            "problems": [describe_problem(problem) for problem in understood.problems],
            "errors": [{"text": text, "target": f"id_{name}"} for name, text in errors.items()],
            "levels": [(level, code_name("level", level)) for level in LEVELS],
            "shapes": [
                ("long", _("Each row is one figure: its name, then its number")),
                ("wide", _("Each column is one figure: a row for each month, or for each category")),
            ],
            "is_totals": mapping.level == AGGREGATE,
            "columns": _shown_columns(request, understood, sample, errors),
            "groups": _shown_words(understood, errors),
            "missing": _shown_missing(understood, errors),
            "marks": _shown_marks(understood, errors)
            if "marks" in open_questions or request.POST.get("marks")
            else None,
            "order": _shown_order(understood, errors)
            if "order" in open_questions or request.POST.get("order")
            else None,
            "rows": _shown_rows(understood, sample),
            "periods": form.periods(),
            "which": which,
            "year": year,
            "period_error": errors.get("period"),
            "year_error": errors.get("year"),
            "definitions_error": errors.get("definition_set"),
            "systems": [(code, code_name("source_system", code)) for code in code_lists()["source_system"]],
            "completeness": [(c, code_name("completeness_note", c)) for c in code_lists()["completeness_note"]],
            "unclear": unclear,
            "as_read": preview(matched) if matched and not is_open(matched) else None,
            "is_known": is_known,
            "differs": is_known and request.method != "POST" and bool(understood.questions or unclear),
        },
        status=status,
    )


def _certainty_words(certainty: Certainty) -> tuple[str, str]:
    return {
        Certainty.NONE: ("wait", pgettext("of a guess", "no guess")),
        Certainty.LIKELY: ("wait", pgettext("of a guess", "guess, look closely")),
        Certainty.SURE: ("info", pgettext("of a guess", "guess")),
        Certainty.CONFIRMED: ("good", pgettext("of a guess", "as you said")),
    }[certainty]


def _shown_confirmation(request: SignedInRequest, column: Column, errors: dict[str, str]) -> dict[str, Any]:
    """Return the checkbox that confirms a column to contain no names, before its words are shown."""
    name = f"vouched_{column.number}"
    return {"name": name, "is_ticked": name in request.POST, "error": errors.get(name)}


def _shown_columns(
    request: SignedInRequest, understood: MappingSuggestion, sample: list[Any], errors: dict[str, str]
) -> list[dict[str, Any]]:
    """Return each column with examples, its possible uses, and the codes that divide it."""
    mapping = understood.mapping
    lists = {use.removeprefix("list:") for use in mapping.columns.values() if use.startswith("list:")}
    found = []
    for column in understood.columns:
        figure = split_figure(column.use) if mapping.shape == "wide" else None
        dimensions = items()[figure[0]].dimensions if figure else ()
        chosen = (TOTAL,) if is_total(column.use) else figure[1] if figure else ()
        kind, certainty_text = _certainty_words(column.certainty)
        found.append(
            {
                "name": f"use_{column.number}",
                "text": column.name,
                "value": figure[0] if figure else column.use,
                "kind": kind,
                "certainty": certainty_text,
                "note": _("hidden") if column.is_hidden else " · ".join(_examples(sample, column.number - 1)),
                "groups": form.uses(mapping.level, mapping.shape),
                "parts": [
                    {
                        "name": f"part_{column.number}_{place}",
                        "label": list_labels().get(dimension, dimension),
                        "choices": form.parts(dimension, place),
                        "value": chosen[place - 1] if place <= len(chosen) else "",
                    }
                    for place, dimension in enumerate(dimensions, start=1)
                    if place <= len(chosen) or dimension in set(open_dimensions(column.use)) - lists
                ],
                "error": errors.get(f"use_{column.number}"),
                "vouch": _shown_confirmation(request, column, errors) if column.is_doubtful else None,
            }
        )
    return found


def shorten(text: str) -> str:
    """Return a cell as it is shown: its beginning, with a mark if it is longer."""
    return Truncator(text).chars(SHOWN_LETTERS)


def _examples(sample: list[Any], place: int) -> list[str]:
    texts = dict.fromkeys(shorten(cells[place]) for _number, cells in sample if cells[place])
    return list(texts)[:3]


def _shown_words(understood: MappingSuggestion, errors: dict[str, str]) -> list[dict[str, Any]]:
    """Return the words by list, the least certain first."""
    level = understood.mapping.level
    groups: dict[str, dict[str, Any]] = {}
    lists = [*dict.fromkeys(question.list for question in understood.words)]
    for question in sorted(understood.words, key=lambda question: (lists.index(question.list), question.certainty)):
        group = groups.setdefault(question.list, {"label": _list_label(question.list, level), "words": []})
        kind, certainty_text = _certainty_words(question.certainty)
        name = form.word_field(question.list, question.word)
        group["words"].append(
            {
                "name": name,
                "text": question.word,
                "groups": form.answers(question, level),
                "value": form.SUBMITTED + question.code if question.certainty else "",
                "kind": kind,
                "certainty": certainty_text,
                "error": errors.get(name),
            }
        )
    return list(groups.values())


def _list_label(name: str, level: str) -> Any:
    if level != AGGREGATE and name in fields_of(level):
        return label(name)
    return {
        "item": _("Names of figures"),
        "value": _("Words where a number is expected"),
        "period": _("Words where a month, quarter or year is expected"),
        "quality": pgettext("of a figure", "Quality"),
        UNIT: _("Units of time"),
    }.get(name) or list_labels().get(name, name)


def _shown_missing(understood: MappingSuggestion, errors: dict[str, str]) -> list[dict[str, Any]]:
    mapping = understood.mapping
    if mapping.level == AGGREGATE:
        return []
    open_ = [question.list for question in understood.questions if question.about == "field"]
    answered = [name for name in fields_of(mapping.level) if mapping.constants.get(name)]
    return [
        {
            "name": f"same_{name}",
            "text": label(name),
            "groups": [("", form.missing_choices(mapping.level, name))],
            "value": mapping.constants.get(name, ""),
            "error": errors.get(f"same_{name}"),
        }
        for name in (*open_, *answered)
    ]


def _shown_marks(understood: MappingSuggestion, errors: dict[str, str]) -> dict[str, Any]:
    examples = next((q.examples for q in understood.questions if q.about == "marks"), ())
    chosen = understood.mapping.marks.decimal
    names = {
        ".": _("A point parts the decimals, a comma the thousands"),
        ",": _("A comma parts the decimals, a point the thousands"),
    }
    choices = _with_examples(names, examples, lambda reading: plain_number(Decimal(reading)))
    return {"choices": choices, "value": chosen, "error": errors.get("marks")}


def _shown_order(understood: MappingSuggestion, errors: dict[str, str]) -> dict[str, Any]:
    examples = next((q.examples for q in understood.questions if q.about == "order"), ())
    names = {"dmy": _("The day comes first"), "mdy": _("The month comes first")}
    return {
        "choices": _with_examples(names, examples, lambda month: date_format(date.fromisoformat(f"{month}-01"), "F Y")),
        "value": understood.mapping.date_order,
        "error": errors.get("order"),
    }


def _with_examples(
    names: dict[str, str], examples: Any, describe: Callable[[str], str]
) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return each answer with examples of its effect, formatted in the active language."""
    return [
        (code, name, [(text, describe(dict(readings)[code])) for text, readings in examples if code in dict(readings)])
        for code, name in names.items()
    ]


def _shown_rows(understood: MappingSuggestion, sample: list[Any]) -> list[tuple[int, list[str | None]]]:
    """Return the first rows; a hidden cell is None."""
    hidden = {column.number for column in understood.columns if column.is_hidden}
    return [
        (number, [None if place in hidden else shorten(cell) for place, cell in enumerate(cells, start=1)])
        for number, cells in sample
    ]
