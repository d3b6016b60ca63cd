"""Validate that the figures of a file agree with each other, and with those of the periods before and after. Pure.

Impossible figures are problems, by which the file is refused; unusual figures are warnings, which the hotline must
explain.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from evaluation.figures.dictionary.items import TOTALS_ONLY, code_lists, items
from evaluation.figures.dictionary.sums import NO_CODES, Amount, Codes, add_codes
from evaluation.figures.formats.published.header import PART_MISSING, Header
from evaluation.figures.formats.published.rows import Row
from evaluation.figures.problems.file_problems import VALUES, Problem, plain_digits
from evaluation.figures.records.derived import DERIVED
from evaluation.figures.validation.waiting_times import find_impossible_waits, find_unusual_waits

Cells = Mapping[str, Mapping[Codes, Amount]]
"""The figures of a period: by item, then by codes."""
Totals = Mapping[str, Decimal | Fraction | None]
"""Totals by item; None if an item is not recorded, or not in full."""

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
"""Pairs of which the first item is at most the second: it is a part, or, for A21, each case has a child (A25)."""

SUMS = (("A09", "A11"), ("A25", "A27"), ("A23", "A40"))
"""Pairs of which the parts of the second item add up to the first."""

BALANCE = ("A20", "A21", "A22", "A23", "A24")

SMALLEST_JUMP = Fraction(1, 2)
TOLERANCE = Decimal("0.01")
MOST_NAMED = 9
"""The most cells in one sentence: as many as there are categories."""


def cells_of(rows: Sequence[Row]) -> dict[str, dict[Codes, Amount]]:
    cells: dict[str, dict[Codes, Amount]] = {}
    for row in rows:
        cells.setdefault(row.item, {})[row.codes] = row.amount
    return cells


def totals_of(cells: Cells) -> dict[str, Decimal | None]:
    """Return the total over its codes of every item of the dictionary."""
    return {code: add_codes(item, cells.get(code, {})) for code, item in items().items()}


def find_missing_items(level: str, cells: Cells) -> list[str]:
    """Return the required items that are not recorded; for records, only items that records can provide."""
    expected = DERIVED.get(level, items())
    return [
        code
        for code, item in items().items()
        if code in expected
        and item.required
        and not any(amount.not_applicable or amount.value is not None for amount in cells.get(code, {}).values())
    ]


def name_missing(missing: Sequence[str]) -> Problem:
    """Return the warning about required items that are not recorded; `named_missing` reads it."""
    return Problem("items_missing", params={"items": ", ".join(missing)})


def named_missing(problem: Problem) -> list[str]:
    """Return the items that the warning names; empty for another warning."""
    return str(problem.params["items"]).split(", ") if problem.code == "items_missing" else []


def _name_few(cells: Sequence[Codes]) -> str:
    """Return the codes of the first cells as text, as in a file."""
    names = ", ".join("/".join(filter(None, codes)) for codes in cells[:MOST_NAMED])
    return names if len(cells) <= MOST_NAMED else f"{names}, …"


def _now_and_then(now: Decimal | Fraction, then: Decimal | Fraction) -> dict[str, str | int]:
    """Return two numbers that differ as params of a warning."""
    return dict(zip(VALUES, map(plain_digits, (now, then)), strict=True))


def check(header: Header, rows: Sequence[Row]) -> tuple[list[Problem], list[Problem]]:
    """Return the problems and the warnings of a file."""
    checked = _Checked(rows)
    problems = [*checked.find_totals_beside_parts(), *checked.find_larger(), *checked.find_differing_sums()]
    problems += checked.find_balances()
    problems += find_impossible_waits(checked.totals)
    warnings = [
        *checked.find_missing(header.level),
        *checked.find_unusual(header),
        *([] if problems else find_unusual_waits(checked.totals)),
    ]
    return sorted(problems, key=lambda problem: problem.row or 0), warnings


class _Checked:
    """The figures of one file, with their totals."""

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

    def _parts(self, item: str) -> dict[Codes, Amount]:
        """Return the cells of an item without its total."""
        return {codes: amount for codes, amount in self.cells.get(item, {}).items() if codes != NO_CODES}

    def find_totals_beside_parts(self) -> Iterator[Problem]:
        """Yield a problem if a total is not the sum of the parts beside it: a code may be missing in its row."""
        for code, item in items().items():
            parts = self._parts(code)
            if NO_CODES in self.cells.get(code, {}) and parts and code != TOTALS_ONLY:
                total = add_codes(item, parts)
                if total is None or total != self.totals[code]:
                    yield Problem("total_beside_parts", self.row_of_cell[code, NO_CODES], "value", code)

    def find_larger(self) -> Iterator[Problem]:
        for item, other in AT_MOST:
            shared = items()[item].dimensions == items()[other].dimensions != ()
            found = list(self._find_larger_for_codes(item, other)) if shared else []
            yield from found
            small, large = self.totals[item], self.totals[other]
            if not found and small is not None and large is not None and small > large:
                yield Problem("larger_than", self.row_of[item], "value", item, {"other": other})

    def _find_larger_for_codes(self, item: str, other: str) -> Iterator[Problem]:
        for codes in self._parts(item):
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
            if found or whole is None:
                continue
            if total is not None and whole != total:
                yield Problem("sum_differs", self.row_of[item], "value", item, {"other": other})
            elif total is None and self._add_recorded(self.cells.get(other, {}).values()) > whole:
                yield Problem("larger_than", self.row_of[other], "value", other, {"other": item})

    def _find_differing_for_codes(self, item: str, other: str) -> Iterator[Problem]:
        for codes in self._parts(item):
            parts = {
                other_codes: amount
                for other_codes, amount in self._parts(other).items()
                if other_codes[0] == codes[0] and not amount.not_applicable
            }
            whole = self.value(item, codes)
            if whole is None or not parts:
                continue
            total = self._add_recorded(parts.values())
            has_blank = any(amount.value is None for amount in parts.values())
            place: dict[str, str | int] = {"list": items()[item].dimensions[0], "code": codes[0]}
            if not has_blank and total != whole:
                yield Problem(
                    "sum_differs_for_code", self.row_of_cell[item, codes], "value", item, {"other": other, **place}
                )
            elif has_blank and total > whole:
                row = self.row_of_cell[other, next(iter(parts))]
                yield Problem("larger_than_for_code", row, "value", other, {"other": item, **place})

    @staticmethod
    def _add_recorded(amounts: Iterable[Amount]) -> Decimal:
        """Return the sum of the recorded parts. Others may be missing, so the whole is at least this sum."""
        return sum((amount.value for amount in amounts if amount.value is not None), Decimal(0))

    def find_balances(self) -> Iterator[Problem]:
        """Yield a problem if open at the start + new + reopened - closed is not open at the end, for each category.

        If one of them is a total without its parts, the totals are compared.
        """
        for codes in self._parts("A24"):
            if self._is_out_of_balance(self._balance(codes)):
                params = {"list": "category", "code": codes[0]}
                yield Problem("balance_differs", self.row_of_cell["A24", codes], "value", "A24", params)
        has_total = any(NO_CODES in self.cells.get(item, {}) for item in BALANCE)
        if has_total and self._is_out_of_balance([self.totals[item] for item in BALANCE]):
            yield Problem("totals_out_of_balance", self.row_of["A24"], "value", "A24")

    @staticmethod
    def _is_out_of_balance(terms: Sequence[Decimal | None]) -> bool:
        start, new, reopened, closed, end = terms
        if start is None or new is None or closed is None or end is None:
            return False
        # the number of reopened cases may be unknown, but not negative
        return end < start + new - closed if reopened is None else end != start + new + reopened - closed

    def _balance(self, codes: Codes) -> list[Decimal | None]:
        """Return the terms of the balance in one category; one that is not applicable is 0."""
        amounts = [self.cells.get(item, {}).get(codes, Amount(None)) for item in BALANCE]
        return [Decimal(0) if amount.not_applicable else amount.value for amount in amounts]

    def find_missing(self, level: str) -> Iterator[Problem]:
        """Yield warnings for required items that are missing; for records, only items that records can provide."""
        missing = find_missing_items(level, self.cells)
        expected = DERIVED.get(level, items())
        for code, item in items().items():
            if code not in expected or code in missing:
                continue
            amounts = self.cells.get(code, {})
            if item.needs_every_code and NO_CODES not in amounts:
                given = {first for first, _ in amounts}
                absent = [name for name in code_lists()[item.dimensions[0]] if name not in given]
                if absent:
                    yield Problem("codes_missing", item=code, params={"codes": ", ".join(absent)})
            blank = [codes for codes, amount in amounts.items() if amount.value is None and not amount.not_applicable]
            if item.required and blank:
                yield Problem("parts_not_recorded", item=code, params={"codes": _name_few(blank)})
        if missing:
            yield name_missing(missing)
        reopened = [self._balance(codes)[BALANCE.index("A22")] for codes in self._parts("A24")]
        if None in reopened and self.totals["A22"] is None:
            yield Problem("reopened_not_recorded", item="A22")

    def find_unusual(self, header: Header) -> Iterator[Problem]:
        parts = [self.totals[item] for item in ("A04", "A05", "A06")]
        received = self.totals["A03"]
        recorded = [part for part in parts if part is not None]
        if received is not None:
            over = sum(recorded, Decimal(0)) - received
            is_whole = len(recorded) == len(parts)  # otherwise it is unknown what is missing
            if over > received * TOLERANCE or (is_whole and -over > received * TOLERANCE):
                params = _now_and_then(received, sum(recorded, Decimal(0)))
                yield Problem("calls_do_not_add_up", self.row_of["A03"], "value", "A03", params)
        hours = self.totals["A02"]
        days = (header.period_end - header.period_start).days + 1
        # an hour more or less for daylight saving time
        if hours is not None and header.completeness_note != PART_MISSING and abs(hours - days * 24) > 1:
            yield Problem("hours_differ", self.row_of["A02"], "value", "A02", _now_and_then(hours, Decimal(days * 24)))


def find_broken_balances(cells: Cells, *, before: Cells, after: Cells) -> list[Problem]:
    """Return warnings if open cases differ between the end of one period and the start of the next.

    These are no problems: of two files, one must be sent first, also if both are corrected.
    """
    return [
        *_compare_stocks(cells, "A20", before, "A24", "opening_differs"),
        *_compare_stocks(cells, "A24", after, "A20", "ending_differs"),
    ]


def _compare_stocks(cells: Cells, item: str, others: Cells, other: str, code: str) -> Iterator[Problem]:
    """Yield the warning `{code}_for_code` for each category that differs; if none does, `code` if the total differs."""
    found = []
    for codes, amount in cells.get(item, {}).items():
        if codes == NO_CODES:
            continue
        there = others.get(other, {}).get(codes, Amount(None)).value
        if amount.value is not None and there is not None and amount.value != there:
            params = {"list": "category", "code": codes[0], **_now_and_then(amount.value, there)}
            found.append(Problem(f"{code}_for_code", column="value", item=item, params=params))
    yield from found
    here = add_codes(items()[item], cells.get(item, {}))
    there = add_codes(items()[other], others.get(other, {}))
    if not found and here is not None and there is not None and here != there:
        yield Problem(code, column="value", item=item, params=_now_and_then(here, there))


def find_jumps(totals: Totals, before: Totals) -> Iterator[Problem]:
    """Yield warnings for changes by more than half against an earlier period of the same length."""
    for code, number in totals.items():
        if number is None or (earlier := before.get(code)) is None:
            continue
        now, then = Fraction(number), Fraction(earlier)
        if now == then:
            continue
        if then == 0:
            yield Problem("rose_from_zero", item=code, params=_now_and_then(now, then))
        elif abs(now - then) > then * SMALLEST_JUMP:
            percent = int(abs(now - then) * 100 / then)
            params = {"percent": percent, **_now_and_then(now, then)}
            yield Problem("rose" if now > then else "fell", item=code, params=params)
