"""Compute the exact totals of a period from the files that count.

`counting` chooses the files that count. Files of different levels may count for the same period, and
`levels.choose_levels` chooses which of them provides an item.

A file that misses part of its period gives no total: the missing part is unknown, so the file covers neither the whole
period nor a known number of months. A hotline's own pages still show it, with a note.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from evaluation.figures.dictionary.items import NOT_APPLICABLE, Item, OverPeriods, items
from evaluation.figures.dictionary.levels import ALWAYS, LEVELS, Formulas, choose_levels, formulas_of, needed_with
from evaluation.figures.dictionary.sums import Amount, Codes, add_over, add_periods
from evaluation.figures.formats.published.header import ESTIMATED, PART_MISSING, months_of
from evaluation.figures.series.counting import choose_counting
from evaluation.models import Figure, Hotline, StatisticsImport
from standards.framework import Framework
from standards.models import Edition

Cells = dict[str, dict[Codes, Amount]]
"""Amounts by item, then by codes."""


@dataclass(frozen=True, slots=True)
class CountedFile:
    """A file that counts, with its figures."""

    statistics_id: int
    uid: UUID
    level: str
    start: date
    end: date
    is_accepted: bool
    definitions: str
    completeness: str
    cells: Cells = field(default_factory=dict)
    formulas: Formulas = ALWAYS
    """The formulas whose items come from one level when the file is combined with others."""
    replaces_accepted: bool = False
    """Whether it is a correction: a confirmed file for a period with accepted figures of its level."""

    @property
    def is_whole(self) -> bool:
        """Whether it covers all of its period."""
        return self.completeness != PART_MISSING

    def overlaps(self, other: "CountedFile") -> bool:
        """Whether both have the same level and overlapping periods."""
        return self.level == other.level and self.start <= other.end and self.end >= other.start


def counting_files(
    hotlines: Iterable[Hotline],
    *,
    start: date | None = None,
    end: date | None = None,
    accepted_only: bool = False,
    only: Collection[str] | None = None,
    framework: Framework | None = None,
) -> dict[int, list[CountedFile]]:
    """Return the files that count for each hotline, by primary key, in chronological order.

    Two queries for any number of hotlines.

    The files are combined by the formulas of `framework`, by default of the edition in force.

    With `start` and `end`, only files between these dates are returned. `accepted_only` is for the network's numbers:
    only accepted files that cover all of their period are returned. With `only`, figures unrelated to these items are
    not read; one more query finds the files that have none of them. A file without figures is left out.
    """
    hotlines = list(hotlines)
    formulas = formulas_of(framework or find_framework_in_force())
    states = [StatisticsImport.State.ACCEPTED] if accepted_only else StatisticsImport.COUNTING
    figures = Figure.objects.filter(statistics__hotline__in=hotlines, statistics__state__in=states)
    if accepted_only:
        figures = figures.exclude(statistics__completeness=PART_MISSING)
    if start:
        figures = figures.filter(statistics__period_start__gte=start)
    if end:
        figures = figures.filter(statistics__period_end__lte=end)
    found: dict[int, dict[int, CountedFile]] = {hotline.pk: {} for hotline in hotlines}
    if only is not None:
        known = StatisticsImport.objects.filter(Exists(figures.filter(statistics=OuterRef("pk"))))
        for of_file in known.order_by("period_start", "pk").values_list(*_OWN):
            found[of_file[0]][of_file[1]] = _file_of(of_file, formulas)
        figures = figures.filter(item__in=needed_with(only, formulas))
    for row in figures.order_by("statistics__period_start", "statistics_id").values_list(*_FILE, *_CELL):
        of_file, (item, first, second, value, quality) = row[: len(_FILE)], row[len(_FILE) :]
        files = found[of_file[0]]
        if of_file[1] not in files:
            files[of_file[1]] = _file_of(of_file, formulas)
        file = files[of_file[1]]
        file.cells.setdefault(item, {})[first, second] = amount_of(value, quality, file.completeness)
    return {hotline: _without_overlaps(list(files.values())) for hotline, files in found.items()}


_OWN = (
    *("hotline_id", "id", "uid", "level", "period_start", "period_end"),
    *("state", "definitions", "completeness"),
)
_FILE = tuple(f"statistics__{name}" for name in _OWN)
_CELL = ("item", "dim1_value", "dim2_value", "value", "quality")


def find_framework_in_force() -> Framework | None:
    """Return the framework of the edition that was released last, or None."""
    edition = Edition.objects.defer("structure").first()
    return edition.framework if edition else None


def _file_of(row: Sequence[Any], formulas: Formulas) -> CountedFile:
    _hotline, key, uid, level, start, end, state, definitions, completeness = row
    return CountedFile(
        statistics_id=key,
        uid=uid,
        level=level,
        start=start,
        end=end,
        is_accepted=state == StatisticsImport.State.ACCEPTED,
        definitions=definitions,
        completeness=completeness,
        formulas=formulas,
    )


def amount_of(value: Decimal | None, quality: str, completeness: str = "") -> Amount:
    """Return a figure's value with its quality. In a file of estimates, every number is an estimate."""
    is_estimated = value is not None and ESTIMATED in (quality, completeness)
    return Amount(value, not_applicable=quality == NOT_APPLICABLE, is_estimated=is_estimated)


