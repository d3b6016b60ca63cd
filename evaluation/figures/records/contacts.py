"""Count contacts, chunk by chunk."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from evaluation.figures.dictionary.items import code_lists
from evaluation.figures.formats.published.header import Header
from evaluation.figures.problems.file_problems import Problem
from evaluation.figures.records.cells import EMPTY, period_of
from evaluation.figures.records.coding import Coded
from evaluation.figures.records.derived import HAD_TO_BE_PASSED, NOT_RELEVANT, TEXT_CHANNELS

Figures = dict[str, Mapping[tuple[str, ...], Decimal | None]]

LONGEST_WAIT_IN_TIME = 20
_EXACT_TO = Decimal("0.0001")
_CALLS = {"A04": "answered", "A05": "abandoned_short"}


class ContactCount:
    """The counts of the chunks read so far."""

    def __init__(self, header: Header) -> None:
        self._first, self._last = period_of(header)
        self._is_partial = header.completeness_note == "partial_channels"
        lists = code_lists()
        self._by_way = np.zeros(
            (len(lists["channel"]), len(lists["direction"]), len(lists["contact_result"])), np.int64
        )
        self._handled = {
            name: np.zeros(len(lists[name]) + 1, dtype=np.int64)
            for name in ("contact_role", "contact_type", "language")
        }
        self._waits = {"in_time": 0, "sum": 0, "missing": 0}
        self._passed = np.zeros(len(lists["passed_to_police"]) + 1, dtype=np.int64)

    def check(self, coded: Coded) -> list[tuple[int, list[Problem]]]:
        month = coded["contact_month"]
        outside = (month >= 0) & ((month < self._first) | (month > self._last))
        return [coded.find("month_outside", "contact_month", outside)]

    def add(self, coded: Coded, keys: Any) -> None:
        shape = self._by_way.shape
        channel, direction, result = (coded[name].astype(np.int16) for name in ("channel", "direction", "result"))
        way = (channel * shape[1] + direction) * shape[2] + result
        self._by_way += np.bincount(way, minlength=self._by_way.size).reshape(shape)
        answered = coded.has("result", "answered")
        inbound = coded.has("direction", "inbound")
        calls = coded["wait_seconds"][answered & inbound & coded.has("channel", "phone_116000")]
        self._waits["missing"] += int((calls == EMPTY).sum())
        self._waits["in_time"] += int(((calls <= LONGEST_WAIT_IN_TIME) & (calls >= 0)).sum())
        self._waits["sum"] += int(calls[calls >= 0].sum(dtype=np.int64))
        handled = answered & ~coded.has("direction", "outbound")
        for name in self._handled:
            self._handled[name] += _count(coded[name][handled], len(self._handled[name]))
        reports = handled & coded.has("contact_type", "missing_report")
        self._passed += _count(coded["passed_to_police"][reports], len(self._passed))

    def figures(self) -> Figures:
        lists = code_lists()
        answered = lists["contact_result"].index("answered")
        inbound, outbound = lists["direction"].index("inbound"), lists["direction"].index("outbound")
        calls = self._by_way[lists["channel"].index("phone_116000"), inbound]
        by_channel = self._by_way[:, :, answered].sum(axis=1) - self._by_way[:, outbound, answered]
        received = self._by_way[:, inbound].sum(axis=1)
        known = self._by_way.sum(axis=(1, 2)) > 0 if self._is_partial else np.ones(len(received), dtype=bool)
        types = _by_code("contact_type", self._handled["contact_type"])
        passed = _by_code("passed_to_police", self._passed)
        by_result = _by_code("contact_result", calls)
        answered_calls = by_result["answered"]
        has_every_wait = not self._waits["missing"]
        figures: Figures = {
            "A03": _total(calls.sum()),
            **{item: _total(by_result[code]) for item, code in _CALLS.items()},
            "A06": _total(calls.sum() - sum(by_result[code] for code in _CALLS.values())),
            "A07": _total(self._waits["in_time"] if has_every_wait else None),
            "A08": {(): self._mean_wait(answered_calls) if has_every_wait and answered_calls else None},
            "A09": _total(by_channel.sum()),
            "A10": _total(by_channel.sum() - sum(types[code] for code in NOT_RELEVANT)),
            "A11": _channels(by_channel, known, lists["channel"]),
            "A12": _codes(_by_code("contact_role", self._handled["contact_role"])),
            "A13": self._languages(),
            "A15": _channels(received, known, TEXT_CHANNELS),
            "A33": _total(passed["yes_60min"]),
            "A34": _total(sum(passed[code] for code in HAD_TO_BE_PASSED)),
        }
        return figures

    def _mean_wait(self, calls: int) -> Decimal:
        return (Decimal(self._waits["sum"]) / calls).quantize(_EXACT_TO)

    def _languages(self) -> Mapping[tuple[str, ...], Decimal | None]:
        counts = self._handled["language"]
        spoken = {code: count for code, count in _by_code("language", counts).items() if count}
        if counts[EMPTY]:
            return {(code,): None for code in spoken} or {("other",): None}
        return _codes(spoken or {"other": 0})

    def find_contradictions(self) -> list[tuple[int, list[Problem]]]:
        return []


def _count(numbers: Any, size: int) -> Any:
    """Return how often each index occurs, as an array of length `size`, whose last entry counts empty cells."""
    wide = numbers.astype(np.int16)
    return np.bincount(np.where(wide < 0, size - 1, wide), minlength=size)


def _by_code(name: str, counts: Any) -> dict[str, int]:
    return {code: int(counts[place]) for place, code in enumerate(code_lists()[name])}


def _total(count: Any) -> Mapping[tuple[str, ...], Decimal | None]:
    return {(): None if count is None else Decimal(int(count))}


def _codes(counts: Mapping[str, int]) -> Mapping[tuple[str, ...], Decimal | None]:
    return {(code,): Decimal(count) for code, count in counts.items()}


def _channels(counts: Any, known: Any, channels: Any) -> Mapping[tuple[str, ...], Decimal | None]:
    """Return the counts by channel; None where `known` is false.

    If the file has some channels only, a channel without a row is not recorded, not zero.
    """
    places = code_lists()["channel"]
    return {
        (code,): Decimal(int(counts[places.index(code)])) if known[places.index(code)] else None for code in channels
    }
