"""Which counts must not follow from published numbers."""

import pytest

from evaluation.figures.publishing.disclosure import Disclosure, Group, Number, NumberStatus, Sum


def disclosure(numbers: list[str], counts: dict[str, int], public: str = "", pair: str = "") -> Disclosure:
    """Return what numbers over groups 0 to 5 disclose; `pair` is a group of three hotlines."""
    groups = [
        Group(
            counts={"calls": counts.get(name, 10)},
            sums=frozenset(),
            public=frozenset({"calls"} if name in public else ()),
            hotlines=3 if name == pair else 1,
        )
        for name in "012345"
    ]
    return Disclosure(groups, [Number("calls", frozenset(map(int, one)), NumberStatus.OPEN) for one in numbers])


def small(*args, **kwargs) -> list[str]:
    return ["".join(map(str, sorted(of))) for _kind, of in disclosure(*args, **kwargs).small_counts()]


@pytest.mark.parametrize(
    ("numbers", "counts", "public", "found"),
    [
        (["012"], {"0": 1, "1": 1, "2": 1}, "", ["012"]),
        (["0123", "123"], {"0": 3}, "", ["0"]),
        (["0123"], {"0": 1, "1": 2}, "23", ["01"]),
        (["012345", "2345", "045"], {"0": 0, "1": 2}, "", ["01", "1"]),
        (["034", "134", "0123"], {"0": 1, "1": 2}, "", ["0", "1"]),
        (["0345", "1345", "345"], {"0": 1, "1": 2}, "", ["0", "01", "1"]),
        (["01"], {"0": 7}, "", []),
    ],
    ids=["a number", "a difference", "a rest", "in the same numbers", "no sum follows", "a sum of two rests", "large"],
)
def test_small_counts_are_found_wherever_they_follow(numbers, counts, public, found):
    assert small(numbers, counts, public) == found


def test_every_number_of_a_hotline_is_its_own_unless_its_results_publish_it():
    assert disclosure(["0123"], {}, public="2", pair="3").own_numbers() == [("calls", 0), ("calls", 1)]


def test_that_none_of_the_hotlines_of_a_number_has_any_may_be_known():
    zeros = dict.fromkeys("123", 0)
    assert disclosure(["123", "0123"], zeros).own_numbers() == [("calls", 0)]
    assert disclosure(["0123"], zeros).own_numbers() == [("calls", place) for place in range(4)]


def test_the_parts_of_a_zero_that_may_be_known_may_be_known():
    whole = Sum("missed", ("short",))
    groups = [Group({"missed": 0, "short": 0}, frozenset({whole})) for _hotline in range(4)]
    numbers = [
        Number("missed", frozenset(range(4)), NumberStatus.OPEN),
        Number("short", frozenset({0}), NumberStatus.OPEN),
    ]
    assert Disclosure(groups, numbers).own_numbers() == []
