"""The cheapest choice of rises: against trying every choice, on trees of blocks with demands and bundles of any kind."""

from collections.abc import Iterator, Mapping
from itertools import product
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evaluation.improvement.block import Block, Bundle, IndicatorOptions, LevelOption
from evaluation.improvement.smallest_set import EFFORT, _pareto_front, choose

pytestmark = pytest.mark.once


@st.composite
def places(draw: st.DrawFn, code: str, demands: list[int]) -> IndicatorOptions:
    """A place with up to three ways, each bringing no less than the one before."""
    brings = dict.fromkeys(demands, 0)
    ways, steps = [], draw(st.integers(0, 1))
    for level in range(1, draw(st.integers(1, 3)) + 1):
        brings = {demand: amount + draw(st.integers(0, 4)) for demand, amount in brings.items()}
        steps += draw(st.integers(1, 2))
        ways.append(LevelOption(level, steps, {demand: amount for demand, amount in brings.items() if amount}))
    return IndicatorOptions(code, ways, may_stay=draw(st.sampled_from([True, True, True, False])))


class Task:
    """A tree of two tiers with demands on the whole, on each part and in bundles, that everything at its best meets."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.needs: list[int] = []
        self.root = Block()
        everywhere = [self.demand(self.root) for _ in range(draw(st.integers(1, 4)))]
        for d in range(draw(st.integers(1, 3))):
            part = Block()
            self.root.parts.append(part)
            here = everywhere + [self.demand(part) for _ in range(draw(st.integers(0, 1)))]
            for s in range(draw(st.integers(1, 2))):
                block = Block()
                part.parts.append(block)
                inside = here + [self.demand(block) for _ in range(draw(st.integers(0, 1)))]
                bundled = [self.demand() for _ in range(draw(st.sampled_from([0, 0, 1, 2])))]
                for i in range(draw(st.integers(1, 2))):
                    block.places.append(draw(places(f"{d}.{s}.{i}", inside + bundled)))
                if bundled:
                    brings = {demand: draw(st.integers(1, 4)) for demand in everywhere[:2]}
                    block.bundles.append(Bundle({demand: self.need(draw, block, demand) for demand in bundled}, brings))
        for block in blocks_of(self.root):
            for demand in block.closes:
                self.need(draw, block, demand)

    def demand(self, block: Block | None = None) -> int:
        self.needs.append(0)
        if block is not None:
            block.closes.add(len(self.needs) - 1)
        return len(self.needs) - 1

    def need(self, draw: st.DrawFn, block: Block, demand: int) -> int:
        """Something that the block can bring; nothing needs nothing."""
        ways = (place.ways[-1] for place in block.every_place())
        most = sum(way.contributes.get(demand, 0) for way in ways)
        most += sum(bundle.contributes.get(demand, 0) for bundle in block.every_bundle())
        self.needs[demand] = draw(st.integers(1, most)) if most else 0
        return self.needs[demand]


def blocks_of(block: Block) -> Iterator[Block]:
    yield block
    for part in block.parts:
        yield from blocks_of(part)


@st.composite
def tasks(draw: st.DrawFn) -> tuple[Block, list[int]]:
    task = Task(draw)
    for block in blocks_of(task.root):
        block.closes = {demand for demand in block.closes if task.needs[demand]}
    assume(all(task.needs[demand] for demand in task.root.inside))
    assume(all(all(bundle.needs.values()) for bundle in task.root.every_bundle()))
    return task.root, task.needs


def by_places(block: Block, chosen: Mapping[str, LevelOption], demand: int) -> int:
    return sum(chosen[place.code].contributes.get(demand, 0) for place in block.every_place() if place.code in chosen)


def brought(block: Block, chosen: Mapping[str, LevelOption], demand: int) -> int:
    """What a choice brings toward a demand inside a block, with the bundles that it completes."""
    complete = [
        bundle
        for inner in blocks_of(block)
        for bundle in inner.bundles
        if all(by_places(inner, chosen, other) >= need for other, need in bundle.needs.items())
    ]
    return by_places(block, chosen, demand) + sum(bundle.contributes.get(demand, 0) for bundle in complete)


def is_enough(root: Block, needs: list[int], chosen: Mapping[str, LevelOption]) -> bool:
    every = list(root.every_place())
    return all(place.may_stay or place.code in chosen for place in every) and all(
        brought(block, chosen, demand) >= needs[demand] for block in blocks_of(root) for demand in block.closes
    )


def find_by_trying(root: Block, needs: list[int]) -> dict[str, int]:
    every = list(root.every_place())

    def size(choice: tuple[LevelOption | None, ...]) -> tuple[int, int, list[tuple[int, int]]]:
        steps = [(n, way.steps) for n, way in enumerate(choice) if way is not None]
        return len(steps), sum(count for _, count in steps), steps

    for choice in sorted(product(*([None, *place.ways] for place in every)), key=size):
        chosen = {place.code: way for place, way in zip(every, choice, strict=True) if way is not None}
        if is_enough(root, needs, chosen):
            return {code: way.level for code, way in chosen.items()}
    raise AssertionError("Everything at its best does not do.")


@given(tasks())
def test_the_choice_is_what_trying_everything_finds(task):
    root, needs = task
    assume(len(list(root.every_place())) <= 6)
    choice = choose(root, needs)
    assert (choice.is_smallest, choice.is_exact) == (True, True)
    assert choice.levels == find_by_trying(root, needs)


@given(tasks(), st.sampled_from([0, 10, 30, 100, 300]))
def test_a_search_that_is_given_up_still_finds_enough_and_claims_no_more_than_it_knows(task, effort):
    root, needs = task
    exact, choice = choose(root, needs), choose(root, needs, effort)
    ways = {place.code: {way.level: way for way in place.ways} for place in root.every_place()}
    assert is_enough(root, needs, {code: ways[code][level] for code, level in choice.levels.items()})
    assert len(choice.levels) >= len(exact.levels)
    if choice.is_smallest:
        assert len(choice.levels) == len(exact.levels)
    if choice.is_exact:
        assert choice == exact


def test_the_order_of_the_guide_decides_whatever_the_number_of_ways():
    """Both rise by two steps; the first has one way, the second three."""
    first = IndicatorOptions("1", [LevelOption(1, 2, {0: 2})])
    second = IndicatorOptions("2", [LevelOption(1, 1, {0: 1}), LevelOption(2, 2, {0: 2}), LevelOption(3, 3, {0: 3})])
    root = Block(parts=[Block([first, second])], closes={0})
    assert choose(root, [2]).levels == {"1": 1}
    assert choose(root, [3]).levels == {"2": 3}


def test_a_bundle_is_complete_only_with_all_that_it_needs():
    places = [
        IndicatorOptions("1", [LevelOption(1, 1, {1: 1})]),
        IndicatorOptions("2", [LevelOption(1, 1, {2: 1})]),
        IndicatorOptions("3", [LevelOption(1, 9, {0: 5})]),
    ]
    root = Block(parts=[Block(places, bundles=[Bundle({1: 1, 2: 1}, {0: 5})])], closes={0})
    assert choose(root, [5, 1, 1]).levels == {"3": 1}
    assert choose(root, [10, 1, 1]).levels == {"1": 1, "2": 1, "3": 1}


def test_nothing_to_choose_is_chosen_at_once():
    assert choose(Block(parts=[Block()]), []).levels == {}


def row(count: int, *brings: int) -> list[IndicatorOptions]:
    return [IndicatorOptions(f"{n}", [LevelOption(1, 1, dict(enumerate(brings)))]) for n in range(count)]


def test_a_search_that_is_given_up_at_once_knows_nothing_for_certain():
    root = Block(parts=[Block(row(4, 1, 1, 1))], closes={0, 1, 2})
    choice = choose(root, [2, 2, 2], 0)
    assert (len(choice.levels), choice.is_smallest, choice.is_exact) == (2, False, False)


def test_a_search_that_is_given_up_later_knows_the_smallest_number():
    """Many places that differ only in their steps: to count them is easy, to weigh their steps is not."""
    places = [
        IndicatorOptions(f"{n}", [LevelOption(1, 1 + n % 5, {0: 5}), LevelOption(2, 2 + n * n % 7, {0: 6})])
        for n in range(12)
    ]
    root = Block(parts=[Block(places)], closes={0})
    known = [choose(root, [31], effort) for effort in (0, 250, EFFORT)]
    assert [(c.is_smallest, c.is_exact) for c in known] == [(False, False), (True, False), (True, True)]
    assert [len(c.levels) for c in known[1:]] == [6, 6]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_the_stairs_keep_what_nothing_cheaper_outdoes(amounts):
    labels = [(cost, pair, None) for cost, pair in enumerate(amounts)]
    kept = [
        (cost, (one, other), None)
        for cost, (one, other) in enumerate(amounts)
        if not any(before[0] >= one and before[1] >= other for before in amounts[:cost])
    ]
    assert _pareto_front(labels) == kept


# --- What the bounds spare ---------------------------------------------------------------------------------------


def large(seed: int, demands: int) -> tuple[Block, list[int]]:
    """24 places in four parts of two: demands on the whole for three fifths of all, on each part for half."""
    chance = Random(seed)
    root = Block(closes=set(range(demands)))
    for part in range(demands, demands + 4):
        root.parts.append(Block(closes={part}))
        for half in range(2):
            block = Block()
            root.parts[-1].parts.append(block)
            for number in range(3):
                brings = dict.fromkeys([*range(demands), part], 0)
                ways = []
                for level in range(1, chance.randint(1, 3) + 1):
                    brings = {demand: amount + chance.randint(0, 5) for demand, amount in brings.items()}
                    ways.append(LevelOption(level, level, brings))
                may_stay = chance.random() < 0.9
                block.places.append(IndicatorOptions(f"{part}.{half}.{number}", ways, may_stay))
    most = [
        sum(place.ways[-1].contributes.get(demand, 0) for place in root.every_place()) for demand in range(demands + 4)
    ]
    return root, [amount * 3 // 5 for amount in most[:demands]] + [amount // 2 for amount in most[demands:]]


@pytest.mark.parametrize(
    ("demands", "smallest", "exact"), [(1, 248, 808), (2, 1495, 26_974), (3, 4863, 319_998), (4, 1869, 67_159)]
)
def test_the_bounds_keep_the_search_as_small_as_it_is(demands, smallest, exact):
    """So many comparisons find the smallest number, and so many the exact answer. Fewer are welcome: write them here."""
    root, needs = large(demands, demands)
    known = [choose(root, needs, effort) for effort in (smallest - 1, smallest, exact - 1, exact)]
    assert [(choice.is_smallest, choice.is_exact) for choice in known] == [
        (False, False),
        (True, False),
        (True, False),
        (True, True),
    ]


@pytest.mark.parametrize("demands", [1, 2, 3, 4])
def test_thinned_fronts_still_hold_a_good_answer(demands):
    root, needs = large(demands, demands)
    assert len(choose(root, needs, 0).levels) == len(choose(root, needs).levels)
