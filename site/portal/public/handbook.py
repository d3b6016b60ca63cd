"""The public handbook in every language: its front page, the glossary, and each entry."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.handbook.library import practice_lines, show_library
from portal.handbook.models import CountryPage, ProcedurePage, TermPage
from portal.handbook.practice import GoodPracticePage
from portal.handbook.reader import Entry, Handbook, choose_languages, show_country, show_entry
from portal.public.guide import reader_language
from standards.models import Edition


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show the front page, with all parts of the handbook."""
    return _render(request, "front", Handbook(reader_language()).front())


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Show the terms in the alphabetical order of the reader's language."""
    return _render(request, "glossary", {"letters": Handbook(reader_language()).letters()})


@require_safe
def procedure(request: HttpRequest, slug: str) -> HttpResponse:
    return _render(request, "procedure", show_entry(_find(ProcedurePage, slug), reader_language()))


@require_safe
def term(request: HttpRequest, slug: str) -> HttpResponse:
    return _render(request, "term", show_entry(_find(TermPage, slug), reader_language()))


@require_safe
def country(request: HttpRequest, slug: str) -> HttpResponse:
    return _render(request, "country", show_country(_find(CountryPage, slug), reader_language()))


@require_safe
def practices(request: HttpRequest) -> HttpResponse:
    """Show the library of good practice, filtered by the query string."""
    return _render(request, "practices", show_library(Handbook(reader_language()), request.GET.dict()))


@require_safe
def practice(request: HttpRequest, slug: str) -> HttpResponse:
    page = _find(GoodPracticePage, slug)
    (line,) = practice_lines([page])
    return _render(request, "practice", {**show_entry(page, reader_language()), "shown": line})


def _find(model: type[Entry], slug: str) -> Entry:
    """Return a public entry in the language that `choose_languages` finds for the reader. Raises Http404."""
    pages = model.public().filter(slug=slug).select_related("locale")
    found: Entry | None = next(iter(choose_languages(pages, reader_language())), None)
    if found is None:
        raise Http404
    return found


def _render(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    newest = Edition.objects.values_list("code", flat=True).first()
    return render(request, f"handbook/{template}.html", {**context, "newest": newest})
