"""Define the accepted counts of one hotline in a year: the input of the network's tables. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from evaluation.figures.publishing.counts import Cells, Whole, compute_counts, sums, total_of
from evaluation.figures.publishing.disclosure import Sum, is_small
from evaluation.figures.series.benchmark import SMALLEST_BASE


@dataclass(frozen=True, slots=True)
class HotlineYear:
    """The counts of one hotline in a year, and the totals that its reports publish."""

    key: str
    cells: Cells
    definitions: frozenset[str] = frozenset()
    estimated: int = 0
    figures: int = 0
    published: Mapping[str, int] = field(default_factory=dict)
    """Totals that are already public, by item."""
    estimated_items: frozenset[str] = frozenset()
    """The items with an estimated figure."""
    counts: Mapping[str, int] = field(init=False, compare=False, repr=False)
    """Its counts in the tables, by kind."""
    identity: str = field(init=False)
    """Equal in all releases for the same hotline with the same counts."""

    def __post_init__(self) -> None:
        counts = compute_counts(self.cells)
        digest = hashlib.sha256(repr(sorted(counts.items())).encode()).hexdigest()
        object.__setattr__(self, "counts", counts)
        object.__setattr__(self, "identity", f"{self.key} {digest[:16]}")

    def total(self, item: str) -> Whole:
        return total_of(self.cells, item)

    @property
    def public(self) -> frozenset[str]:
        """The kinds whose count equals the one published in a report, and the kinds that follow from these."""
        known = {item for item, value in self.published.items() if self.counts.get(item) == value}
        following = [one for one in sums() if known and one.holds(self.counts)]
        while found := {kind for one in following for kind in self._follow(one, known)}:
            known |= found
        return frozenset(known)

    def _follow(self, one: Sum, known: set[str]) -> set[str]:
        """Return the kinds of a sum that follow from `known`: the last unknown one, or all parts of a zero whole."""
        unknown = {*one.kinds} - known
        is_nothing = one.whole in known and not any(self.counts[kind] for kind in one.kinds)
        return unknown if is_nothing or len(unknown) == 1 else set()

    @property
    def has_public_rate(self) -> bool:
        return self.public >= {"A03", "A04", "A05"}

    @property
    def answer_rate(self) -> Fraction | None:
        """The answer rate in per cent; None if it is not measured, has a small base, or reveals a small count."""
        if not self.estimated_items.isdisjoint(("A03", "A04", "A05")):
            return None
        received, answered, short = (self.total(item) for item in ("A03", "A04", "A05"))
        if received is None or answered is None or short is None or received - short < SMALLEST_BASE:
            return None
        if is_small(answered) or is_small(received - short - answered):
            return None
        return Fraction(100 * answered, received - short)

    def as_data(self) -> dict[str, Any]:
        """Return plain data, to be stored with the release."""
        return {
            "hotline": self.key,
            "cells": {
                item: [[*codes, value] for codes, value in sorted(cells.items())]
                for item, cells in sorted(self.cells.items())
            },
            "definitions": sorted(self.definitions),
            "estimated": self.estimated,
            "figures": self.figures,
            "published": dict(sorted(self.published.items())),
            "estimated_items": sorted(self.estimated_items),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "HotlineYear":
        return cls(
            key=data["hotline"],
            cells={item: {(a, b): value for a, b, value in cells} for item, cells in data["cells"].items()},
            definitions=frozenset(data["definitions"]),
            estimated=data["estimated"],
            figures=data["figures"],
            published=dict(data["published"]),
            estimated_items=frozenset(data["estimated_items"]),
        )
