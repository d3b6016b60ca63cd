"""Loading a translators' file into a draft: first what would change in the pages of its language, then the load."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from portal.cms.guide import find_source_page, may_release, refuse_role
from portal.presentation.passages import language_name
from portal.requests.waiting_files import fetch_waiting, store_waiting
from standards.editions.comparison.words import compare_words
from standards.editions.languages.file_comparison import FileComparison, compare_file
from standards.editions.languages.page_writer import write_translation_texts
from standards.editions.languages.places import find_places
from standards.editions.languages.reviews import Language, mark_reviewed, read_language
from standards.editions.languages.unit import TranslationFile
from standards.editions.page_loader import lock_edition
from standards.editions.page_reader import read_tree
from standards.framework import MalformedEdition
from standards.models import Edition, EditionPage
from standards.public_guide.changes import mark_pieces


@dataclass(frozen=True)
class WaitingTranslation:
    """A file that was read, and the digest of the pages that it was compared with."""

    file: TranslationFile
    compared_with: str


def compare_translation(page: EditionPage, file: TranslationFile) -> dict[str, Any]:
    """Return the context of what a file would change in the pages of its language, and store the file for an hour.

    Raises MalformedEdition if the draft has no pages in that language.
    """
    comparison = _compare(_read(page, file.language), file)
    return {
        "comparison": comparison,
        "changed": [(one.place, mark_pieces(compare_words(one.present, one.text))) for one in comparison.changed],
        "digest": store_waiting(page, WaitingTranslation(file, comparison.compared_with)),
        "language_name": language_name(file.language),
    }


def _read(page: EditionPage, code: str) -> Language:
    language = read_language(read_tree(page), code)
    if language is None or language.tree is None:
        message = _("The draft has no pages in “%(language)s” yet. Translate its page, with all below it, first.")
        raise MalformedEdition([message % {"language": code}])
    return language


def _compare(language: Language, file: TranslationFile) -> FileComparison:
    assert language.tree is not None  # a draft has no published wording
    return compare_file(file, language.found, find_places(language.tree))


@require_http_methods(["POST"])
def load_translation(request: HttpRequest, page_id: int) -> HttpResponse:
    """Write the texts of a file that was read within the last hour, if the pages are unchanged since then.

    Conflicts are written only if they are in `take`. Runs in one transaction, in which nobody else writes the pages.
    """
    page = find_source_page(page_id)
    if not may_release(page, request.user):
        return refuse_role(request, "guide.release")
    waiting = fetch_waiting(page, request.POST.get("digest", ""), WaitingTranslation)
    if waiting is None:
        messages.error(request, _("The file is no longer here. Choose it again."))
        return redirect("guide_languages", page.pk)
    try:
        with transaction.atomic():
            message = _load(page, waiting, frozenset(request.POST.getlist("take")), request.user)
    except MalformedEdition as malformed:
        messages.error(request, " ".join(malformed.problems[:3]))
    else:
        messages.success(request, message)
    return redirect("guide_languages", page.pk)


def _load(page: EditionPage, waiting: WaitingTranslation, taken: frozenset[str], user: Any) -> str:
    """Write the texts and return the success message. Raises MalformedEdition."""
    for one in (page, *page.get_translations().filter(locale__language_code=waiting.file.language)):
        lock_edition(one)
    if Edition.objects.filter(code=page.code).exists():
        raise MalformedEdition([_("A released edition does not change. Load a file into the next edition.")])
    language = _read(page, waiting.file.language)
    comparison = _compare(language, waiting.file)
    if comparison.compared_with != waiting.compared_with:
        raise MalformedEdition([_("The pages have changed since the file was compared with them. Read it again.")])
    assert language.tree is not None
    texts = comparison.chosen(taken)
    own = set(mark_reviewed(language, comparison.reviewed, user))
    if texts:
        write_translation_texts(language.tree, language.found, texts, user)
    words = {"language": language_name(language.code), "count": len(texts)}
    written = ngettext(
        "%(count)s text in %(language)s is in the pages.",
        "%(count)s texts in %(language)s are in the pages.",
        len(texts),
    )
    reviewed = len(comparison.reviewed) - len(own)
    marked = ngettext("%(count)s is marked as reviewed.", "%(count)s are marked as reviewed.", reviewed)
    return f"{written % words} {marked % {'count': reviewed}}" if reviewed else written % words
