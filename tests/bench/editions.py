"""Measures an edition of the Guide at two sizes: its checks before a release, and its release."""

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from standards.drafts.fields import EditionText, Part


def enlarged_text(text: "EditionText", indicators: int) -> "EditionText":
    """Return an edition with so many indicators: those of each standard over and over, each with a code of its own."""
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
