"""Validate and compare keys of records without storing them, as hashes that cannot be reversed."""

import secrets
from typing import Any

import numpy as np

from evaluation.figures.problems.screening import looks_personal

SHORTEST, LONGEST = 16, 40
_WORDS = LONGEST // 8
_WIDTH = LONGEST + 8
"""The characters of a key that are read: enough to detect a key that is too long."""

_SHARES = 16
_SHIFT = np.uint64(60)

_DIGIT, _LETTER, _HYPHEN, _OTHER = 1, 2, 4, 8


def _kinds() -> Any:
    kinds = np.full(256, _OTHER, dtype=np.uint8)
    kinds[0] = 0
    kinds[ord("0") : ord("9") + 1] = _DIGIT
    kinds[ord("A") : ord("Z") + 1] = _LETTER
    kinds[ord("a") : ord("z") + 1] = _LETTER
    kinds[ord("-")] = _HYPHEN
    return kinds


KINDS = _kinds()


class Keys:
    """Hashes of keys with a secret that is discarded with this object, to detect equal keys."""

    def __init__(self) -> None:
        self._factors = np.array([secrets.randbits(64) | 1 for _ in range(_WORDS)], dtype=np.uint64)

    def take(self, texts: list[str]) -> tuple[Any, Any]:
        """Return the hashes of keys, and the mask of invalid ones: other characters or length, only digits, a date."""
        if not "".join(texts).isascii():
            texts = [text if text.isascii() else "\x7f" for text in texts]
        table = np.array(texts, dtype=f"S{_WIDTH}").view(np.uint8).reshape(len(texts), _WIDTH)
        kinds = KINDS[table]
        seen = np.bitwise_or.reduce(kinds.view(np.uint64), axis=1).view(np.uint8).reshape(-1, 8)
        seen = np.bitwise_or.reduce(seen, axis=1)
        has_both = (seen & (_DIGIT | _LETTER)) == (_DIGIT | _LETTER)
        wrong = ~has_both | ((seen & _OTHER) != 0) | (kinds[:, SHORTEST - 1] == 0) | (kinds[:, LONGEST] != 0)
        wrong |= (kinds[:, 0] & _HYPHEN) != 0
        for row in np.flatnonzero(_has_short_part(kinds)):
            wrong[row] |= looks_personal(texts[row])
        return self._hash(table), wrong

    def _hash(self, table: Any) -> Any:
        words = table.view(np.uint64)
        mixed = np.zeros(len(words), dtype=np.uint64)
        for place in range(_WORDS):
            mixed = (mixed ^ words[:, place]) * self._factors[place]
            mixed ^= mixed >> np.uint64(29)
        return mixed


def _has_short_part(kinds: Any) -> Any:
    """Return the mask of keys with one or two characters between hyphens, as in a date or a telephone number."""
    hyphens = kinds == _HYPHEN
    return ((hyphens[:, :-2] & hyphens[:, 2:]) | np.pad(hyphens[:, :-3] & hyphens[:, 3:], ((0, 0), (0, 1)))).any(axis=1)


def find_repeated(parts: list[Any], rows: list[Any]) -> list[tuple[int, int]]:
    """Return the rows whose number occurs in an earlier row, each with the first such row."""
    if not any(_is_repeated(parts, share) for share in range(_SHARES)):
        return []
    numbers, row = np.concatenate(parts), np.concatenate(rows)
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    starts = np.concatenate(([True], ordered[1:] != ordered[:-1]))
    first = row[order][np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0))]
    repeated = np.flatnonzero(~starts)
    return sorted(zip(row[order][repeated].tolist(), first[repeated].tolist(), strict=True))


def _is_repeated(parts: list[Any], share: int) -> bool:
    """Whether a number with the prefix `share` occurs twice. One share at a time avoids a copy of all numbers."""
    ordered = np.sort(np.concatenate([part[part >> _SHIFT == share] for part in parts]))
    return bool((ordered[1:] == ordered[:-1]).any())
