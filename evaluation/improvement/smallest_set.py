"""The cheapest choice of rises that meets every demand, found exactly over the tree of the Guide.

The method, for whoever has to check it. A *demand* is a whole number to be gathered; every way in which an indicator
may rise brings something toward some demands. A *block* (the whole, a domain, a standard) holds places and smaller
blocks. The *front* of a block is the list of all choices within it that are worth looking at: of two choices, one that
costs no more and brings no less toward each demand makes the other superfluous, whatever is chosen elsewhere, because
costs and what is brought are only ever added up. Fronts of places and parts are joined pair by pair; a demand that
nothing outside can serve must be met when its block is left. The cheapest choice of the whole is the answer.

The cost is counted three times, each time finer: how many indicators rise; then, among so many, by how many steps
together; then, among those, in the order of the Guide. What one count found narrows the next: a choice is dropped when
all other blocks together, at the cost that is left, cannot bring what it still misses.

Should that take too long at the first count, only those choices of each front are looked at that bring more of all
demands together than the cheaper ones, and the answer is not proven; at a finer count, the answer of the coarser stands.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import add, ge, itemgetter, mul
from typing import Any

from evaluation.improvement.block import Block, Bundle, IndicatorOptions
from evaluation.improvement.bounds import (
    NOTHING,
    TOGETHER,
    Reach,
    SearchBounds,
    at_most,
    dual_weights,
    increasing_pairs,
    relaxed_bounds,
)

EFFORT = 5_000_000
"""Comparisons after which a search is given up: about a second."""
SMALL_FRONT = 2
"""Open demands for which fronts are found by going through them once."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The level to which each chosen indicator rises, by code."""

    levels: dict[str, int]
    is_smallest: bool
    """No smaller number does."""
    is_exact: bool
    """Among as many, no other comes first."""


_Amounts = tuple[int, ...]
_Label = tuple[int, _Amounts, Any]
"""One choice: its cost, what it brings toward each demand of its block, and what was chosen, as a tree of pairs."""
_Costs = Mapping[str, tuple[int, Sequence[int]]]
"""By code: what it costs to stay, and what each way costs."""


class _EffortExceeded(Exception):
    """The search would take too long."""


def choose(root: Block, needs: Sequence[int], most_effort: int = EFFORT) -> Choice:
    """The cheapest choice that meets every demand; everything at its best must meet them all."""
    places = list(root.every_place())
    search = _fewest(root, needs, _number(places), most_effort)
    is_smallest = is_exact = not search.is_thin
    try:
        for costs, finer_by in _finer(places) if is_smallest else ():
            bounds = SearchBounds(search.cost, finer_by, search.reaches)
            search = _Search(root, needs, search.weights, costs, bounds, effort=most_effort)
    except _EffortExceeded:
        is_exact = False
    return Choice(dict(search.chosen()), is_smallest=is_smallest, is_exact=is_exact)


def _fewest(root: Block, needs: Sequence[int], costs: "_Costs", most_effort: int) -> "_Search":
    """The search by the number of indicators. Where many demands are open, it tries with as few as may do, then more."""
    wanted = {demand: needs[demand] for demand in root.inside}
    try:
        if len(wanted) <= SMALL_FRONT:
            return _Search(root, needs, dict.fromkeys(wanted, 1), costs, effort=most_effort)
        weights, number = dual_weights(root, wanted)
        parts = [relaxed_bounds(part, wanted, weights) for part in root.parts]
        search = _Search(root, needs, weights, costs, SearchBounds(number, 0, parts), effort=most_effort)
        while search.best is None:
            number += 1
            search = _Search(root, needs, weights, costs, SearchBounds(number, 0, parts), effort=search.effort)
        return search
    except _EffortExceeded:
        return _Search(root, needs, dual_weights(root, wanted)[0], costs)


def _number(places: Sequence[IndicatorOptions]) -> _Costs:
    """The cost counted in indicators."""
    return {place.code: (0, [1] * len(place.ways)) for place in places}


