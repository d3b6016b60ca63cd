"""The review of translations by somebody other than the translator."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from wagtail.models import Locale

from standards.drafts.fields import write_texts
from standards.editions.languages.marks import (
    Kind,
    add_marks,
    find_reviewed,
    find_translators,
    passage_digests,
    read_marks,
)
from standards.editions.languages.progress import (
    TranslatedTexts,
    TranslationProgress,
    known_texts,
    read_translated_texts,
)
from standards.editions.page_reader import Tree, read_tree
from standards.framework import Framework, Wording, parse_wording
from standards.models import Edition, EditionPage, EditionWording, LanguageSetting, PassageMark, Texts


@dataclass(frozen=True)
class Language:
    """An edition in another language: its published wording, or else its pages, which `tree` then has."""

    code: str
    found: TranslatedTexts
    tree: Tree | None = None

    @cached_property
    def passages(self) -> dict[str, str]:
        """The digests of the passages that can be reviewed, by path: translations of the present source text."""
        found = self.found
        current = {path: text for path, text in found.present.items() if path not in found.outdated}
        return passage_digests(found.framework, found.source, current)

    @cached_property
    def translators(self) -> dict[str, frozenset[int]]:
        """The keys of the users who translated each text, by path."""
        marks = self.found.marks
        if self.tree is None:
            return {path: marks.translators.get(passage, frozenset()) for path, passage in self.passages.items()}
        return find_translators(self.tree, self.tree.edition.locale, self.passages, marks)


def read_language(source: Tree, language: str) -> Language | None:
    """Return an edition in another language. None if it has neither a published wording nor pages in that language."""
    marks = read_marks([language])[language]
    wordings = dict(EditionWording.objects.filter(edition__code=source.edition.code).values_list("language", "payload"))
    if language in wordings and language != source.edition.source_language:
        texts = parse_wording(wordings[language])
        original = parse_wording(wordings[source.edition.source_language])
        done = TranslationProgress(done=set(texts))
        return Language(language, TranslatedTexts(source.framework, original, texts, done, marks))
    locale = Locale.objects.filter(language_code=language).first()
    key = source.edition.translation_key
    page = locale and EditionPage.objects.filter(translation_key=key, locale=locale).select_related("locale").first()
    if not page or page.pk == source.edition.pk:
        return None
    tree = read_tree(page)
    original = Wording(known_texts(write_texts(source.text), source.framework))
    return Language(language, read_translated_texts(tree, locale, source.framework, original, marks), tree)


def mark_translated(edition: Edition, language: str, texts: Wording, user: Any) -> None:
    """Mark a user as the translator of those texts of a released edition that have no mark of a translator."""
    known = read_marks([language])[language].translators
    passages = _passages_of(edition, texts).values()
    add_marks(language, (passage for passage in passages if passage not in known), Kind.TRANSLATED, user)


def find_unmarked_translators(edition: Edition, tree: Tree, texts: Wording) -> dict[str, frozenset[int]]:
    """Return the keys of the translators of each passage that has no mark of a translator, by its digest.

    `tree` has the pages in the language, with `texts`.
    """
    locale = tree.edition.locale
    passages = _passages_of(edition, texts)
    marks = read_marks([locale.language_code])[locale.language_code]
    found = find_translators(tree, locale, passages, marks)
    return {passages[path]: users for path, users in found.items() if passages[path] not in marks.translators}


def _passages_of(edition: Edition, texts: Wording) -> dict[str, str]:
    """Return the digests of the passages of a released edition with these translations, by path."""
    source = parse_wording(edition.wordings.get(language=edition.source_language).payload)
    return passage_digests(edition.framework, source, texts)


def mark_translators(language: str, translators: Mapping[str, Iterable[int]]) -> None:
    """Store marks for translators, whose keys are given by the digest of the passage."""
    PassageMark.objects.bulk_create(
        PassageMark(language=language, passage=passage, kind=Kind.TRANSLATED, by_id=user)
        for passage, users in translators.items()
        for user in sorted(users)
    )


def mark_reviewed(language: Language, paths: Iterable[str], user: Any) -> list[str]:
    """Mark passages as reviewed by a user. Return the paths of those that the user translated, which are not marked."""
    wanted = [path for path in paths if path in language.passages and path not in language.found.reviewed]
    own = [path for path in wanted if user.pk in language.translators.get(path, ())]
    others = [path for path in wanted if path not in own]
    add_marks(language.code, (language.passages[path] for path in others), Kind.REVIEWED, user)
    return own


def withdraw_reviews(language: Language, paths: Iterable[str], user: Any) -> None:
    """Withdraw the review of passages."""
    wanted = (language.passages[path] for path in paths if path in language.found.reviewed)
    add_marks(language.code, wanted, Kind.TAKEN_BACK, user)


# --- Before and after a wording is published -------------------------------------------------------------------------


def demands_review(edition: EditionPage, language: str) -> bool:
    """Whether an edition requires the review of a language before it is published. `edition` is its source page."""
    return LanguageSetting.objects.filter(edition=edition, language=language, demands_review=True).exists()


def set_review_requirement(edition: EditionPage, language: str, *, demands: bool) -> None:
    """Store whether an edition requires the review of a language before it is published."""
    LanguageSetting.objects.update_or_create(edition=edition, language=language, defaults={"demands_review": demands})


def find_unreviewed(framework: Framework, language: str, source: Wording, texts: Wording) -> list[str]:
    """Return the paths of the texts of a wording that are not reviewed."""
    marks = read_marks([language])[language]
    reviewed = find_reviewed(framework, source, texts, marks.reviewed)
    return [path for path in texts if path not in reviewed]


_REVIEWED: dict[tuple[str, ...], bool] = {}
"""Whether a wording is reviewed, by its digests and the key of the newest mark of its language. At most `_MOST`."""
_MOST = 200


def is_reviewed(edition: Edition, texts: Texts) -> bool:
    """Whether every passage of a published wording is reviewed. One short query, and all marks after a new one."""
    if texts.language == texts.source_language:
        return True
    newest = PassageMark.objects.filter(language=texts.language).order_by("-pk").values_list("pk", flat=True).first()
    key = (*texts.digests, str(newest))
    if key not in _REVIEWED:
        if len(_REVIEWED) >= _MOST:
            _REVIEWED.clear()
        _REVIEWED[key] = not find_unreviewed(edition.framework, texts.language, *texts.translated)
    return _REVIEWED[key]
