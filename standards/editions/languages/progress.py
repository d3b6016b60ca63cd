"""The progress of translations: the state of each text of an edition in another language."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from wagtail.models import Locale
from wagtail_localize.models import StringSegment, Translation
from wagtail_localize.strings import StringValue

from standards.drafts.fields import EXTRA_TEXTS, with_line_feeds, write_texts
from standards.editions.languages.marks import Marks, find_reviewed, read_marks
from standards.editions.languages.places import paths_by_name
from standards.editions.page_reader import Tree, read_tree
from standards.framework import Framework, Wording
from standards.models import EditionPage


class TextState(StrEnum):
    """The state of a text in a language other than the source language of the edition."""

    REVIEWED = "reviewed"
    """It is translated, and somebody other than its translator reviewed it."""
    DONE = "done"
    MISSING = "missing"
    UNTRANSLATED = "untranslated"
    """It equals the source text, and no translator confirmed that."""
    STALE = "stale"
    """It was translated from another source text, or its translation is not on its page yet."""


@dataclass
class TranslationProgress:
    """The paths of translated texts, of untranslated ones (`waiting`), and of translations that are stale."""

    done: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    stale: set[str] = field(default_factory=set)
    unsaved: dict[str, str] = field(default_factory=dict)
    """The translations in wagtail-localize that are not on their page yet, by path."""


@dataclass(frozen=True)
class TranslatedTexts:
    """The texts of an edition in another language. `source` has those of the source language, by path."""

    framework: Framework
    source: Mapping[str, str]
    texts: Wording
    progress: TranslationProgress
    marks: Marks = field(default_factory=Marks)

    @cached_property
    def missing(self) -> list[str]:
        return self.texts.missing(self.framework)

    @cached_property
    def same(self) -> set[str]:
        """The paths of texts that equal the source without a translator's confirmation."""
        return {path for path, text in self.texts.items() if text == self.source.get(path)} - self.progress.done

    @cached_property
    def present(self) -> dict[str, str]:
        """The existing translations by path, up to date or not."""
        on_pages = {path: text for path, text in self.texts.items() if path not in self.same}
        return on_pages | self.progress.unsaved

    @cached_property
    def outdated(self) -> set[str]:
        """The paths of translations of a former source text."""
        return (self.progress.stale | self.progress.waiting) & set(self.present)

    @cached_property
    def reviewed(self) -> set[str]:
        """The paths of translations whose present text is reviewed, including those of optional texts."""
        return find_reviewed(self.framework, self.source, self.present, self.marks.reviewed) - self.outdated

    def untranslated(self, accept_same: Collection[str] = ()) -> list[str]:
        """Return the paths of required texts that are not translated. Those in `accept_same` may equal the source."""
        waiting = (self.same | self.progress.waiting) - set(accept_same) - set(extra_paths(self.framework))
        return [path for path in self.texts if path in waiting - self.progress.stale]

    @property
    def stale(self) -> list[str]:
        return [path for path in self.texts if path in self.progress.stale]

    @cached_property
    def states(self) -> dict[str, TextState]:
        """The state of each required text, and of each optional one that the source has, by path."""
        states = dict.fromkeys(paths_to_translate(self.framework, self.source), TextState.DONE)
        found = (
            (TextState.MISSING, states.keys() - self.texts.keys()),
            (TextState.UNTRANSLATED, (self.same | self.progress.waiting) - self.progress.stale),
            (TextState.STALE, self.stale),
        )
        for state, paths in found:
            states.update((path, state) for path in paths if path in states)
        states.update((path, TextState.REVIEWED) for path in self.reviewed if states.get(path) is TextState.DONE)
        return states


def read_languages(tree: Tree) -> dict[str, TranslatedTexts]:
    """Return the texts of an edition in every other language, by the code of the language. `tree` has the source."""
    source = known_texts(write_texts(tree.text), tree.framework)
    others = EditionPage.objects.filter(translation_key=tree.edition.translation_key).exclude(pk=tree.edition.pk)
    pages = {page.locale.language_code: page for page in others.select_related("locale")}
    marks = read_marks(pages)
    return {
        code: read_translated_texts(read_tree(page), page.locale, tree.framework, source, marks[code])
        for code, page in sorted(pages.items())
    }


def read_translated_texts(
    tree: Tree, locale: Locale, framework: Framework, source: Mapping[str, str], marks: Marks
) -> TranslatedTexts:
    """Return the texts on the pages in another language, with their progress."""
    texts = Wording(known_texts(write_texts(tree.text), framework))
    return TranslatedTexts(framework, source, texts, find_translation_progress(tree, locale, texts, source), marks)


def states_of_wording(
    framework: Framework, source: Mapping[str, str], texts: Mapping[str, str], marks: Marks
) -> dict[str, TextState]:
    """Return the state of each text of a published wording, by path."""
    paths = paths_to_translate(framework, source)
    states = {path: TextState.DONE if path in texts else TextState.MISSING for path in paths}
    reviewed = find_reviewed(framework, source, texts, marks.reviewed)
    return states | {path: TextState.REVIEWED for path in reviewed if path in states}


def paths_to_translate(framework: Framework, source: Mapping[str, str]) -> list[str]:
    """Return the paths of the texts to translate: the required ones, and the optional ones that the source has."""
    return [*framework.text_paths(), *(path for path in extra_paths(framework) if path in source)]


def known_texts(texts: Wording, framework: Framework) -> dict[str, str]:
    """Return the texts whose parts are in the framework."""
    wanted = {*framework.text_paths(), *extra_paths(framework)}
    return {path: text for path, text in texts.items() if path in wanted}


def extra_paths(framework: Framework) -> Iterator[str]:
    """Yield the paths of the optional texts of an edition."""
    for pattern in EXTRA_TEXTS:
        kind = pattern.split("/")[0]
        codes = {"domain": [d.code for d in framework.domains], "standard": list(framework.standards)}.get(kind, [""])
        yield from (pattern.format(code=code) for code in codes)


def find_translation_progress(
    tree: Tree, locale: Locale, texts: Mapping[str, str], source: Mapping[str, str]
) -> TranslationProgress:
    """Return the progress of the pages that are translated with wagtail-localize. Other pages are ignored.

    A text is stale if it was translated from another source text, or if the latest revision of its page does not have
    the translation yet.
    """
    places = {page.translation_key: paths_by_name(page) for page in tree.pages}
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
        if not _are_same(_plain(made_from), source[path]):
            translation_progress.stale.add(path)
        elif not translation:
            translation_progress.waiting.add(path)
        elif path not in texts or not _are_same(_plain(translation), texts[path]):
            translation_progress.stale.add(path)
            translation_progress.unsaved[path] = _plain(translation)
        else:
            translation_progress.done.add(path)
    return translation_progress


def _plain(data: str) -> str:
    return str(with_line_feeds(StringValue(data).render_text())).strip()


def _are_same(first: str, second: str) -> bool:
    """Whether two texts are equal but for white space at line ends, which wagtail-localize changes."""
    return [line.rstrip() for line in first.split("\n")] == [line.rstrip() for line in second.split("\n")]
