"""Whether the figures of a file agree with each other, and with those of the period before. Pure.

What cannot be true is a problem and stops the file; what is only strange is a warning that asks for a word.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from evaluation.crm.adding import Amount, Codes, add_codes
from evaluation.crm.dictionary import code_lists, items
from evaluation.crm.header import Header
from evaluation.crm.problems import Problem
from evaluation.crm.records.derived import DERIVED
from evaluation.crm.rows import Row

Cells = Mapping[str, Mapping[Codes, Amount]]
"""What a period says: by item, then by codes."""

AT_MOST = (
    ("A01", "A02"),
    ("A04", "A03"),
    ("A07", "A04"),
    ("A10", "A09"),
    ("A16", "A15"),
    ("A18", "A17"),
    ("A21", "A25"),
    ("A26", "A21"),
    ("A31", "A21"),
    ("A32", "A24"),
    ("A33", "A34"),
    ("A37", "A36"),
    ("A41", "A23"),
    ("A57", "A56"),
)
"""The first is never more than the second: a part of it, or for A21 cases that each have a child."""

SUMS = (("A09", "A11"), ("A25", "A27"), ("A23", "A40"))
"""The second, added up, is the first."""

BALANCE = ("A20", "A21", "A22", "A23", "A24")

SMALLEST_JUMP = Decimal("0.5")
TOLERANCE = Decimal("0.01")


def cells_of(rows: Sequence[Row]) -> dict[str, dict[Codes, Amount]]:
    cells: dict[str, dict[Codes, Amount]] = {}
    for row in rows:
        cells.setdefault(row.item, {})[row.codes] = row.amount
    return cells


def totals_of(cells: Cells) -> dict[str, Decimal | None]:
    """Every item of the dictionary added over its codes."""
    return {code: add_codes(item, cells.get(code, {})) for code, item in items().items()}


def check(header: Header, rows: Sequence[Row]) -> tuple[list[Problem], list[Problem]]:
    """What cannot be true, and what asks for a word."""
    checked = _Checked(rows)
    problems = [*checked.find_larger(), *checked.find_differing_sums(), *checked.find_balances()]
    warnings = [*checked.find_missing(header.level), *checked.find_strange(header)]
    return sorted(problems, key=lambda problem: problem.row or 0), warnings


class _Checked:
    """The figures of one file, with their totals at hand."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.cells = cells_of(rows)
        self.totals = totals_of(self.cells)
        self.row_of: dict[str, int] = {}
        self.row_of_cell: dict[tuple[str, Codes], int] = {}
        for row in rows:
            self.row_of.setdefault(row.item, row.number)
            self.row_of_cell[row.item, row.codes] = row.number

    def value(self, item: str, codes: Codes) -> Decimal | None:
        amount = self.cells.get(item, {}).get(codes)
        return amount.value if amount else None

    def find_larger(self) -> Iterator[Problem]:
        for item, other in AT_MOST:
            shared = items()[item].dimensions == items()[other].dimensions != ()
            found = list(self._find_larger_for_codes(item, other)) if shared else []
            yield from found
            small, large = self.totals[item], self.totals[other]
            if not found and small is not None and large is not None and small > large:
                yield Problem("larger_than", self.row_of[item], "value", item, {"other": other})

    def _find_larger_for_codes(self, item: str, other: str) -> Iterator[Problem]:
        for codes in self.cells.get(item, {}):
            small, large = self.value(item, codes), self.value(other, codes)
            if small is not None and large is not None and small > large:
                params = {"other": other, "list": items()[item].dimensions[0], "code": codes[0]}
                yield Problem("larger_than_for_code", self.row_of_cell[item, codes], "value", item, params)

    def find_differing_sums(self) -> Iterator[Problem]:
        for item, other in SUMS:
            parts = items()[other].dimensions
            found = list(self._find_differing_for_codes(item, other)) if items()[item].dimensions == parts[:1] else []
            yield from found
            whole, total = self.totals[item], self.totals[other]
            if not found and whole is not None and total is not None and whole != total:
                yield Problem("sum_differs", self.row_of[item], "value", item, {"other": other})

    def _find_differing_for_codes(self, item: str, other: str) -> Iterator[Problem]:
        for codes in self.cells.get(item, {}):
            parts = [
                amount.value
                for other_codes, amount in self.cells.get(other, {}).items()
                if other_codes[0] == codes[0] and not amount.not_applicable
            ]
            whole = self.value(item, codes)
            recorded = [part for part in parts if part is not None]
            if whole is not None and recorded and len(recorded) == len(parts) and sum(recorded) != whole:
                params = {"other": other, "list": items()[item].dimensions[0], "code": codes[0]}
                yield Problem("sum_differs_for_code", self.row_of_cell[item, codes], "value", item, params)

    def find_balances(self) -> Iterator[Problem]:
        """Open at the start + new + reopened - closed = open at the end, in each category and so in total."""
        for codes in self.cells.get("A24", {}):
            recorded = [part for part in self._balance(codes) if part is not None]
            if len(recorded) < len(BALANCE):
                continue
            start, new, reopened, closed, end = recorded
            if start + new + reopened - closed != end:
                params = {"list": "category", "code": codes[0]}
                yield Problem("balance_differs", self.row_of_cell["A24", codes], "value", "A24", params)

    def _balance(self, codes: Codes) -> list[Decimal | None]:
        """The terms in one category; what does not apply adds nothing."""
        amounts = [self.cells.get(item, {}).get(codes, Amount(None)) for item in BALANCE]
        return [Decimal(0) if amount.not_applicable else amount.value for amount in amounts]

    def find_missing(self, level: str) -> Iterator[Problem]:
        """Items that were asked for and not given; records are asked for what can be known from them."""
        missing = []
        asked = DERIVED.get(level, items())
        for code, item in items().items():
            if code not in asked:
                continue
            amounts = self.cells.get(code, {})
            if item.required and not any(a.not_applicable or a.value is not None for a in amounts.values()):
                missing.append(code)
            elif item.needs_every_code:
                given = {first for first, _ in amounts}
                absent = [name for name in code_lists()[item.dimensions[0]] if name not in given]
                if absent:
                    yield Problem("codes_missing", item=code, params={"codes": ", ".join(absent)})
        if missing:
            yield Problem("items_missing", params={"items": ", ".join(missing)})
        if any(self._balance(codes)[BALANCE.index("A22")] is None for codes in self.cells.get("A24", {})):
            yield Problem("reopened_not_recorded", item="A22")

    def find_strange(self, header: Header) -> Iterator[Problem]:
        parts = [self.totals[item] for item in ("A04", "A05", "A06")]
        received = self.totals["A03"]
        recorded = [part for part in parts if part is not None]
        if received is not None:
            over = sum(recorded, Decimal(0)) - received
            is_whole = len(recorded) == len(parts)  # else nobody knows what is lacking
            if over > received * TOLERANCE or (is_whole and -over > received * TOLERANCE):
                yield Problem("calls_do_not_add_up", self.row_of["A03"], "value", "A03")
        hours = self.totals["A02"]
        days = (header.period_end - header.period_start).days + 1
        # an hour more or less where the clocks change
        if hours is not None and header.completeness_note != "partial_period" and abs(hours - days * 24) > 1:
            yield Problem("hours_differ", self.row_of["A02"], "value", "A02")


