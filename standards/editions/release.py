"""Release the pages of the Guide as a frozen edition: the structure with its digest, and each complete language.

Everything is read and validated first. The rows are written in one short transaction at the end.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Locale, Page

from standards.drafts.fields import write_texts
from standards.editions.approvals import find_missing_approvals
from standards.editions.bulk.published_pages import publish_drafts
from standards.editions.files.toml.folder import TRANSLATIONS
from standards.editions.languages.marks import read_marks
from standards.editions.languages.progress import known_texts, read_translated_texts
from standards.editions.languages.reviews import (
    demands_review,
    find_unmarked_translators,
    find_unreviewed,
    mark_translated,
    mark_translators,
)
from standards.editions.languages.translation_files import find_file_problems, read_translation_file
from standards.editions.languages.unit import TranslationFile
from standards.editions.page_loader import lock_edition
from standards.editions.page_reader import Tree, read_tree
from standards.editions.previewed import Previewed, read_previewed, refuse_if_changed
from standards.editions.release_reasons import (
    ProblemsOfPart,
    ReleaseProblem,
    describe_dead_links,
    describe_outcomes,
    describe_path,
    describe_texts,
    find_hints,
    find_release_problems,
    find_translation_problems,
    find_undecided,
    group_by_part,
)
from standards.framework import (
    Framework,
    MalformedEdition,
    Wording,
    canonical,
    digest,
    parse_wording,
    write_framework,
)
from standards.models import Edition, EditionPage, EditionWording

RELEASED, WORDING_PUBLISHED = "standards.release", "standards.publish_wording"
"""The actions in Wagtail's log, whose entries have the user."""


edition_released = Signal()
"""Sent in the transaction of a release, with the `edition` and the `user`, who may be None."""


class AlreadyReleased(MalformedEdition):
    """The edition is released already, or its wording in the language is published already."""


class NotReady(MalformedEdition):
    """The edition has problems that prevent its release. `parts` has the same problems by part."""

    def __init__(self, problems: list[ReleaseProblem], parts: list[ProblemsOfPart]) -> None:
        super().__init__(list(problems))
        self.parts = parts


class WordingIncomplete(NotReady):
    """The language cannot be published yet. `missing`, `untranslated` and `stale` are paths, `others` are problems."""

    def __init__(
        self,
        tree: Tree,
        missing: list[str],
        untranslated: list[str],
        stale: list[str],
        others: Collection[ReleaseProblem] = (),
    ) -> None:
        self.missing, self.untranslated, self.stale = missing, untranslated, stale
        problems = [
            *describe_texts(tree, _("%(text)s is missing."), missing),
            *describe_texts(tree, _("%(text)s is not translated yet."), untranslated),
            *describe_texts(
                tree, _("%(text)s does not fit the released text. Bring the translation up to date."), stale
            ),
            *others,
        ]
        super().__init__(problems, group_by_part(problems, tree))


@dataclass(frozen=True, slots=True)
class Draft:
    """The data that a release would freeze, and the pages that they were read from."""

    tree: Tree
    framework: Framework
    structure: str
    sha256: str
    texts: Wording
    previewed: Previewed
    """The digests of structure and words, which `release` compares."""
    examples: tuple[tuple[str, str], ...]
    """The name of each outcome, with an example that leads to it."""
    undecided: tuple[ReleaseProblem, ...]
    """The questions whose search was aborted."""
    hints: list[ProblemsOfPart]
    """Hints that do not prevent the release, by part."""


@dataclass(frozen=True, slots=True)
class WordingDraft:
    """The texts that `publish_wording` would freeze, their pages, and the paths of those that are not reviewed."""

    tree: Tree
    texts: Wording
    unreviewed: list[str]

    @property
    def previewed(self) -> Previewed:
        """The digests of the words, which `publish_wording` compares."""
        return read_previewed(self.texts)


def find_edition_page(code: str) -> EditionPage:
    """Return the page of an edition in its source language. Raises MalformedEdition if there is none."""
    page: EditionPage
    for page in EditionPage.objects.filter(code=code).select_related("locale"):
        if page.is_source:
            return page
    raise MalformedEdition(
        [_("There is no edition %(code)s among the pages. Load or write it first.") % {"code": code}]
    )


