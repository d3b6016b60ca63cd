"""One file of figures: the progress of reading, the dry run, explanations, confirmation and acceptance."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evaluation import queries
from evaluation.figures.dictionary.items import Item, items
from evaluation.figures.intake.changes import (
    NO_CHANGES,
    Cell,
    Changes,
    cells_in,
    changes,
    period_before,
    totals_before,
)
from evaluation.figures.intake.confirmation import EXPLAINED_IN, WITH_NOTE, explain, recheck
from evaluation.figures.intake.merging import NOTHING, Merging, find_merging, sources_of
from evaluation.figures.problems.file_problems import Problem, describe_problem
from evaluation.figures.problems.row_sentences import describe_rows
from evaluation.figures.problems.screening import looks_personal
from evaluation.figures.series.trends import Period
from evaluation.models import SpooledFile, StatisticsImport, Step, User
from evaluation.models.people.permissions import is_allowed
from evaluation.models.reasons import Reason
from evaluation.workflow import Refusal, perform
from portal.access import find_statistics, require
from portal.figures.choices import Choice, pop_choice, store_choice
from portal.figures.explanations import ExplanationForm
from portal.figures.numbers import by_theme, merge_cells, show_change, show_first_totals, show_items, show_merges
from portal.figures.series.queries import format_period
from portal.moves.pages import offered_moves, perform_move, shown_steps
from portal.moves.stored_notes import pop_note
from portal.presentation.form_values import read_words
from portal.presentation.reasons import show_reason
from portal.presentation.refusals import report_refusal
from portal.requests.signed_in import SignedInRequest

State = StatisticsImport.State
COMPARED = (State.CHECKED, State.RETURNED, State.CONFIRMED)
"""The states in which a file is compared with the figures that count now."""
SHORT = 6
"""How many warnings at most are all shown at once with what the hotline said."""


def _left_out(cells: list[Cell]) -> list[Item]:
    """Return the items without a cell in a file."""
    items_of_file = {cell.item for cell in cells}
    return [item for code, item in items().items() if code not in items_of_file]


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
    return render(request, "figures/reading.html", _facts_of_reading(found))


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
    changed = changes(found, cells) if found.state in COMPARED else NO_CHANGES
    merging = find_merging(found) if found.state in EXPLAINED_IN else NOTHING
    choice = choice or pop_choice(request)
    kept = choice.of(merging) if choice else None
    own = show_items(cells)
    acts = _acts(request, found)
    return render(
        request,
        "figures/file.html",
        {
            **_facts_of_reading(found),
            **_first(found, cells, changed, merging, kept),
            **_merges(found, merging, kept),
            **acts,
            "is_long": acts["confirm"] and (found.warnings or changed.found or merging.found),
            "hotline": found.hotline,
            "item_themes": by_theme(own),
            "items": len(own),
            "cells": len(cells),
            "left_out": _left_out(cells),
            "all_items": len(items()),
            "rows": describe_rows(found.row_account),
            "problem_kinds": _problem_kinds(found),
            "problems": len(found.problems),
            "form": form,
            "noticed": bool(found.warnings),
            "is_short": len(found.warnings) <= SHORT,
            **_differences(changed, merging),
            "choice": choice,
            "stored_note": note or pop_note(request),
            "steps": shown_steps(queries.steps_of(found)),
            "states": State,
        },
        status=status,
    )


def _first(
    found: StatisticsImport, cells: list[Cell], changed: Changes, merging: Merging, kept: Collection[str] | None
) -> dict[str, Any]:
    """Return the totals that the page begins with, beside those of the period before and those until now."""
    if not cells:
        return {}
    before, will_count = period_before(found), found.state in EXPLAINED_IN
    last = totals_before(found) if found.state in COMPARED else {}
    sources = sources_of(found) if found.is_written else {one.code: one.source for one in merging.chosen(kept)}
    first = show_first_totals(
        show_items(merge_cells(cells, merging, kept)), sources, last=last, until_now=changed.counted
    )
    return {
        "first": first,
        "sources": sources if found.is_written else {},
        "period_before": format_period(Period(*before)) if any(row.last is not None for row in first) else "",
        "has_until_now": will_count and any(row.until_now is not None for row in first),
        "will_count": will_count,
    }


def _merges(found: StatisticsImport, merging: Merging, kept: Collection[str] | None) -> dict[str, Any]:
    """Return the items of the earlier file by what becomes of them, and those whose figures stop counting anyway."""
    merges = show_merges(merging, kept)
    unsure = {one.code for one in merging.found if not one.is_kept}
    return {
        "merge_with": merging.earlier,
        "merges": merges,
        "stopping": [row for row in merges if row.new is None and row.code in unsure],
        "staying": [row for row in merges if row.new is None and row.code not in unsure],
        "in_both": [row for row in merges if row.new is not None],
        "lost": [items()[code] for code in merging.lost],
        "seen": " ".join(sorted(merging.shown)),
    }


def _differences(changed: Changes, merging: Merging) -> dict[str, Any]:
    """Return what differs from the figures that count now; what the merging asks about is left out."""
    asked = {one.code for one in merging.found if not one.is_in_both}
    found = [show_change(change) for change in changed.found if change.item not in asked]
    return {
        "earlier": changed.earlier,
        "neighbours": changed.neighbours,
        "changes": found,
        "change_themes": by_theme(found),
    }


def _acts(request: SignedInRequest, found: StatisticsImport) -> dict[str, Any]:
    """Return what the user may do. Confirming is apart from the other moves, as its form says what was shown."""
    moves = offered_moves(found, request.user)
    confirm = next((move for move in moves if move.name == "confirm"), None)
    is_open = confirm is not None and confirm.is_open
    may_undo = found.state in StatisticsImport.COUNTING and is_allowed("statistics.confirm", request.user, found)
    may_explain = found.state in EXPLAINED_IN and is_allowed("statistics.explain", request.user, found)
    return {
        "confirm": confirm if is_open else None,
        "not_yet": () if confirm is None or is_open else confirm.reasons,
        "moves": [move for move in moves if move != confirm],
        "undoes": found.superseded.order_by("pk") if may_undo else (),
        "may_explain": may_explain and bool(found.warnings),
        "may_confirm": is_allowed("statistics.confirm", request.user, found),
        "may_match": is_allowed("statistics.match", request.user, found),
    }


def _problem_kinds(found: StatisticsImport) -> list[list[str]]:
    """Return the sentences about the problems by kind, in the order of the first of each."""
    kinds: dict[str, list[str]] = {}
    for data in found.problems:
        problem = Problem.from_data(data)
        kinds.setdefault(problem.code, []).append(describe_problem(problem))
    return list(kinds.values())


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
        return _show(request, found, ExplanationForm(found), status=422, note=note, choice=Choice.read(request.POST))
    how: Callable[..., Step] = perform
    show_again = None
    if name == "confirm" and is_allowed("statistics.confirm", request.user, found):
        choice = Choice.read(request.POST)
        seen = request.POST["seen"].split() if "seen" in request.POST else None
        kept = choice.kept if choice else None
        if not _is_changed(found, seen):
            recheck(found, kept)
        how = partial(_confirm, kept=kept, seen=seen)
        show_again = partial(_show_again, request, found, choice)
    return perform_move(
        request,
        found,
        name,
        back_to=reverse("workspace:statistics", args=[uid]),
        how=how,
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


def _show_again(request: SignedInRequest, found: StatisticsImport, choice: Choice | None) -> HttpResponse:
    """Show a file that was not confirmed as it is now, with what was chosen of what can still be chosen."""
    recheck(found, choice.of(find_merging(found)) if choice else None)
    note = read_words(request.POST, "note")
    return _show(request, found, ExplanationForm(found), status=409, note=note, choice=choice)


@require_POST
def undo(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Withdraw figures that took the place of earlier ones, so that those count again."""
    found = find_statistics(request, uid)
    require(request, "statistics.confirm", found)
    try:
        perform(found, "withdraw", by=request.user, note=_("Undone: the earlier figures count again."))
    except Refusal as refusal:
        report_refusal(request, refusal, found)
    else:
        messages.success(request, _("Undone: the earlier figures count again."))
    return redirect("workspace:statistics", uid)