def _without_overlaps(files: list[CountedFile]) -> list[CountedFile]:
    """Drop accepted files that a confirmed one will supersede."""
    accepted, newer = [f for f in files if f.is_accepted], [f for f in files if not f.is_accepted]
    corrections = {f.statistics_id for f in newer if _days(f, accepted) == (f.end - f.start).days + 1}
    return [
        replace(file, replaces_accepted=file.statistics_id in corrections)
        for file in choose_counting(files, lambda file: file.is_accepted)
    ]


def _days(file: CountedFile, others: Iterable[CountedFile]) -> int:
    """Return how many of a file's days are covered by the other files of its level, which do not overlap each other."""
    return sum((min(file.end, o.end) - max(file.start, o.start)).days + 1 for o in others if file.overlaps(o))


# --- Over a period ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chain:
    """Consecutive files of one level from the first day of a period to the last."""

    level: str
    files: tuple[CountedFile, ...]
    totals: dict[str, Fraction | None]

    @property
    def is_whole(self) -> bool:
        return all(file.is_whole for file in self.files)

    @property
    def priority(self) -> int:
        """The rank of a chain: whole periods first, then accepted files and corrections of accepted files."""
        return 2 * self.is_whole + all(file.is_accepted or file.replaces_accepted for file in self.files)


def chains_over(files: Sequence[CountedFile], start: date, end: date, *, with_parts: bool = False) -> dict[str, Chain]:
    """Return, by item, the files that provide its total for the period. Items without a total are left out.

    With `with_parts`, files that miss part of their period are used if no others fill it: for the hotline's own pages,
    which show a note.
    """
    chains = {chain.level: chain for chain in _chains(files, start, end, with_parts=with_parts)}
    months = months_of(start, end)
    given = {
        level: {code: months for code, total in chain.totals.items() if total is not None}
        for level, chain in chains.items()
    }
    priorities = {level: chain.priority for level, chain in chains.items()}
    return {code: chains[level] for code, level in choose_levels(given, formulas_among(files), priorities).items()}


def formulas_among(files: Iterable[CountedFile]) -> Formulas:
    """Return the distinct formulas of the files."""
    return tuple(dict.fromkeys(formula for file in files for formula in file.formulas))


def totals_over(
    files: Sequence[CountedFile], start: date, end: date, *, with_parts: bool = False
) -> dict[str, Fraction | None]:
    """Return the total of every item over the files that fill the period; None if there is none."""
    chains = chains_over(files, start, end, with_parts=with_parts)
    return {code: chains[code].totals[code] if code in chains else None for code in items()}


def cells_over(
    files: Sequence[CountedFile], start: date, end: date, *, with_parts: bool = False
) -> dict[str, dict[Codes, Decimal | None]]:
    """Return every cell of the files that provide an item, added over the periods; None if a file misses the cell.

    An item that has no total at any level is provided by the first level that has a cell of it.
    """
    providing = chains_over(files, start, end, with_parts=with_parts)
    chains = sorted(_chains(files, start, end, with_parts=with_parts), key=lambda chain: -chain.priority)
    added: dict[str, dict[Codes, Decimal | None]] = {}
    for code, item in items().items():
        has_total = any(chain.totals[code] is not None for chain in chains)
        for chain in [providing[code]] if code in providing else [] if has_total else chains:
            codes = {found for file in chain.files for found in file.cells.get(code, {})}
            cells = {
                found: _add_cell([file.cells.get(code, {}).get(found) for file in chain.files], item) for found in codes
            }
            if any(value is not None for value in cells.values()):
                added[code] = cells
                break
    return added


def _add_cell(amounts: Sequence[Amount | None], item: Item) -> Decimal | None:
    """Return the total of one cell over periods; None if it has none, also if it is not applicable in all of them.

    A period in which it is not applicable adds nothing. A mean over several periods is known for the whole item only,
    so its cells have no total.
    """
    if item.weight and len(amounts) > 1:
        return None
    given = [amount for amount in amounts if amount is None or not amount.not_applicable]
    if item.over_periods is not OverPeriods.SUM and len(given) < len(amounts):
        return None
    return add_periods(item, [amount.value if amount else None for amount in given])  # type: ignore[return-value] # only a weighted mean is a fraction


def _chains(files: Sequence[CountedFile], start: date, end: date, *, with_parts: bool) -> list[Chain]:
    """Return the chain of each level whose files fill the period, in the order of `LEVELS`."""
    chains = []
    for level in LEVELS:
        within = [file for file in files if file.level == level and file.start >= start and file.end <= end]
        own = [file for file in within if with_parts or file.is_whole]
        if _are_consecutive(own, start, end):
            chains.append(Chain(level, tuple(own), _totals(own)))
    return chains


def _are_consecutive(files: Sequence[CountedFile], start: date, end: date) -> bool:
    """Whether the files are consecutive from the first day to the last."""
    expected = start
    for file in files:
        if file.start != expected:
            return False
        expected = file.end + timedelta(days=1)
    return expected == end + timedelta(days=1)


def _totals(files: Sequence[CountedFile]) -> dict[str, Fraction | None]:
    recorded = set().union(*(file.cells for file in files))
    totals = {
        code: add_over(item, [file.cells for file in files]) if code in recorded else None
        for code, item in items().items()
    }
    return {code: None if total is None else Fraction(total) for code, total in totals.items()}
