"""Find what is odd in the numbers of a table beside each other, so that a user is asked. Pure.

A column that was matched with the wrong figure has numbers that no single cell betrays: sums up to the present month,
shares, thousands, a total among its own parts. Each doubt is a `Problem`; its item, row and params locate it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from evaluation.figures.dictionary.items import NOT_APPLICABLE, OverPeriods, items
from evaluation.figures.mapping.cells.carried_cells import Cells
from evaluation.figures.mapping.cells.dates import read_day
from evaluation.figures.mapping.cells.tokens import tokenize
from evaluation.figures.mapping.column_mapping import Period
from evaluation.figures.mapping.tables.adding_up import Moment, Total, by_moment, order_of
from evaluation.figures.mapping.tables.totals_rows import Figure, Part
from evaluation.figures.mapping.words.vocabulary import title_words
from evaluation.figures.problems.file_problems import Problem
from evaluation.figures.validation.consistency import AT_MOST, SUMS

_LONG_SERIES, _SHORT_SERIES = 4, 3
"""The fewest times in which one figure alone may show sums or repetition, and in which two figures together may."""
_SLOWEST, _FASTEST = Fraction(3, 5), 3
"""The least and the most that each number of a running sum adds on average, as multiples of its first number."""
_FEWEST = 10
"""Smaller numbers are equal, or add up, by accident."""
_HUNDRED = range(99, 102)
"""The sums of percentages that are rounded to whole numbers."""
_LARGE = 150
_MOST_OF_WHOLE, _LEAST_PERCENT = Fraction(7, 10), 20
_MOST_SPREAD = Fraction(8, 5)

_DAY = re.compile(r"(?<![0-9])[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{1,4}(?![0-9])")
_ANOTHER_LINE = re.compile(r"(?<![0-9])116[ .\-\u00a0\u202f]?(?:006|111|117|123)(?![0-9])")
"""The numbers of the other services of social value, which a hotline may run, too."""
_OUR_LINE = re.compile(r"(?<![0-9])116[ .\-\u00a0\u202f]?000(?![0-9])")

_RELATED = {
    item: {code for pair in (*AT_MOST, *SUMS) if item in pair for code in pair if code != item} for item in items()
}
"""The items that a file of numbers would contradict if those of an item were percentages."""

Series = Mapping[Moment, Decimal]


def find_title_doubts(above: Sequence[str], names: Iterable[str]) -> Iterator[Problem]:
    """Yield a doubt for each word above the table, or in a column's name, that changes what its numbers are.

    The name of a column may say `average` truly, a title of numbers may not.
    """
    lines = [*above, *names]
    if any(_ANOTHER_LINE.search(line) for line in lines) and not any(_OUR_LINE.search(line) for line in lines):
        yield Problem("doubt_title_line")
    for code, said in (("cumulative", lines), ("thousands", lines), ("percent", lines), ("other", above)):
        spelled = [f" {' '.join(tokenize(line))} " for line in said]
        if any(f" {phrase} " in line for line in spelled for phrase in title_words(code)):
            yield Problem(f"doubt_title_{code}")


def find_span_doubts(lines: Iterable[str], period: Period) -> Iterator[Problem]:
    """Yield a doubt if a line above the table names days from before the period to a day in it, as running sums do."""
    for line in lines:
        texts = _DAY.findall(line)
        for order in ("dmy", "mdy"):
            days = [day for text in texts if (day := read_day(text, order))]
            if len(days) == len(texts) == 2 and days[0] < period[0] <= days[1] <= period[1]:
                yield Problem("doubt_title_span")


def find_doubts(
    parts: Sequence[Part], totals: Sequence[Total], outside: Sequence[Part] = (), *, is_wide: bool
) -> Iterator[Problem]:
    """Yield the doubts about the numbers of a table, and about its figures of the period.

    The parts `outside` the period only show how a figure changes over time.
    """
    added, others = ([part for part in own if _is_number(part)] for own in (parts, outside))
    series = _series_of(added)
    yield from _find_series_doubts(_series_of((*added, *others)), (*added, *others))
    if is_wide:
        yield from _find_total_rows(added)
    yield from _find_totals_of_moments(added)
    yield from _find_pair_doubts(series, added)
    yield from _find_part_doubts(series, totals)


def _is_number(part: Part) -> bool:
    """Whether a part is a number of an item whose numbers of several times are added up."""
    item = items()[part.item]
    return item.is_count and item.over_periods is OverPeriods.SUM and part.value not in ("", NOT_APPLICABLE)


def _series_of(parts: Iterable[Part]) -> dict[Figure, Series]:
    grouped: dict[Figure, list[Part]] = {}
    for part in parts:
        grouped.setdefault((part.item, part.codes), []).append(part)
    found: dict[Figure, Series] = {}
    for figure, own in grouped.items():
        moments = by_moment(own)
        found[figure] = {
            moment: sum((Decimal(part.value) for part in moments[moment]), Decimal(0))
            for moment in sorted(moments, key=order_of)
        }
    return found


# --- One figure over time --------------------------------------------------------------------------------------------


def _find_series_doubts(series: Mapping[Figure, Series], parts: Sequence[Part]) -> Iterator[Problem]:
    tests = (("doubt_cumulative", _only_grows), ("doubt_same", _is_same))
    for code, is_odd in tests:
        odd = [figure for figure, own in series.items() if is_odd([*own.values()])]
        long = [figure for figure in odd if len(series[figure]) >= _LONG_SERIES]
        if long or len(odd) > 1:
            item = (long or odd)[0][0]
            row = next(part.row for part in parts if part.item == item)
            yield Problem(code, row, item=item, params={"count": len(series[(long or odd)[0]])})


def _only_grows(numbers: Sequence[Decimal]) -> bool:
    """Whether each number may be the sum of those before and one more: it grows as a running sum does."""
    if len(numbers) < _SHORT_SERIES or numbers[-1] < 2 * _FEWEST or not numbers[0]:
        return False
    return all(
        before <= number and _SLOWEST <= Fraction(number) / Fraction(numbers[0]) / place <= _FASTEST
        for place, (before, number) in enumerate(pairwise(numbers), start=2)
    )


def _is_same(numbers: Sequence[Decimal]) -> bool:
    return len(numbers) >= _SHORT_SERIES and numbers[0] >= _FEWEST and len(set(numbers)) == 1


# --- A row beside the rows above -------------------------------------------------------------------------------------


def _find_total_rows(parts: Sequence[Part]) -> Iterator[Problem]:
    """Yield a doubt for the first row whose numbers are all the sums of their columns in the rows above."""
    rows: dict[int, dict[int, Decimal]] = {}
    for part in parts:
        rows.setdefault(part.row, {})[part.place] = Decimal(part.value)
    if len(rows) <= _SHORT_SERIES:
        return
    sums: dict[int, Decimal] = {}
    for count, (row, numbers) in enumerate(rows.items()):
        if count >= _SHORT_SERIES and _is_sum(numbers, sums):
            yield Problem("doubt_total", row)
            return
        for place, number in numbers.items():
            sums[place] = sums.get(place, Decimal(0)) + number
    first, numbers = next(iter(rows.items()))
    if _is_sum(numbers, {place: total - numbers.get(place, 0) for place, total in sums.items()}):
        yield Problem("doubt_total", first)


def _find_totals_of_moments(parts: Sequence[Part]) -> Iterator[Problem]:
    """Yield a doubt if one of several numbers of a figure for the same time is always the sum of the others."""
    grouped: dict[Figure, list[Part]] = {}
    for part in parts:
        grouped.setdefault((part.item, part.codes), []).append(part)
    for own in grouped.values():
        times = [alike for alike in by_moment(own).values() if len(alike) >= _SHORT_SERIES]
        largest = [max(alike, key=lambda part: Decimal(part.value)) for alike in times]
        sums = [sum((Decimal(part.value) for part in alike), Decimal(0)) for alike in times]
        if times and all(
            2 * _FEWEST <= total == 2 * Decimal(part.value) for total, part in zip(sums, largest, strict=True)
        ):
            yield Problem("doubt_total", largest[0].row)
            return


def _is_sum(numbers: Mapping[int, Decimal], sums: Mapping[int, Decimal]) -> bool:
    return max(numbers.values(), default=Decimal(0)) >= 2 * _FEWEST and all(
        number == sums.get(place) for place, number in numbers.items()
    )


# --- A figure beside another -----------------------------------------------------------------------------------------


def _find_pair_doubts(series: Mapping[Figure, Series], parts: Sequence[Part]) -> Iterator[Problem]:
    for item, other in AT_MOST:
        for (code, codes), own in series.items():
            if code != item or (other, codes) not in series:
                continue
            whole = series[other, codes]
            pairs = [(number, whole[moment]) for moment, number in own.items() if moment in whole]
            row = next(part.row for part in parts if (part.item, part.codes) == (item, codes))
            if len(pairs) > 1 and any(number >= of + _FEWEST for number, of in pairs):
                yield Problem("doubt_above", row, item=item, params={"other": other})
            elif (len(pairs) > 1 or not any(codes)) and _may_be_shares(pairs):
                yield Problem("doubt_percent", row, item=item)


def _may_be_shares(pairs: Sequence[tuple[Decimal, Decimal]]) -> bool:
    """Whether numbers may be percentages of others: never above a hundred, alike, and small beside their wholes."""
    if not pairs:
        return False
    numbers = [number for number, _of in pairs]
    return (
        min(numbers) >= _LEAST_PERCENT
        and max(numbers) <= _HUNDRED[1]
        and all(of >= _LARGE and Fraction(number) <= _MOST_OF_WHOLE * Fraction(of) for number, of in pairs)
        and Fraction(max(numbers)) <= _MOST_SPREAD * Fraction(min(numbers))
    )


# --- The parts of a figure -------------------------------------------------------------------------------------------


def _find_part_doubts(series: Mapping[Figure, Series], totals: Sequence[Total]) -> Iterator[Problem]:
    present = {total.first.item for total in totals}
    cells: dict[str, dict[Cells, Decimal]] = {}
    row_of: dict[Figure, int] = {}
    for total in totals:
        item, codes = total.first.item, total.first.codes
        if any(codes) and items()[item].is_count and total.value not in ("", NOT_APPLICABLE) and Decimal(total.value):
            cells.setdefault(item, {})[codes] = Decimal(total.value)
            row_of[item, codes] = total.first.row
    cells = {item: numbers for item, numbers in cells.items() if len(numbers) >= _SHORT_SERIES}
    for item, codes in _find_total_parts(cells):
        params = {"list": items()[item].dimensions[0], "code": codes[0]}
        yield Problem("doubt_total_part", row_of[item, codes], item=item, params=params)
    hundred = [item for item in cells if _adds_up_to_hundred(own for (code, _c), own in series.items() if code == item)]
    for item in hundred if 2 * len(hundred) >= len(cells) else ():  # one of many figures is a hundred by accident
        if not _RELATED[item] & present:
            yield Problem("doubt_percent", row_of[item, next(iter(cells[item]))], item=item)


def _find_total_parts(cells: Mapping[str, Mapping[Cells, Decimal]]) -> Iterator[Figure]:
    """Yield each figure that is the sum of the other parts of its item, and so in every item with the same parts."""
    odd: dict[tuple[str, ...], list[tuple[str, Cells | None]]] = {}
    for item, numbers in cells.items():
        largest = max(numbers, key=lambda codes: numbers[codes])
        is_total = 2 * _FEWEST <= 2 * numbers[largest] == sum(numbers.values(), Decimal(0))
        odd.setdefault(items()[item].dimensions, []).append((item, largest if is_total else None))
    for found in odd.values():
        if len(codes := {largest for _item, largest in found}) == 1 and (one := codes.pop()) is not None:
            yield found[0][0], one


def _adds_up_to_hundred(parts: Iterable[Series]) -> bool:
    """Whether the parts of each time add up to a hundred; rounded percentages of several times may miss it by one."""
    sums: dict[Moment, Decimal] = {}
    for own in parts:
        for moment, number in own.items():
            sums[moment] = sums.get(moment, Decimal(0)) + number
    return [*sums.values()] == [100] or (len(sums) > 1 and all(number in _HUNDRED for number in sums.values()))
