"""The sample handbook of the demonstration, written in English and translated into French through wagtail-localize.

The front page of the site is translated too, as French pages need a French parent page.
"""

import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.operations import translate_object

from portal.demonstration.clock import at
from portal.handbook.keys import codes_by_key, newest_framework
from portal.handbook.models import CountryPage, HandbookEntry, HandbookPage, ProcedurePage, TermPage
from portal.public.models import HomePage

WRITTEN = 45
"""Days since it was written."""
SAMPLE = Path("fixtures/demonstration/handbook.toml")
LANGUAGE = "fr"
TEXTS = ("title", "introduction", "summary", "definition", "text", "synonyms", "hours", "legal_facts", "partners")
FORMATTED = ("text", "legal_facts", "partners", "what")

Entry = dict[str, Any]


def write_handbook(today: date) -> Iterator[datetime]:
    """Write and publish the handbook. Its codes are those of the newest edition."""
    yield at(today - timedelta(days=WRITTEN), 11)
    sample = tomllib.loads(SAMPLE.read_text(encoding="utf-8"))
    framework = newest_framework()
    keys = {code: key for key, code in codes_by_key(framework).items()} if framework else {}
    home = HomePage.objects.order_by("path").first()
    assert home is not None  # made by a migration
    front = HandbookPage(**_head(sample["handbook"]))
    home.add_child(instance=front)
    entries = list(_entries(sample, keys, today))
    for page in entries:
        front.add_child(instance=page)
    for page in (front, *entries):
        page.save_revision().publish()
    french = {one["en"]: one[LANGUAGE] for one in _pairs(sample)}
    translate_pages([home, front, *entries], french)


def _entries(sample: Entry, keys: dict[str, str], today: date) -> Iterator[HandbookEntry]:
    for entry in sample["procedures"]:
        steps = [{"type": "step", "value": _texts(step)} for step in entry["steps"]]
        contacts = [{"type": "contact", "value": _texts(contact)} for contact in entry.get("contacts", ())]
        yield ProcedurePage(**_head(entry), **_common(entry, keys), steps=steps, contacts=contacts)
    for entry in sample["terms"]:
        yield TermPage(**_head(entry), **_common(entry, keys))
    for entry in sample["countries"]:
        checked_on = today - timedelta(days=entry["checked_days_ago"])
        yield CountryPage(**_head(entry), **_common(entry, keys), country=entry["country"], checked_on=checked_on)


def _head(entry: Entry) -> Entry:
    return {"slug": entry["slug"], **_texts({name: entry[name] for name in TEXTS if name in entry})}


def _common(entry: Entry, keys: dict[str, str]) -> Entry:
    return {"is_sample": True, "belongs_to": [keys[code] for code in entry["belongs_to"] if code in keys]}


def _texts(texts: Entry) -> Entry:
    return {name: f"<p>{text['en']}</p>" if name in FORMATTED else text["en"] for name, text in texts.items()}


def _pairs(part: Any) -> Iterator[dict[str, str]]:
    """Yield every text of the sample with its translation."""
    if isinstance(part, dict) and LANGUAGE in part:
        yield part
    elif isinstance(part, (dict, list)):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from _pairs(inner)


def translate_pages(pages: Iterable[HomePage | HandbookPage | HandbookEntry], french: dict[str, str]) -> None:
    """Translate pages and publish them; `french` has the translation of each text."""
    locale, _made = Locale.objects.get_or_create(language_code=LANGUAGE)
    for page in pages:
        translate_object(page, [locale])
        translation = Translation.objects.get(source__object_id=page.translation_key, target_locale=locale)
        segments = StringSegment.objects.filter(source=translation.source).select_related("string", "context")
        StringTranslation.objects.bulk_create(
            StringTranslation(
                translation_of=segment.string,
                context=segment.context,
                locale=locale,
                data=_french(segment, french),
            )
            for segment in segments
        )
        translation.save_target(publish=False)
        target = translation.get_target_instance()
        target.get_latest_revision().publish()


def _french(segment: StringSegment, french: dict[str, str]) -> str:
    """Return the translation of a segment, in which line breaks are `<br/>`. A slug is not translated."""
    text: str = segment.string.data
    return text if segment.context.path == "slug" else french[text.replace("<br/>", "\n")].replace("\n", "<br/>")
