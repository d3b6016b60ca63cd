"""Count cases and their children. Their codes stay in memory to the last row: rows of a case may be far apart."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from evaluation.figures.dictionary.items import code_lists
from evaluation.figures.formats.published.header import Header
from evaluation.figures.problems.file_problems import Problem
from evaluation.figures.records.cells import EMPTY, period_of, places
from evaluation.figures.records.coding import MAX_PROBLEMS, Coded
from evaluation.figures.records.contacts import Figures
from evaluation.figures.records.derived import FOUND

OF_THE_CASE = (
    "opened_month",
    "closed_month",
    "status_end",
    "new_in_period",
    "category",
    "category_scope",
    "at_risk_only",
)
"""The fields that must be equal in every row of a case."""

COUNTED = (
    *OF_THE_CASE,
    "child_seq",
    "sex",
    "age_band",
    "missing_from",
    "region",
    "repeat_band",
    "main_reason",
    "harm_type",
    "manager_assigned_24h",
    "outcome",
    "found_how",
    "duration_band",
)


class CaseCount:
    """The codes of the rows read so far."""

    def __init__(self, header: Header) -> None:
        self._first, self._last = period_of(header)
        self._parts: dict[str, list[Any]] = {name: [] for name in (*COUNTED, "key", "row")}

    def check(self, coded: Coded) -> list[tuple[int, list[Problem]]]:
        opened, closed = coded["opened_month"], coded["closed_month"]
        is_opened, is_closed = opened >= 0, closed >= 0
        new, carried = coded.has("new_in_period", "new"), coded.has("new_in_period", "carried_over")
        too_late = is_opened & (opened > self._last)
        return [
            coded.find("month_outside", "opened_month", too_late | (is_opened & new & (opened < self._first))),
            coded.find("month_not_before", "opened_month", is_opened & ~too_late & carried & (opened >= self._first)),
            coded.find("closed_while_open", "closed_month", is_closed & coded.has("status_end", "open")),
            coded.find(
                "month_outside",
                "closed_month",
                is_closed & coded.has("status_end", "closed") & ((closed < self._first) | (closed > self._last)),
            ),
            coded.find("closed_before_opened", "closed_month", is_closed & is_opened & (closed < opened)),
        ]

    def add(self, coded: Coded, keys: Any) -> None:
        for name in COUNTED:
            self._parts[name].append(coded[name])
        self._parts["key"].append(keys)
        self._parts["row"].append(coded.rows.astype(np.int32))

    def find_contradictions(self) -> list[tuple[int, list[Problem]]]:
        """Return, by field of a case, how many rows differ from the case's first row, and the first problems."""
        order = np.argsort(self._all("key"), kind="stable")
        keys, rows = self._all("key")[order], self._all("row")[order]
        starts = np.concatenate(([True], keys[1:] != keys[:-1]))[: len(keys)]
        first = np.maximum.accumulate(np.where(starts, np.arange(len(keys)), 0))
        found = []
        for name in OF_THE_CASE:
            numbers = self._all(name)[order]
            differing = np.flatnonzero(numbers != numbers[first])
            problems = [
                Problem("case_contradicts", int(rows[at]), name, params={"first": int(rows[first[at]])})
                for at in differing[:MAX_PROBLEMS]
            ]
            found.append((len(differing), problems))
        return found

    def _all(self, name: str) -> Any:
        """Return a field over all chunks, joined once."""
        parts = self._parts[name]
        if len(parts) != 1:
            parts[:] = [np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)]
        return parts[0]

    def figures(self) -> Figures:
        child = _Rows({name: self._all(name) for name in (*COUNTED, "key")})
        child = child.where(child["at_risk_only"] == 0)
        case = child.first_of_each()
        new, new_child = case.where(case.has("new_in_period", "new")), child.where(child.has("new_in_period", "new"))
        closed = case.where(case.has("status_end", "closed"))
        found = child.where(child.has("status_end", "closed") & child.has("outcome", *FOUND))
        abroad = new.where(new.has("category_scope", "international"))
        runaways = new.where(new.has("category", "runaway"))
        outcomes = closed.by("category", "outcome")
        return {
            "A20": case.where(case.has("new_in_period", "carried_over")).by("category"),
            "A21": new.by("category"),
            "A22": case.where(case.has("new_in_period", "reopened")).by("category"),
            "A23": closed.by("category"),
            "A24": case.where(case.has("status_end", "open")).by("category"),
            "A25": new_child.by("category"),
            "A26": abroad.by("category"),
            "A27": new_child.by("sex", "age_band"),
            "A28": new_child.by("category", "repeat_band", empty_is_unknown=True),
            "A29": new_child.by_bits("category", "harm_type"),
            "A30": runaways.by("main_reason"),
            "A31": {(): new.count_true("manager_assigned_24h")},
            "A35": abroad.by("region"),
            "A38": new.by("missing_from", empty_is_unknown=True),
            "A40": outcomes,
            "A41": {(): Decimal(sum(int(n or 0) for codes, n in outcomes.items() if codes[1] != "unknown"))},
            "A42": found.by("category", "duration_band"),
            "A43": found.by("found_how"),
        }


