"""Feedback on the fields of an indicator while they are edited: its bands on a line, and sentences. Saves nothing."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST
from wagtail.admin.auth import require_admin_access

from portal.cms.guide import find_edition_page
from standards.models import EditionPage
from standards.models.choosers.askable import read_askable
from standards.models.choosers.asking import AskingWidget
from standards.models.forms import (
    TYPED_BANDS,
    TYPED_SUPPORTS,
    make_support_widget,
    show_typed_asking,
    show_typed_bands,
    show_typed_supports,
)


def _find_edited(request: HttpRequest, page_id: int) -> EditionPage:
    """Return the page of the edition. Raises PermissionDenied for a user who may not edit it."""
    page = find_edition_page(page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return page


@require_POST
@require_admin_access
def draw_bands(request: HttpRequest, page_id: int) -> HttpResponse:
    """Return the line of the submitted bands of an indicator in this edition."""
    page = _find_edited(request, page_id)
    values = {name: request.POST.get(name, "") for name in TYPED_BANDS}
    return render(request, "standards/_typed_bands.html", show_typed_bands(values, page))


@require_POST
@require_admin_access
def describe_asking(request: HttpRequest, page_id: int) -> HttpResponse:
    """Return which hotlines an indicator of this edition would be asked of, and the problems of that condition.

    `indicator` in the query string is the primary key of the edited page. It is left out of the indicators that the
    condition may name.
    """
    edited = request.GET.get("indicator", "")
    page = _find_edited(request, page_id)
    askable = read_askable(page, besides=_read_number(edited))
    chosen = AskingWidget(askable, page.source_language).value_from_datadict(request.POST, {}, "asked_if")
    values = {"code": request.POST.get("code", ""), "asked_if": chosen or ""}
    return render(request, "standards/_typed_asking.html", show_typed_asking(values, askable))


@require_POST
@require_admin_access
def describe_supports(request: HttpRequest, page_id: int) -> HttpResponse:
    """Return sentences on what the answer to an indicator of this edition would count with."""
    page = _find_edited(request, page_id)
    values: dict[str, Any] = {name: request.POST.get(name, "") for name in TYPED_SUPPORTS}
    values["least_words"] = _read_number(values["least_words"])
    values["counts_at"] = make_support_widget(page).value_from_datadict(request.POST, {}, "counts_at") or ""
    return render(request, "standards/_typed_supports.html", show_typed_supports(values, page))


def _read_number(text: str) -> int | None:
    """Return the number, or None for text that is no number or too large for a database column."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None
