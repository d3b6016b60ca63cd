"""Invented networks with many small counts, and their true sums, added independently."""

from collections import Counter
from collections.abc import Sequence
from random import Random

from evaluation.figures.dictionary.items import PUBLISHED_CATEGORIES, code_lists
from evaluation.figures.publishing.counts import CALLS, MEASURES
from evaluation.figures.publishing.hotline_year import HotlineYear

CATEGORY = (20, 2, 9, 5, 0.4, 1.3, 2.5, 1.3, 0.8)
CHANNEL = (100, 10, 2, 12, 15, 3, 4, 5, 0.5, 1)
OUTCOME = (45, 25, 5, 0.5, 6, 3, 3, 3, 4, 3)
REGION = (9, 3, 2, 1, 1, 1, 0.5, 0.2, 0.4)
PUBLISHED_ITEMS = ("A03", "A04", "A05", "A06", "A09", "A21", "A23")


def network(seed: int) -> list[HotlineYear]:
    """Return some hotlines, small or large, some without the optional items, some with a published report."""
    source = Random(seed)
    scale = source.choice((0.1, 0.3, 1, 3, 20))
    return [hotline(source, f"116000-X{number}", scale) for number in range(source.choice((2, 3, 4, 5, 8, 20)))]


def hotline(source: Random, key: str, scale: float) -> HotlineYear:
    lists = code_lists()

    def some(mean: float) -> int:
        return int(source.expovariate(1 / mean)) if mean else 0

    def drawn(count: int, codes: Sequence[str], weights: Sequence[float]) -> Counter[str]:
        return Counter(source.choices(codes, weights, k=count))

    new = {code: some(scale * weight) for code, weight in zip(lists["category"], CATEGORY, strict=True)}
    children = {code: count + some(count / 10) for code, count in new.items()}
    abroad = {code: min(count, some(count / 5)) for code, count in new.items()}
    closed = {code: some(count) for code, count in new.items()}
    answered, short, missed = some(scale * 100), some(scale * 3), some(scale * 5)
    channels = {code: some(scale * weight) for code, weight in zip(lists["channel"], CHANNEL, strict=True)}
    ages = Counter(
        (source.choices(lists["sex"], (5, 5, 0.1, 0.2))[0], source.choice(lists["age_band"]))
        for _child in range(sum(children.values()))
    )
    ended = Counter(
        (code, outcome)
        for code, count in closed.items()
        for outcome in drawn(count, lists["outcome"], OUTCOME).elements()
    )
    regions = drawn(sum(abroad.values()), lists["region"], REGION)
    cells = {
        "A03": {("", ""): answered + short + missed},
        "A04": {("", ""): answered},
        "A05": {("", ""): None if source.random() < 0.2 else short},
        "A06": {("", ""): missed},
        "A09": {("", ""): sum(channels.values())},
        "A11": {(code, ""): count for code, count in channels.items()},
        "A21": {(code, ""): count for code, count in new.items()},
        "A23": {(code, ""): count for code, count in closed.items()},
        "A25": {(code, ""): count for code, count in children.items()},
        "A26": {(code, ""): count for code, count in abroad.items()},
        "A27": {(sex, age): ages[sex, age] for sex in lists["sex"] for age in lists["age_band"]},
        "A35": {(code, ""): None if source.random() < 0.02 else regions[code] for code in lists["region"]},
        "A40": {(code, outcome): ended[code, outcome] for code in new for outcome in lists["outcome"]},
    }
    made = HotlineYear(key, cells, frozenset({"1.0"}), 0, 100)
    if source.random() < 0.3:
        return HotlineYear(key, cells, frozenset({"1.0"}), 0, 100, _published(made))
    return made


def _published(one: HotlineYear) -> dict[str, int]:
    """Return what a report publishes: no small count, and the calls all or none."""
    published = {
        item: total for item in PUBLISHED_ITEMS if (total := one.total(item)) is not None and not 0 < total < 5
    }
    if not set(CALLS.values()) <= set(published):
        published = {item: total for item, total in published.items() if item not in CALLS.values()}
    return published


def truth(given: Sequence[HotlineYear]) -> dict[str, int]:
    """Return every number of the tables and those that they imply, by the names of the attacker."""
    calls = [one for one in given if all(one.total(item) is not None for item in ("A03", "A04", "A06"))]
    exact = [one for one in calls if one.total("A05") is not None]
    regions = [one for one in given if one.total("A35") is not None]
    found = {}
    for table, hotlines in (("calls", calls), ("answering", exact)):
        for row, item in CALLS.items():
            found[f"{table}/{row}/calls"] = sum(one.total(item) or 0 for one in hotlines)
    missing = [found[f"calls/{row}/calls"] for row in ("received", "answered", "missed")]
    found["calls/short/calls"] = missing[0] - missing[1] - missing[2]
    for table, item, place, hotlines in (
        ("channels", "A11", 0, given),
        ("outcomes", "A40", 1, given),
        ("regions", "A35", 0, regions),
    ):
        counted: Counter[str] = Counter()
        for one in hotlines:
            for codes, value in one.cells[item].items():
                counted[codes[place]] += value or 0
        found |= {f"{table}/{code}/count": count for code, count in counted.items()}
        found[f"{table}/total/count"] = sum(counted.values())
    for measure, item in MEASURES.items():
        for group, codes in {**PUBLISHED_CATEGORIES, "total": code_lists()["category"]}.items():
            found[f"categories/{group}/{measure}"] = sum(one.cells[item][c, ""] or 0 for one in given for c in codes)
    for group in (*PUBLISHED_CATEGORIES, "total"):
        new, abroad, children = (found[f"categories/{group}/{m}"] for m in ("new", "cross_border", "children"))
        found[f"within one country/{group}"], found[f"further children/{group}"] = new - abroad, children - new
    sexes, ages = code_lists()["sex"], code_lists()["age_band"]
    for age in (*ages, "total"):
        for sex in (*sexes, "total"):
            found[f"ages/{age}/{sex}"] = sum(
                value or 0
                for one in given
                for (s, a), value in one.cells["A27"].items()
                if sex in (s, "total") and age in (a, "total")
            )
    found["categories/total/cross_border of others"] = (
        found["categories/total/cross_border"] - found["regions/total/count"]
    )
    for row in ("received", "answered", "missed"):
        found[f"calls/{row}/calls of others"] = found[f"calls/{row}/calls"] - found[f"answering/{row}/calls"]
    return found


def public_totals(given: Sequence[HotlineYear]) -> dict[str, list[int]]:
    """Return what single hotlines' reports publish, by the cell of the network that it is part of."""
    cells = {"A03": "calls/received/calls", "A04": "calls/answered/calls", "A06": "calls/missed/calls"}
    cells |= {"A09": "channels/total/count", "A21": "categories/total/new", "A23": "outcomes/total/count"}
    return {
        cell: numbers
        for item, cell in cells.items()
        if (numbers := [one.published[item] for one in given if item in one.published])
    }
