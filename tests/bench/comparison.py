"""Measures the comparison of two editions: of a thousand indicators, and on its page in the CMS."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.bench import floors
from tests.bench.engine import enlarged
from tests.bench.floors import Floor
from tests.bench.timing import measure

if TYPE_CHECKING:
    from standards.editions.comparison import EditionContent
    from tests.bench.measuring import Ground

REWORDED = 2
"""One of this many indicators is reworded."""


def measure_comparison(ground: "Ground") -> None:
    """Measure both, including the word-by-word difference of each text."""
    from django.test import Client
    from django.urls import reverse

    from standards.editions.next_edition import begin_edition
    from standards.models import EditionPage, IndicatorPage
    from tests.conftest import open_session

    runs, before = ground.scale.runs, content_of(ground, ground.scale.many_indicators)
    now = reworded(before)
    measure(
        f"compare two editions, of {len(before.framework.indicators):,} indicators",
        lambda: compare_all(before, now),
        times=runs(20),
        floor=texts_split(before, now),
    )
    page = begin_edition(EditionPage.objects.get(code=ground.edition.code), code="next", title="The next")
    for number, indicator in enumerate(IndicatorPage.objects.descendant_of(page)):
        if number % REWORDED == 0:
            draft = indicator.get_latest_revision_as_object()
            draft.wording = f"In every case: {draft.wording}"
            draft.save_revision(clean=False)
    client, address = open_session(Client(), ground.mce), reverse("guide_compare", args=[page.pk])

    def ask() -> None:
        assert client.get(address).status_code == 200

    measure("compare two editions, page of the CMS", ask, times=runs(20), floor=floors.rendering_of(ask))


def content_of(ground: "Ground", indicators: int) -> "EditionContent":
    """Return an edition with this number of indicators, which repeats the texts of the edition."""
    from standards.editions.comparison import EditionContent
    from standards.framework import Wording, parse_wording

    known = parse_wording(ground.edition.wordings.get(language=ground.edition.source_language).payload)
    framework = enlarged(ground.edition.framework, indicators)
    source = list(ground.edition.framework.indicators)
    texts = dict(known)
    for number, code in enumerate(framework.indicators):
        start = f"indicator/{source[number % len(source)]}/"
        own = {path: text for path, text in known.items() if path.startswith(start)}
        texts |= {path.replace(start, f"indicator/{code}/", 1): text for path, text in own.items()}
    return EditionContent(framework, Wording(texts))


def reworded(before: "EditionContent") -> "EditionContent":
    from standards.framework import Wording

    texts: dict[str, Any] = dict(before.texts)  # type: ignore[call-overload]
    for number, code in enumerate(before.framework.indicators):
        if number % REWORDED == 0:
            for name in ("wording", "guidance"):
                path = f"indicator/{code}/{name}"
                texts[path] = f"In every case: {texts[path]} Nights count."
    return replace(before, texts=Wording(texts))


def compare_all(before: "EditionContent", now: "EditionContent") -> int:
    from standards.editions.comparison import compare_editions

    found = compare_editions(before, now)
    changes = (change for domain in found.domains for part in domain for change in part.changes)
    return sum(len(change.words) for change in changes if change.is_text)


def texts_split(before: "EditionContent", now: "EditionContent") -> Floor:
    """Return the floor: the texts of both editions, split into words and compared for equality."""

    def split() -> int:
        paths = before.framework.text_paths()
        return sum(before.text(path).split() != now.text(path).split() for path in paths)

    return Floor("the texts of both, split and compared", split)
