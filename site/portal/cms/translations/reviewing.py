"""The review of a language in the CMS: the progress of each part, and its passages next to their source."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from portal.cms.guide import find_source_page, may_release, refuse_role
from portal.presentation.passages import language_name
from standards.editions.languages.places import group_by_place
from standards.editions.languages.progress import extra_paths
from standards.editions.languages.reviews import Language, mark_reviewed, read_language, withdraw_reviews
from standards.editions.page_reader import Tree, read_tree
from standards.editions.release_reasons import describe_part, describe_path
from standards.framework import Framework, canonical, digest
from standards.models import EditionPage


@dataclass(frozen=True, slots=True)
class Passage:
    """A text next to its translation. `digest` is empty if it is untranslated or translated from an older source."""

    path: str
    source: str
    text: str
    digest: str
    is_reviewed: bool
    is_outdated: bool
    is_own: bool
    """Whether the current user translated it: then somebody else must review it."""

    @property
    def place(self) -> str:
        return describe_path(self.path)


@dataclass(frozen=True, slots=True)
class ReviewedPart:
    """The edition itself, a domain, a standard or an indicator, with the number of its texts by state."""

    where: str
    level: int
    total: int
    translated: int
    reviewed: int

    @property
    def label(self) -> str:
        return str(capfirst(describe_part(self.where)))

    @property
    def style(self) -> str:
        """The class of its row, as in the tree of the Guide."""
        return ("", "guide-standard", "guide-indicator")[self.level]

    @property
    def has_page(self) -> bool:
        """Whether its passages have a page; those of an indicator are on the page of its standard."""
        return not self.where.startswith("indicator/")


def paths_of(framework: Framework, where: str) -> list[str]:
    """Return the paths of the texts of a place in order; those of a standard with those of its indicators."""
    by_place = group_by_place([*framework.text_paths(), *extra_paths(framework)])
    below = []
    code = where.partition("/")[2]
    if where.startswith("standard/") and code in framework.standards:
        below = [f"indicator/{indicator.code}" for indicator in framework.standards[code].indicators]
    return [path for place in (where, *below) for path in by_place.get(place, ())]


def list_places(framework: Framework) -> Iterator[tuple[str, int]]:
    """Yield the places of an edition in order, each with its depth."""
    yield "edition", 0
    for domain in framework.domains:
        yield f"domain/{domain.code}", 0
        for standard in domain.standards:
            yield f"standard/{standard.code}", 1
            yield from ((f"indicator/{indicator.code}", 2) for indicator in standard.indicators)


def _find(page_id: int, code: str) -> tuple[EditionPage, Tree, Language]:
    page = find_source_page(page_id)
    tree = read_tree(page)
    language = read_language(tree, code) if code in dict(settings.LANGUAGES) else None
    if language is None or code == page.source_language:
        raise Http404
    return page, tree, language


@require_http_methods(["GET", "POST"])
def review_language(request: HttpRequest, page_id: int, language: str) -> HttpResponse:
    """Show the progress of each part of an edition in a language; on POST, mark all translated passages as reviewed."""
    page, tree, found = _find(page_id, language)
    if request.method == "POST":
        return _mark(request, page, found, list(found.found.source), redirect("guide_language", page.pk, language))
    parts = list(_list_parts(tree.framework, found))
    context = _context(request, page, found) | {
        "parts": parts,
        "total": sum(part.total for part in parts),
        "translated": sum(part.translated for part in parts),
        "reviewed": sum(part.reviewed for part in parts),
        "token": _token(found, found.found.source),
    }
    return TemplateResponse(request, "standards/review_language.html", context)


def _list_parts(framework: Framework, language: Language) -> Iterator[ReviewedPart]:
    by_place = group_by_place([*framework.text_paths(), *extra_paths(framework)])
    source, reviewed = language.found.source, language.found.reviewed
    for where, level in list_places(framework):
        paths = [path for path in by_place.get(where, ()) if path in source]
        translated = sum(path in language.passages for path in paths)
        yield ReviewedPart(where, level, len(paths), translated, sum(path in reviewed for path in paths))


@require_http_methods(["GET", "POST"])
def review_passages(request: HttpRequest, page_id: int, language: str, where: str) -> HttpResponse:
    """Show the passages of a place next to their source; on POST, mark some or all as reviewed, or remove marks."""
    page, tree, found = _find(page_id, language)
    paths = [path for path in paths_of(tree.framework, where) if path in found.found.source]
    pages = [place for place, _level in list_places(tree.framework) if not place.startswith("indicator/")]
    if where not in pages:
        raise Http404
    if request.method == "POST":
        return _mark(request, page, found, paths, redirect("guide_passages", page.pk, language, where))
    following = pages[pages.index(where) + 1 :]
    context = _context(request, page, found) | {
        "where": capfirst(describe_part(where)),
        "passages": list(_list_passages(found, paths, request.user)),
        "token": _token(found, paths),
        "next": next(iter(following), ""),
        "next_label": describe_part(following[0]) if following else "",
    }
    return TemplateResponse(request, "standards/review_passages.html", context)


def _context(request: HttpRequest, page: EditionPage, language: Language) -> dict[str, Any]:
    name = language_name(language.code)
    words = {"language": name, "code": page.code}
    return {
        "title": capfirst(_("Review of %(language)s, edition %(code)s") % words),
        "icon": "glasses",
        "page": page,
        "language": language.code,
        "language_name": name,
        "may_review": may_release(page, request.user),
    }


def _list_passages(language: Language, paths: Iterable[str], user: Any) -> Iterator[Passage]:
    found = language.found
    for path in paths:
        yield Passage(
            path,
            found.source[path],
            found.present.get(path, ""),
            language.passages.get(path, ""),
            path in found.reviewed,
            path in found.outdated,
            user.pk in language.translators.get(path, ()),
        )


def _token(language: Language, paths: Iterable[str]) -> str:
    """Return the digest of the passages at these paths, which detects a change since they were read."""
    return digest(canonical([language.passages.get(path, "") for path in paths]))


def _mark(
    request: HttpRequest, page: EditionPage, language: Language, paths: list[str], done: HttpResponse
) -> HttpResponse:
    """Mark the submitted passages or all of these paths, or remove marks, unless a passage changed meanwhile."""
    if not may_release(page, request.user):
        return refuse_role(request, "guide.release")
    by_digest = {language.passages[path]: path for path in paths if path in language.passages}
    if token := request.POST.get("all"):
        asked, is_as_read = list(by_digest), token == _token(language, paths)
    else:
        asked = request.POST.getlist("passage")
        is_as_read = set(asked) <= by_digest.keys()
    if not is_as_read:
        messages.error(request, _("Passages have changed since you read them. Read them again; nothing is marked."))
        return done
    chosen = [by_digest[one] for one in asked]
    if "take_back" in request.POST:
        withdraw_reviews(language, chosen, request.user)
        messages.success(request, _("The review of the passages is taken back."))
        return done
    before = len(language.found.reviewed & set(chosen))
    own = mark_reviewed(language, chosen, request.user)
    count = len(chosen) - before - len(own)
    sentence = ngettext("%(count)s passage is marked as reviewed.", "%(count)s passages are marked as reviewed.", count)
    messages.success(request, sentence % {"count": count})
    if own:
        sentence = ngettext(
            "You translated %(count)s of them yourself. Somebody else reviews it.",
            "You translated %(count)s of them yourself. Somebody else reviews them.",
            len(own),
        )
        messages.warning(request, sentence % {"count": len(own)})
    return done
