"""Release the pages of the Guide as a frozen edition: the structure with its digest, and each complete language.

Everything is read and validated first; the rows are written in one short transaction at the end.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Locale

from standards.drafts.fields import EXTRA_TEXTS, write_texts
from standards.editions.page_reader import read_tree
from standards.editions.release_reasons import (
    ReleaseProblem,
    describe_outcomes,
    describe_path,
    find_release_problems,
    find_undecided,
)
from standards.editions.wordings import find_translation_progress
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
"""The actions in Wagtail's own log, which says who did it."""


class AlreadyReleased(MalformedEdition):
    """A code can be released once, and a language published once."""


class WordingIncomplete(MalformedEdition):
    """A language cannot be published yet. `missing`, `untranslated` and `stale` are paths."""

    def __init__(self, problems: list[str], missing: list[str], untranslated: list[str], stale: list[str]) -> None:
        super().__init__(problems)
        self.missing, self.untranslated, self.stale = missing, untranslated, stale


@dataclass(frozen=True, slots=True)
class Draft:
    """The data that a release would freeze."""

    framework: Framework
    structure: str
    sha256: str
    texts: Wording
    examples: tuple[tuple[str, str], ...]
    """The name of each outcome, with an example that leads to it."""
    undecided: tuple[ReleaseProblem, ...]
    """Questions whose search was aborted."""


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
    """Return what `release` would freeze. Raises MalformedEdition with every problem."""
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
    if problems := list(find_release_problems(tree)):
        raise MalformedEdition(problems)
    structure = canonical(write_framework(tree.framework))
    texts = Wording(_known(write_texts(tree.text), tree.framework))
    examples, undecided = tuple(describe_outcomes(tree)), tuple(find_undecided(tree))
    return Draft(tree.framework, structure, digest(structure), texts, examples, undecided)


def release(edition_page: EditionPage, *, user: Any = None) -> Edition:
    """Freeze the structure and the source wording of an edition. Raises MalformedEdition and freezes nothing."""
    draft = prepare(edition_page)
    _publish_drafts(edition_page, user)
    payload = canonical(draft.texts)
    try:
        with transaction.atomic():
            edition = Edition.objects.create(
                code=edition_page.code,
                structure=draft.structure,
                sha256=draft.sha256,
                source_language=edition_page.source_language,
                is_sample=edition_page.is_sample,
            )
            EditionWording.objects.create(
                edition=edition, language=edition.source_language, payload=payload, sha256=digest(payload)
            )
            log(instance=edition_page, action=RELEASED, user=user, data={"sha256": edition.sha256})
    except IntegrityError as taken:
        raise AlreadyReleased(
            [_("Edition %(code)s was released a moment ago by somebody else.") % {"code": edition_page.code}]
        ) from taken
    return edition


def _publish_drafts(edition_page: EditionPage, user: Any) -> None:
    """Publish every page as it was last saved, so that translators see the text that is frozen.

    Not part of the release's transaction, which stays short; these pages are not public.
    """
    inside = edition_page.get_descendants(inclusive=True).order_by("path").specific()
    for page in inside.filter(Q(live=False) | Q(has_unpublished_changes=True)):
        revision = page.latest_revision
        if revision is None or revision.content["go_live_at"] or revision.content["expire_at"]:
            draft = page.get_latest_revision_as_object()
            draft.go_live_at = draft.expire_at = None
            revision = draft.save_revision(user=user, clean=False)
        revision.publish(user=user, skip_permission_checks=True)


def prepare_wording(edition: Edition, language: str, accept_same: Collection[str] = ()) -> Wording:
    """Return the texts that `publish_wording` would freeze. Raises MalformedEdition or WordingIncomplete."""
    if edition.wordings.filter(language=language).exists():
        raise AlreadyReleased(
            [
                _("The wording of edition %(code)s in “%(language)s” is published already, and stays as it is.")
                % {"code": edition.code, "language": language}
            ]
        )
    locale = Locale.objects.filter(language_code=language).first()
    page = locale and EditionPage.objects.filter(code=edition.code, locale=locale).first()
    if not page:
        raise MalformedEdition(
            [
                _("Edition %(code)s has no pages in “%(language)s”. Translate its pages first.")
                % {"code": edition.code, "language": language}
            ]
        )
    tree = read_tree(page)
    texts = Wording(_known(write_texts(tree.text), edition.framework))
    source = parse_wording(edition.wordings.get(language=edition.source_language).payload)
    missing = texts.missing(edition.framework)
    translation_progress = find_translation_progress(tree, locale, texts, source)
    same = {path for path, text in texts.items() if text == source.get(path)} - translation_progress.done
    waiting = (same | translation_progress.waiting) - set(accept_same) - set(_extra_paths(edition.framework))
    untranslated = [path for path in texts if path in waiting - translation_progress.stale]
    stale = [path for path in texts if path in translation_progress.stale]
    if missing or untranslated or stale:
        problems = [_("%(text)s is missing.") % {"text": describe_path(path)} for path in missing]
        problems += [_("%(text)s is not translated yet.") % {"text": describe_path(path)} for path in untranslated]
        problems += [
            _("%(text)s does not fit the released text. Bring the translation up to date.")
            % {"text": describe_path(path)}
            for path in stale
        ]
        raise WordingIncomplete(problems, missing, untranslated, stale)
    return Wording({path: text for path, text in texts.items() if path not in same or path in accept_same})


def publish_wording(
    edition: Edition, language: str, *, user: Any = None, accept_same: Collection[str] = ()
) -> EditionWording:
    """Freeze the texts of another language. `accept_same` are paths whose text may equal the source."""
    prepare_wording(edition, language, accept_same)
    page = EditionPage.objects.get(code=edition.code, locale__language_code=language)
    _publish_drafts(page, user)
    payload = canonical(prepare_wording(edition, language, accept_same))
    with transaction.atomic():
        wording = EditionWording.objects.create(
            edition=edition, language=language, payload=payload, sha256=digest(payload)
        )
        log(instance=page, action=WORDING_PUBLISHED, user=user, data={"sha256": wording.sha256})
    return wording


def _extra_paths(framework: Framework) -> Iterator[str]:
    for pattern in EXTRA_TEXTS:
        kind = pattern.split("/")[0]
        codes = {"domain": [d.code for d in framework.domains], "standard": list(framework.standards)}.get(kind, [""])
        yield from (pattern.format(code=code) for code in codes)


def _known(texts: Wording, framework: Framework) -> dict[str, str]:
    """Return the texts that belong to the framework."""
    wanted = {*framework.text_paths(), *_extra_paths(framework)}
    return {path: text for path, text in texts.items() if path in wanted}
