"""Merge a new file with the earlier one of its level for the same period, item by item; each figure has its source."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby

from evaluation.crm.dictionary.items import items
from evaluation.crm.dictionary.levels import formulas_of
from evaluation.crm.formats.published.header import ESTIMATED, PART_MISSING
from evaluation.crm.intake.changes import Cell, cells_of, to_be_superseded
from evaluation.crm.series.counting import choose_counting
from evaluation.crm.series.totals import find_framework_in_force
from evaluation.models import Figure, StatisticsImport
from evaluation.models.figures.statistics import FIGURE

State = StatisticsImport.State


@dataclass(frozen=True, slots=True)
class EarlierItem:
    """An item of the earlier file that the new one does not have, or has with other figures.

    `source` is the file that recorded it. It is kept by default if the new file recorded neither it nor another item of
    a formula with it: no ratio is to mix two ways of counting.
    """

    code: str
    source: StatisticsImport
    figures: tuple[Figure, ...]
    cells: tuple[Cell, ...]
    new_cells: tuple[Cell, ...]
    is_kept: bool

    @property
    def is_in_both(self) -> bool:
        return bool(self.new_cells)


@dataclass(frozen=True, slots=True)
class Merging:
    """The `earlier` file that a new one is merged with, None if there is none, and its items to choose from.

    `lost` are the items of other files whose figures stop counting, as they are of another period or definition.
    """

    earlier: StatisticsImport | None
    found: tuple[EarlierItem, ...]
    lost: tuple[str, ...]

    def chosen(self, kept: Collection[str] | None) -> list[EarlierItem]:
        """Return the items to be kept: those of these codes, or the default ones."""
        return [one for one in self.found if (one.is_kept if kept is None else one.code in kept)]


NOTHING = Merging(None, (), ())


def find_merging(statistics: StatisticsImport) -> Merging:
    """Return what a draft is merged with when it is confirmed. At most five queries."""
    if statistics.period_start is None or not statistics.draft:
        return NOTHING
    counting = choose_counting(to_be_superseded(statistics), lambda file: file.state == State.ACCEPTED)
    earlier = next((file for file in counting if _can_be_merged(file, statistics)), None)
    drafted = sorted(cells_of(statistics.draft), key=lambda cell: cell.item)
    own = {code: tuple(cells) for code, cells in groupby(drafted, key=lambda cell: cell.item)}
    others = [file.pk for file in counting if file != earlier]
    recorded = Figure.objects.filter(statistics__in=others).exclude(value=None).values_list("item", flat=True)
    known = {code for code, cells in own.items() if any(map(_is_recorded, cells))}
    gone = set(recorded) - known if others else set()
    found = tuple(_find_items(earlier, own)) if earlier else ()
    return Merging(earlier, found, tuple(code for code in items() if code in gone))


def _can_be_merged(earlier: StatisticsImport, statistics: StatisticsImport) -> bool:
    """Whether figures of a file mean the same in another: its period, definitions and completeness fit."""
    is_alike = (earlier.span, earlier.definitions) == (statistics.span, statistics.definitions)
    is_estimated = earlier.completeness == ESTIMATED and statistics.completeness != PART_MISSING
    return is_alike and (earlier.completeness == statistics.completeness or is_estimated)


def _find_items(earlier: StatisticsImport, own: dict[str, tuple[Cell, ...]]) -> Iterable[EarlierItem]:
    formulas = [set(formula) for formula in formulas_of(find_framework_in_force())]
    recorded = {code for code, cells in own.items() if any(_is_recorded(cell) for cell in cells)}
    begun = recorded.union(*(formula for formula in formulas if formula & recorded))
    written = Figure.objects.filter(statistics=earlier).select_related("source").order_by("item", "pk")
    for code, group in groupby(written, key=lambda figure: figure.item):
        figures = tuple(group)
        cells = tuple(cells_of([getattr(figure, name) for name in FIGURE] for figure in figures))
        is_known = any(map(_is_recorded, cells))
        if is_known and (code not in own or _values(cells) != _values(own[code])):
            source, new_cells = figures[0].source or earlier, own.get(code, ())
            yield EarlierItem(code, source, figures, cells, new_cells, is_kept=code not in begun)


def _is_recorded(cell: Cell) -> bool:
    return cell.amount.value is not None or cell.amount.not_applicable


def _values(cells: Iterable[Cell]) -> dict[tuple[str, str], object]:
    return {(cell.dim1_value, cell.dim2_value): (cell.amount.value, cell.amount.not_applicable) for cell in cells}


def merge_figures(statistics: StatisticsImport, kept: Collection[str] | None) -> list[Figure]:
    """Return the figures of a draft and those that are kept from the earlier file, not saved, each with its source."""
    merging = find_merging(statistics)
    chosen = merging.chosen(kept)
    codes = {one.code for one in chosen}
    found = [
        Figure(statistics=statistics, **dict(zip(FIGURE, row, strict=True)))
        for row in statistics.draft
        if row[0] not in codes
    ]
    for one in chosen:
        is_estimate = merging.earlier is not None and merging.earlier.completeness == ESTIMATED
        for figure in one.figures:
            values = {name: getattr(figure, name) for name in FIGURE}
            if is_estimate and figure.value is not None:
                values["quality"] = ESTIMATED
            found.append(Figure(statistics=statistics, source=one.source, **values))
    return found


def sources_of(statistics: StatisticsImport) -> dict[str, StatisticsImport]:
    """Return the file that recorded each item that was kept from an earlier one, by code. One query."""
    kept = Figure.objects.filter(statistics=statistics).exclude(source=None).select_related("source")
    return {figure.item: figure.source for figure in kept if figure.source}
