"""Lay out the tables of the network's year before suppression: their counts, and the hotlines included. Pure.

A hotline is included in a table only if it has every number that the table needs, and only if the parts add up to the
whole: a missing number is never zero. Months and quarters are not published, nor are open or reopened cases: each would
reveal other numbers through the balance of cases.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evaluation.figures.dictionary.items import PUBLISHED_CATEGORIES, code_lists
from evaluation.figures.publishing.counts import (
    AT_HOME,
    CALLS,
    FURTHER,
    LISTS,
    MEASURES,
    NEITHER,
    TOTAL,
    kind_in_group,
    kind_in_list,
    kind_of_age,
    sums,
)
from evaluation.figures.publishing.disclosure import FEWEST_HOTLINES, Group, Groups
from evaluation.figures.publishing.hotline_year import HotlineYear

GROUPS = (*PUBLISHED_CATEGORIES, TOTAL)
"""The rows of the table of categories."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a table: the kind of count of each cell, the implied kinds, and the hotlines included."""

    rows: Sequence[str]
    columns: Sequence[str]
    kinds: Mapping[tuple[str, str], str]
    hotlines: Sequence[HotlineYear]
    implied: Sequence[str] = ()

    @property
    def has_too_few_hotlines(self) -> bool:
        return len(self.hotlines) < FEWEST_HOTLINES

    def value(self, kind: str) -> int:
        return sum(one.counts[kind] for one in self.hotlines)

    def may_follow(self, other: "Plan") -> bool:
        """Whether the difference between two versions of a table reveals no hotline's own numbers.

        If one or two hotlines joined or left, their numbers could be computed. A correction is harmless: the difference
        does not reveal the new value.
        """
        changed = count_changed(self.hotlines, other.hotlines)
        is_of_the_same = {one.key for one in self.hotlines} == {one.key for one in other.hotlines}
        return changed >= FEWEST_HOTLINES or (changed > 0 and is_of_the_same)


def count_changed(now: Sequence[HotlineYear], before: Sequence[HotlineYear]) -> int:
    """Return how many hotlines joined, left or have other counts."""
    current, former = ({one.identity: one.key for one in given} for given in (now, before))
    return len({(current | former)[identity] for identity in current.keys() ^ former.keys()})


def plan_tables(given: Sequence[HotlineYear]) -> dict[str, Plan]:
    """Return the tables by code. A table without hotlines is left out."""
    return {code: plan for code, plan in _every_table(given) if plan.hotlines}


def _every_table(given: Sequence[HotlineYear]) -> Iterator[tuple[str, Plan]]:
    """Yield the plan of each table with its code.

    If only some of the hotlines count short calls, `calls` has no row for these, and `answering` is the table of the
    hotlines that count them.
    """
    calls = _counted_hotlines(given, "A03", "A04", "A06")
    exact = _counted_hotlines(calls, "A05")
    is_same = len(exact) == len(calls)
    yield "calls", _plan_calls(calls, CALLS if is_same else [row for row in CALLS if row != "short"])
    yield "answering", _plan_calls([] if is_same else exact, CALLS)
    yield "channels", _plan_list("channels", given)
    cases = _counted_hotlines(given, *(kind_in_group(item, row) for item in MEASURES.values() for row in GROUPS))
    yield "categories", _plan_categories(cases)
    yield "ages", _plan_ages(cases)
    yield "regions", _plan_list("regions", cases)
    yield "outcomes", _plan_list("outcomes", given)


def _counted_hotlines(given: Sequence[HotlineYear], *kinds: str) -> list[HotlineYear]:
    return [one for one in given if one.counts.keys() >= {*kinds}]


def _plan_calls(hotlines: Sequence[HotlineYear], rows: Sequence[str] | Mapping[str, str]) -> Plan:
    return Plan(tuple(rows), ("calls",), {(row, "calls"): CALLS[row] for row in rows}, hotlines, (NEITHER,))


def _plan_list(table: str, given: Sequence[HotlineYear]) -> Plan:
    rows = (*code_lists()[LISTS[table][2]], TOTAL)
    kinds = {(row, "count"): kind_in_list(table, row) for row in rows}
    return Plan(rows, ("count",), kinds, _counted_hotlines(given, *kinds.values()))


def _plan_categories(hotlines: Sequence[HotlineYear]) -> Plan:
    rows = GROUPS
    kinds = {(row, measure): kind_in_group(item, row) for row in rows for measure, item in MEASURES.items()}
    return Plan(
        rows, tuple(MEASURES), kinds, hotlines, [kind_in_group(k, row) for row in rows for k in (AT_HOME, FURTHER)]
    )


def _plan_ages(given: Sequence[HotlineYear]) -> Plan:
    rows, columns = ((*code_lists()[name], TOTAL) for name in ("age_band", "sex"))
    kinds = {(age, sex): kind_of_age(age, sex) for age in rows for sex in columns}
    return Plan(rows, columns, kinds, _counted_hotlines(given, *kinds.values()))


# --- Groups of hotlines that are in the same tables ----------------------------------------------------------------


class Grouping:
    """The hotlines of several plans: three or more in the same plans are one group, any other is a group of its own.

    Each hotline of such a group could have what another has, so no number of one of them can be computed. The same sums
    hold for all of them, and none has published counts.
    """

    def __init__(self, plans: Sequence[Plan]) -> None:
        together: dict[object, dict[str, HotlineYear]] = defaultdict(dict)
        by_identity = {one.identity: one for plan in plans for one in plan.hotlines}
        public: dict[str, frozenset[str]] = defaultdict(frozenset)
        for plan in plans:
            for one in plan.hotlines:
                public[one.identity] |= one.public
        within = [frozenset(one.identity for one in plan.hotlines) for plan in plans]
        for identity, one in by_identity.items():
            places = tuple(identity in of for of in within)
            held = frozenset(each for each in sums() if each.holds(one.counts))
            together[places, held, identity if public[identity] else ""][identity] = one
        members = [
            list(several)
            for of in together.values()
            for several in ([of.values()] if len(of) >= FEWEST_HOTLINES else [[one] for one in of.values()])
        ]
        self.groups = [_group(of, public[of[0].identity]) for of in members]
        self._number = {one.identity: number for number, of in enumerate(members) for one in of}

    def of(self, plan: Plan) -> Groups:
        return frozenset(self._number[one.identity] for one in plan.hotlines)


def _group(hotlines: Sequence[HotlineYear], public: frozenset[str]) -> Group:
    kinds = set(hotlines[0].counts)
    for one in hotlines:
        kinds &= set(one.counts)
    return Group(
        counts={kind: sum(one.counts[kind] for one in hotlines) for kind in sorted(kinds)},
        sums=frozenset(one for one in sums() if all(one.holds(hotline.counts) for hotline in hotlines)),
        public=public,
        hotlines=len(hotlines),
        hotline=hotlines[0].key if len(hotlines) == 1 else "",
    )
