"""One file of figures: the progress of reading, the dry run, explanations, confirmation and acceptance."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.transaction import atomic
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evaluation import queries
from evaluation.crm.dictionary.items import Item, code_name, items
from evaluation.crm.dictionary.sums import Amount, add_codes
from evaluation.crm.intake.changes import Cell, Change, Changes, Difference, cells_in, changes
from evaluation.crm.intake.confirmation import EXPLAINED_IN, WITH_NOTE, explain, recheck
from evaluation.crm.intake.merging import NOTHING, Merging, find_merging, sources_of
from evaluation.crm.problems.file_problems import Problem, describe_problem
from evaluation.crm.problems.row_sentences import describe_rows
from evaluation.crm.problems.screening import looks_personal
from evaluation.guards.permissions import is_allowed
from evaluation.guards.reasons import Reason
from evaluation.models import SpooledFile, StatisticsImport, Step, User
from evaluation.workflow import Refusal, perform
from portal.letters.figures import write_figures_letters
from portal.presentation.form_values import read_words
from portal.presentation.numbers import named_unit
from portal.presentation.reasons.refusals import report_refusal
from portal.presentation.reasons.sentences import show_reason
from portal.workspace.access import find_statistics, require
from portal.workspace.figures.choices import Choice, pop_choice, store_choice
from portal.workspace.figures.explanations import ExplanationForm
from portal.workspace.moves import offered_moves, perform_move, shown_steps
from portal.workspace.requests import SignedInRequest
from portal.workspace.stored_notes import pop_note

State = StatisticsImport.State
COMPARED = (State.CHECKED, State.RETURNED, State.CONFIRMED)
"""The states in which a file is compared with the figures that count now."""


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item with its total and its cells."""

    code: str
    name: Any
    unit: str
    """The unit; empty if the name contains it."""
    total: Amount
    is_added_up: bool
    """Whether its parts have a sum; a mean has none."""
    cells: list[tuple[str, Amount]]


@dataclass(frozen=True, slots=True)
class ShownMerge:
    """An item of the earlier file that the new one can be merged with. `new` is None if the new file has none."""

    code: str
    name: Any
    unit: str
    source: StatisticsImport
    earlier: ShownItem
    new: ShownItem | None
    is_kept: bool


@dataclass(frozen=True, slots=True)
class ShownChange:
    """An item whose value differs from the present one, with its changed parts."""

    code: str
    name: Any
    unit: str
    total: Difference
    parts: list[tuple[str, Difference]]


def _part(cell: Cell) -> str:
    """Return the names of a cell's codes."""
    pairs = ((cell.dim1, cell.dim1_value), (cell.dim2, cell.dim2_value))
    return ", ".join(str(code_name(dimension, value)) for dimension, value in pairs if value)


def _shown_items(cells: list[Cell]) -> list[ShownItem]:
    order = {code: place for place, code in enumerate(items())}
    found = []
    for code, group in groupby(sorted(cells, key=lambda cell: order[cell.item]), key=lambda cell: cell.item):
        parts = list(group)
        amounts = {(cell.dim1_value, cell.dim2_value): cell.amount for cell in parts}
        item = items()[code]
        is_plain = len(parts) == 1 and not parts[0].dim1_value
        found.append(
            ShownItem(
                code=code,
                name=item.name,
                unit=named_unit(item),
                total=parts[0].amount if is_plain else Amount(add_codes(item, amounts)),
                is_added_up=is_plain or item.adds_over_codes,
                cells=[] if is_plain else [(_part(cell), cell.amount) for cell in parts],
            )
        )
    return found


def _shown_merges(merging: Merging, kept: Collection[str] | None) -> list[ShownMerge]:
    chosen = {one.code for one in merging.chosen(kept)}
    return [
        ShownMerge(
            one.code,
            items()[one.code].name,
            named_unit(items()[one.code]),
            one.source,
            _shown_items(list(one.cells))[0],
            _shown_items(list(one.new_cells))[0] if one.is_in_both else None,
            one.code in chosen,
        )
        for one in merging.found
    ]


def _left_out(cells: list[Cell]) -> list[Item]:
    """Return the items without a cell in a file."""
    items_of_file = {cell.item for cell in cells}
    return [item for code, item in items().items() if code not in items_of_file]


def _shown_change(change: Change) -> ShownChange:
    item = items()[change.item]
    parts = [
        (
            ", ".join(
                str(code_name(dimension, value))
                for dimension, value in zip(item.dimensions, part.codes, strict=False)
                if value
            ),
            part,
        )
        for part in change.parts
    ]
    return ShownChange(change.item, item.name, named_unit(item), change.total, parts)


