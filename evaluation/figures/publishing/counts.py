"""Compute the counts of a hotline's year by kind: those of the network's tables, derived ones, and their sums. Pure."""

from collections.abc import Iterator, Mapping
from functools import cache

from evaluation.figures.dictionary.items import PUBLISHED_CATEGORIES, code_lists
from evaluation.figures.dictionary.sums import NO_CODES, Codes
from evaluation.figures.publishing.disclosure import Sum

TOTAL = "total"

CALLS = {"received": "A03", "answered": "A04", "short": "A05", "missed": "A06"}
MEASURES = {"new": "A21", "children": "A25", "cross_border": "A26"}
LISTS = {
    "channels": ("A11", 0, "channel", "A09"),
    "outcomes": ("A40", 1, "outcome", "A23"),
    "regions": ("A35", 0, "region", "A26"),
}
"""By table: the item of its parts, the index of the code in their codes, the code list, and the item of the total."""

NEITHER = "neither answered nor missed"
AT_HOME, FURTHER = "within one country", "further children"
"""Kinds of counts that no table has, but that a reader can compute as a difference of two numbers of a table."""

Whole = int | None
Cells = Mapping[str, Mapping[Codes, Whole]]
"""By item, then by codes; None if not recorded. Cells that are not applicable are left out."""


def total_of(cells: Cells, item: str) -> Whole:
    """Return the total of an item, which may be known without its parts."""
    return cells[item][NO_CODES] if NO_CODES in cells.get(item, {}) else _add(_parts_of(cells, item))


def _parts_of(cells: Cells, item: str) -> Mapping[Codes, Whole]:
    return {codes: value for codes, value in cells.get(item, {}).items() if codes != NO_CODES}


def _add(parts: Mapping[Codes, Whole]) -> Whole:
    """Return the sum of parts; None if there are none, or one is missing."""
    values = [value for value in parts.values() if value is not None]
    return sum(values) if parts and len(values) == len(parts) else None


def kind_in_group(item: str, group: str) -> str:
    """Return the kind of an item in a published group of categories."""
    return item if group == TOTAL else f"{item}/{group}"


def kind_of_age(age: str, sex: str) -> str:
    return MEASURES["children"] if age == sex == TOTAL else f"A27/{age}/{sex}"


def kind_in_list(table: str, code: str) -> str:
    item, _place, _name, total = LISTS[table]
    return total if code == TOTAL else f"{item}/{code}"


def compute_counts(cells: Cells) -> dict[str, int]:
    """Return every count of a hotline, by kind. Parts that do not add up to the whole are left out."""
    totals = {item: total_of(cells, item) for item in (*CALLS.values(), *MEASURES.values(), "A09", "A23")}
    found = {item: total for item, total in totals.items() if total is not None}
    if found.keys() >= {"A03", "A04", "A06"}:
        found[NEITHER] = found["A03"] - found["A04"] - found["A06"]
    for table, (item, place, name, total) in LISTS.items():
        parts = _parts_of(cells, item)
        if total in found and found[total] == _add(parts):
            found |= {kind_in_list(table, code): _by(parts, place, code) for code in code_lists()[name]}
    if all(item in found and found[item] == _add(_parts_of(cells, item)) for item in MEASURES.values()):
        found |= dict(_cases(cells))
    ages = _parts_of(cells, "A27")
    if "A25" in found and found["A25"] == _add(ages):
        found |= dict(_ages(ages))
    return found


def _by(parts: Mapping[Codes, Whole], place: int, code: str) -> int:
    return sum(value or 0 for codes, value in parts.items() if codes[place] == code)


def _cases(cells: Cells) -> Iterator[tuple[str, int]]:
    for group, codes in {**PUBLISHED_CATEGORIES, TOTAL: code_lists()["category"]}.items():
        new, children, abroad = (sum(_by(cells[item], 0, code) for code in codes) for item in MEASURES.values())
        yield kind_in_group("A21", group), new
        yield kind_in_group("A25", group), children
        yield kind_in_group("A26", group), abroad
        yield kind_in_group(AT_HOME, group), new - abroad
        yield kind_in_group(FURTHER, group), children - new


def _ages(parts: Mapping[Codes, Whole]) -> Iterator[tuple[str, int]]:
    for age in (*code_lists()["age_band"], TOTAL):
        for sex in (*code_lists()["sex"], TOTAL):
            counted = (value or 0 for (s, a), value in parts.items() if sex in (s, TOTAL) and age in (a, TOTAL))
            yield kind_of_age(age, sex), sum(counted)


@cache
def sums() -> tuple[Sum, ...]:
    """Return the sums that always hold, each for the hotlines that have all of its kinds."""
    ages, sexes = (*code_lists()["age_band"], TOTAL), (*code_lists()["sex"], TOTAL)
    groups = (*PUBLISHED_CATEGORIES, TOTAL)
    return (
        Sum("A03", ("A04", NEITHER, "A06")),
        Sum(NEITHER, ("A05",)),
        Sum("A04", (kind_in_list("channels", "phone_116000"),)),
        *(
            Sum(kind_in_list(t, TOTAL), tuple(kind_in_list(t, code) for code in code_lists()[LISTS[t][2]]))
            for t in LISTS
        ),
        *(Sum(item, tuple(kind_in_group(item, group) for group in groups[:-1])) for item in MEASURES.values()),
        *(Sum(kind_in_group("A21", g), (kind_in_group("A26", g), kind_in_group(AT_HOME, g))) for g in groups),
        *(Sum(kind_in_group("A25", g), (kind_in_group("A21", g), kind_in_group(FURTHER, g))) for g in groups),
        *(Sum(kind_of_age(age, TOTAL), tuple(kind_of_age(age, sex) for sex in sexes[:-1])) for age in ages),
        *(Sum(kind_of_age(TOTAL, sex), tuple(kind_of_age(age, sex) for age in ages[:-1])) for sex in sexes),
    )
