"""The messages for problems of an uploaded workbook, each with its place and the correction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.answers.judgements import InvalidAnswer
from evaluation.answers.workbook.problems import WorkbookProblem
from evaluation.files.kinds import Found, Unacceptable
from portal.presentation.form_values import describe_invalid_answer
from portal.presentation.uploaded_files import describe_found, describe_refusal


@dataclass(frozen=True, slots=True)
class ShownProblem:
    """A problem of a sheet or of one of its cells."""

    sheet: str
    cell: str
    sentence: str


def show_problems(problems: Iterable[WorkbookProblem], words: Mapping[str, Any]) -> list[ShownProblem]:
    """Return the problems that have a place in the workbook. `words` are the messages of its kind, by code."""
    return [ShownProblem(one.sheet, one.cell, _describe_place(one, words)) for one in problems if one.sheet]


def summarise_problems(problems: tuple[WorkbookProblem, ...], name: str, words: Mapping[str, Any]) -> str:
    """Return one sentence for the file field: the problem of the file, or the number of problems listed below."""
    if not problems[0].sheet:
        return str(words.get(problems[0].code) or _describe_file(problems[0], name))
    return ngettext(
        "Nothing was changed. There is one thing to put right in the workbook.",
        "Nothing was changed. There are %(count)d things to put right in the workbook.",
        len(problems),
    ) % {"count": len(problems)}


def _describe_file(problem: WorkbookProblem, name: str) -> str:
    match problem.code:
        case "infected" | "not_scanned":
            return describe_refusal(Unacceptable(problem.code, name))
        case "rows_missing":
            sentence = ngettext(
                "The row of an indicator is missing: %(codes)s. Copy your answers into a new workbook.",
                "The rows of %(count)d indicators are missing: %(codes)s. Copy your answers into a new workbook.",
                int(problem.params["count"]),
            )
            return sentence % problem.params
    found = Found(problem.code, str(problem.params.get("what", "")), str(problem.params.get("place", "")))
    return f"{_words_for_file(problem.code)} {describe_found(found)}".rstrip()


def _words_for_file(code: str) -> str:
    return {
        "empty": _("The file is empty. Choose the workbook again."),
        "too_big": _("This file is too large to be the workbook of a self-assessment. Choose the one from this page."),
        "wrong_kind": _("This is not an Excel workbook. Save it as “Excel workbook (.xlsx)” and choose that file."),
        "old_or_locked": _(
            "The workbook has a password or is of the old format .xls. Save it as “Excel workbook (.xlsx)” without a "
            "password."
        ),
        "broken": _(
            "The file is damaged or not complete. Open it, save it as “Excel workbook (.xlsx)” and choose that file."
        ),
        "active": _(
            "The workbook contains macros, which are not read. Save it as “Excel workbook (.xlsx)” without macros."
        ),
        "embedded": _("The workbook contains another file. Copy your answers into a new workbook from this page."),
        "external": _(
            "The workbook loads data from another place. Copy your answers into a new workbook from this page."
        ),
        "link": _(
            "The workbook has a link that leads neither to a web page nor to an e-mail or a telephone. Remove the link."
        ),
        "signed": _("The workbook is signed electronically. Save a copy without the signature and choose that."),
        "too_many_cells": _(
            "The workbook has more rows or cells than a self-assessment. Delete what stands below the last indicator, or "
            "copy your answers into a new workbook."
        ),
        "not_a_workbook": _(
            "This is not the workbook of a self-assessment. Download one from this page and fill it in."
        ),
        "other_edition": _(
            "This workbook is of another edition of the Guide, which asks other things. Download one from this page."
        ),
        "other_evaluation": _(
            "This workbook is of another self-assessment: of another hotline or another round. Download one from this "
            "page."
        ),
    }[code]


def _describe_place(problem: WorkbookProblem, words: Mapping[str, Any]) -> str:
    """Describe a problem of a sheet or a cell, and how to correct it."""
    own: dict[str, Any] = {
        "columns_missing": _("Columns were added or removed. Copy your answers into a new workbook."),
        "row_unknown": _(
            "No indicator of this self-assessment has this code. Delete the row, or write the code it had."
        ),
        "row_twice": _("Another row has the same code. Keep one of them."),
        "row_without_code": _(
            "This row has no code, so that nobody can tell which indicator is meant. Write its code."
        ),
        "is_formula": _("This is a formula, and only values are read. Replace it by its value."),
        "is_error": _("This is an error of the spreadsheet. Write the value."),
        "is_date": _("The spreadsheet has made a date of it. Format the cell as text, and write it again."),
        "too_long": _("This text is longer than a cell can hold. Shorten it, or write it on the site."),
        "too_many_addresses": _("These are too many addresses for one answer. Keep those that prove it."),
        "not_an_address": _("That is not an address. Write it whole, such as https://example.org/protocol."),
        "no_such_choice": _("This is none of the answers to choose from: %(choices)s."),
        **words,
    }
    if problem.code in own:
        return str(own[problem.code]) % {"choices": problem.params.get("choices", "")}
    return describe_invalid_answer(InvalidAnswer(problem.code))
