"""Columns of invented codes, vectorised: a million rows take seconds."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

import numpy as np

NUMBERS = tuple(str(number) for number in range(3601))
BOOLEANS = ("false", "true")
_KEY = 20


def choose(dice: np.random.Generator, weights: Iterable[float], count: int) -> Any:
    """Return random indexes of a list, by weight."""
    bounds = np.cumsum(np.array(list(weights), dtype=float))
    return np.searchsorted(bounds / bounds[-1], dice.random(count), side="right").astype(np.int16)


def pick(codes: Sequence[str], places: Any, filled: Any = None) -> list[str]:
    """Return the codes at these indexes, or empty text where `filled` is False."""
    known = np.array([*codes, ""], dtype=object)
    chosen: list[str] = known[places if filled is None else np.where(filled, places, len(codes))].tolist()
    return chosen


def keys(dice: np.random.Generator, count: int) -> list[str]:
    """Return random keys, with a letter and a digit."""
    digits = dice.bytes(count * _KEY // 2).hex()
    return [f"k1{digits[start : start + _KEY]}" for start in range(0, count * _KEY, _KEY)]


def write_rows(file: TextIO, columns: Mapping[str, list[str]]) -> None:
    """Write rows as CSV. Invented codes contain no comma and no quotation mark."""
    file.write("\n".join(map(",".join, zip(*columns.values(), strict=True))))
    if next(iter(columns.values())):
        file.write("\n")
