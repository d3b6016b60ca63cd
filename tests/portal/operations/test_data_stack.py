"""A chunk of the data stack: no depth of calls is slower than another."""

import resource
from collections.abc import Callable

import pytest

from portal.operations.data_stack import HAS_FAULT, with_large_chunk

CALLS, DEPTHS = 500, 400


def leaf() -> None:
    pass


def call_often() -> int:
    """Return how many pages of memory the system had to provide for many calls of a function."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(CALLS):
        leaf()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def at_depth(depth: int, act: Callable[[], int]) -> int:
    return at_depth(depth - 1, act) if depth else act()


def most_pages() -> int:
    """Return the most that any depth needs: among a few hundred, one ends where a chunk ends."""
    return max(at_depth(depth, call_often) for depth in range(DEPTHS))


def test_no_depth_of_calls_asks_for_memory_at_each_call() -> None:
    assert with_large_chunk(most_pages)() < CALLS / 10


def test_a_function_keeps_its_name_arguments_and_result() -> None:
    def add(first: int, *, second: int) -> int:
        return first + second

    called = with_large_chunk(add)
    assert called.__name__ == "add"
    assert called(1, second=2) == 3


@pytest.mark.skipif(not HAS_FAULT, reason="This Python does not have the fault.")
def test_without_the_large_chunk_some_depth_is_slow() -> None:
    """In a thread of its own: the tests themselves are called with a large chunk."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(most_pages).result() >= CALLS