class _Rows:
    """Rows as codes, to be counted."""

    def __init__(self, numbers: Mapping[str, Any]) -> None:
        self._numbers = numbers

    def __getitem__(self, name: str) -> Any:
        return self._numbers[name]

    def where(self, chosen: Any) -> "_Rows":
        return _Rows({name: numbers[chosen] for name, numbers in self._numbers.items()})

    def first_of_each(self) -> "_Rows":
        """Return the child with the lowest number of each case."""
        order = np.lexsort((self["child_seq"], self["key"]))
        keys = self["key"][order]
        return self.where(order[np.concatenate(([True], keys[1:] != keys[:-1]))[: len(keys)]])

    def has(self, name: str, *codes: str) -> Any:
        return np.isin(self[name], [places(name)[code] for code in codes])

    def by(self, *names: str, empty_is_unknown: bool = False) -> Mapping[tuple[str, ...], Decimal | None]:
        """Return how many rows have each code, or each pair of codes.

        If a cell is empty, the figures are not recorded; with `empty_is_unknown`, only if all are empty.
        """
        numbers = [self[name] for name in names]
        if (empty := numbers[-1] == EMPTY).any():
            if not empty_is_unknown or empty.all():
                return dict.fromkeys(_cells(names))
            numbers[-1] = np.where(empty, places(names[-1])["unknown"], numbers[-1])
        return _as_cells(names, _cross(names, numbers))

    def by_bits(self, name: str, several: str) -> Mapping[tuple[str, ...], Decimal | None]:
        """Return how many rows have each pair of a code of `name` and one of the multi-valued field `several`.

        An empty cell of `several` counts as `unknown`; if all are empty, the figures are not recorded.
        """
        bits = self[several].astype(np.int64)
        if len(bits) and (bits == EMPTY).all():
            return dict.fromkeys(_cells((name, several)))
        bits = np.where(bits == EMPTY, 1 << places(several)["unknown"], bits)
        table = [
            np.bincount(self[name][(bits >> place) & 1 == 1], minlength=len(places(name)))
            for place in range(len(places(several)))
        ]
        return _as_cells((name, several), np.array(table).T.ravel())

    def count_true(self, name: str) -> Decimal | None:
        numbers = self[name]
        return None if (numbers == EMPTY).any() else Decimal(int(numbers.sum(dtype=np.int64)))


def _cross(names: Sequence[str], numbers: Sequence[Any]) -> Any:
    flat, size = numbers[0].astype(np.int64), len(places(names[0]))
    for name, more in zip(names[1:], numbers[1:], strict=True):
        flat, size = flat * len(places(name)) + more, size * len(places(name))
    return np.bincount(flat, minlength=size)


def _cells(names: Sequence[str]) -> list[tuple[str, ...]]:
    cells: list[tuple[str, ...]] = [()]
    for name in names:
        cells = [(*cell, code) for cell in cells for code in code_lists()[name]]
    return cells


def _as_cells(names: Sequence[str], counts: Any) -> Mapping[tuple[str, ...], Decimal | None]:
    return {cell: Decimal(int(count)) for cell, count in zip(_cells(names), counts, strict=True)}
