"""Compare two editions: texts, fields, places and rule, part by part. Pure."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from standards.editions.comparison.changes import Change, Comparison, Kind, PartChanges, Place
from standards.editions.comparison.content import EditionContent, Part
from standards.editions.comparison.pairs import Basis, Pair, is_same_scale, pair_parts, propose_pairs
from standards.framework import INDICATOR_STRUCTURE, INDICATOR_TEXTS, Indicator, Measure

_REWEIGHED = {"obligation", "points"}
_OF_PLACE = {"code", "key"}
_TITLES = {"domain": ("title", "short_title", "introduction"), "standard": ("title", "introduction")}
_SCORING = ("aggregation", "excused_at_most", "redistributes")
"""The fields of a rule that determine the method of scores. Together they are one change."""
_OF_EDITION = ("title", "introduction", "examined", "sample_notice")


def compare_editions(before: EditionContent, now: EditionContent, pairs: Iterable[Pair] | None = None) -> Comparison:
    """Return the comparison of two editions. `pairs` are the same indicators, by default those of equal key or code."""
    if pairs is None:
        pairs = [pair for pair in propose_pairs(before, now) if pair.basis is not Basis.WORDING]
    return _Comparing(before, now, tuple(pairs)).compare()


def compare_indicators(before: EditionContent, former: str, now: EditionContent, present: str) -> tuple[Change, ...]:
    """Return the changes of an indicator, named by its code in each edition, and of the scale that it is answered by.

    Changes of its place are left out.
    """
    return (*_compare_scale(before, former, now, present), *_compare_indicator(before, former, now, present))


def _compare_scale(before: EditionContent, former: str, now: EditionContent, present: str) -> Iterator[Change]:
    one, other = before.framework, now.framework
    measures = {one.indicators[former].measure, other.indicators[present].measure}
    if measures == {Measure.NUMERIC}:
        return
    if not is_same_scale(one.scale, other.scale):
        yield Change(Kind.JUDGED, "scale", one.scale, other.scale)
    if Measure.SCALE in measures:
        for level in sorted({*one.scale.levels, *other.scale.levels}):
            path = f"level/{level}"
            yield from _compare_text(before, path, now, path, Kind.REWORDED, f"scale/{level}")


def _compare_indicator(before: EditionContent, former: str, now: EditionContent, present: str) -> Iterator[Change]:
    one, other = before.framework.indicators[former], now.framework.indicators[present]
    for path in (text.path for text in INDICATOR_TEXTS):
        kind = Kind.JUDGED if path == "evidence" else Kind.REWORDED
        yield from _compare_text(before, f"indicator/{former}/{path}", now, f"indicator/{present}/{path}", kind, path)
    yield from _compare_fields(one, other)


def _compare_fields(one: Indicator, other: Indicator) -> Iterator[Change]:
    for field in INDICATOR_STRUCTURE:
        former, present = getattr(one, field.name), getattr(other, field.name)
        if field.name == "asked_anew" and not present:
            continue  # the value in `one` is about the change from the edition before it
        if former != present and field.name not in _OF_PLACE:
            yield Change(Kind.REWEIGHED if field.name in _REWEIGHED else Kind.JUDGED, field.name, former, present)


def _compare_text(
    before: EditionContent, former: str, now: EditionContent, present: str, kind: Kind, name: str
) -> Iterator[Change]:
    """Yield a change unless the words of two texts are equal. White space is ignored."""
    one, other = before.text(former), now.text(present)
    if one.split() != other.split():
        yield Change(kind, name, one, other, is_text=True)


@dataclass
class _Comparing:
    before: EditionContent
    now: EditionContent
    pairs: tuple[Pair, ...]

    def compare(self) -> Comparison:
        domains = tuple(self._below(None, self.before.domains, self.now.domains))
        found = Comparison(self.before, self.now, tuple(self._edition()), domains)
        same = sum(not part.changes for part in found.indicators.values())
        return Comparison(found.before, found.now, found.changes, found.domains, same)

    # --- Which part is which ------------------------------------------------------------------------------------

    @cached_property
    def former_of(self) -> Mapping[tuple[str, str], Part]:
        """The former part of each present part that has one, by kind and code. Of several, it is the first."""
        found: dict[tuple[str, str], Part] = {}
        for kind, former, present in (
            ("domain", self.before.domains, self.now.domains),
            ("standard", self.before.standards, self.now.standards),
        ):
            found |= {(kind, code): part for code, part in pair_parts(former, present).items()}
        indicators = {part.code: part for part in self.before.indicators}
        for code, sources in self.sources.items():
            found["indicator", code] = indicators[sources[0]]
        return found

    @cached_property
    def sources(self) -> Mapping[str, tuple[str, ...]]:
        """The former codes of each present indicator, that of its own key first."""
        found: dict[str, list[str]] = defaultdict(list)
        for pair in sorted(self.pairs, key=lambda pair: pair.basis is not Basis.KEY):
            found[pair.now].append(pair.before)
        return {code: tuple(codes) for code, codes in found.items()}

    @cached_property
    def targets(self) -> Mapping[str, tuple[str, ...]]:
        """The present codes of each former indicator."""
        found: dict[str, list[str]] = defaultdict(list)
        for pair in self.pairs:
            found[pair.before].append(pair.now)
        return {code: tuple(codes) for code, codes in found.items()}

    @cached_property
    def _kept(self) -> set[tuple[str, str]]:
        """The former parts that a present part continues, by kind and code."""
        parts = {(kind, part.code) for (kind, _code), part in self.former_of.items() if kind != "indicator"}
        return parts | {("indicator", code) for code in self.targets}

    # --- The parts ----------------------------------------------------------------------------------------------

    def _below(self, parent: Part | None, former: Sequence[Part], present: Sequence[Part]) -> Iterator[PartChanges]:
        """Yield the present parts in order, then the removed ones. `parent` is the parent in the former edition."""
        moved = self._moved(parent, present)
        for part in present:
            yield self._part(part, is_moved=part.code in moved)
        for part in former:
            if (part.kind, part.code) not in self._kept:
                yield self._removed(part)

    def _part(self, now: Part, *, is_moved: bool) -> PartChanges:
        before = self.former_of.get((now.kind, now.code))
        former = self.before.below(before) if before else ()
        parts = tuple(self._below(before, former, self.now.below(now)))
        if before is None:
            return PartChanges(None, now, (Change(Kind.ADDED, now.kind),), parts)
        return PartChanges(before, now, tuple(self._changes(before, now, is_moved=is_moved)), parts)

    def _removed(self, part: Part) -> PartChanges:
        """Return a removed part, with the parts below it that are removed as well."""
        parts = tuple(self._below(part, self.before.below(part), ()))
        return PartChanges(part, None, (Change(Kind.REMOVED, part.kind),), parts)

    def _moved(self, parent: Part | None, present: Sequence[Part]) -> set[str]:
        """Return the present codes of the parts that changed their order among the siblings that kept their parent."""
        kept_parent: dict[int, str] = {}
        for part in present:
            former = self.former_of.get((part.kind, part.code))
            if former and _code_of(former.parent) == _code_of(parent):
                kept_parent.setdefault(former.order, part.code)
        in_order = set(_longest_increasing(list(kept_parent)))
        return {code for place, code in enumerate(kept_parent.values()) if place not in in_order}

    def _changes(self, before: Part, now: Part, *, is_moved: bool) -> Iterator[Change]:
        yield from self._place(before, now, is_moved=is_moved)
        if now.kind == "indicator":
            yield from _compare_indicator(self.before, before.code, self.now, now.code)
            return
        for name in _TITLES[now.kind]:
            paths = f"{before.path}/{name}", f"{now.path}/{name}"
            yield from _compare_text(self.before, paths[0], self.now, paths[1], Kind.REWORDED, name)
        for name in ("weight", "best", "excused_at_most"):
            former, present = getattr(before.declared, name), getattr(now.declared, name)
            if former != present:
                yield Change(Kind.REWEIGHED, name, former, present)

    def _place(self, before: Part, now: Part, *, is_moved: bool) -> Iterator[Change]:
        if before.code != now.code:
            yield Change(Kind.MOVED, Place.CODE, before.code, now.code)
        if before.parent and now.parent:
            continued = self.former_of.get((now.parent.kind, now.parent.code))
            if continued is None or continued.code != before.parent.code:
                yield Change(Kind.MOVED, Place.PARENT, before.parent, now.parent)
        yield from self._group(before, now)
        if is_moved:
            yield Change(Kind.MOVED, Place.ORDER, before.order + 1, now.order + 1)
        if now.kind != "indicator":
            return
        if len(targets := self.targets[before.code]) > 1:
            yield Change(Kind.MOVED, Place.SPLIT, (before.code,), targets)
        if len(sources := self.sources[now.code]) > 1:
            yield Change(Kind.MOVED, Place.MERGED, sources, (now.code,))

    def _group(self, before: Part, now: Part) -> Iterator[Change]:
        """Yield a change if a domain is in another group."""
        if now.kind == "domain":
            former = self.before.framework.group_of.get(before.code)
            present = self.now.framework.group_of.get(now.code)
            if former and present and former.code != present.code:
                yield Change(Kind.MOVED, Place.GROUP, former.code, present.code)

    # --- The edition itself -------------------------------------------------------------------------------------

    def _edition(self) -> Iterator[Change]:
        one, other = self.before.framework, self.now.framework
        rules = one.rule, other.rule
        levels = [f"level/{level}" for level in sorted({*one.scale.levels, *other.scale.levels})]
        obligations = _codes(rule.obligations for rule in rules)
        outcomes = _codes(rule.outcomes for rule in rules)
        named = [*(f"obligation/{code}" for code in obligations), *(f"outcome/{code}" for code in outcomes)]
        further = [result for framework in (one, other) for result in framework.results]
        named += [f"result/{code}" for code in dict.fromkeys(result.code for result in further)]
        named += [f"outcome/{code}" for code in _codes(result.outcomes for result in further)]
        named += [f"group/{code}" for code in _codes((one.groups, other.groups))]
        named += [f"trait/{code}" for code in dict.fromkeys((*one.traits, *other.traits))]
        for path in (*_OF_EDITION, *levels, *named):
            yield from _compare_text(self.before, path, self.now, path, Kind.REWORDED, path)
        if one.scale != other.scale:
            yield Change(Kind.JUDGED, "scale", one.scale, other.scale)
        yield from _compare_coded(Kind.REWEIGHED, "obligation", *(rule.obligations for rule in rules))
        yield from _compare_coded(Kind.RULE, "outcome", *(rule.outcomes for rule in rules))
        yield from _compare_coded(Kind.RULE, "result", one.results, other.results)
        yield from _compare_coded(Kind.RULE, "group", one.groups, other.groups)
        former, present = (tuple(getattr(rule, name) for name in _SCORING) for rule in rules)
        if former != present:
            yield Change(Kind.RULE, "scoring", former, present)
        if one.rule.passing != other.rule.passing:
            yield Change(Kind.RULE, "passing", one.rule.passing, other.rule.passing)
        for name, lists in (
            ("obligations", [rule.obligations for rule in rules]),
            ("outcomes", [rule.outcomes for rule in rules]),
            ("groups", [one.groups, other.groups]),
        ):
            yield from _compare_order(name, *lists)
        if one.traits != other.traits:
            yield Change(Kind.RULE, "traits", one.traits, other.traits)
        if one.procedure != other.procedure:
            yield Change(Kind.RULE, "procedure", one.procedure, other.procedure)


def _codes(lists: Iterable[Iterable[Any]]) -> list[str]:
    return list(dict.fromkeys(part.code for parts in lists for part in parts))


def _compare_coded(kind: Kind, name: str, former: Iterable[Any], present: Iterable[Any]) -> Iterator[Change]:
    """Yield a change for each part that differs, by code. A part that one edition does not have is None there."""
    sides = [{part.code: part for part in parts} for parts in (former, present)]
    for code in dict.fromkeys((*sides[0], *sides[1])):
        one, other = (side.get(code) for side in sides)
        if one != other:
            yield Change(kind, f"{name}/{code}", one, other)


def _compare_order(name: str, former: Iterable[Any], present: Iterable[Any]) -> Iterator[Change]:
    """Yield a change if the same parts, by code, are in another order."""
    before, now = (tuple(part.code for part in parts) for parts in (former, present))
    if before != now and sorted(before) == sorted(now):
        yield Change(Kind.RULE, f"order/{name}", before, now)


def _code_of(part: Part | None) -> str:
    return part.code if part else ""


def _longest_increasing(numbers: Sequence[int]) -> list[int]:
    """Return the indexes of a longest increasing subsequence."""
    ends: list[int] = []
    places: list[int] = []
    before: list[int | None] = []
    for place, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(places[length - 1] if length else None)
        ends[length : length + 1] = [number]
        places[length : length + 1] = [place]
    found = []
    last = places[-1] if places else None
    while last is not None:
        found.append(last)
        last = before[last]
    return found[::-1]
