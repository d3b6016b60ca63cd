"""The Guide for its editors: an edition as a tree with its problems and its languages, and the home page of the CMS."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.home import HomeView
from wagtail.models import Page

from portal.cms.guide import find_source_page, may_begin, may_release
from standards.editions.overview import PartOverview, read_overview
from standards.models import Edition, EditionPage
from standards.presentation.folding import fold


@require_safe
@require_admin_access
def home(request: HttpRequest) -> HttpResponseBase:
    """Redirect to the edition that is being written, else to the newest. Without any, show Wagtail's own home page."""
    editions = _editions()
    if not editions:
        view: HttpResponseBase = HomeView.as_view()(request)
        return view
    released = set(Edition.objects.values_list("code", flat=True))
    return redirect("guide_tree", next((page for page in editions if page.code not in released), editions[0]).pk)


def _editions() -> list[EditionPage]:
    """Return the pages of every edition in its source language, the newest first."""
    pages = EditionPage.objects.select_related("locale").order_by("-path")
    return [page for page in pages if page.is_source]


@require_safe
def tree(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show an edition's domains, standards and indicators; with `q`, those whose code or title contains it."""
    page = find_source_page(page_id)
    overview = read_overview(page)
    query = " ".join(request.GET.get("q", "").split())
    domains = tuple(_matching(overview.domains, fold(query))) if query else overview.domains
    is_released = bool(page.why_frozen())
    context: dict[str, Any] = {
        "title": _("The Guide, edition %(code)s") % {"code": page.code},
        "icon": "folder-open-inverse",
        "page": page,
        "overview": replace(overview, domains=domains) if query else overview,
        "whole": overview,
        "query": query,
        "editions": _editions(),
        "is_released": is_released,
        "may_release": not is_released and may_release(page, request.user),
        "may_begin": may_begin(page, request.user),
        "may_add": not is_released and _may_add(page, request.user),
    }
    return TemplateResponse(request, "standards/tree.html", context)


def _may_add(page: Page, user: Any) -> bool:
    return bool(page.permissions_for_user(user).can_add_subpage())


def _matching(parts: Iterable[PartOverview], words: str) -> Iterable[PartOverview]:
    """Yield the parts that contain these folded words, unchanged, and those with such parts below, reduced to these."""
    for part in parts:
        if words in fold(f"{part.code} {part.title}"):
            yield part
        elif below := tuple(_matching(part.parts, words)):
            yield replace(part, parts=below)
