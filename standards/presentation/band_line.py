"""The bands of a figure on a line: segments with their levels, open and closed ends, and problems."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations, groupby, pairwise

from django.utils.translation import gettext as _

from standards.checks import as_decimal, find_band_problems, may_contradict
from standards.framework import MOST_PERCENT, Band, Bound, Indicator, Scale, ValidationProblem
from standards.framework.units import PERCENT
from standards.presentation.symbols import level_mark
from standards.presentation.units import describe_bound, format_decimal, format_unit

LEAST_WIDTH = Fraction(9)
"""The width of the narrowest segment in per cent of the line, so that its level can be read on a phone."""
SHARE_OF_LEAST_WIDTHS = Fraction(60)
"""The maximal sum of all least widths in per cent. The rest is distributed by the lengths of the segments."""


@dataclass(frozen=True, slots=True)
class Range:
    """The values from `low` to `high`, each included or not. `high` is None for a range without an end."""

    low: Fraction
    high: Fraction | None
    has_low: bool
    has_high: bool

    @property
    def is_point(self) -> bool:
        """Whether the range is a single value."""
        return self.low == self.high

    @property
    def example(self) -> Fraction:
        """A value in the range."""
        return self.low + 1 if self.high is None else (self.low + self.high) / 2

    def contains(self, value: Fraction) -> bool:
        is_above = value > self.low or (self.has_low and value == self.low)
        is_below = self.high is None or value < self.high or (self.has_high and value == self.high)
        return is_above and is_below

    def joined(self, following: "Range") -> "Range":
        return Range(self.low, following.high, self.has_low, following.has_high)


@dataclass(frozen=True, slots=True)
class Segment:
    """A range to which one band applies, or none; its level is then the worst.

    `start` and `width` are in per cent of the line. `sentences` are its problems.
    """

    values: Range
    unit: str
    level: int
    tint: int
    is_gap: bool
    sentences: tuple[str, ...]
    start: Fraction
    width: Fraction

    @property
    def words(self) -> str:
        """The description of its values: `at least 80 % and less than 90 %`."""
        return _describe(self.values, self.unit)

    @property
    def end(self) -> Fraction:
        return self.start + self.width

    @property
    def middle(self) -> Fraction:
        return self.start + self.width / 2


@dataclass(frozen=True, slots=True)
class Tick:
    """A number below the line. `row` alternates, so that adjacent numbers do not overlap."""

    at: Fraction
    text: str
    row: int


class Direction(StrEnum):
    """The direction of a figure: whether a higher or a lower value is better, or neither."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = ""


@dataclass(frozen=True, slots=True)
class BandLine:
    """The line of an indicator. `sentences` are the problems that are not those of a single segment."""

    segments: tuple[Segment, ...]
    ticks: tuple[Tick, ...]
    direction: Direction
    scale: Scale
    sentences: tuple[str, ...]

    @property
    def is_endless(self) -> bool:
        return self.segments[-1].values.high is None

    @property
    def is_marked(self) -> bool:
        return any(segment.sentences for segment in self.segments)

    @property
    def direction_words(self) -> str:
        return {
            Direction.HIGHER: _("The higher the value, the better."),
            Direction.LOWER: _("The lower the value, the better."),
            Direction.NEITHER: "",
        }[self.direction]

    def place_of(self, value: Fraction) -> Fraction:
        """Return the position of a value in per cent of the line. A value beyond the line is at its end."""
        return _place(value, self.segments)


def draw_bands(indicator: Indicator, scale: Scale) -> BandLine | None:
    """Return the line of an indicator. None without bands, or if a band has a level that the scale does not have."""
    if not indicator.bands or any(band.level not in scale.levels for band in indicator.bands):
        return None
    parts = list(_join(_split(indicator), indicator.bands))
    ranges, bands = [values for values, _band in parts], [band for _values, band in parts]
    sentences: list[list[str]] = [[] for _part in parts]
    gaps = _find_gaps(bands)
    for place in gaps:
        sentences[place].append(_("No band applies here, so the value gets the worst level."))
    without_place: list[str] = []
    for problem in find_band_problems(indicator, scale):
        named = _place_of_problem(problem, ranges)
        (without_place if named is None else sentences[named]).append(_(problem.message) % problem.values)
    widths = _widths(ranges)
    levels = [band.level if band else scale.worst for band in bands]
    segments = tuple(
        Segment(
            values=values,
            unit=indicator.unit,
            level=level,
            tint=level_mark(scale, level),
            is_gap=place in gaps,
            sentences=tuple(sentences[place]),
            start=sum(widths[:place], Fraction(0)),
            width=widths[place],
        )
        for place, (values, level) in enumerate(zip(ranges, levels, strict=True))
    )
    return BandLine(
        segments=segments,
        ticks=tuple(_ticks(segments, {band.limit for band in indicator.bands})),
        direction=_direction([scale.rank(level) for level in levels]),
        scale=scale,
        sentences=tuple(without_place),
    )


# --- Ranges ---------------------------------------------------------------------------------------------------------


