"""The questions about the rows of an export after its columns are matched, and the answers."""

from dataclasses import replace
from itertools import islice
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.figures.dictionary.items import code_name, items
from evaluation.figures.formats import Unreadable
from evaluation.figures.mapping import Matched, Period, RowQuestion
from evaluation.figures.mapping.column_mapping import AGGREGATE, LEFT_OUT
from evaluation.figures.mapping.tables.adding_up import Sum
from evaluation.figures.mapping.tables.row_answers import (
    ABOVE,
    ADD,
    ALIKE,
    CHILDREN,
    DOUBTS,
    EACH,
    EMPTY_CELLS,
    ONCE,
    REPEATED,
    RIGHT,
    ROW_ANSWERS,
    SAME_CASE,
)
from evaluation.figures.problems.file_problems import describe_problem
from evaluation.figures.problems.row_sentences import format_row_numbers
from portal.figures.mapping.preview import SHOWN_ROWS
from portal.presentation.numbers import plain_number
from portal.requests.signed_in import SignedInRequest

MOST_NAMED = 9
CORRECT_IN_EXPORT = "correct"
"""The answer that the user corrects the file and sends it again; the present file stays unreadable."""


def find_row_errors(matched: Matched) -> dict[str, str]:
    """Return an error message for each open or wrong answer, by field."""
    is_totals = matched.mapping.level == AGGREGATE
    try:
        questions = matched.questions
        if not questions:
            for _row in islice(matched.rows(), None if is_totals else SHOWN_ROWS):
                pass
            return {}
    except Unreadable as unreadable:
        problems = unreadable.problems
    else:
        return {question.about: _what_is_open(question) for question in questions}
    # outside the handler, so that no traceback contains a cell
    return {f"read_{number}": describe_problem(problem) for number, problem in enumerate(problems, start=1)}


def show_questions(request: SignedInRequest, matched: Matched, errors: dict[str, str]) -> list[dict[str, Any]]:
    """Return the questions about rows, answered or not; empty if the file is unreadable, which the preview reports."""
    try:
        open_questions = matched.questions
        answered = [each for each in _answered(matched) if each.about not in {q.about for q in open_questions}]
    except Unreadable:
        return []
    return [
        *(_shown_question(each, matched.mapping.constants[each.about], errors) for each in answered),
        *(_shown_question(each, request.POST.get(each.about, ""), errors) for each in open_questions),
    ]


def is_open(matched: Matched) -> bool:
    """Return whether a question about the rows has no answer yet."""
    try:
        return bool(matched.questions)
    except Unreadable:
        return False


def _answered(matched: Matched) -> list[RowQuestion]:
    """Return the answered questions, which stay on the page so that the answers can be changed."""
    answered = []
    mapping = matched.mapping
    for name in ROW_ANSWERS:
        if name in mapping.constants:
            constants = {key: text for key, text in mapping.constants.items() if key != name}
            without = matched.under(replace(mapping, constants=constants))
            answered += [question for question in without.questions if question.about == name]
    return answered


# --- Questions ------------------------------------------------------------------------------------------------------


def _what_is_open(question: RowQuestion) -> str:
    rows = {"rows": format_row_numbers(question.rows[:MOST_NAMED], len(question.rows))}
    count = len(question.rows)
    if question.about == EMPTY_CELLS:
        text = ngettext(
            "Row %(rows)s does not say of which time or group it is. Say what the empty cell means.",
            "Rows %(rows)s do not say of which time or group they are. Say what an empty cell means.",
            count,
        )
    elif question.about == DOUBTS:
        text = _("Something in the numbers is odd. Say that they are right, or correct the file and send it again.")
    elif question.about == SAME_CASE:
        text = ngettext(
            "Row %(rows)s has the key of an earlier row, and no column numbers the children. Say what it is.",
            "Rows %(rows)s have the key of an earlier row, and no column numbers the children. Say what they are.",
            count,
        )
    elif question.about == REPEATED:
        text = _(
            "Rows %(rows)s give the same figure for the same time more than once. Say that they are added up, or keep one "
            "of each in the file and send it again."
        )
    else:
        text = ngettext(
            "Row %(rows)s is the same in every cell as one above. Say whether it counts again, or send the file with keys.",
            "Rows %(rows)s are the same in every cell as one above. Say whether each counts, or send the file with keys.",
            count,
        )
    return text % rows


def _shown_question(question: RowQuestion, chosen: str, errors: dict[str, str]) -> dict[str, Any]:
    return {
        "name": question.about,
        "legend": _what_is_open(question),
        "doubts": [describe_problem(doubt) for doubt in question.doubts],
        "asked": {"choices": _choices(question), "value": chosen, "error": errors.get(question.about)},
    }


def _choices(question: RowQuestion) -> list[tuple[str, str, list[tuple[str, str]]]]:
    if question.about == EMPTY_CELLS:
        return [
            (ABOVE, _("The same as the nearest filled cell above"), []),
            (LEFT_OUT, _("These rows are no figures, such as a sum at the foot: leave them out"), []),
        ]
    if question.about == ALIKE:
        return [
            (EACH, _("Each row is a contact or a case of its own: count each"), []),
            (ONCE, _("The same row stands there more than once: count it once"), []),
        ]
    if question.about == SAME_CASE:
        return [
            (CHILDREN, _("Each row is another child of the case: count each"), []),
            (CORRECT_IN_EXPORT, _("A row stands there twice: I take it out of the file and send it again"), []),
        ]
    if question.about == DOUBTS:
        return [
            (RIGHT, _("I looked, and the numbers are right as they are read"), []),
            (CORRECT_IN_EXPORT, _("They are not right: I correct the file and send it again"), []),
        ]
    sums = [_shown_sum(each) for each in question.sums[:MOST_NAMED]]
    return [
        (ADD, _("Days, places or kinds that belong together: add them up"), sums),
        (
            CORRECT_IN_EXPORT,
            _("The same thing stands there twice: I keep one of the two in the file and send it again"),
            [],
        ),
    ]


def _shown_sum(each: Sum) -> tuple[str, str]:
    """Return the summands and their sum, formatted."""
    item = items()[each.item]
    codes = [str(code_name(d, c)) for d, c in zip(item.dimensions, each.codes, strict=False) if c]
    what = ", ".join([f"{each.item} {item.name}", *codes, _period_words(each.period)])
    numbers = " + ".join(each.values[:MOST_NAMED]) + (" + …" if len(each.values) > MOST_NAMED else "")
    return f"{what}: {numbers}", plain_number(each.total)


def _period_words(period: Period) -> str:
    start, end = period
    if (start.year, start.month) == (end.year, end.month):
        return date_format(start, "F Y")
    return f"{date_format(start, 'SHORT_DATE_FORMAT')} – {date_format(end, 'SHORT_DATE_FORMAT')}"
