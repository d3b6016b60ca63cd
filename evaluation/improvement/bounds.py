"""Upper bounds of what blocks can contribute at a cost. The search prunes choices by them."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from operator import itemgetter

from evaluation.improvement.block import Block, IndicatorOptions

Reach = list[tuple[int, int]]
"""The most that can be brought, by cost; both rise."""

TOGETHER = -1
"""All demands taken together by their weights, as if they were one demand more."""
NOTHING: Reach = [(0, 0)]
_TURNS = 40
_UNIT = 1 << 20


def increasing_pairs(pairs: Iterable[tuple[int, int]]) -> Reach:
    """Of costs in their order, with what they bring: those that bring more than the cheaper ones."""
    found: Reach = []
    for cost, amount in pairs:
        if found and amount <= found[-1][1]:
            continue
        if found and found[-1][0] == cost:
            found.pop()
        found.append((cost, amount))
    return found


def at_most(reach: Reach, cost: int) -> int:
    """The upper bound at this cost; -1 where even the cheapest choice costs more."""
    at = bisect_right(reach, cost, key=itemgetter(0))
    return reach[at - 1][1] if at else -1


@dataclass(frozen=True, slots=True)
class SearchBounds:
    """The maximum cost of a search, and the upper bounds of each part.

    It may have been found by a coarser count of the cost; `finer_by` are the bits that the search counts finer.
    """

    max_cost: int
    finer_by: int
    parts: Sequence[Mapping[int, Reach]]

    def without_part(self, number: int) -> dict[int, Reach]:
        """Upper bounds of all parts but one."""
        return self._together([*self.parts[:number], *self.parts[number + 1 :]])

    def after_part(self, number: int) -> dict[int, Reach]:
        """Upper bounds of the parts after one."""
        return self._together(self.parts[number + 1 :])

    def _together(self, parts: Sequence[Mapping[int, Reach]]) -> dict[int, Reach]:
        found: dict[int, Reach] = {}
        for part in parts:
            for demand, reach in part.items():
                found[demand] = self._sum(found.get(demand, NOTHING), reach)
        return found

    def _sum(self, first: Reach, second: Reach) -> Reach:
        return increasing_pairs(sorted((a + b, x + y) for a, x in first for b, y in second if a + b <= self.max_cost))


# --- Before anything is searched ---------------------------------------------------------------------------------


def relaxed_bounds(block: Block, needs: Mapping[int, int], weights: Mapping[int, int]) -> dict[int, Reach]:
    """What a block can bring by how many indicators rise, were there no demand inside it and every bundle complete."""
    given = _bundled(block, needs)
    bests = [(place.may_stay, _best_of(place, needs)) for place in block.every_place()]
    for brings in (given, *(best for _, best in bests)):
        brings[TOGETHER] = sum(weights[demand] * amount for demand, amount in brings.items())
    return {demand: _by_number(given[demand], [(stays, best[demand]) for stays, best in bests]) for demand in given}


def _bundled(block: Block, needs: Mapping[int, int]) -> dict[int, int]:
    return {demand: sum(b.contributes.get(demand, 0) for b in block.every_bundle()) for demand in needs}


def _best_of(place: IndicatorOptions, needs: Mapping[int, int]) -> dict[int, int]:
    return {
        demand: min(need, max(way.contributes.get(demand, 0) for way in place.ways)) for demand, need in needs.items()
    }


def _by_number(given: int, bests: Sequence[tuple[bool, int]]) -> Reach:
    must = [amount for may_stay, amount in bests if not may_stay]
    found = [(len(must), given + sum(must))]
    for amount in sorted((amount for may_stay, amount in bests if may_stay), reverse=True):
        found.append((found[-1][0] + 1, found[-1][1] + amount))
    return increasing_pairs(found)


def dual_weights(root: Block, needs: Mapping[int, int]) -> tuple[dict[int, int], int]:
    """Weights by which all demands, taken together, ask for many indicators; and how many at least.

    Any weights give a true bound; good ones give a close one. The indicators that would bring most by some weights are
    taken until all demands together are met. What falls short then is weighed more in the next turn, what is more than
    met is weighed less.
    """
    given = _bundled(root, needs)
    bests = [(not place.may_stay, _best_of(place, needs)) for place in root.every_place()]
    parts = dict.fromkeys(needs, _UNIT)
    found, least = parts, Fraction()
    for _ in range(_TURNS):
        weights = {demand: part * max(needs.values()) // needs[demand] for demand, part in parts.items()}
        wanted = sum(weights[demand] * (need - given[demand]) for demand, need in needs.items())
        taken, contributed = Fraction(), dict(given)
        worth = [(must, sum(weights[demand] * amount for demand, amount in best.items()), best) for must, best in bests]
        for must, amount, best in sorted(worth, key=itemgetter(0, 1), reverse=True):
            if wanted <= 0 and not must:
                break
            taken += 1 if must or amount <= wanted else Fraction(wanted, amount)
            wanted -= amount
            for demand in needs:
                contributed[demand] += best[demand]
        if taken > least:
            found, least = weights, taken
        parts = {
            demand: max(
                1, part * (3 * needs[demand] - min(contributed[demand], 2 * needs[demand])) // (2 * needs[demand])
            )
            for demand, part in parts.items()
        }
    return found, ceil(least)
