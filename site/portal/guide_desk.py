"""The editors' desk of the Guide in the CMS: releasing an edition, and keeping hands off a released one."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.models import Page

from standards.framework import MalformedEdition
from standards.models import DomainPage, Edition, EditionPage, StandardPage
from standards.releasing import prepare, prepare_wording, publish_wording, release

PARTS = (EditionPage, DomainPage, StandardPage)
"""The kinds of page that a release freezes."""


def may_release(page: EditionPage, user: Any) -> bool:
    return bool(page.permissions_for_user(user).can_publish())


@require_http_methods(["GET", "POST"])
def release_edition(request: HttpRequest, page_id: int) -> HttpResponse:
    """What a release would freeze or what stands in its way; on POST, the release."""
    page = get_object_or_404(EditionPage, pk=page_id)
    if not may_release(page, request.user):
        raise PermissionDenied
    context = {"page": page, "problems": [], "draft": None, "language": ""}
    try:
        if request.method == "POST":
            edition = release(page, user=request.user)
            messages.success(
                request,
                _("Edition %(code)s is released. Its digest is %(digest)s.")
                % {"code": edition.code, "digest": edition.sha256},
            )
            return redirect("wagtailadmin_explore", page.pk)
        context["draft"] = prepare(page)
    except MalformedEdition as malformed:
        context["problems"] = malformed.problems
    return TemplateResponse(request, "standards/release_edition.html", context)


@require_http_methods(["GET", "POST"])
def publish_language(request: HttpRequest, page_id: int) -> HttpResponse:
    """The same for the wording of a translation of a released edition."""
    page = get_object_or_404(EditionPage, pk=page_id)
    if not may_release(page, request.user):
        raise PermissionDenied
    edition = get_object_or_404(Edition, code=page.code)
    language = page.locale.language_code
    context: dict[str, Any] = {"page": page, "problems": [], "draft": None, "language": page.locale.get_display_name()}
    try:
        if request.method == "POST":
            publish_wording(edition, language, user=request.user)
            messages.success(
                request,
                _("Edition %(code)s is published in %(language)s.")
                % {"code": edition.code, "language": page.locale.get_display_name()},
            )
            return redirect("wagtailadmin_explore", page.pk)
        context["texts"] = prepare_wording(edition, language)
    except MalformedEdition as malformed:
        context["problems"] = malformed.problems
    return TemplateResponse(request, "standards/release_edition.html", context)


# --- Keeping hands off ----------------------------------------------------------------------------------------------


def why_frozen(page: Page) -> str:
    """Why this page may not change; empty when it may."""
    found = page.specific
    return found.why_frozen() if isinstance(found, PARTS) else ""


def why_frozen_inside(page: Page) -> str:
    """The same for the page and all that lies under it, which goes where the page goes."""
    if why := why_frozen(page):
        return why
    for edition_page in EditionPage.objects.descendant_of(page):
        if why := edition_page.why_frozen():
            return why
    return ""


def refuse(request: HttpRequest, why: str, page: Page) -> HttpResponse:
    """Say why and go back to where the page is listed; nothing is changed."""
    messages.error(request, why)
    parent = page.get_parent()
    return redirect("wagtailadmin_explore", (parent or page).pk)