def prepare(edition_page: EditionPage) -> Draft:
    """Return what `release` would freeze. Raises MalformedEdition, or NotReady with every problem."""
    if not edition_page.is_source:
        raise MalformedEdition([_("This page is a translation. Release the edition from the page it was written on.")])
    if Edition.objects.filter(code=edition_page.code).exists():
        raise AlreadyReleased(
            [
                _("Edition %(code)s is released already. Begin the next edition to change the Guide.")
                % {"code": edition_page.code}
            ]
        )
    tree = read_tree(EditionPage.objects.get(pk=edition_page.pk))
    problems = list(find_release_problems(tree))
    problems += find_missing_approvals(tree)
    if problems:
        raise NotReady(problems, group_by_part(problems, tree))
    structure = canonical(write_framework(tree.framework))
    examples, undecided = tuple(describe_outcomes(tree)), tuple(find_undecided(tree))
    texts, previewed = _read_content(tree)
    hints = find_hints(tree)
    return Draft(tree, tree.framework, structure, digest(structure), texts, previewed, examples, undecided, hints)


def _read_content(tree: Tree) -> tuple[Wording, Previewed]:
    """Return the texts that a release would freeze, and the digests of everything that it would freeze."""
    texts = Wording(known_texts(write_texts(tree.text), tree.framework))
    language, is_sample = tree.edition.source_language, tree.edition.is_sample
    return texts, read_previewed(texts, tree.framework, source_language=language, is_sample=is_sample)


def _is_as_read(tree: Tree) -> bool:
    """Whether no page was saved, moved, added or removed since the pages were read. One query."""
    rows = Page.objects.descendant_of(tree.edition, inclusive=True).values_list("pk", "path", "latest_revision_id")
    return {(page.pk, page.path, page.latest_revision_id) for page in tree.pages} == set(rows)


def release(edition_page: EditionPage, *, user: Any = None, shown: Previewed | None = None) -> Edition:
    """Freeze the structure and the source wording of an edition. Raises MalformedEdition, and then freezes nothing.

    `shown` is what the user was shown. Raises ChangedSincePreview if the pages differ from it, also if they are saved
    during the release.
    """
    draft = prepare(edition_page)
    refuse_if_changed(shown, draft.previewed, draft.tree)
    publish_drafts(
        edition_page, user
    )  # outside the transaction of the release, which stays short: the pages are not public before it
    payload = canonical(draft.texts)
    try:
        with transaction.atomic():
            lock_edition(edition_page)
            if not _is_as_read(draft.tree):
                now = read_tree(EditionPage.objects.get(pk=edition_page.pk))
                refuse_if_changed(draft.previewed, _read_content(now)[1], now)
            edition = Edition.objects.create(
                code=edition_page.code,
                structure=draft.structure,
                sha256=draft.sha256,
                source_language=draft.tree.edition.source_language,
                is_sample=draft.tree.edition.is_sample,
            )
            EditionWording.objects.create(
                edition=edition, language=edition.source_language, payload=payload, sha256=digest(payload)
            )
            data = {"sha256": edition.sha256, "content_sha256": draft.previewed.sha256}
            log(instance=edition_page, action=RELEASED, user=user, data=data)
            edition_released.send(sender=Edition, edition=edition, user=user)
    except IntegrityError as taken:
        raise AlreadyReleased(
            [_("Edition %(code)s was released a moment ago by somebody else.") % {"code": edition_page.code}]
        ) from taken
    return edition


def _refuse_second_wording(edition: Edition, language: str) -> None:
    if edition.wordings.filter(language=language).exists():
        raise AlreadyReleased(
            [
                _("The wording of edition %(code)s in “%(language)s” is published already, and stays as it is.")
                % {"code": edition.code, "language": language}
            ]
        )