def _finer(places: Sequence[IndicatorOptions]) -> Iterator[tuple[_Costs, int]]:
    """The finer counts of the cost, and by how many bits each is finer than the one before."""
    bits = sum(place.ways[-1].steps for place in places).bit_length()
    in_steps = {place.code: [(1 << bits) + way.steps for way in place.ways] for place in places}
    yield {code: (0, costs) for code, costs in in_steps.items()}, bits
    base = 1 + max((len(place.ways) for place in places), default=0)
    bits = (base ** len(places)).bit_length()
    in_order = {}
    for number, place in enumerate(reversed(places)):  # as digits: the first place decides, and to rise is better there
        digit = base**number
        costs = [(cost << bits) + digit * rank for rank, cost in enumerate(in_steps[place.code])]
        in_order[place.code] = (digit * len(place.ways), costs)
    yield in_order, bits


class _Search:
    """One search, by one count of the cost."""

    def __init__(
        self,
        root: Block,
        needs: Sequence[int],
        weights: Mapping[int, int],
        costs: _Costs,
        bounds: SearchBounds | None = None,
        *,
        effort: int | None = None,
    ) -> None:
        """With an `effort` it is exact, or raises _TooMuch when that is spent; without one it looks at thinned fronts."""
        self.needs, self.weights, self.costs = needs, weights, costs
        self.is_thin, self.effort = effort is None, effort or 0
        self.reaches: list[dict[int, Reach]] = []
        labels = self._empty(root)
        for number, part in enumerate(root.parts):
            front = _widen(self._front(part), part.open, root.inside)
            if bounds:
                front = self._prune(root, front, bounds, bounds.without_part(number))
            self.reaches.append(self._reach(root, front))
            labels = self._join(root, labels, front)
            if bounds:
                labels = self._prune(root, labels, bounds, bounds.after_part(number))
        self.best = next(iter(self._close(root, labels)), None)

    @property
    def cost(self) -> int:
        assert self.best is not None
        return self.best[0]

    def chosen(self) -> Iterator[tuple[str, int]]:
        """The codes and levels of the best choice."""
        assert self.best is not None
        waiting = [self.best[2]]
        while waiting:
            here = waiting.pop()
            if here is None:
                continue
            if isinstance(here[0], str):
                yield here
            else:
                waiting += here

    # -- the front of a block

    def _front(self, block: Block) -> list[_Label]:
        labels = self._empty(block)
        for place in block.places:
            labels = self._join(block, labels, self._choices(block, place))
        for part in block.parts:
            labels = self._join(block, labels, _widen(self._front(part), part.open, block.inside))
        return self._close(block, labels)

    def _empty(self, block: Block) -> list[_Label]:
        return [(0, (0,) * len(block.inside), None)]

    def _choices(self, block: Block, place: IndicatorOptions) -> list[_Label]:
        stay, costs = self.costs[place.code]
        staying: list[_Label] = [(stay, (0,) * len(block.inside), None)] if place.may_stay else []
        return staying + [
            (cost, tuple(way.contributes.get(demand, 0) for demand in block.inside), (place.code, way.level))
            for way, cost in zip(place.ways, costs, strict=True)
        ]

    def _join(self, block: Block, first: list[_Label], second: list[_Label]) -> list[_Label]:
        needs = [self.needs[demand] for demand in block.inside]
        self.effort -= len(first) * len(second)
        return self._undominated(
            [(a[0] + b[0], tuple(map(min, map(add, a[1], b[1]), needs)), (a[2], b[2])) for a in first for b in second],
            block.inside,
        )

    def _close(self, block: Block, labels: list[_Label]) -> list[_Label]:
        """What meets the demands that end here, with what the bundles bring."""
        place = {demand: at for at, demand in enumerate(block.inside)}
        for bundle in block.bundles:
            labels = [self._with_bundle(bundle, label, place) for label in labels]
        ending = [(place[demand], self.needs[demand]) for demand in block.closes]
        staying = [place[demand] for demand in block.open]
        return self._undominated(
            [
                (cost, tuple(amounts[at] for at in staying), trace)
                for cost, amounts, trace in labels
                if all(amounts[at] >= need for at, need in ending)
            ],
            block.open,
        )

    def _with_bundle(self, bundle: Bundle, label: _Label, place: Mapping[int, int]) -> _Label:
        cost, amounts, trace = label
        if any(amounts[place[demand]] < need for demand, need in bundle.needs.items()):
            return label
        more = list(amounts)
        for demand, amount in bundle.contributes.items():
            more[place[demand]] = min(more[place[demand]] + amount, self.needs[demand])
        return cost, tuple(more), trace

    def _undominated(self, labels: list[_Label], demands: tuple[int, ...]) -> list[_Label]:
        """Without those beside which another costs no more and brings no less; the cheapest first."""
        labels.sort(key=itemgetter(1), reverse=True)
        labels.sort(key=itemgetter(0))
        is_wide = bool(labels) and len(labels[0][1]) > SMALL_FRONT
        kept = self._pareto_front_by_comparing(labels) if is_wide else _pareto_front(labels)
        if self.is_thin:
            return _thin(kept, [self.weights.get(demand, 0) for demand in demands])
        if self.effort < 0:
            raise _EffortExceeded
        return kept

    def _pareto_front_by_comparing(self, labels: list[_Label]) -> list[_Label]:
        kept: list[_Label] = []
        for label in labels:
            self.effort -= len(kept)
            if not any(all(map(ge, other[1], label[1])) for other in reversed(kept)):
                kept.append(label)
        return kept

    # -- what is known of the other parts

    def _prune(
        self, root: Block, labels: list[_Label], bounds: SearchBounds, others: Mapping[int, Reach]
    ) -> list[_Label]:
        """The choices that the others can still complete at the cost that is left."""
        weights = [self.weights[demand] for demand in root.inside]
        needs = [(at, self.needs[demand], others.get(demand, NOTHING)) for at, demand in enumerate(root.inside)]
        wanted, together = sum(map(mul, weights, (need for _, need, _ in needs))), others.get(TOGETHER, NOTHING)
        hopeful = []
        for label in labels:
            left = bounds.max_cost - (label[0] >> bounds.finer_by)
            amounts = label[1]
            if wanted - sum(map(mul, weights, amounts)) <= at_most(together, left) and all(
                need - amounts[at] <= at_most(reach, left) for at, need, reach in needs
            ):
                hopeful.append(label)
        return hopeful

    def _reach(self, root: Block, front: list[_Label]) -> dict[int, Reach]:
        weights = [self.weights[demand] for demand in root.inside]
        found = {
            demand: increasing_pairs((cost, amounts[at]) for cost, amounts, _ in front)
            for at, demand in enumerate(root.inside)
        }
        return found | {
            TOGETHER: increasing_pairs((cost, sum(map(mul, weights, amounts))) for cost, amounts, _ in front)
        }


