"""The register of hotlines, and the public page of one."""

import csv
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from portal.presentation.public_hotline import draw_maps, find_published_report, find_result, read_day, read_hotline
from portal.presentation.register import KINDS, RegisterEntry, hides_refusals, read_register, words_of_kind
from portal.presentation.tables import escape_formula
from portal.requests.stored_files import open_stored
from reports.result.export import publish_result, write_file
from standards.presentation.folding import fold
from standards.presentation.reading_language import interface_language

ROWS_A_PAGE = 20

ORDERS: dict[str, Callable[[RegisterEntry], Any]] = {
    "country": lambda entry: fold(entry.hotline.name),
    "outcome": lambda entry: (KINDS.index(entry.register_status.kind), fold(entry.hotline.name)),
    "until": lambda entry: (str(entry.register_status.until or "9999"), fold(entry.hotline.name)),
}
"""The sort keys of the table, by the value of `sort` in the query string."""


def _page_of(code: str) -> str:
    return reverse("pages:hotline", args=[code])


def _chosen(request: HttpRequest, entries: list[RegisterEntry]) -> list[RegisterEntry]:
    """Return the entries that match the search and the filter, sorted. Invalid parameters are ignored."""
    words = fold(request.GET.get("q", "")).split()
    outcome = request.GET.get("outcome", "")
    order = ORDERS.get(request.GET.get("sort", ""), ORDERS["country"])
    return sorted(
        (
            entry
            for entry in entries
            if all(word in entry.searched for word in words)
            and (outcome not in KINDS or entry.register_status.kind == outcome)
        ),
        key=order,
    )


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    entries = read_register()
    chosen = _chosen(request, entries)
    a_page = max(len(chosen), 1) if request.GET.get("show") == "all" else ROWS_A_PAGE
    page = Paginator(chosen, a_page).get_page(request.GET.get("page"))
    return render(
        request,
        "public/register.html",
        {
            "maps": draw_maps(entries, _page_of),
            "all_count": len(entries),
            "rows": page,
            "is_narrowed": len(chosen) != len(entries),
            "hides_refusals": hides_refusals(),
            "q": request.GET.get("q", ""),
            "outcome": request.GET.get("outcome", ""),
            "sort": request.GET.get("sort", "country"),
            "outcomes": [(kind, words_of_kind(kind)) for kind in KINDS],
            "orders": [
                ("country", pgettext("sorted by", "Country")),
                ("outcome", pgettext("sorted by", "Outcome")),
                ("until", pgettext("sorted by", "Valid until")),
            ],
        },
    )


@require_safe
def register_table(request: HttpRequest) -> HttpResponse:
    """Return the table as a file, searched and sorted like the page."""
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers={"Content-Language": interface_language()})
    response["Content-Disposition"] = 'attachment; filename="116000-hotlines.csv"'
    writer = csv.writer(response)
    writer.writerow(["code", "country", "operator", "outcome", "outcome_text", "valid_until", "ended_on", "invented"])
    for entry in _chosen(request, read_register()):
        register_status = entry.register_status
        cells = [
            entry.hotline.code,
            entry.hotline.name,
            entry.operator,
            register_status.kind,
            str(register_status.label),
            register_status.until.isoformat() if register_status.until else "",
            register_status.ended_on.isoformat() if register_status.ended_on else "",
            "yes" if entry.hotline.is_invented else "no",
        ]
        writer.writerow([escape_formula(cell) for cell in cells])
    return response


@require_safe
def hotline(request: HttpRequest, code: str) -> HttpResponse:
    if code != code.upper():
        return redirect("pages:hotline", code.upper(), permanent=True)
    found = read_hotline(code)
    if found is None:
        raise Http404
    requested, day = request.GET.get("on", ""), read_requested_day(request.GET.get("on", ""))
    return render(
        request,
        "public/hotline.html",
        {
            "shown": found,
            "hotline": found.hotline,
            "on": requested,
            "asked": read_day(found.hotline, day) if day else None,
            "is_no_day": bool(requested) and day is None,
            "hides_refusals": hides_refusals(),
        },
    )


def read_requested_day(text: str) -> date | None:
    """Return the date of an address or a date field; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_safe
def paper(request: HttpRequest, code: str, uid: UUID) -> FileResponse:
    """Return a published report as a download. Raises Http404."""
    issue = find_published_report(code, uid)
    if issue is None:
        raise Http404
    name = f"116000-{code}-report-{issue.number}-{issue.language}.pdf"
    return FileResponse(
        open_stored(issue.pdf, request.path), as_attachment=True, filename=name, content_type="application/pdf"
    )


@require_safe
def result(_request: HttpRequest, code: str, uid: UUID) -> HttpResponse:
    """Return a published result as a file from which it can be recomputed. Raises Http404."""
    decision = find_result(code, uid)
    if decision is None:
        raise Http404
    data = publish_result(decision)
    response = HttpResponse(write_file(data), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="116000-{code}-result.json"'
    response["ETag"] = f'"{data["sha256"]}"'
    return response
