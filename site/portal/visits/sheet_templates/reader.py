"""The sheets that are filled in on visits: of each kind the one that MCE published last, or else the shipped one."""

from collections.abc import Iterable, Sequence

from django.conf import settings

from evaluation.visits.sheets.templates import Criterion, Kind, SheetTemplate
from portal.visits.sheet_templates.models import SheetTemplatePage
from portal.visits.sheet_templates.shipped import shipped_sheet


def find_templates() -> dict[str, SheetTemplate]:
    """Return the sheet of each kind, with its criteria in every language in which it is public. One query."""
    pages = list(SheetTemplatePage.objects.live().select_related("locale"))
    found = {}
    for kind in Kind:
        translations = find_newest(page for page in pages if page.kind == kind)
        found[kind.value] = _as_template(translations) if translations else shipped_sheet(kind)
    return found


def find_newest(pages: Iterable[SheetTemplatePage]) -> list[SheetTemplatePage]:
    """Return the page that was published last in the language of the site, then its translations."""
    public = [page for page in pages if page.live]
    sources = [page for page in public if page.locale.language_code == settings.LANGUAGE_CODE]
    if not sources:
        return []
    newest = max(sources, key=lambda page: (page.last_published_at is not None, page.last_published_at, page.pk))
    return [newest, *(p for p in public if p.translation_key == newest.translation_key and p.pk != newest.pk)]


def _as_template(translations: Sequence[SheetTemplatePage]) -> SheetTemplate:
    source = translations[0]
    texts: dict[str, dict[str, str]] = {}
    for page in translations:
        for block in page.criteria:
            texts.setdefault(block.id, {})[page.locale.language_code] = block.value["text"]
    return SheetTemplate(
        source.kind,
        source.locale.language_code,
        tuple(Criterion(block.id, texts[block.id], tuple(block.value["examines"] or ())) for block in source.criteria),
        asked=source.asked,
        threshold=source.threshold,
        keys=tuple(source.belongs_to),
    )
