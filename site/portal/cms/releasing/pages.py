"""The pages in the CMS that release an edition, and that publish its wording in another language.

Each shows what prevents it, or else what would be frozen, with the effect, the hints and the preview.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from evaluation.models import Consultation
from portal.cms.guide import find_edition_page, may_release, refuse, refuse_role
from portal.cms.link_checks.uses import read_external_links
from portal.cms.releasing.effects import draft_effect
from standards.editions.approvals import read_approvals
from standards.editions.page_reader import Tree, read_tree
from standards.editions.previewed import ChangedSincePreview, Previewed
from standards.editions.release import NotReady, prepare, prepare_wording, publish_wording, release
from standards.editions.release_reasons import ProblemsOfPart, find_hints
from standards.framework import MalformedEdition
from standards.models import Edition, EditionPage
from standards.models.edition_page import WHOLE


def _context(page: EditionPage, language: str = "") -> dict[str, Any]:
    preview = f"{reverse('wagtailadmin_pages:view_draft', args=[page.pk])}?mode={WHOLE}"
    sentence = _("Publish the wording of edition %(code)s") if language else _("Release edition %(code)s")
    title = sentence % {"code": page.code}
    return {
        "title": title,
        "icon": "lock",
        "page": page,
        "language": language,
        "problems": [],
        "changed": None,
        "preview": preview,
    }


def _problems(malformed: MalformedEdition) -> dict[str, Any]:
    parts = malformed.parts if isinstance(malformed, NotReady) else []
    return {"problems": malformed.problems, "parts": parts}


def _hints(parts: list[ProblemsOfPart]) -> dict[str, Any]:
    return {"hints": parts, "hints_count": sum(len(part.problems) for part in parts)}


def _links(tree: Tree) -> dict[str, Any]:
    """Return the state of the links to other sites. Broken links within this site are problems of the release."""
    links = read_external_links(tree)
    unchecked = sum(link.check is None or not link.check.checked_at for link in links)
    return {"dead_links": [link for link in links if link.is_dead], "unchecked": unchecked}


def _release(request: HttpRequest, page: EditionPage) -> list[str] | None:
    """Release what the form showed. Return the changes since then, and then nothing is released; otherwise None."""
    try:
        edition = release(page, user=request.user, shown=Previewed.read(request.POST.get("shown", "")))
    except ChangedSincePreview as changed:
        return changed.problems
    messages.success(
        request,
        _("Edition %(code)s is released. Its digest is %(digest)s.") % {"code": edition.code, "digest": edition.sha256},
    )
    return None


@require_http_methods(["GET", "POST"])
def release_edition(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show what a release would freeze or the problems that prevent it; on POST, release.

    If the pages differ from what the form showed, nothing is released, and the page shows what changed.
    """
    page = find_edition_page(page_id)
    if not may_release(page, request.user):
        return refuse_role(request, "guide.release")
    context = _context(page)
    try:
        if request.method == "POST":
            context["changed"] = _release(request, page)
            if context["changed"] is None:
                return redirect("guide_tree", page.pk)
        draft = prepare(page)
        context |= {"draft": draft, "shown": draft.previewed, **_hints(draft.hints), **_links(draft.tree)}
        context["approvals"] = read_approvals(draft.tree)
        context["consultations"] = Consultation.objects.ended_by_release(page.code)
        context |= draft_effect(page, page.code, draft.framework, draft.texts, request.user)
    except MalformedEdition as malformed:
        context |= {**_problems(malformed), "approvals": read_approvals(read_tree(page)) if page.is_source else ()}
    return TemplateResponse(
        request, "standards/release_edition.html", context, status=409 if context["changed"] else 200
    )


def _publish_wording(request: HttpRequest, edition: Edition, page: EditionPage) -> list[str] | None:
    """Publish the wording that the form showed. Return the changes since then, otherwise None, as `_release`."""
    shown = Previewed.read(request.POST.get("shown", ""))
    try:
        publish_wording(edition, page.locale.language_code, user=request.user, shown=shown)
    except ChangedSincePreview as changed:
        return changed.problems
    messages.success(
        request,
        _("Edition %(code)s is published in %(language)s.")
        % {"code": edition.code, "language": page.locale.get_display_name()},
    )
    return None


@require_http_methods(["GET", "POST"])
def publish_language(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the same for the wording of a translation of a released edition; on POST, publish it."""
    page = find_edition_page(page_id)
    if not may_release(page, request.user):
        return refuse_role(request, "guide.release")
    edition = Edition.objects.filter(code=page.code).first()
    if edition is None:
        message = _(
            "Edition %(code)s is still being written. Release it first, then publish its wording in %(language)s."
        )
        return refuse(request, message % {"code": page.code, "language": page.locale.get_display_name()}, page)
    language = page.locale.language_code
    context = _context(page, page.locale.get_display_name())
    try:
        if request.method == "POST":
            context["changed"] = _publish_wording(request, edition, page)
            if context["changed"] is None:
                return redirect("guide_tree", page.pk)
        draft_wording = prepare_wording(edition, language)
        context["shown"] = draft_wording.previewed
        context |= {**_hints(find_hints(draft_wording.tree)), **_links(draft_wording.tree)}
        context["unreviewed"] = len(draft_wording.unreviewed)
    except MalformedEdition as malformed:
        context |= _problems(malformed)
    return TemplateResponse(
        request, "standards/release_edition.html", context, status=409 if context["changed"] else 200
    )
