"""Choose the sheet, the row of names and the last row of an export on a preview of the file."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evaluation.figures.formats import Source, TableLayout, Unreadable
from evaluation.figures.formats.heading import find_heading
from evaluation.figures.formats.sheets import Sheet, read_sheets
from evaluation.figures.intake.imports import limits, open_unmatched
from evaluation.figures.mapping.cells.dates import read_day, read_period
from evaluation.figures.mapping.column_mapping import LEVELS
from evaluation.figures.mapping.words.vocabulary import (
    find_all,
    is_name_of_a_code,
    words_for_codes,
    words_for_columns,
)
from evaluation.figures.problems.file_problems import describe_problem
from evaluation.figures.problems.screening import looks_personal
from evaluation.models import StatisticsImport
from portal.access import find_statistics, require
from portal.figures.mapping.answers import address_of_layout, read_layout
from portal.figures.mapping.pages import shorten, with_file
from portal.requests.signed_in import SignedInRequest

SHOWN_COLUMNS = 14


@require_http_methods(["GET", "HEAD", "POST"])
def choose_table(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the rows of a sheet; with a choice, go on to the columns of the chosen table."""
    found = find_statistics(request, uid)
    require(request, "statistics.match", found)
    if found.state != StatisticsImport.State.UNMATCHED:
        return redirect("workspace:statistics", uid)
    return with_file(request, found, _answer)


def _answer(request: SignedInRequest, found: StatisticsImport, source: Source) -> HttpResponse:
    sheets = read_sheets(source, limits(in_web_process=True))
    if not sheets:
        return redirect("workspace:match_columns", found.uid)
    values = request.POST or request.GET
    sheet = next((sheet for sheet in sheets if str(sheet.number) == values.get("sheet")), sheets[0])
    chosen = read_layout({**values.dict(), "sheet": str(sheet.number)})
    errors = _find_errors(sheet, chosen) if request.method == "POST" else {}
    if request.method == "POST" and chosen and not errors:
        layout = TableLayout(sheet.number, chosen.names_row, _last_row(sheet, chosen))
        errors = _find_problems(source, layout)
        if not errors:
            return redirect(address_of_layout("workspace:match_columns", found, layout))
    names_row = chosen.names_row if chosen else _guess_names(sheet)
    return render(
        request,
        "figures/mapping/table_layout.html",
        {
            "statistics": found,
            "hotline": found.hotline,
            "sheets": _labelled(sheets),
            "sheet": sheet,
            "names_row": names_row,
            "last_row": (chosen and chosen.last_row) or _guess_last(sheet),
            "rows": _shown_rows(sheet.first, sheet),
            "last_rows": _shown_rows(sheet.last, sheet),
            "errors": [{"text": text, "target": f"id_{name}"} for name, text in errors.items()],
        },
        status=422 if errors else 200,
    )


def _find_errors(sheet: Sheet, chosen: TableLayout | None) -> dict[str, str]:
    if chosen is None or chosen.names_row not in dict(sheet.first):
        return {f"names_{sheet.first[0][0]}": _("Choose the row with the names of the columns.")}
    if chosen.last_row not in dict(sheet.rows) or chosen.last_row <= chosen.names_row:
        return {f"last_{sheet.rows[-1][0]}": _("Choose the last row of the table, below the names of the columns.")}
    return {}


def _find_problems(source: Source, layout: TableLayout) -> dict[str, str]:
    """Return why the table cannot be read where it was chosen, as an error of its row of names."""
    try:
        open_unmatched(source, layout)
    except Unreadable as unreadable:
        problems = unreadable.problems
    else:
        return {}
    # outside the handler, so that no traceback contains a cell
    return {f"names_{layout.names_row}": " ".join(map(describe_problem, problems))}


def _last_row(sheet: Sheet, chosen: TableLayout) -> int:
    """Return the chosen last row; 0 if nothing is below it."""
    return 0 if chosen.last_row == sheet.rows[-1][0] else chosen.last_row


def _guess_names(sheet: Sheet) -> int:
    """Return the number of the probable row of names."""
    try:
        return sheet.first[find_heading([cells for _row, cells in sheet.first])[0]][0]
    except Unreadable:
        return sheet.first[0][0]


def _guess_last(sheet: Sheet) -> int:
    """Return the number of the last row that is no note: a note fills one cell."""
    rows = [row for row, cells in sheet.rows if sum(map(bool, cells)) > 1]
    return rows[-1] if rows else sheet.rows[-1][0]


def _labelled(sheets: Sequence[Sheet]) -> list[tuple[int, str]]:
    """Return the number and the label of each sheet. The tables of a page have one title, so they are numbered."""
    names = Counter(sheet.name for sheet in sheets)
    return [
        (
            sheet.number,
            sheet.name if sheet.name and names[sheet.name] == 1 else _("Table %(number)d") % {"number": sheet.number},
        )
        for sheet in sheets
    ]


# --- The rows that are shown -----------------------------------------------------------------------------------------


def _shown_rows(rows: Sequence[tuple[int, Sequence[str]]], sheet: Sheet) -> list[tuple[int, list[Any]]]:
    """Return rows with cells as they may be shown; a hidden cell is None.

    Titles, names of columns and notes are shown. In rows of the table only numbers and known words are: other texts may
    be about a person.
    """
    filled = {row: sum(map(bool, cells)) for row, cells in sheet.rows}
    most = max(filled.values())
    begin = next(row for row, count in filled.items() if count * 5 >= most * 3)
    return [
        (
            row,
            [
                _shown_cell(cell, is_free=row <= begin or filled[row] * 3 < most)
                for cell in [*cells, *[""] * (min(most, SHOWN_COLUMNS) - len(cells))][:SHOWN_COLUMNS]
            ],
        )
        for row, cells in rows
    ]


def _shown_cell(text: str, *, is_free: bool) -> str | None:
    if not text or (is_free and not looks_personal(text)):
        return shorten(text)
    if not any(map(str.isalpha, text)):
        return None if looks_personal(text) else shorten(text)
    if any(read_period(text, order, 2000) and not read_day(text, order) for order in ("dmy", "mdy")):
        return shorten(text)
    known = [words_for_codes("rows"), *map(words_for_columns, LEVELS)]
    is_known = is_name_of_a_code(text) or any(find_all(text, words) for words in known)
    return shorten(text) if is_known else None