@require_safe
def statistics(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show one file in any state: its progress, the reasons of a refusal, or its figures."""
    found = find_statistics(request, uid)
    if request.headers.get("HX-Request") and request.GET.get("part") == "progress":
        return _progress(request, found)
    return _show(request, found, ExplanationForm(found))


def _progress(request: SignedInRequest, found: StatisticsImport) -> HttpResponse:
    """Render the progress of reading; once it is over, reload the whole page."""
    if found.state != State.UPLOADED:
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    return render(request, "workspace/figures/reading.html", _facts_of_reading(found))


def _facts_of_reading(found: StatisticsImport) -> dict[str, Any]:
    return {
        "statistics": found,
        "spooled": SpooledFile.objects.filter(statistics=found).first(),
        "phases": SpooledFile.Phase.choices,
    }


def _show(
    request: SignedInRequest,
    found: StatisticsImport,
    form: ExplanationForm,
    status: int = 200,
    note: str = "",
    choice: Choice | None = None,
) -> HttpResponse:
    cells = cells_in(found)
    changed = changes(found, cells) if found.state in COMPARED else Changes([], [], [])
    merging = find_merging(found) if found.state in EXPLAINED_IN else NOTHING
    asked = {one.code for one in merging.found if not one.is_in_both}
    choice = choice or pop_choice(request)
    merges = _shown_merges(merging, choice.of(merging) if choice else None)
    unsure = {one.code for one in merging.found if not one.is_kept}
    moves = offered_moves(found, request.user)
    confirm = next((move for move in moves if move.name == "confirm" and move.is_open), None)
    may_undo = found.state in StatisticsImport.COUNTING and is_allowed("statistics.confirm", request.user, found)
    may_explain = found.state in EXPLAINED_IN and is_allowed("statistics.explain", request.user, found)
    return render(
        request,
        "workspace/figures/file.html",
        {
            **_facts_of_reading(found),
            "hotline": found.hotline,
            "items": _shown_items(cells),
            "cells": len(cells),
            "left_out": _left_out(cells),
            "all_items": len(items()),
            "rows": describe_rows(found.row_account),
            "problems": [describe_problem(Problem.from_data(problem)) for problem in found.problems],
            "form": form,
            "explained": list(zip(form.warnings, found.explanations, strict=True)),
            "may_explain": may_explain and bool(found.warnings),
            "earlier": changed.earlier,
            "neighbours": changed.neighbours,
            "changes": [_shown_change(change) for change in changed.found if change.item not in asked],
            "merge_with": merging.earlier,
            "merges": merges,
            "stopping": [row for row in merges if row.new is None and row.code in unsure],
            "staying": [row for row in merges if row.new is None and row.code not in unsure],
            "in_both": [row for row in merges if row.new is not None],
            "confirm": confirm,
            "choice": choice,
            "seen": " ".join(sorted(merging.shown)),
            "lost": [items()[code] for code in merging.lost],
            "sources": sources_of(found) if found.is_written else {},
            "undoes": found.superseded.order_by("pk") if may_undo else (),
            "moves": [move for move in moves if move != confirm],
            "stored_note": note or pop_note(request),
            "steps": shown_steps(queries.steps_of(found)),
            "may_confirm": is_allowed("statistics.confirm", request.user, found),
            "may_match": is_allowed("statistics.match", request.user, found),
            "states": State,
        },
        status=status,
    )


@require_POST
def explain_warnings(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Save the hotline's explanation of each warning."""
    found = find_statistics(request, uid)
    require(request, "statistics.explain", found)
    form = ExplanationForm(found, request.POST)
    choice = Choice.read(request.POST)
    if not form.is_valid():
        return _show(request, found, form, status=422, choice=choice)
    try:
        explain(found, form.explanations, by=request.user)
    except Refusal:
        return _show(request, StatisticsImport.objects.get(pk=found.pk), form, status=409, choice=choice)
    page = reverse("workspace:statistics", args=[uid])
    if choice:
        store_choice(request, page, choice)
    return redirect(f"{page}#moves")


@require_POST
def make_move(request: SignedInRequest, uid: UUID, name: str) -> HttpResponse:
    found = find_statistics(request, uid)
    note = read_words(request.POST, "note")
    if name in WITH_NOTE and looks_personal(note):
        # rendered for its author only; not stored, not even in the session
        messages.error(request, show_reason(Reason("looks_personal")).sentence)
        return _show(request, found, ExplanationForm(found), status=422, note=note)
    how: Callable[..., Step] = perform
    show_again = None
    if name == "confirm" and is_allowed("statistics.confirm", request.user, found):
        choice = Choice.read(request.POST)
        seen = request.POST["seen"].split() if "seen" in request.POST else None
        if not _is_changed(found, seen):
            _recheck(found, choice)
        how = partial(_confirm, kept=choice.kept if choice else None, seen=seen)
        show_again = partial(_show_again, request, found, choice)
    return perform_move(
        request,
        found,
        name,
        back_to=reverse("workspace:statistics", args=[uid]),
        how=how,
        notify=lambda step: write_figures_letters(step, found, by=request.user),
        show_again=show_again,
    )


def _is_changed(found: StatisticsImport, seen: Collection[str] | None) -> bool:
    """Whether other files count now than those that the page named; `perform` asks again under its lock."""
    return seen is not None and set(seen) != find_merging(found).shown


def _confirm(
    found: StatisticsImport, name: str, *, seen: Collection[str] | None, by: User, note: str, **needs: Any
) -> Step:
    """Confirm a file. A refusal says that other files count now, also if there are warnings because of them."""
    try:
        return perform(found, name, by=by, note=note, seen=seen, **needs)
    except Refusal as refusal:
        changed = Reason("earlier_files_changed")
        if _is_changed(found, seen) and changed not in refusal.reasons:
            raise Refusal(name, [changed, *refusal.reasons]) from refusal
        raise


def _recheck(found: StatisticsImport, choice: Choice | None) -> None:
    recheck(found, choice.of(find_merging(found)) if choice else None)


def _show_again(request: SignedInRequest, found: StatisticsImport, choice: Choice | None) -> HttpResponse:
    """Show a file that was not confirmed as it is now, with what was chosen."""
    _recheck(found, choice)
    note = read_words(request.POST, "note")
    return _show(request, found, ExplanationForm(found), status=409, note=note, choice=choice)


@require_POST
def undo(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Withdraw figures that took the place of earlier ones, so that those count again."""
    found = find_statistics(request, uid)
    require(request, "statistics.confirm", found)
    try:
        with atomic():
            step = perform(found, "withdraw", by=request.user, note=_("Undone: the earlier figures count again."))
            write_figures_letters(step, found, by=request.user)
    except Refusal as refusal:
        report_refusal(request, refusal, found)
    else:
        messages.success(request, _("Undone: the earlier figures count again."))
    return redirect("workspace:statistics", uid)
