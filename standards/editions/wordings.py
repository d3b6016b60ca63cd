"""Progress of translations: the state of each text of an edition in wagtail-localize."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wagtail.models import Locale
from wagtail_localize.models import StringSegment, Translation
from wagtail_localize.strings import StringValue

from standards.editions.page_reader import Tree
from standards.framework import INDICATOR_TEXTS, LEVELS
from standards.models import DomainPage, EditionPage, IndicatorPage, StandardPage


@dataclass
class TranslationProgress:
    """By path: translated texts, untranslated ones, and translations that no longer match the source."""

    done: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    stale: set[str] = field(default_factory=set)


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
    return own | {f"outcomes.{row.translation_key}.name": f"outcome/{row.code}" for row in page.outcomes.all()}
