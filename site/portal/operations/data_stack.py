"""Avoids a fault of CPython that makes calls at some depths many times slower.

The interpreter keeps the frames of a thread in chunks of 16 kB, and frees a chunk when the function that began it
returns. A loop whose calls begin a new chunk asks the operating system for memory at each call: the same page takes
46 or 137 ms, depending on how many functions are called above it. A function whose frame does not fit into a chunk
gets a larger one, which also holds the frames of all functions that it calls.

See python/cpython#142183. The fault is in 3.11, 3.12, 3.13 until 3.13.12, and 3.14 until 3.14.3.
"""

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

HAS_FAULT = sys.version_info < (3, 13, 13) or (3, 14) <= sys.version_info < (3, 14, 4)

FRAME = 66_000
"""The size of a frame, in pointers of 8 bytes: its chunk has 1 MB, of which nearly half is left for further frames."""


def with_large_chunk(function: Callable[P, R]) -> Callable[P, R]:
    """Return a function that does the same, and below which no call begins a chunk up to some thousand frames."""
    if not HAS_FAULT:
        return function

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    call.__code__ = call.__code__.replace(co_stacksize=FRAME)
    return functools.wraps(function)(call)
