"""Which numbers of one or two hotlines follow from published numbers and public counts."""

import pytest

from evaluation.crm.publishing.disclosure import Disclosure, Group, Number, NumberStatus, Sum

Rest = tuple[str, str]
"""The groups, and the attacker."""


def rests(numbers: list[str], *, public: str, before: tuple[str, ...] = (), pair: str = "") -> list[Rest]:
    """Return the unprotected rests of numbers over groups 0 to 5, whose counts are public where `public` says so.

    `before` are published numbers of an earlier release. The group `pair` has two hotlines, each other one has one.
    """
    groups = [
        Group(
            counts={"calls": 10},
            sums=frozenset(),
            public=frozenset({"calls"} if name in public else ()),
            hotlines=2 if name == pair else 1,
        )
        for name in "012345"
    ]
    told = [(one, NumberStatus.OPEN) for one in numbers] + [(one, NumberStatus.PUBLISHED) for one in before]
    disclosure = Disclosure(groups, [Number("calls", frozenset(map(int, one)), status) for one, status in told])
    return [
        ("".join(map(str, sorted(rest))), "".join(map(str, sorted(attacker))))
        for _kind, rest, attacker in disclosure.unprotected_rests()
    ]


BOTH = [("01", ""), ("0", "1"), ("1", "0")]
"""Two hotlines: nobody may compute their sum, and neither the other's number."""


@pytest.mark.parametrize(
    ("numbers", "public", "found"),
    [
        (["012"], "12", [("0", "")]),
        (["0123"], "23", BOTH),
        (["01234"], "34", []),
        (["012"], "", []),
        (["012"], "345", []),
        (["0123", "123"], "", []),
        (["01345", "345"], "5", [("34", ""), ("3", "4"), ("4", "3")]),
        (["0123", "23"], "3", [("2", "")]),
        (["01345", "0245", "245"], "3", []),
        (["013", "0245", "245"], "3", [("1", ""), *BOTH]),
    ],
    ids=[
        "all others are public",
        "two remain",
        "three remain",
        "nothing is public",
        "what is public is in no number",
        "one follows without what is public",
        "two follow without what is public, and two only with it",
        "one follows only with it",
        "too much remains of three numbers",
        "one follows from three numbers",
    ],
)
def test_what_remains_of_one_or_two_hotlines_is_found(numbers: list[str], public: str, found: list[Rest]):
    assert rests(numbers, public=public) == found


def test_two_hotlines_that_are_in_the_same_tables_are_two():
    assert rests(["01"], public="1", pair="0") == [("0", "")]
    assert rests(["012"], public="2", pair="0") == []


def test_what_earlier_releases_tell_already_is_left_out():
    assert rests(["012"], public="12", before=("012",)) == []
    assert rests(["01"], public="1", before=("02",)) == [("0", ""), ("2", "")]
    assert rests(["01"], public="12", before=("02",)) == []


CHILDREN = Sum("children", ("new", "further"))


@pytest.mark.parametrize(
    ("further", "before", "is_found"),
    [
        (0, NumberStatus.OPEN, True),
        (1, NumberStatus.OPEN, False),
        (0, NumberStatus.HIDDEN, True),
        (0, NumberStatus.PUBLISHED, False),
    ],
    ids=["equal totals", "unequal totals", "the earlier total is hidden", "the earlier release tells it"],
)
def test_equal_totals_tell_that_those_of_each_hotline_are_equal(further: int, before: NumberStatus, is_found: bool):
    """Hotlines 0 and 1 have public new cases: with them, the earlier total of the children tells those of hotline 2."""
    groups = [
        Group({"children": 10 + more, "new": 10, "further": more}, frozenset({CHILDREN}), frozenset(public))
        for more, public in ((further, {"new"}), (0, {"new"}), (0, ()), (0, ()), (0, ()), (0, ()))
    ]
    earlier, newer = frozenset({0, 1, 2}), frozenset({0, 1, 3, 4, 5})
    numbers = [
        Number("children", earlier, NumberStatus.PUBLISHED),
        Number("new", earlier, before),
        Number("further", earlier, NumberStatus.IMPLIED),
        *(Number(kind, newer, NumberStatus.OPEN) for kind in ("children", "new")),
        Number("further", newer, NumberStatus.IMPLIED),
    ]
    seen = [number for number in numbers if number.status in (NumberStatus.OPEN, NumberStatus.PUBLISHED)]
    rests = Disclosure(groups, numbers).unprotected_rests(seen)
    found = [rest for kind, rest, _attacker in rests if kind == "children"]
    assert (frozenset({2}) in found) == is_found
