"""What a reader can compute who adds and subtracts published sums."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.figures.publishing.span import Span


def sets(*groups: str) -> list[frozenset[int]]:
    return [frozenset(map(int, one)) for one in groups]


@pytest.mark.parametrize(
    ("known", "asked", "follows"),
    [
        (["012"], "012", True),
        (["012"], "01", False),
        (["012", "2"], "01", True),
        (["013", "0245", "245"], "13", True),
        (["01", "12", "02"], "0", True),
        (["01", "12", "23", "03"], "0", False),
        ([], "0", False),
        (["01"], "2", False),
    ],
)
def test_a_sum_follows_or_not(known: list[str], asked: str, follows: bool):
    assert (sets(asked)[0] in Span(sets(*known))) is follows


@given(st.integers(0, 10**6))
def test_it_follows_exactly_if_it_adds_nothing_to_the_rank(seed: int):
    source = Random(seed)
    *known, asked = ([source.randrange(2) for _group in range(6)] for _set in range(source.randint(1, 6)))
    span = Span(frozenset(group for group, has in enumerate(one) if has) for one in known)
    rank = np.linalg.matrix_rank(np.array(known)) if known else 0
    follows = np.linalg.matrix_rank(np.array([*known, asked])) == rank
    assert (frozenset(group for group, has in enumerate(asked) if has) in span) == follows
