"""Marks of passages: who translated a passage, and whether somebody else reviewed it.

A passage is a source text and its translation at one place. Its marks are stored under the digest of all three. A mark
therefore ends when one of them changes, and applies again if the same passage occurs again, also in a later edition.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation

from standards.editions.languages.places import paths_by_name, permanent_place
from standards.editions.page_reader import Tree
from standards.framework import Framework, canonical, digest
from standards.models import PassageMark

Kind = PassageMark.Kind


@dataclass(frozen=True)
class Marks:
    """The marks in one language. `reviewed` are digests of passages; `translators` has the keys of users by digest."""

    reviewed: frozenset[str] = frozenset()
    translators: Mapping[str, frozenset[int]] = field(default_factory=dict)


def passage_digest(framework: Framework, path: str, source: str, text: str) -> str:
    """Return the digest under which the marks of a passage are stored."""
    return digest(canonical([permanent_place(framework, path), source, text]))


def passage_digests(framework: Framework, source: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, str]:
    """Return the digest of each passage by path, for the texts that the source has."""
    return {path: passage_digest(framework, path, source[path], text) for path, text in texts.items() if path in source}


def read_marks(languages: Iterable[str]) -> dict[str, Marks]:
    """Return the marks of each of these languages, in one query."""
    languages = list(languages)
    reviewed: dict[str, set[str]] = {language: set() for language in languages}
    translators: dict[str, dict[str, frozenset[int]]] = {language: {} for language in languages}
    found = PassageMark.objects.filter(language__in=languages).order_by("pk")
    for language, passage, kind, by in found.values_list("language", "passage", "kind", "by_id"):
        if kind == Kind.REVIEWED:
            reviewed[language].add(passage)
        elif kind == Kind.TAKEN_BACK:
            reviewed[language].discard(passage)
        else:
            people = translators[language]
            people[passage] = people.get(passage, frozenset()) | {by}
    return {language: Marks(frozenset(reviewed[language]), translators[language]) for language in languages}


def find_reviewed(
    framework: Framework, source: Mapping[str, str], texts: Mapping[str, str], reviewed: Collection[str]
) -> set[str]:
    """Return the paths of the texts whose present passage is among the `reviewed` digests."""
    if not reviewed:
        return set()
    return {path for path, passage in passage_digests(framework, source, texts).items() if passage in reviewed}


def add_marks(language: str, passages: Iterable[str], kind: PassageMark.Kind, user: Any) -> None:
    """Store a mark of a user for each passage, by its digest."""
    PassageMark.objects.bulk_create(
        PassageMark(language=language, passage=passage, kind=kind, by=user) for passage in passages
    )


def find_translators(
    tree: Tree, locale: Locale, passages: Mapping[str, str], marks: Marks
) -> dict[str, frozenset[int]]:
    """Return the keys of the users who translated each text of the pages of a language, by path.

    `passages` are digests by path. Without a mark, it is the user who wrote the text in wagtail-localize, or else the
    one who saved its page last.
    """
    keys = {page.translation_key: paths_by_name(page) for page in tree.pages}
    written: dict[str, frozenset[int]] = {}
    rows = StringTranslation.objects.filter(
        locale=locale, context__object_id__in=list(keys), last_translated_by__isnull=False
    ).order_by("updated_at", "pk")
    for key, name, by in rows.values_list("context__object_id", "context__path", "last_translated_by_id"):
        if path := keys[key].get(name):
            written[path] = frozenset({by})
    found: dict[str, frozenset[int]] = {}
    savers = _find_savers(tree)
    for page in tree.pages:
        for path in keys[page.translation_key].values():
            if path in passages:
                own = marks.translators.get(passages[path]) or written.get(path) or savers.get(page.pk)
                found[path] = own or frozenset()
    return found


def _find_savers(tree: Tree) -> dict[int, frozenset[int]]:
    """Return the user who saved each page last, by the key of the page."""
    inside = Page.objects.descendant_of(tree.edition, inclusive=True).filter(latest_revision__user__isnull=False)
    return {page: frozenset({user}) for page, user in inside.values_list("pk", "latest_revision__user")}
