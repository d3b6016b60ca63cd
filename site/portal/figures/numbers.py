"""The numbers of a file for its page: the totals that people know by heart, then every item and change by theme."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any, Generic, Protocol, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from evaluation.figures.dictionary.items import TOTALS_ONLY, code_name, items
from evaluation.figures.dictionary.sums import NO_CODES, Amount, add_codes
from evaluation.figures.intake.changes import Cell, Change, Difference
from evaluation.figures.intake.merging import Merging
from evaluation.models import StatisticsImport
from portal.presentation.numbers import named_unit

Total = Decimal | Fraction | None

THEMES: Mapping[str | Promise, tuple[str, ...]] = {
    gettext_lazy("Calls on 116 000"): ("A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A17", "A18"),
    gettext_lazy("Contacts"): ("A09", "A10", "A11", "A12", "A13", "A14", "A15", "A16"),
    gettext_lazy("Cases and children"): (
        *("A20", "A21", "A22", "A23", "A24", "A25", "A26", "A27", "A28", "A29", "A30", "A31", "A32"),
        *("A35", "A38", "A39", "A40", "A41", "A42", "A43"),
    ),
    gettext_lazy("Police, other hotlines and the public"): ("A33", "A34", "A36", "A37", "A44", "A45", "A46"),
    gettext_lazy("Staff, feedback and money"): ("A50", "A51", "A52", "A53", "A54", "A55", "A56", "A57", "A58"),
}
"""Every item of the dictionary, by theme."""

KNOWN_BY_HEART = ("A03", "A04", "A09", "A10", "A21", "A23", "A24", "A25")
FIRST_ROWS = 6
"""How many items are shown first in a file that has none of those."""


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item with its total and its cells."""

    code: str
    name: Any
    unit: str
    """The unit; empty if the name contains it."""
    total: Amount
    is_added_up: bool
    """Whether its parts have a sum; a mean has none."""
    lacks_parts: bool
    """Whether its total was sent without the parts that the dictionary divides it into."""
    cells: list[tuple[str, Amount]]


@dataclass(frozen=True, slots=True)
class ShownMerge:
    """An item of the earlier file that the new one can be merged with. `new` is None if the new file has none."""

    code: str
    name: Any
    unit: str
    source: StatisticsImport
    earlier: ShownItem
    new: ShownItem | None
    is_kept: bool


@dataclass(frozen=True, slots=True)
class ShownChange:
    """An item whose value differs from the present one, with its changed parts."""

    code: str
    name: Any
    unit: str
    total: Difference
    parts: list[tuple[str, Difference]]


@dataclass(frozen=True, slots=True)
class FirstTotal:
    """A total with those of the period before and of the files that count until now."""

    item: ShownItem
    source: StatisticsImport | None
    """The earlier file that it is kept from."""
    last: Total
    until_now: Total


class OfItem(Protocol):
    @property
    def code(self) -> str: ...


Row = TypeVar("Row", bound=OfItem)


@dataclass(frozen=True, slots=True)
class Theme(Generic[Row]):
    title: str | Promise
    rows: list[Row]


def by_theme(rows: Iterable[Row]) -> list[Theme[Row]]:
    """Return the rows by theme, in the order of the dictionary. Themes without rows are left out."""
    found = {row.code: row for row in rows}
    themes = [Theme(title, [found[code] for code in codes if code in found]) for title, codes in THEMES.items()]
    return [theme for theme in themes if theme.rows]


def show_items(cells: Iterable[Cell]) -> list[ShownItem]:
    """Return the items of cells in the order of the dictionary."""
    order = {code: place for place, code in enumerate(items())}
    return [
        _shown_item(code, list(group))
        for code, group in groupby(sorted(cells, key=lambda cell: order[cell.item]), key=lambda cell: cell.item)
    ]


def _shown_item(code: str, cells: Sequence[Cell]) -> ShownItem:
    amounts = {(cell.dim1_value, cell.dim2_value): cell.amount for cell in cells}
    item, total = items()[code], amounts.pop(NO_CODES, None)
    return ShownItem(
        code=code,
        name=item.name,
        unit=named_unit(item),
        total=total or Amount(add_codes(item, amounts)),
        is_added_up=total is not None or item.adds_over_codes,
        lacks_parts=bool(total and total.value is not None and item.dimensions and not amounts and code != TOTALS_ONLY),
        cells=[
            (_name_part((cell.dim1, cell.dim2), (cell.dim1_value, cell.dim2_value)), cell.amount)
            for cell in cells
            if cell.dim1_value
        ],
    )


def _name_part(dimensions: Iterable[str], codes: Iterable[str]) -> str:
    """Return the names of a part's codes, one in each dimension that it has."""
    return ", ".join(
        str(code_name(dimension, code)) for dimension, code in zip(dimensions, codes, strict=False) if code
    )


def show_first_totals(
    shown: Collection[ShownItem],
    sources: Mapping[str, StatisticsImport],
    *,
    last: Mapping[str, Total],
    until_now: Mapping[str, Total],
) -> list[FirstTotal]:
    """Return the totals that people know by heart, as far as any of these files has them."""
    found = {item.code: item for item in shown}
    codes = [
        code
        for code in KNOWN_BY_HEART
        if (code in found and found[code].total.value is not None)
        or last.get(code) is not None
        or until_now.get(code) is not None
    ]
    if not codes:
        codes = [item.code for item in shown if item.is_added_up][:FIRST_ROWS]
    return [
        FirstTotal(
            found.get(code) or _shown_item(code, [Cell(code, "", "", "", "", Amount(None))]),
            sources.get(code),
            last.get(code),
            until_now.get(code),
        )
        for code in codes
    ]


def merge_cells(cells: Iterable[Cell], merging: Merging, kept: Collection[str] | None) -> list[Cell]:
    """Return the cells that count once the file is confirmed with these items of the earlier one."""
    chosen = merging.chosen(kept)
    codes = {one.code for one in chosen}
    return [*(cell for cell in cells if cell.item not in codes), *(cell for one in chosen for cell in one.cells)]


def show_merges(merging: Merging, kept: Collection[str] | None) -> list[ShownMerge]:
    chosen = {one.code for one in merging.chosen(kept)}
    return [
        ShownMerge(
            one.code,
            items()[one.code].name,
            named_unit(items()[one.code]),
            one.source,
            _shown_item(one.code, one.cells),
            _shown_item(one.code, one.new_cells) if one.is_in_both else None,
            one.code in chosen,
        )
        for one in merging.found
    ]


def show_change(change: Change) -> ShownChange:
    item = items()[change.item]
    parts = [(_name_part(item.dimensions, part.codes), part) for part in change.parts]
    return ShownChange(change.item, item.name, named_unit(item), change.total, parts)
