"""Pairs of equal parts of two editions: by permanent key, by code, or by nearly equal wording. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from standards.editions.comparison.content import EditionContent, Part
from standards.framework import Indicator, Measure, Scale

_NEAR = 0.8
"""The share of common words from which two indicators are proposed as a pair."""
_RAREST = 6
"""The number of words of a wording, the rarest ones, by which the wordings to compare it with are found."""
_MOST_CANDIDATES = 20
"""The number of wordings that a wording is compared with: those that have most of these words."""


class Basis(StrEnum):
    """The reason why two indicators are a pair."""

    KEY = "key"
    """They have the same permanent key."""
    CODE = "code"
    """They have different keys, but the same code, and are answered in the same way."""
    WORDING = "wording"
    """They have nearly equal wordings. This is only a proposal."""
    HAND = "hand"
    """A user chose them."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An indicator of the former edition and one of the present edition, by code."""

    before: str
    now: str
    basis: Basis


def pair_parts(before: Iterable[Part], now: Iterable[Part]) -> dict[str, Part]:
    """Return the former part of each present domain or standard by present code, matched by key, then by code."""
    former, present = list(before), list(now)
    found: dict[str, Part] = {}
    for name in ("key", "code"):
        taken = {part.code for part in found.values()}
        known = {getattr(part, name): part for part in former if part.code not in taken}
        for part in present:
            if part.code not in found and (other := known.get(getattr(part, name))):
                found[part.code] = other
                known.pop(getattr(part, name))
    return found


def propose_pairs(before: EditionContent, now: EditionContent) -> tuple[Pair, ...]:
    """Return the proposed pairs of indicators, in the order of the present edition.

    Each indicator is in one pair at most: only users define splits and mergers.
    """
    former, present = before.framework.indicators, now.framework.indicators
    found: dict[str, Pair] = {}
    by_key = before.framework.by_key
    for code, indicator in present.items():
        if other := by_key.get(indicator.permanent_key):
            found[code] = Pair(other.code, code, Basis.KEY)
    taken = {pair.before for pair in found.values()}
    for code, indicator in present.items():
        same = former.get(code)
        if code not in found and same and code not in taken and is_same_kind(same, indicator):
            found[code] = Pair(code, code, Basis.CODE)
            taken.add(code)
    left = [indicator for code, indicator in former.items() if code not in taken]
    right = [indicator for code, indicator in present.items() if code not in found]
    for pair in _pair_by_wording(before, now, left, right):
        found[pair.now] = pair
    return tuple(found[code] for code in present if code in found)


def is_same_kind(one: Indicator, other: Indicator) -> bool:
    """Whether two indicators are answered in the same way: by a level, by yes or no, or by a number of one unit."""
    return one.measure is other.measure and (one.measure is not Measure.NUMERIC or one.unit == other.unit)


def is_same_scale(one: Scale, other: Scale) -> bool:
    """Whether both scales have the same levels in the same direction."""
    return (one.lowest, one.highest, one.falling) == (other.lowest, other.highest, other.falling)


def _pair_by_wording(
    before: EditionContent, now: EditionContent, left: Sequence[Indicator], right: Sequence[Indicator]
) -> Iterator[Pair]:
    former = {i.code: _words(before.text(f"indicator/{i.code}/wording")) for i in left}
    present = {i.code: _words(now.text(f"indicator/{i.code}/wording")) for i in right}
    kinds = {i.code: i for i in left}, {i.code: i for i in right}
    codes_of: dict[str, list[str]] = defaultdict(list)
    for code, words in former.items():
        for word in words:
            codes_of[word].append(code)
    scored = []
    for code, words in present.items():
        rarest = sorted((word for word in words if word in codes_of), key=lambda word: len(codes_of[word]))[:_RAREST]
        shared = Counter(candidate for word in rarest for candidate in codes_of[word])
        for other, _count in shared.most_common(_MOST_CANDIDATES):
            score = _likeness(former[other], words)
            if score >= _NEAR and is_same_kind(kinds[0][other], kinds[1][code]):
                scored.append((score, other, code))
    taken: set[tuple[str, str]] = set()
    for _score, other, code in sorted(scored, key=lambda found: -found[0]):
        if {("before", other), ("now", code)}.isdisjoint(taken):
            taken |= {("before", other), ("now", code)}
            yield Pair(other, code, Basis.WORDING)


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of words that two texts have in common, from 0 to 1."""
    return 2 * (one & other).total() / (one.total() + other.total())
