"""Matching the columns of a hotline's own export, once: a guess to correct, shown with the file's first rows."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.crm import spool
from evaluation.crm.dictionary import code_lists, code_name, items
from evaluation.crm.importing import keep_matching, open_unmatched
from evaluation.crm.matching import Certainty, Column, Guess, Meaning, Period, covered_period, guess
from evaluation.crm.matching.fields import PARTS, fields_of, label, list_labels
from evaluation.crm.matching.meaning import AGGREGATE, LEVELS
from evaluation.crm.matching.uses import LIST, open_dimensions, split_figure
from evaluation.crm.opening import Opened, Unreadable
from evaluation.crm.problems import Problem, words
from evaluation.crm.remembering import find_matching, find_nearest, meaning_of
from evaluation.crm.taking import read_statistics
from evaluation.models import Hotline, Matching, SpooledFile, StatisticsImport
from evaluation.workflow import Refusal
from portal.workspace import matching_answers as form
from portal.workspace.doorway import find_hotline, find_statistics, require
from portal.workspace.indicators import plain_number
from portal.workspace.matching_rows import SHOWN_ROWS, find_row_errors, show_rows

SHOWN_LETTERS = 40
MOST_REMEMBERED = 20


@require_http_methods(["GET", "HEAD", "POST"])
def match_columns(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what an export seems to mean; keep what a person confirms, and let it be read."""
    found = find_statistics(request, uid)
    require(request, "statistics.match", found)
    if found.state != StatisticsImport.State.UNMATCHED:
        return redirect("workspace:statistics", uid)
    if request.POST.get("act") == "delete":
        spool.refuse(found, Problem("own_not_matched"))
        return redirect("workspace:statistics", uid)
    problems: tuple[Problem, ...] = ()
    try:
        with spool.open_spooled(found) as file:
            _demand_short(found)
            return _answer(request, found, open_unmatched(found, file))
    except Unreadable as unreadable:
        problems = unreadable.problems
    except (SpooledFile.DoesNotExist, FileNotFoundError, spool.Damaged):
        problems = ()
    # outside the handlers, so that no traceback carries a cell along
    expired = Problem("spool_expired", params={"minutes": settings.STATISTICS_SPOOL_MINUTES})
    spool.refuse(found, *(problems or (expired,)))
    return redirect("workspace:statistics", uid)


