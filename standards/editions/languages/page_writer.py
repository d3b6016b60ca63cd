"""Write translations into the pages of a draft, and into the tables of wagtail-localize."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Locale
from wagtail_localize.models import String, StringSegment, StringTranslation, Translation, TranslationContext
from wagtail_localize.strings import StringValue

from standards.editions.bulk.saved_drafts import save_drafts
from standards.editions.languages.marks import Kind, add_marks, passage_digests
from standards.editions.languages.places import TextPlace, find_places
from standards.editions.languages.progress import TranslatedTexts
from standards.editions.page_reader import Tree
from standards.framework import MalformedEdition

BATCH = 200
"""The number of rows in a statement."""


@transaction.atomic
def write_translation_texts(tree: Tree, found: TranslatedTexts, texts: Mapping[str, str], user: Any) -> None:
    """Write texts by path into the pages of another language, as drafts, and mark the user as their translator.

    `tree` has these pages, `found` their present texts. Raises MalformedEdition, and writes nothing, if a page that
    somebody else locked would change.
    """
    places = find_places(tree)
    wanted = {path: places[path] for path in texts}
    _refuse_locked(wanted, user)
    locale: Locale = tree.edition.locale
    _write_strings(wanted, locale, found, texts, user)
    changed: dict[int, Any] = {}
    for path, place in wanted.items():
        if found.texts.get(path) != texts[path]:
            place.write(texts[path])
            changed[place.page.pk] = place.page
    save_drafts(list(changed.values()), user)
    passages = passage_digests(found.framework, found.source, texts)
    add_marks(locale.language_code, passages.values(), Kind.TRANSLATED, user)


def _refuse_locked(places: Mapping[str, TextPlace], user: Any) -> None:
    pages = {place.page.pk: place.page for place in places.values() if place.page.locked}
    locked = [page for page in pages.values() if page.locked_by_id != user.pk]
    sentence = _("The page “%(page)s” would change, and somebody else locked it. Have it unlocked first.")
    if locked:
        raise MalformedEdition([sentence % {"page": page.get_admin_display_title()} for page in locked])


def _write_strings(
    places: Mapping[str, TextPlace], locale: Locale, found: TranslatedTexts, texts: Mapping[str, str], user: Any
) -> None:
    """Store the texts of pages that are translated with wagtail-localize as its translations of the present source."""
    paths = {(place.page.translation_key, place.name): path for path, place in places.items()}
    translations = Translation.objects.filter(
        enabled=True, target_locale=locale, source__object_id__in={key for key, _name in paths}
    )
    sources = {one.source.object_id: one.source for one in translations.select_related("source__locale")}
    paths = {at: path for at, path in paths.items() if at[0] in sources}
    if not paths:
        return
    contexts = _find_contexts(paths)
    source_locale = next(iter(sources.values())).locale
    strings = _find_strings(source_locale, {_as_string(found.source[path]) for path in paths.values()})
    string_of = {path: strings[_as_string(found.source[path])] for path in paths.values()}
    _point_segments(paths, sources, contexts, string_of)
    StringTranslation.objects.bulk_create(
        (
            StringTranslation(
                translation_of=string_of[path],
                locale=locale,
                context=contexts[at],
                data=_as_string(texts[path]),
                translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
                last_translated_by=user,
            )
            for at, path in paths.items()
        ),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["locale", "translation_of", "context"],
        update_fields=["data", "translation_type", "last_translated_by", "updated_at", "has_error", "field_error"],
    )


def _as_string(text: str) -> str:
    """Return a text in the form in which wagtail-localize stores it."""
    data: str = StringValue.from_plaintext(text).data
    return data


def _find_contexts(paths: Mapping[tuple[Any, str], str]) -> dict[tuple[Any, str], TranslationContext]:
    """Return the context of each field, by the key of its page and its name. Create missing ones."""
    wanted = TranslationContext.objects.filter(object_id__in={key for key, _name in paths})
    known = {(context.object_id, context.path) for context in wanted}
    path_id_of = TranslationContext._get_path_id  # noqa: SLF001 - wagtail-localize has no other
    TranslationContext.objects.bulk_create(
        (
            TranslationContext(object_id=key, path=name, path_id=path_id_of(name))
            for key, name in paths
            if (key, name) not in known
        ),
        batch_size=BATCH,
    )
    return {(context.object_id, context.path): context for context in wanted.all()}


def _find_strings(locale: Locale, data: set[str]) -> dict[str, String]:
    """Return the rows of source texts in wagtail-localize, by text. Create missing ones."""
    hashes = {String._get_data_hash(text): text for text in data}  # noqa: SLF001 - wagtail-localize has no other
    known = String.objects.filter(locale=locale, data_hash__in=list(hashes))
    existing = set(known.values_list("data_hash", flat=True))
    String.objects.bulk_create(
        (String(locale=locale, data=text, data_hash=key) for key, text in hashes.items() if key not in existing),
        batch_size=BATCH,
    )
    return {string.data: string for string in known.all()}


def _point_segments(
    paths: Mapping[tuple[Any, str], str],
    sources: Mapping[Any, Any],
    contexts: Mapping[tuple[Any, str], TranslationContext],
    strings: Mapping[str, String],
) -> None:
    """Update the segment of each field to the present source text, as wagtail-localize may have an older one."""
    segments = StringSegment.objects.filter(source__in=list(sources.values())).select_related("context", "source")
    existing = {(segment.source.object_id, segment.context.path): segment for segment in segments}
    outdated = []
    for at, path in paths.items():
        segment = existing.get(at)
        if segment and segment.string_id != strings[path].pk:
            segment.string = strings[path]
            outdated.append(segment)
    StringSegment.objects.bulk_update(outdated, ["string"], batch_size=BATCH)
    StringSegment.objects.bulk_create(
        (
            StringSegment(
                source=sources[at[0]],
                context=contexts[at],
                string=strings[path],
                attrs="{}",
                order=len(existing) + number,
            )
            for number, (at, path) in enumerate(paths.items())
            if at not in existing
        ),
        batch_size=BATCH,
    )
