"""Demands laid out over the tree of the Guide: in whole numbers, and without what cannot matter."""

from collections.abc import Iterable, Iterator
from math import lcm

from evaluation.improvement.block import Block, Bundle, IndicatorOptions, LevelOption
from evaluation.improvement.demands import Demand, Demands
from standards.framework import Framework

_Contributions = dict[int, int]
"""What something brings, by the number of the demand."""


def build_blocks(demands: Demands) -> tuple[Block, list[int]]:
    """The whole as a block, and what each demand needs."""
    numbered = _Numbered(demands)
    for demand in numbered.required:
        numbered.rule_out(demand)
    numbered.forget(demand for demand in numbered.required if numbered.is_met_anyhow(demand))
    return _block(demands.framework, numbered), numbered.needs


class _Numbered:
    """The demands in whole numbers: first those that are required, then those that bundles need."""

    def __init__(self, demands: Demands) -> None:
        self.required = list(range(len(demands.required)))
        self.needs: list[int] = []
        self.ways: dict[str, dict[int, _Contributions]] = {
            code: {way: {} for way in ways} for code, ways in demands.ways.items()
        }
        self.steps = demands.ways
        self.may_stay = dict.fromkeys(self.ways, True)
        contributed: list[_Contributions] = [{} for _ in demands.bundles]
        for demand in demands.required:
            self._number(demand, contributed)
        self.bundles: list[tuple[str, Bundle]] = []
        for bundle, brings in zip(demands.bundles, contributed, strict=True):
            numbers = [self._number(demand, contributed) for demand in bundle.demands]
            self.bundles.append((bundle.home, Bundle({number: self.needs[number] for number in numbers}, brings)))

    def _number(self, demand: Demand, contributed: list[_Contributions]) -> int:
        number = len(self.needs)
        amounts = [
            demand.need,
            *demand.bundled.values(),
            *(a for ways in demand.contributes.values() for a in ways.values()),
        ]
        whole = lcm(*(amount.denominator for amount in amounts))
        self.needs.append(int(demand.need * whole))
        for code, ways in demand.contributes.items():
            for level, amount in ways.items():
                self.ways[code][level][number] = int(amount * whole)
        for bundle, amount in demand.bundled.items():
            contributed[bundle][number] = int(amount * whole)
        return number

    def rule_out(self, demand: int) -> None:
        """Take away every way, and every staying, without which the demand could not be met."""
        best = {code: max(brings.get(demand, 0) for brings in ways.values()) for code, ways in self.ways.items()}
        bundled = sum(bundle.contributes.get(demand, 0) for _, bundle in self.bundles)
        spare = sum(best.values()) + bundled - self.needs[demand]
        for code, most in best.items():
            if most > spare:
                self.may_stay[code] = False
                ways = self.ways[code].items()
                self.ways[code] = {way: brings for way, brings in ways if most - brings.get(demand, 0) <= spare}

    def is_met_anyhow(self, demand: int) -> bool:
        """Whether what must rise at least meets the demand already."""
        rising = (ways for code, ways in self.ways.items() if not self.may_stay[code])
        return sum(min(brings.get(demand, 0) for brings in ways.values()) for ways in rising) >= self.needs[demand]

    def forget(self, demands: Iterable[int]) -> None:
        """Leave out these demands. Single indicators serve them, for a demand that bundles serve is never met anyhow."""
        gone = set(demands)
        self.required = [demand for demand in self.required if demand not in gone]
        for ways in self.ways.values():
            for way, brings in ways.items():
                ways[way] = {demand: amount for demand, amount in brings.items() if demand not in gone}


def _block(framework: Framework, numbered: _Numbered) -> Block:
    whole = Block()
    blocks = {"": whole}
    for domain in framework.domains:
        blocks[domain.code] = Block()
        whole.parts.append(blocks[domain.code])
        for standard in domain.standards:
            blocks[standard.code] = Block([p for i in standard.indicators for p in _places(numbered, i.code)])
            blocks[domain.code].parts.append(blocks[standard.code])
    for home, bundle in numbered.bundles:
        blocks[home].bundles.append(bundle)
    for demand in numbered.required:
        blocks[_home(framework, numbered, demand)].closes.add(demand)
    return whole


def _places(numbered: _Numbered, code: str) -> Iterator[IndicatorOptions]:
    """The place of an indicator, if it can rise to any use."""
    if code not in numbered.ways:
        return
    may_stay, steps = numbered.may_stay[code], numbered.steps[code]
    ways = [
        LevelOption(level, steps[level], brings)
        for level, brings in numbered.ways[code].items()
        if brings or not may_stay
    ]
    if ways:
        yield IndicatorOptions(code, ways, may_stay)


def _home(framework: Framework, numbered: _Numbered, demand: int) -> str:
    """The smallest block that holds everything that brings something toward a demand."""
    homes = {
        framework.standard_of[code].code
        for code, ways in numbered.ways.items()
        if any(demand in brings for brings in ways.values())
    }
    homes |= {home for home, bundle in numbered.bundles if demand in bundle.contributes}
    if len(homes) == 1:
        return homes.pop()
    domains = {home if home not in framework.domain_of else framework.domain_of[home].code for home in homes}
    return domains.pop() if len(domains) == 1 else ""