def _demand_short(found: StatisticsImport) -> None:
    """The page reads the whole file, each time it is shown."""
    if found.spooled.size > settings.STATISTICS_MATCHED_BYTES:
        raise Unreadable(
            Problem("own_too_large", params={"megabytes": settings.STATISTICS_MATCHED_BYTES // (1024 * 1024)})
        )


def _answer(request: HttpRequest, found: StatisticsImport, opened: Opened) -> HttpResponse:
    kept = _remembered(found.hotline, opened)
    if request.method != "POST":
        return _show(request, found, opened, guess(opened, kept), None)
    said, vouched = form.read_meaning(request.POST, opened.names), form.read_vouched(request.POST, opened.names)
    understood = guess(opened, said, answers=form.read_answers(request.POST), kept=kept, vouched=vouched)
    period = form.read_period(request.POST) or _find_period(opened, understood)
    if request.POST.get("act") != "confirm":
        return _show(request, found, opened, understood, period)
    errors = _find_errors(understood, period, request.POST)
    if not errors and not understood.problems:
        errors = find_row_errors(found, opened, understood, period)
    if errors or understood.problems:
        return _show(request, found, opened, understood, period, errors, status=422)
    try:
        keep_matching(found, opened.names, understood.meaning, period=period, by=request.user)
    except Refusal:
        return redirect("workspace:statistics", found.uid)
    read_statistics.enqueue(str(found.uid))
    return redirect("workspace:statistics", found.uid)


def _find_period(opened: Opened, understood: Guess) -> Period | None:
    return understood.period or (None if understood.problems else covered_period(opened, understood.meaning))


def _remembered(hotline: Hotline, opened: Opened) -> Meaning | None:
    """What was said for these columns, else for the columns most like them."""
    own = find_matching(hotline, opened.names)
    if own is not None:
        return meaning_of(own) if own.meaning["columns"] else None
    return find_nearest(opened.names, newest_matchings(hotline))


def shown_matchings(hotline: Hotline) -> list[dict[str, Any]]:
    """For `workspace/matchings.html`."""
    return [
        {
            "pk": row.pk,
            "level": code_name("level", row.level),
            "columns": ", ".join(_shown_uses(row)),
            "by": row.confirmed_by.name,
            "day": row.confirmed_at,
        }
        for row in newest_matchings(hotline)
    ]


def _shown_uses(row: Matching) -> list[str]:
    """What its columns hold: their own names are not kept, nor is their order."""
    fields = PARTS if row.level == AGGREGATE else fields_of(row.level)
    uses = {use.removeprefix(LIST) for use in row.meaning["columns"].values()}
    return sorted(str(fields[use].label if use in fields else list_labels().get(use, use)) for use in uses)


def newest_matchings(hotline: Hotline) -> list[Matching]:
    """What is remembered of a hotline's exports: the newest row for each set of columns, unless it was forgotten."""
    found: dict[str, Matching] = {}
    for row in Matching.objects.filter(hotline=hotline).select_related("confirmed_by"):
        found.setdefault(row.signature, row)
    return [row for row in found.values() if row.meaning["columns"]][:MOST_REMEMBERED]


@require_POST
def forget_matching(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Ask again at the next file of these columns. Of what was said of them, now or earlier, nothing stays.

    The rows stay: files that were read by them point to them.
    """
    hotline = find_hotline(request, code)
    require(request, "statistics.import", StatisticsImport(hotline=hotline))
    known = Matching.objects.filter(hotline=hotline, pk=pk).first()
    if known is not None:
        alike = Matching.objects.filter(hotline=hotline, signature=known.signature)
        alike.update(meaning=Meaning(known.level).as_data())
        messages.success(request, _("Forgotten. The next file with these columns is asked about again."))
    return redirect("workspace:hotline_figures", code)


# --- What is wrong ---------------------------------------------------------------------------------------------------


def _find_errors(understood: Guess, period: Period | None, post: Any) -> dict[str, str]:
    """A sentence for each thing that is not said, by the field where it is said."""
    number_of = {column.name: column.number for column in understood.columns}
    field_of = {(asked.list, asked.word): form.word_field(asked.list, asked.word) for asked in understood.words}
    errors: dict[str, str] = {}
    for question in understood.questions:
        if question.about == "column":
            text = _("“%(column)s”: say what this column means, or leave it out.")
            errors[f"use_{number_of[question.column]}"] = text % {"column": question.column}
        elif question.about == "names":
            text = _("“%(column)s”: look into it, and say that it holds no names of people. Else delete the file.")
            errors[f"vouched_{number_of[question.column]}"] = text % {"column": question.column}
        elif question.about == "words":
            text = _(
                "“%(column)s”: most of its words are left out or say nothing. Say what they mean, or take these rows "
                "out of the export."
            )
            errors[f"use_{number_of[question.column]}"] = text % {"column": question.column}
        elif question.about == "word":
            for asked in understood.words:
                if (asked.list, asked.word) == (question.list, question.word):
                    text = _("“%(word)s”: say what it means.")
                    errors[field_of[asked.list, asked.word]] = text % {"word": question.word}
        elif question.about == "field":
            text = _("No column says “%(field)s”. Choose its column, or what it is in every row.")
            errors[f"same_{question.list}"] = text % {"field": label(question.list)}
        elif question.about == "marks":
            errors["marks"] = _("Say how the numbers are written: they can be read in two ways.")
        elif question.about == "order":
            errors["order"] = _("Say how the dates are written: they can be read in two ways.")
    if period is None and not post.get("period"):
        errors["period"] = _("Choose the period of this file.")
    elif period is None:
        errors["year"] = _("Write the year of this file with four digits, like 2026.")
    if "definition_set" in post and post["definition_set"].strip() != understood.meaning.constants["definition_set"]:
        errors["definition_set"] = _("The definitions are a version, like 1.0, of at most 20 letters and digits.")
    return errors


# --- What is shown ---------------------------------------------------------------------------------------------------


def _show(
    request: HttpRequest,
    found: StatisticsImport,
    opened: Opened,
    understood: Guess,
    period: Period | None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    errors = errors or {}
    period = period or _find_period(opened, understood)
    which, year = form.write_period(period)
    which, year = which or request.POST.get("period", ""), year or request.POST.get("year", "")
    meaning = understood.meaning
    asked = {question.about for question in understood.questions}
    sample = [] if understood.problems and not understood.columns else list(islice(opened.rows(), SHOWN_ROWS))
    return render(
        request,
        "workspace/match_columns.html",
        {
            "statistics": found,
            "hotline": found.hotline,
            "meaning": meaning,
            "problems": [words(problem) for problem in understood.problems],
            "errors": [{"text": text, "target": f"id_{name}"} for name, text in errors.items()],
            "levels": [(level, code_name("level", level)) for level in LEVELS],
            "shapes": [
                ("long", _("Each row is one figure: its name, then its number")),
                ("wide", _("Each column is one figure: a row for each month, or for each category")),
            ],
            "is_totals": meaning.level == AGGREGATE,
            "columns": _shown_columns(request, understood, sample, errors),
            "groups": _shown_words(understood, errors),
            "missing": _shown_missing(understood, errors),
            "marks": _shown_marks(understood, errors) if "marks" in asked or request.POST.get("marks") else None,
            "order": _shown_order(understood, errors) if "order" in asked or request.POST.get("order") else None,
            "rows": _shown_rows(understood, sample),
            "periods": form.periods(),
            "which": which,
            "year": year,
            "period_error": errors.get("period"),
            "year_error": errors.get("year"),
            "definitions_error": errors.get("definition_set"),
            "systems": [(code, code_name("source_system", code)) for code in code_lists()["source_system"]],
            "completeness": [(c, code_name("completeness_note", c)) for c in code_lists()["completeness_note"]],
            "as_read": show_rows(request, found, opened, understood, period, errors),
            "is_known": any(column.certainty is Certainty.CONFIRMED for column in understood.columns),
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


def _shown_vouch(request: HttpRequest, column: Column, errors: dict[str, str]) -> dict[str, Any]:
    """The box to tick before words that may be names are shown."""
    name = f"vouched_{column.number}"
    return {"name": name, "is_ticked": name in request.POST, "error": errors.get(name)}


def _shown_columns(
    request: HttpRequest, understood: Guess, sample: list[Any], errors: dict[str, str]
) -> list[dict[str, Any]]:
    """Each column with its examples, what it can be used for, and what divides it where nothing beside does."""
    meaning = understood.meaning
    beside = {use.removeprefix("list:") for use in meaning.columns.values() if use.startswith("list:")}
    found = []
    for column in understood.columns:
        figure = split_figure(column.use) if meaning.shape == "wide" else None
        dimensions = items()[figure[0]].dimensions if figure else ()
        chosen = figure[1] if figure else ()
        kind, said = _certainty_words(column.certainty)
        found.append(
            {
                "name": f"use_{column.number}",
                "text": column.name,
                "value": figure[0] if figure else column.use,
                "kind": kind,
                "certainty": said,
                "note": _("hidden") if column.is_hidden else " · ".join(_examples(sample, column.number - 1)),
                "groups": form.uses(meaning.level, meaning.shape),
                "parts": [
                    {
                        "name": f"part_{column.number}_{place}",
                        "label": list_labels().get(dimension, dimension),
                        "choices": form.codes(dimension),
                        "value": chosen[place - 1] if place <= len(chosen) else "",
                    }
                    for place, dimension in enumerate(dimensions, start=1)
                    if place <= len(chosen) or dimension in set(open_dimensions(column.use)) - beside
                ],
                "error": errors.get(f"use_{column.number}"),
                "vouch": _shown_vouch(request, column, errors) if column.is_doubtful else None,
            }
        )
    return found


def _examples(sample: list[Any], place: int) -> list[str]:
    texts = dict.fromkeys(cells[place][:SHOWN_LETTERS] for _number, cells in sample if cells[place])
    return list(texts)[:3]


def _shown_words(understood: Guess, errors: dict[str, str]) -> list[dict[str, Any]]:
    """The words by what they are words of, the least sure first: those need a person most."""
    level = understood.meaning.level
    groups: dict[str, dict[str, Any]] = {}
    lists = [*dict.fromkeys(asked.list for asked in understood.words)]
    for asked in sorted(understood.words, key=lambda asked: (lists.index(asked.list), asked.certainty)):
        group = groups.setdefault(asked.list, {"label": _list_label(asked.list, level), "words": []})
        kind, said = _certainty_words(asked.certainty)
        name = form.word_field(asked.list, asked.word)
        group["words"].append(
            {
                "name": name,
                "text": asked.word,
                "groups": form.answers(asked, level),
                "value": form.SAID + asked.code if asked.certainty else "",
                "kind": kind,
                "certainty": said,
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
    }.get(name) or list_labels().get(name, name)


def _shown_missing(understood: Guess, errors: dict[str, str]) -> list[dict[str, Any]]:
    meaning = understood.meaning
    if meaning.level == AGGREGATE:
        return []
    open_ = [question.list for question in understood.questions if question.about == "field"]
    said = [name for name in fields_of(meaning.level) if meaning.constants.get(name)]
    return [
        {
            "name": f"same_{name}",
            "text": label(name),
            "groups": [("", form.missing_choices(meaning.level, name))],
            "value": meaning.constants.get(name, ""),
            "error": errors.get(f"same_{name}"),
        }
        for name in (*open_, *said)
    ]


def _shown_marks(understood: Guess, errors: dict[str, str]) -> dict[str, Any]:
    examples = next((q.examples for q in understood.questions if q.about == "marks"), ())
    chosen = understood.meaning.marks.decimal
    names = {
        ".": _("A point parts the decimals, a comma the thousands"),
        ",": _("A comma parts the decimals, a point the thousands"),
    }
    choices = _with_examples(names, examples, lambda reading: plain_number(Decimal(reading)))
    return {"choices": choices, "value": chosen, "error": errors.get("marks")}


def _shown_order(understood: Guess, errors: dict[str, str]) -> dict[str, Any]:
    examples = next((q.examples for q in understood.questions if q.about == "order"), ())
    names = {"dmy": _("The day comes first"), "mdy": _("The month comes first")}
    return {
        "choices": _with_examples(names, examples, lambda month: date_format(date.fromisoformat(f"{month}-01"), "F Y")),
        "value": understood.meaning.date_order,
        "error": errors.get("order"),
    }


def _with_examples(
    names: dict[str, str], examples: Any, tell: Callable[[str], str]
) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Each answer with what some texts would be, written as the reader writes it: what is asked about is not repeated."""
    return [
        (code, name, [(text, tell(dict(readings)[code])) for text, readings in examples if code in dict(readings)])
        for code, name in names.items()
    ]


def _shown_rows(understood: Guess, sample: list[Any]) -> list[tuple[int, list[str | None]]]:
    """The first rows; a hidden cell is None."""
    hidden = {column.number for column in understood.columns if column.is_hidden}
    return [
        (number, [None if place in hidden else cell[:SHOWN_LETTERS] for place, cell in enumerate(cells, start=1)])
        for number, cells in sample
    ]
