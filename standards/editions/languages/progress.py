"""Progress of translations: the state of each text of an edition in another language."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from wagtail.models import Locale
from wagtail_localize.models import StringSegment, Translation
from wagtail_localize.strings import StringValue

from standards.drafts.fields import EXTRA_TEXTS, write_texts
from standards.editions.page_reader import Tree, read_tree
from standards.framework import INDICATOR_TEXTS, LEVELS, Framework, Wording
from standards.models import DomainPage, EditionPage, IndicatorPage, StandardPage


class TextState(StrEnum):
    """The state of a text in another language than that of the edition."""

    DONE = "done"
    MISSING = "missing"
    UNTRANSLATED = "untranslated"
    """It is the same as in the source, and no translator confirmed that."""
    STALE = "stale"
    """It was translated from another text than that of the edition, or is not on its page yet."""


@dataclass
class TranslationProgress:
    """By path: translated texts, untranslated ones, and translations that no longer match the source."""

    done: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    stale: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class TranslatedTexts:
    """The texts of an edition in another language. `source` are those of the edition, by path."""

    framework: Framework
    source: Mapping[str, str]
    texts: Wording
    progress: TranslationProgress

    @cached_property
    def missing(self) -> list[str]:
        return self.texts.missing(self.framework)

    @cached_property
    def same(self) -> set[str]:
        """Texts that equal the source and that no translator confirmed."""
        return {path for path, text in self.texts.items() if text == self.source.get(path)} - self.progress.done

    def untranslated(self, accept_same: Collection[str] = ()) -> list[str]:
        """Return the texts that are not translated, without those whose text may equal the source."""
        waiting = (self.same | self.progress.waiting) - set(accept_same) - set(extra_paths(self.framework))
        return [path for path in self.texts if path in waiting - self.progress.stale]

    @property
    def stale(self) -> list[str]:
        return [path for path in self.texts if path in self.progress.stale]

    @cached_property
    def states(self) -> dict[str, TextState]:
        """The state of each text that the edition must have, by path."""
        states = dict.fromkeys(self.framework.text_paths(), TextState.DONE)
        found = (
            (TextState.MISSING, self.missing),
            (TextState.UNTRANSLATED, self.untranslated()),
            (TextState.STALE, self.stale),
        )
        for state, paths in found:
            states.update((path, state) for path in paths if path in states)
        return states


def read_languages(tree: Tree) -> dict[str, TranslatedTexts]:
    """Read the pages of an edition in every other language, by its code. `tree` has the source."""
    source = known_texts(write_texts(tree.text), tree.framework)
    pages = EditionPage.objects.filter(translation_key=tree.edition.translation_key).exclude(pk=tree.edition.pk)
    return {
        page.locale.language_code: read_translated_texts(read_tree(page), page.locale, tree.framework, source)
        for page in pages.select_related("locale").order_by("locale__language_code")
    }


def read_translated_texts(
    tree: Tree, locale: Locale, framework: Framework, source: Mapping[str, str]
) -> TranslatedTexts:
    """Read the texts of the pages in another language, with the state of each."""
    texts = Wording(known_texts(write_texts(tree.text), framework))
    return TranslatedTexts(framework, source, texts, find_translation_progress(tree, locale, texts, source))


def known_texts(texts: Wording, framework: Framework) -> dict[str, str]:
    """Return the texts that belong to the framework."""
    wanted = {*framework.text_paths(), *extra_paths(framework)}
    return {path: text for path, text in texts.items() if path in wanted}


def extra_paths(framework: Framework) -> Iterator[str]:
    """Yield the texts that an edition may have beyond those that it must have."""
    for pattern in EXTRA_TEXTS:
        kind = pattern.split("/")[0]
        codes = {"domain": [d.code for d in framework.domains], "standard": list(framework.standards)}.get(kind, [""])
        yield from (pattern.format(code=code) for code in codes)


def find_translation_progress(
    tree: Tree, locale: Locale, texts: Mapping[str, str], source: Mapping[str, str]
) -> TranslationProgress:
    """Return the progress of pages that are translated with wagtail-localize; other pages are ignored.

    A text is stale if it was translated from another source text, or if its translation is not on the live page yet.
    """
    places = {page.translation_key: _places(page) for page in tree.pages}
    translations = Translation.objects.filter(
        enabled=True, target_locale=locale, source__object_id__in=list(places)
    ).values_list("source_id", flat=True)
    segments = (
        StringSegment.objects.filter(source_id__in=list(translations))
        .annotate_translation(locale)
        .values_list("source__object_id", "context__path", "string__data", "translation")
    )
    translation_progress = TranslationProgress()
    for key, place, made_from, translation in segments:
        path = places[key].get(place)
        if path is None or path not in source:
            continue
        if _plain(made_from) != source[path]:
            translation_progress.stale.add(path)
        elif not translation:
            translation_progress.waiting.add(path)
        elif _plain(translation) != texts.get(path):
            translation_progress.stale.add(path)
        else:
            translation_progress.done.add(path)
    return translation_progress


def _plain(data: str) -> str:
    return str(StringValue(data).render_text()).strip()


def _places(page: EditionPage | DomainPage | StandardPage | IndicatorPage) -> dict[str, str]:
    """Return our path of each text by its path in wagtail-localize."""
    if isinstance(page, IndicatorPage):
        return {text.name: f"indicator/{page.code}/{text.path}" for text in INDICATOR_TEXTS}
    if not isinstance(page, EditionPage):
        kind = "domain" if isinstance(page, DomainPage) else "standard"
        return {name: f"{kind}/{page.code}/{name}" for name in ("title", "short_title", "introduction")}
    own = {name: name for name in ("title", "introduction", "examined", "sample_notice")}
    own |= {f"level_{level}": f"level/{level}" for level in LEVELS}
    own |= {f"obligations.{row.translation_key}.name": f"obligation/{row.code}" for row in page.obligations.all()}
    own |= {f"results.{row.translation_key}.name": f"result/{row.code}" for row in page.results.all()}
    own |= {f"traits.{row.translation_key}.name": f"trait/{row.code}" for row in page.traits.all()}
    return own | {f"outcomes.{row.translation_key}.name": f"outcome/{row.code}" for row in page.outcomes.all()}
