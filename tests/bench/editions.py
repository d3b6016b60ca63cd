"""Measures an edition of the Guide at two sizes: its checks before a release, its tree in the CMS, and its release."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.bench import floors
from tests.bench.engine import found_half_way
from tests.bench.timing import count_queries, measure, tell, timed

if TYPE_CHECKING:
    from standards.drafts.fields import EditionText, Part
    from standards.models import EditionPage
    from tests.bench.measuring import Ground


def measure_editions(ground: "Ground") -> None:
    """Check, show and release an edition of the usual size and one of many indicators. All pages of both are drafts."""
    from django.test import Client
    from django.urls import reverse

    from evaluation.engine import scoring
    from evaluation.models import Answer
    from standards.checks import check_framework
    from standards.editions.files import read_files
    from standards.editions.page_loader import draft_edition
    from standards.editions.release import prepare, release
    from standards.models import GuidePage
    from tests.conftest import open_session

    client = open_session(Client(), ground.mce)
    guide = GuidePage.objects.get(locale__language_code="en")
    text, codes, stored = read_files(ground.scale.guide).text, itertools.count(1), Answer.objects.count()

    def draft(indicators: int) -> "EditionPage":
        large = enlarged_text(text, indicators)
        return draft_edition(replace(large, fields={**large.fields, "code": f"bench-{next(codes)}"}), guide)

    def release_of(page: "EditionPage") -> Callable[[], object]:
        return lambda: release(page)

    def check_of(page: "EditionPage") -> Callable[[], object]:
        return lambda: prepare(page)

    def show_tree_of(page: "EditionPage") -> Callable[[], None]:
        def show() -> None:
            assert client.get(reverse("guide_tree", args=[page.pk])).status_code == 200

        return show

    for indicators in (len(text_codes(text)), ground.scale.many_indicators):
        page = draft(indicators)
        framework = prepare(page).framework
        measure(
            f"check an edition of {indicators:,} indicators",
            check_of(page),
            times=ground.scale.runs(3),
            warm=0,
            before=check_framework.cache_clear,
            floor=floors.float_score(scoring.score(framework, found_half_way(framework))),
        )
        show = show_tree_of(page)
        measure(
            f"tree of an edition of {indicators:,} indicators",
            show,
            times=ground.scale.runs(5),
            floor=floors.rendering_of(show),
        )
        taken, queries = timed(release_of(page)), count_queries(release_of(draft(indicators)))
        floor = floors.inserted_rows(indicators)
        tell(f"release an edition of {indicators:,} indicators", [taken], queries, stored, floor=floor)


def text_codes(text: "EditionText") -> list[str]:
    """Return the codes of the indicators of an edition."""
    return [part.code for domain in text.domains for standard in domain.parts for part in standard.parts]


def enlarged_text(text: "EditionText", indicators: int) -> "EditionText":
    """Return an edition with this number of indicators: those of each standard repeated, each with its own code."""
    domains = [[list(standard.parts) for standard in domain.parts] for domain in text.domains]
    own = [[len(parts) for parts in standards] for standards in domains]
    missing = indicators - sum(map(sum, own))
    places = itertools.cycle([(d, s) for d, standards in enumerate(own) for s, _count in enumerate(standards)])
    for _number in range(missing):
        d, s = next(places)
        parts = domains[d][s]
        source = parts[(len(parts) - own[d][s]) % own[d][s]]
        code = f"{text.domains[d].parts[s].code}.{len(parts) + 1}"
        parts.append(replace(source, fields={**source.fields, "code": code, "key": f"copy-{code.replace('.', '-')}"}))
    return replace(
        text,
        domains=tuple(
            replace(
                domain, parts=tuple(_with(standard, parts) for standard, parts in zip(domain.parts, found, strict=True))
            )
            for domain, found in zip(text.domains, domains, strict=True)
        ),
    )


def _with(standard: "Part", indicators: "list[Part]") -> "Part":
    return replace(standard, parts=tuple(indicators))