def _split(indicator: Indicator) -> Iterator[Range]:
    """Yield each bound and each range between two, in ascending order. An entered percentage is at most 100."""
    bounds = {Fraction(0), *(band.limit for band in indicator.bands)}
    is_bounded = indicator.unit == PERCENT and indicator.formula is None
    if is_bounded:
        bounds = {*(bound for bound in bounds if bound < MOST_PERCENT), MOST_PERCENT}
    ordered = sorted(bounds)
    for low, high in pairwise(ordered):
        yield Range(low, low, has_low=True, has_high=True)
        yield Range(low, high, has_low=False, has_high=False)
    yield Range(ordered[-1], ordered[-1], has_low=True, has_high=True)
    if not is_bounded:
        yield Range(ordered[-1], None, has_low=False, has_high=False)


def _join(ranges: Iterator[Range], bands: Sequence[Band]) -> Iterator[tuple[Range, Band | None]]:
    """Join adjacent ranges to which the same band applies, and yield them with that band.

    Ranges in which bands contradict each other are not joined with others.
    """
    for (band, _is_clear), same in groupby(ranges, lambda values: _applying(values.example, bands)):
        first, *others = same
        yield (first.joined(others[-1]) if others else first), band


def _applying(value: Fraction, bands: Sequence[Band]) -> tuple[Band | None, bool]:
    """Return the band that applies to a value, if any, and whether no bands contradict each other there."""
    found = [band for band in bands if band.holds(value)]
    is_clear = not any(may_contradict(first, second) for first, second in combinations(found, 2))
    return next(iter(found), None), is_clear


def _find_gaps(bands: Sequence[Band | None]) -> list[int]:
    """Return the indexes without a band that are between two bands."""
    covered = [place for place, band in enumerate(bands) if band]
    if not covered:
        return []
    return [place for place in range(covered[0], covered[-1]) if bands[place] is None]


def _place_of_problem(problem: ValidationProblem, ranges: Sequence[Range]) -> int | None:
    """Return the index of the range with the value that a problem names as its example."""
    example = problem.values.get("middle", problem.values.get("value"))
    if example is None:
        return None
    value = Fraction(str(example))
    return next((place for place, values in enumerate(ranges) if values.contains(value)), None)


def _direction(ranks: Sequence[int]) -> Direction:
    directions = {after > before for before, after in pairwise(ranks) if after != before}
    if len(directions) != 1:
        return Direction.NEITHER
    return Direction.HIGHER if directions.pop() else Direction.LOWER


# --- Places on the line ---------------------------------------------------------------------------------------------


def _length(values: Range) -> Fraction:
    """Return the length at which a range is drawn. Without an end, that is a quarter of its lower bound."""
    return (values.low / 4 or Fraction(1)) if values.high is None else values.high - values.low


def _widths(ranges: Sequence[Range]) -> list[Fraction]:
    """Return the width of each range: the least width, and a share of the rest by its length."""
    least = min(LEAST_WIDTH, SHARE_OF_LEAST_WIDTHS / len(ranges))
    lengths = [_length(values) for values in ranges]
    rest, whole = 100 - least * len(ranges), sum(lengths, Fraction(0))
    return [least + rest * length / whole for length in lengths]


def _place(value: Fraction, segments: Sequence[Segment]) -> Fraction:
    """Return the position of a value in per cent of the line. A value beyond the line is at its end."""
    found = next((segment for segment in segments if segment.values.contains(value)), segments[-1])
    if found.values.is_point:
        return found.middle
    return found.start + found.width * min(Fraction(1), (value - found.values.low) / _length(found.values))


def _ticks(segments: Sequence[Segment], bounds: set[Fraction]) -> Iterator[Tick]:
    """Yield both ends of the line and each bound on it. A segment of a single value has its tick in the middle."""
    ends = {segments[0].values.low, segments[-1].values.high}
    shown = sorted(value for value in {*ends, *bounds} if value is not None and _is_on_line(value, segments))
    for number, value in enumerate(shown):
        yield Tick(_place(value, segments), format_decimal(as_decimal(value)), number % 2)


def _is_on_line(value: Fraction, segments: Sequence[Segment]) -> bool:
    return any(segment.values.contains(value) for segment in segments)


# --- Words ----------------------------------------------------------------------------------------------------------


def _describe(values: Range, unit: str) -> str:
    """Describe a range: `at least 80 % and less than 90 %`."""
    if values.is_point:
        return _("exactly %(value)s") % {"value": format_unit(format_decimal(as_decimal(values.low)), unit)}
    found = []
    if values.low or not values.has_low:
        found.append(Bound(">=" if values.has_low else ">", as_decimal(values.low)))
    is_most = unit == PERCENT and values.high == MOST_PERCENT and values.has_high
    if values.high is not None and not is_most:
        found.append(Bound("<=" if values.has_high else "<", as_decimal(values.high)))
    words = [describe_bound(bound, unit) for bound in found]
    if not words:
        return _("every value")
    # Translators: a range of values by both its ends, such as “at least 80 % and less than 90 %”.
    return words[0] if len(words) == 1 else _("%(low)s and %(high)s") % {"low": words[0], "high": words[1]}
