"""Measures reading the Guide: a search in the page, and in an edition of many indicators."""

import itertools
from typing import TYPE_CHECKING

from tests.bench import floors
from tests.bench.engine import enlarged
from tests.bench.floors import Floor
from tests.bench.timing import measure

if TYPE_CHECKING:
    from standards.framework import Framework, Wording
    from tests.bench.measuring import Ground

SEARCHES = ("child police", "trained person night", "116000", "1.1.1", "a", "xyzzy")


def measure_search(ground: "Ground") -> None:
    from django.test import Client
    from django.urls import reverse

    from standards.framework import parse_wording
    from standards.models import Texts
    from standards.public_guide.search import Index, Query

    reader, searches = Client(), itertools.cycle(SEARCHES)
    address = reverse("pages:guide_search", args=[ground.edition.code])

    def search() -> None:
        assert reader.get(address, {"q": next(searches)}).status_code == 200

    runs = ground.scale.runs
    measure("search the Guide", search, times=runs(60), warm=runs(6), floor=floors.rendering_of(search))
    large = enlarged(ground.edition.framework, ground.scale.many_indicators)
    wording = repeated(parse_wording(ground.edition.wordings.get().payload), ground.edition.framework, large)
    texts = Texts("en", wording, "en", wording)
    index, queries = Index(large, texts), itertools.cycle([Query.of(typed) for typed in SEARCHES])
    size = f"{len(large.indicators):,} indicators"
    measure(
        f"search the Guide, of {size}",
        lambda: index.find(next(queries)),
        times=runs(60),
        floor=scanned("".join(entry.all_words for entry in index.entries)),
    )
    measure(
        f"fold the texts of {size}",
        lambda: Index(large, texts),
        times=runs(5),
        floor=Floor("the same texts in lower case", lambda: [text.lower() for text in wording.values()]),
    )


def scanned(text: str) -> Floor:
    return Floor("the same text read through once", lambda: "\0" in text)


def repeated(wording: "Wording", framework: "Framework", large: "Framework") -> "Wording":
    """Return the texts of an enlarged edition: those of its indicators and standards, repeated."""
    from standards.framework import Wording

    found = {}
    for kind, codes, many in (
        ("indicator", framework.indicators, large.indicators),
        ("standard", framework.standards, large.standards),
    ):
        texts = {code: [path for path in wording if path.startswith(f"{kind}/{code}/")] for code in codes}
        for code, source in zip(many, itertools.cycle(codes)):
            found |= {path.replace(f"/{source}/", f"/{code}/", 1): wording[path] for path in texts[source]}
    return Wording({**wording, **found})
