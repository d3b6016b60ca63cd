"""Merge a new file with the earlier one of its level for the same period, item by item; each figure has its source."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from evaluation.figures.dictionary.items import items
from evaluation.figures.dictionary.levels import formulas_of
from evaluation.figures.dictionary.sums import NO_CODES, add_codes
from evaluation.figures.formats.published.header import ESTIMATED, PART_MISSING
from evaluation.figures.intake.changes import Cell, by_item, cells_in, cells_of, to_be_superseded
from evaluation.figures.series.counting import choose_counting
from evaluation.figures.series.totals import find_framework_in_force
from evaluation.figures.validation.consistency import find_missing_items
from evaluation.models import Figure, StatisticsImport
from evaluation.models.figures.statistics import FIGURE

State = StatisticsImport.State


@dataclass(frozen=True, slots=True)
class EarlierItem:
    """An item of the earlier file that the new one does not have, or has with other figures.

    `source` is the file that recorded it. It is kept by default if the new file recorded neither it nor another item of
    a formula with it: no ratio is to mix two ways of counting. Its parts are kept if the new file has only their sum.
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
    `counting` are all files that count now and whose place the new one takes.
    """

    earlier: StatisticsImport | None
    found: tuple[EarlierItem, ...]
    lost: tuple[str, ...]
    counting: tuple[StatisticsImport, ...]

    def chosen(self, kept: Collection[str] | None) -> list[EarlierItem]:
        """Return the items to be kept: those of these codes, or the default ones."""
        return [one for one in self.found if (one.is_kept if kept is None else one.code in kept)]

    @property
    def shown(self) -> set[str]:
        """What a page shows of it, to be compared when the file is confirmed: the uids of the files in `counting`."""
        return {str(file.uid) for file in self.counting}


NOTHING = Merging(None, (), (), ())


def find_merging(statistics: StatisticsImport) -> Merging:
    """Return what a file is merged with when it is confirmed. At most six queries.

    A file that was sent back has its figures already, so it is merged with none.
    """
    if statistics.period_start is None:
        return NOTHING
    counting = choose_counting(to_be_superseded(statistics), lambda file: file.state == State.ACCEPTED)
    if not counting:
        return NOTHING
    draft = statistics.draft  # a file that is being confirmed still has it
    earlier = next((file for file in counting if draft and _can_be_merged(file, statistics)), None)
    drafted = sorted(cells_of(draft) if draft else cells_in(statistics), key=lambda cell: cell.item)
    own = {code: tuple(cells) for code, cells in groupby(drafted, key=lambda cell: cell.item)}
    others = [file.pk for file in counting if file != earlier]
    recorded = Figure.objects.filter(statistics__in=others).exclude(value=None).values_list("item", flat=True)
    known = {code for code, cells in own.items() if any(map(_is_recorded, cells))}
    gone = set(recorded) - known if others else set()
    found = tuple(_find_items(earlier, own)) if earlier else ()
    return Merging(earlier, found, tuple(code for code in items() if code in gone), tuple(counting))


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
            is_kept = code not in begun or _has_only_its_total(code, new_cells, cells)
            yield EarlierItem(code, source, figures, cells, new_cells, is_kept)


def _has_only_its_total(code: str, new: Sequence[Cell], earlier: Sequence[Cell]) -> bool:
    """Whether new cells are only the total of earlier ones, whose parts would be lost."""
    then, now = ({(one.dim1_value, one.dim2_value): one.amount for one in cells} for cells in (earlier, new))
    if set(now) != {NO_CODES} or NO_CODES in then:
        return False
    total = now[NO_CODES].value
    return total is not None and total == add_codes(items()[code], then)


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


def find_missing_when_merged(
    statistics: StatisticsImport, merging: Merging, kept: Collection[str] | None = None
) -> list[str]:
    """Return the required items that are recorded neither in a draft nor in what is kept from the earlier file."""
    cells = by_item(cells_of(statistics.draft))
    for one in merging.chosen(kept):
        cells |= by_item(list(one.cells))
    return find_missing_items(statistics.level, cells)


def sources_of(statistics: StatisticsImport) -> dict[str, StatisticsImport]:
    """Return the file that recorded each item that was kept from an earlier one, by code. One query."""
    kept = Figure.objects.filter(statistics=statistics).exclude(source=None).select_related("source")
    return {figure.item: figure.source for figure in kept if figure.source}