# --- Lists of choices --------------------------------------------------------------------------------------------


def _pareto_front(labels: list[_Label]) -> list[_Label]:
    """The undominated of labels in order of their cost, for at most two demands.

    The stairs are what the cheaper ones bring at most: the more toward the one demand, the less toward the other.
    """
    kept: list[_Label] = []
    ones: list[int] = []
    others: list[int] = []
    for label in labels:
        one, other = (*label[1], 0, 0)[:2]
        at = bisect_left(ones, one)
        if at < len(ones) and others[at] >= other:
            continue
        kept.append(label)
        end = bisect_right(ones, one)
        start = end
        while start and others[start - 1] <= other:
            start -= 1
        ones[start:end], others[start:end] = [one], [other]
    return kept


def _thin(labels: list[_Label], weights: Sequence[int]) -> list[_Label]:
    """Those that bring more of all demands together than the cheaper ones; and what brings the most toward every one."""
    best = tuple(map(max, zip(*(amounts for _, amounts, _ in labels), strict=True)))
    kept, most = [], -1
    for label in labels:
        together = sum(map(mul, weights, label[1]))
        if together > most or label[1] == best:
            kept.append(label)
            most = max(most, together)
    return kept


def _widen(labels: list[_Label], narrow: tuple[int, ...], wide: tuple[int, ...]) -> list[_Label]:
    """The labels of a part, as the block around it counts."""
    if narrow == wide:
        return labels
    where = [narrow.index(demand) if demand in narrow else None for demand in wide]
    return [(cost, tuple(0 if at is None else amounts[at] for at in where), trace) for cost, amounts, trace in labels]