def prepare_wording(edition: Edition, language: str, accept_same: Collection[str] = ()) -> WordingDraft:
    """Return what `publish_wording` would freeze. Raises MalformedEdition or WordingIncomplete."""
    _refuse_second_wording(edition, language)
    locale = Locale.objects.filter(language_code=language).first()
    page = locale and EditionPage.objects.filter(code=edition.code, locale=locale).first()
    if not page:
        raise MalformedEdition(
            [
                _("Edition %(code)s has no pages in “%(language)s”. Translate its pages first.")
                % {"code": edition.code, "language": language}
            ]
        )
    source = parse_wording(edition.wordings.get(language=edition.source_language).payload)
    tree = read_tree(page)
    marks = read_marks([language])[language]
    found = read_translated_texts(tree, locale, edition.framework, source, marks)
    missing, untranslated, stale = found.missing, found.untranslated(accept_same), found.stale
    texts = Wording({path: text for path, text in found.texts.items() if path not in found.same or path in accept_same})
    others = list(find_translation_problems(tree, edition.framework, texts))
    unreviewed = [p for p in find_unreviewed(edition.framework, language, source, texts) if p not in accept_same]
    if unreviewed and demands_review(find_edition_page(edition.code), language):
        others += describe_texts(tree, _("%(text)s is not reviewed yet."), unreviewed)
    if missing or untranslated or stale or others:
        raise WordingIncomplete(tree, missing, untranslated, stale, others)
    return WordingDraft(tree, texts, unreviewed)


def publish_wording(
    edition: Edition,
    language: str,
    *,
    user: Any = None,
    accept_same: Collection[str] = (),
    shown: Previewed | None = None,
) -> EditionWording:
    """Freeze the texts of another language. `accept_same` are paths whose text may equal the source.

    The translators of the pages are marked, so that nobody reviews their own translation later. Raises MalformedEdition
    or WordingIncomplete, and ChangedSincePreview if the texts are not those that were `shown`.
    """
    draft = prepare_wording(edition, language, accept_same)
    refuse_if_changed(shown, draft.previewed, draft.tree)
    translators = find_unmarked_translators(edition, draft.tree, draft.texts)
    page = EditionPage.objects.get(code=edition.code, locale__language_code=language)
    publish_drafts(page, user)
    with transaction.atomic():
        lock_edition(page)
        now = prepare_wording(edition, language, accept_same)
        refuse_if_changed(draft.previewed, now.previewed, now.tree)
        mark_translators(language, translators)
        return _freeze_wording(edition, language, now.texts, page, user)


def publish_translation(edition: Edition, file: TranslationFile, *, user: Any = None) -> EditionWording:
    """Freeze the texts of a translators' file. The language needs no pages.

    Raises AlreadyReleased, or MalformedEdition with every problem, including missing texts. Then it freezes nothing.
    """
    check_translation(edition, file)
    page = find_edition_page(edition.code)
    with transaction.atomic():
        if user is not None:
            mark_translated(edition, file.language, file.texts, user)
        return _freeze_wording(edition, file.language, file.texts, page, user)


def check_translation(edition: Edition, file: TranslationFile) -> list[str]:
    """Return the paths of the texts of a file that are not reviewed.

    Raises AlreadyReleased or MalformedEdition if the texts cannot be published.
    """
    _refuse_second_wording(edition, file.language)
    source = parse_wording(edition.wordings.get(language=edition.source_language).payload)
    problems = list(find_file_problems(file, source))
    problems += [_("%(text)s is missing.") % {"text": describe_path(p)} for p in file.texts.missing(edition.framework)]
    known = Wording(known_texts(file.texts, edition.framework))
    problems += describe_dead_links(known, edition.framework)
    unreviewed = find_unreviewed(edition.framework, file.language, source, known)
    if demands_review(find_edition_page(edition.code), file.language):
        problems += [_("%(text)s is not reviewed yet.") % {"text": describe_path(path)} for path in unreviewed]
    if problems:
        raise MalformedEdition(problems)
    return unreviewed


def publish_translations(edition: Edition, folder: Path) -> list[str]:
    """Publish each complete translation in an edition's folder that is not published yet. Return their languages."""
    published = set(edition.wordings.values_list("language", flat=True))
    files = (read_translation_file(path) for path in sorted((folder / TRANSLATIONS).glob("*.po")))
    found = [file for file in files if file.language not in published and not file.texts.missing(edition.framework)]
    return [publish_translation(edition, file).language for file in found]


def _freeze_wording(edition: Edition, language: str, texts: Wording, page: EditionPage, user: Any) -> EditionWording:
    payload = canonical(texts)
    try:
        with transaction.atomic():
            wording = EditionWording.objects.create(
                edition=edition, language=language, payload=payload, sha256=digest(payload)
            )
            log(instance=page, action=WORDING_PUBLISHED, user=user, data={"sha256": wording.sha256})
    except IntegrityError:
        _refuse_second_wording(edition, language)
        raise
    edition.clear_cached_texts()
    return wording
