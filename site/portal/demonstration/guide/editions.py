"""The editions of the demonstration: the former one, by which the earlier rounds examined, and the present one.

Only the present one has files of its own. How the former one differed is in `fixtures/demonstration/edition_2023.toml`.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from evaluation.models import User
from portal.demonstration.clock import at, working_day
from standards.drafts.fields import EditionText, Part, write_texts
from standards.editions.compared import decide, of_release, read_mapping
from standards.editions.comparison import Basis, Pair
from standards.editions.files import read_edition
from standards.editions.files.toml.folder import TRANSLATIONS
from standards.editions.languages.translation_files import read_translation_file
from standards.editions.languages.unit import TranslationFile
from standards.editions.page_loader import load_edition, load_guide
from standards.editions.release import find_edition_page, publish_translation, publish_translations, release
from standards.framework import INDICATOR_TEXTS, Wording
from standards.models import Edition

FORMER, PRESENT = "2023", "2026"
GUIDE = Path("fixtures/practical_guide") / PRESENT
DIFFERENCES = Path("fixtures/demonstration/edition_2023.toml")
SECOND_LANGUAGE = "fr"
"""The language in which the former edition is published besides English."""
FORMER_RELEASED, PRESENT_RELEASED = date(2023, 1, 10), date(2026, 1, 20)
BEFORE_A_ROUND = 45
"""The fewest days between the release of an edition and the first round that examines by it."""
_PATHS = {text.name: text.path for text in INDICATOR_TEXTS}


@cache
def _differences() -> Mapping[str, Any]:
    return tomllib.loads(DIFFERENCES.read_text(encoding="utf-8"))


def day_of_release(code: str, opens: date) -> date:
    """Return the day on which an edition is released, some time before the first round that examines by it opens."""
    day = FORMER_RELEASED if code == FORMER else PRESENT_RELEASED
    return working_day(min(day, opens - timedelta(days=BEFORE_A_ROUND)), forth=False)


def release_former() -> Edition:
    """Release the former edition, in English and French."""
    known = Edition.objects.filter(code=FORMER).first()
    if known:
        return known
    text = read_former()
    edition = release(load_edition(text).page)
    publish_translation(edition, _translate(text))
    return edition


def release_present(day: date, *, editor: User) -> Iterator[datetime]:
    """Release the present edition in every language, and decide on the answers to its changed questions."""
    yield at(day, 8)
    edition = Edition.objects.filter(code=PRESENT).first() or _release_present()
    yield at(day + timedelta(days=14), 10, 20)
    before, now = (of_release(one) for one in (Edition.objects.get(code=FORMER), edition))
    for kind, codes in _differences()["mapping"].items():
        mapping = read_mapping(before, now)
        known = {(mapped.pair.before, mapped.pair.now): mapped.pair for mapped in mapping.mapped}
        pairs = [known.get((former, code)) or Pair(former, code, Basis.HAND) for former, code in codes]
        decide(before, now, mapping, pairs, is_confirmed=kind == "confirmed", by=editor)


def _release_present() -> Edition:
    load_guide(GUIDE)
    edition = release(find_edition_page(PRESENT))
    publish_translations(edition, GUIDE)
    return edition


# --- The former edition, from the present one and the differences -----------------------------------------------------


def read_former() -> EditionText:
    """Return the former edition in English."""
    present, found = read_edition(GUIDE), _differences()
    return replace(
        present,
        fields={**present.fields, **_in_language(found["edition"], "en"), "code": FORMER},
        domains=tuple(
            replace(domain, parts=tuple(_former_standard(standard, found) for standard in domain.parts))
            for domain in present.domains
        ),
        outcomes=tuple(_with_score(outcome, found["score"]) for outcome in present.outcomes),
    )


def _former_standard(standard: Part, found: Mapping[str, Any]) -> Part:
    parts = [
        replace(part, fields={**part.fields, **_in_language(found["indicators"].get(part.code, {}), "en")})
        for part in standard.parts
        if part.code not in found["new"]
    ]
    for code, fields in found["removed"].items():
        if code.rpartition(".")[0] == standard.code:
            blank = {name: type(value)() if value else value for name, value in parts[-1].fields.items()}
            parts.append(Part({**blank, **_in_language(fields, "en"), "code": code, "key": code}))
    return replace(
        standard,
        fields={**standard.fields, **_in_language(found["standards"].get(standard.code, {}), "en")},
        parts=tuple(parts),
    )


def _with_score(outcome: Part, scores: Mapping[str, str]) -> Part:
    conditions = (
        replace(one, fields={**one.fields, "percent": scores[outcome.code]}) if one.fields["test"] == "score" else one
        for one in outcome.parts
    )
    return replace(outcome, parts=tuple(conditions))


def _in_language(fields: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {name: value[language] if isinstance(value, dict) else value for name, value in fields.items()}


def _translate(text: EditionText) -> TranslationFile:
    """Return the former edition in its second language: what did not differ is as in the present one."""
    sources, found = write_texts(text), _differences()
    texts = read_translation_file(GUIDE / TRANSLATIONS / f"{SECOND_LANGUAGE}.po").texts
    other = {path: words for path, words in texts.items() if path in sources}
    other |= _in_language(found["edition"], SECOND_LANGUAGE)
    for code, fields in found["standards"].items():
        for name, words in _in_language(fields, SECOND_LANGUAGE).items():
            other[f"standard/{code}/{name}"] = words
    for code, fields in {**found["indicators"], **found["removed"]}.items():
        for name, words in _in_language(fields, SECOND_LANGUAGE).items():
            if name in _PATHS:
                other[f"indicator/{code}/{_PATHS[name]}"] = words
    return TranslationFile(SECOND_LANGUAGE, sources, Wording(other))