def compare(cells: Cells, before: Cells) -> list[Problem]:
    """What asks for a word beside the period before, which ends where this one starts and is as long."""
    totals, totals_before = totals_of(cells), totals_of(before)
    return [*_compare_stock(cells, before, totals, totals_before), *_find_jumps(totals, totals_before)]


def _compare_stock(
    cells: Cells, before: Cells, totals: Mapping[str, Decimal | None], totals_before: Mapping[str, Decimal | None]
) -> Iterator[Problem]:
    found = []
    for codes, amount in cells.get("A20", {}).items():
        end = before.get("A24", {}).get(codes, Amount(None)).value
        if amount.value is not None and end is not None and amount.value != end:
            params = {"list": "category", "code": codes[0]}
            found.append(Problem("opening_differs_for_code", column="value", item="A20", params=params))
    yield from found
    start, total_end = totals["A20"], totals_before["A24"]
    if not found and start is not None and total_end is not None and start != total_end:
        yield Problem("opening_differs", column="value", item="A20")


def _find_jumps(totals: Mapping[str, Decimal | None], before: Mapping[str, Decimal | None]) -> Iterator[Problem]:
    for code, now in totals.items():
        then = before[code]
        if now is None or then is None or now == then:
            continue
        if then == 0:
            yield Problem("rose_from_zero", item=code)
        elif abs(now - then) > then * SMALLEST_JUMP:
            percent = int(abs(now - then) * 100 / then)
            yield Problem("rose" if now > then else "fell", item=code, params={"percent": percent})
