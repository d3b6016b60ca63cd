"""Find the files that a number comes from, with their periods, definitions, coverage and quality."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from evaluation.figures.dictionary.levels import LEVELS, formulas_of, needed_with
from evaluation.figures.dictionary.sums import Amount
from evaluation.figures.formats.published.header import months_of
from evaluation.figures.series.totals import Chain, CountedFile, amount_of, chains_over
from evaluation.models import Figure, StatisticsImport
from standards.framework import Framework

QUALITIES = ("measured", "estimated", "not_recorded")


@dataclass(frozen=True, slots=True)
class Origin:
    """The files that provide some items; none if `files` is empty."""

    files: tuple[CountedFile, ...]
    items: tuple[str, ...]

    @property
    def start(self) -> date:
        return min(file.start for file in self.files)

    @property
    def end(self) -> date:
        return max(file.end for file in self.files)

    @property
    def definitions(self) -> list[str]:
        return sorted({file.definitions for file in self.files})

    @property
    def coverage(self) -> list[str]:
        """The distinct notes on completeness, in chronological order."""
        return list(dict.fromkeys(file.completeness for file in self.files if file.completeness))

    @property
    def qualities(self) -> list[str]:
        return qualities_of(
            amount for file in self.files for item in self.items for amount in file.cells.get(item, {}).values()
        )


def qualities_of(amounts: Iterable[Amount]) -> list[str]:
    """Return the distinct qualities of cells. Cells that are not applicable have no quality."""
    found = {_quality(amount) for amount in amounts if not amount.not_applicable}
    return [quality for quality in QUALITIES if quality in found]


def _quality(amount: Amount) -> str:
    if amount.value is None:
        return "not_recorded"
    return "estimated" if amount.is_estimated else "measured"


@dataclass(frozen=True)
class Origins:
    """The files that count for a period, and which of them provide an item.

    With `with_parts`, files that miss part of their period count, too: for the hotline's own pages.
    """

    files: Sequence[CountedFile]
    start: date
    end: date
    with_parts: bool = False

    def of(self, items: Collection[str]) -> Origin:
        taken = {file.statistics_id for item in items for file in self._providing_files(item)}
        return Origin(tuple(file for file in self.files if file.statistics_id in taken), tuple(items))

    def _providing_files(self, item: str) -> Sequence[CountedFile]:
        """Return the files that provide the item for the period, else those of the level with most months of it."""
        if item in self._chains:
            return self._chains[item].files
        having = ([file for file in self.files if file.level == level and item in file.cells] for level in LEVELS)
        return max(having, key=lambda own: (_months_recorded(item, own), bool(own)))

    @cached_property
    def _chains(self) -> Mapping[str, Chain]:
        return chains_over(self.files, self.start, self.end, with_parts=self.with_parts)


def _months_recorded(item: str, files: Iterable[CountedFile]) -> int:
    recorded = [file for file in files if any(amount.value is not None for amount in file.cells[item].values())]
    return sum(months_of(file.start, file.end) for file in recorded)


def read_origins(
    imports: Collection[StatisticsImport], only: Collection[str], framework: Framework
) -> list[CountedFile]:
    """Return files with the values of the items `only`, as when they counted: superseded files keep their figures.

    They are combined by the formulas of `framework`. One query.
    """
    formulas = formulas_of(framework)
    found = {
        one.pk: CountedFile(
            statistics_id=one.pk,
            uid=one.uid,
            level=one.level,
            start=one.span[0],
            end=one.span[1],
            is_accepted=one.state == StatisticsImport.State.ACCEPTED,
            definitions=one.definitions,
            completeness=one.completeness,
            formulas=formulas,
        )
        for one in imports
    }
    rows = Figure.objects.filter(statistics__in=list(found), item__in=needed_with(only, formulas))
    for key, item, first, second, value, quality in rows.values_list(
        "statistics_id", "item", "dim1_value", "dim2_value", "value", "quality"
    ):
        found[key].cells.setdefault(item, {})[first, second] = amount_of(value, quality, found[key].completeness)
    return list(found.values())
