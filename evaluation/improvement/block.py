"""The search space: a tree of blocks with the indicators that can rise and their contributions to the demands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=True)
class LevelOption:
    """One level to which an indicator can rise, the number of steps, and its contribution by demand."""

    level: int
    steps: int
    contributes: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class IndicatorOptions:
    """An indicator that can rise: its ways, the nearest first. `may_stay` is false where some demand cannot spare it."""

    code: str
    ways: Sequence[LevelOption]
    may_stay: bool = True


@dataclass(frozen=True, slots=True)
class Bundle:
    """The contribution of a whole block, once it meets several demands together."""

    needs: Mapping[int, int]
    contributes: Mapping[int, int]


@dataclass
class Block:
    """Part of the Guide. `closes` are the demands that must be met when it is left."""

    places: list[IndicatorOptions] = field(default_factory=list)
    parts: list["Block"] = field(default_factory=list)
    bundles: list[Bundle] = field(default_factory=list)
    closes: set[int] = field(default_factory=set)

    @cached_property
    def inside(self) -> tuple[int, ...]:
        """The demands toward which something in it brings something."""
        found = {demand for place in self.places for way in place.ways for demand in way.contributes}
        found.update(demand for bundle in self.bundles for demand in bundle.contributes)
        found.update(demand for part in self.parts for demand in part.open)
        return tuple(sorted(found))

    @cached_property
    def open(self) -> tuple[int, ...]:
        """Those of them that something outside may serve as well."""
        done = self.closes.union(*(bundle.needs for bundle in self.bundles))
        return tuple(demand for demand in self.inside if demand not in done)

    def every_place(self) -> Iterator[IndicatorOptions]:
        yield from self.places
        for part in self.parts:
            yield from part.every_place()

    def every_bundle(self) -> Iterator[Bundle]:
        yield from self.bundles
        for part in self.parts:
            yield from part.every_bundle()
