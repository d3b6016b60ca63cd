"""The network's sums are cached by hotline: after any changes they equal sums computed from scratch."""

import itertools
import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache.backends.dummy import DummyCache

from evaluation import cached
from evaluation.figures.dictionary.items import NOT_APPLICABLE
from evaluation.figures.formats.published.header import ESTIMATED, PART_MISSING
from evaluation.figures.series.trends import Grain, period_at
from evaluation.models import Evaluation, Hotline, Recommendation, StatisticsImport
from evaluation.recommendations import network_needs
from evaluation.recommendations.network_needs import read_indicator_needs
from evaluation.workflow import write_step
from portal.figures.series import year_sums
from portal.figures.series.benchmark import read_benchmarks
from portal.figures.series.comparison import sort_keys_of
from portal.figures.series.deliveries import DeliveryFilter
from portal.figures.series.network import _cached_over_time, over_time
from portal.figures.series.queries import NamedFormula, formulas
from standards.framework import Formula, Indicator, Measure, Source, canonical
from tests.bench.history import GrowingNetwork
from tests.factories import FigureFactory, ScorecardFactory, confirmed_figures, released_edition

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]

MEAN = Indicator("mean", "", Measure.NUMERIC, Source.STATISTICS, unit="seconds", formula=Formula("A06"))
INVENTED = DeliveryFilter(is_invented=True, words="", order="", state="")
YEAR = period_at(date(2025, 1, 1), Grain.YEAR)
CATEGORIES = ("runaway", "pushed_away", "parental_abduction", "migration", "criminal_abduction", "lost_injured")


class Changes:
    """A network, and random changes of its hotlines."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.world = GrowingNetwork.create(released_edition(), 3)
        self.world.grow(12)
        self.asked = [*formulas(), NamedFormula("mean", "A mean", MEAN)]
        self.states = itertools.cycle(["contested", "verified", "issued", "accepted"])
        self.numbers = iter(range(10_000, 20_000))

    def _any(self, rows: Any) -> Any:
        return self.chance.choice(list(rows.order_by("pk")))

    def deliver(self) -> None:
        """Add a file of a past or future year, with random content."""
        year, number = self.chance.choice([2021, 2024, 2025, 2025, 2026]), next(self.numbers)
        file = confirmed_figures(
            self._any(Hotline.objects),
            {
                item: self.chance.choice([None, 0, 7, 1000, 12.5])
                for item in (*year_sums.COUNTED_OVER_TIME, "A05", "A06")
                if item != "A21" and self.chance.random() < 0.9
            },
            file_name=f"{number}.csv",
            period_start=date(year, 1, 1),
            period_end=date(year, 12, 31),
            definitions=self.chance.choice(["1.0", "1.1"]),
            completeness=self.chance.choice(["complete", ESTIMATED, PART_MISSING]),
        )
        for category in (*CATEGORIES, "otherwise_missing", "other", "unknown"):
            quality = self.chance.choice(["measured", "measured", ESTIMATED, NOT_APPLICABLE])
            value = None if quality == NOT_APPLICABLE else self.chance.randint(0, 9)
            FigureFactory(
                statistics=file, item="A21", dim1="category", dim1_value=category, value=value, quality=quality
            )
        self._count(file, "accepted")

    def decide(self) -> None:
        """Change whether a file counts."""
        file = self._any(StatisticsImport.objects)
        self._count(file, "superseded" if file.state == "accepted" else "accepted")

    def _count(self, file: StatisticsImport, state: str) -> None:
        StatisticsImport.objects.filter(pk=file.pk).update(state=state)
        write_step(file, "accept", file.state, by=self.world.mce)

    def recommend(self) -> None:
        """Recommend something about an indicator without a recommendation, if there is one."""
        evaluation = self._any(Evaluation.objects)
        taken = set(evaluation.recommendations.values_list("code", flat=True))
        if free := [code for code in evaluation.framework.indicators if code not in taken]:
            Recommendation.objects.create(
                evaluation=evaluation, code=free[0], title="Once more", state="issued", due_on=self._day()
            )

    def follow(self) -> None:
        row = self._any(Recommendation.objects.filter(evaluation__round=self.world.rounds[0]))
        Recommendation.objects.filter(pk=row.pk).update(
            state=next(self.states), due_on=self._day(), is_withdrawn=self.chance.random() < 0.2
        )
        write_step(row, self.chance.choice(["issue", "verify", "contest"]), row.state, by=self.world.mce)

    def _day(self) -> date:
        return date(2026, 11, 26) + timedelta(days=self.chance.randint(-900, 900))

    def score(self) -> None:
        chosen = self.chance.choice(self.world.payloads)
        ScorecardFactory(
            evaluation=self._any(Evaluation.objects), payload=canonical({**chosen, "number": next(self.numbers)})
        )

    def in_any_order(self) -> Iterator[None]:
        """Make each change five times in random order. Yield after one to three of them."""
        ways = [self.deliver, self.decide, self.recommend, self.follow, self.score] * 5
        self.chance.shuffle(ways)
        while ways:
            for _ in range(self.chance.randint(1, 3)):
                if ways:
                    ways.pop()()
            yield

    def read_cached(self) -> dict[str, Any]:
        drawn = _cached_over_time(INVENTED, self.asked)
        found: dict[str, Any] = {"trends": drawn.tables, "charts": [chart.drawing for chart in drawn.charts]}
        found["lines"] = read_benchmarks(self.asked, YEAR, is_invented=True)
        found["places"] = sort_keys_of(INVENTED, YEAR, self.asked)
        for round_ in (None, self.world.rounds[0]):
            for state in ("", "overdue", "contested"):
                found[f"struggles, {round_}, {state}"] = read_indicator_needs(round_=round_, state=state)
        return found

    def read_uncached(self) -> dict[str, Any]:
        with patch.object(cached, "cache", DummyCache("", {})):
            return self.read_cached()


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_changes_the_sums_are_those_of_a_count_from_nothing(seed: int) -> None:
    changes = Changes(seed)
    before = changes.read_cached()
    moved = set()
    for turn, _ in enumerate(changes.in_any_order()):
        now, uncached = changes.read_cached(), changes.read_uncached()
        assert [name for name in uncached if now[name] != uncached[name]] == [], turn
        moved |= {name for name in now if now[name] != before[name]}
        before = now
    assert moved == set(before), "each moves, else it proves nothing"
    medians = next(table for table in before["trends"] if str(table.title).startswith("mean")).lines[0]
    assert any(cell.number is not None for cell in medians.cells)
    assert over_time(INVENTED, changes.asked).tables == before["trends"], "a file says what the page says"


def test_after_one_change_only_its_hotline_is_counted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    changes, counted = Changes(3), []
    changes.read_cached()
    for module, name in ((year_sums, "_part_of"), (network_needs, "_count"), (network_needs, "_levels_of")):
        own = getattr(module, name)

        def note(first: Any, *others: Any, own: Any = own, name: str = name) -> Any:
            first = list(first)
            counted.append((name, len(first) if name == "_levels_of" else 1))
            return own(first, *others)

        monkeypatch.setattr(module, name, note)
    changes.decide()
    changes.read_cached()
    assert counted == [("_part_of", 1)]
    counted.clear()
    changes.follow()
    changes.read_cached()
    assert {name for name, _size in counted} == {"_count"}
    assert len(counted) == 6, "one hotline for each way of looking"
    counted.clear()
    changes.score()
    changes.read_cached()
    assert {found for found in counted if found[1]} == {("_levels_of", 1)}
