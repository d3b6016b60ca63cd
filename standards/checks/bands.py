"""Find inconsistent bands: bands that no value reaches, that overlap, or whose levels do not follow one direction."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, pairwise

from standards.framework import Band, Indicator, Scale, ValidationProblem
from standards.framework.problem import gettext_noop


def find_band_problems(indicator: Indicator, scale: Scale) -> Iterator[ValidationProblem]:
    """Yield the problems of the bands of an indicator, by testing one value of each range that they separate."""
    if not indicator.bands:
        return
    values = indicator.sample_values()
    unreached = list(_find_unreached(indicator, values))
    yield from unreached
    yield from _find_overlapping(indicator, values)
    if not unreached:
        yield from _find_direction_problems(indicator, scale, values)


def _find_unreached(indicator: Indicator, values: tuple[Fraction, ...]) -> Iterator[ValidationProblem]:
    """Yield a problem for each band that applies to no value. The first band that a value is within applies to it."""
    for number, band in enumerate(indicator.bands):
        own = [value for value in values if band.holds(value)]
        if any(not any(before.holds(value) for before in indicator.bands[:number]) for value in own):
            continue
        if not own:
            yield _problem(
                indicator,
                gettext_noop("No value of %(code)s is %(band)s. Correct the bound, or remove the band."),
                band=_write(band),
            )
            continue
        example = own[len(own) // 2]
        before = next(before for before in indicator.bands[:number] if before.holds(example))
        yield _problem(
            indicator,
            gettext_noop(
                "The band %(band)s of %(code)s is never reached: %(value)s, for example, is in the band %(before)s, which "
                "stands before it. Write the narrowest band first."
            ),
            band=_write(band),
            value=as_decimal(example),
            before=_write(before),
        )


def _find_overlapping(indicator: Indicator, values: tuple[Fraction, ...]) -> Iterator[ValidationProblem]:
    """Yield a problem for bands of two directions that overlap. Bands of one direction are nested, and may."""
    for first, second in combinations(indicator.bands, 2):
        if not may_contradict(first, second):
            continue
        both = [value for value in values if first.holds(value) and second.holds(value)]
        if both:
            yield _problem(
                indicator,
                gettext_noop(
                    "The bands %(first)s and %(second)s of %(code)s overlap: %(value)s is in both, with different levels. "
                    "Write all bands with > and >=, or all with < and <=."
                ),
                first=_write(first),
                second=_write(second),
                value=as_decimal(both[len(both) // 2]),
            )


def may_contradict(first: Band, second: Band) -> bool:
    """Whether a value within both bands would have an ambiguous level."""
    return first.comparison[0] != second.comparison[0] and first.level != second.level


def _find_direction_problems(
    indicator: Indicator, scale: Scale, values: tuple[Fraction, ...]
) -> Iterator[ValidationProblem]:
    """Yield a problem unless levels only get better, or only worse, with growing values, and are not all equal."""
    steps = [(value, indicator.level_of(value, scale)) for value in values]
    ranks = [scale.rank(level) for _, level in steps]
    if len(set(ranks)) == 1:
        yield _problem(
            indicator,
            gettext_noop(
                "Every value of %(code)s gives level %(level)s, so its bands decide nothing. "
                "Correct them, or write report_only."
            ),
            level=steps[0][1],
        )
    turn = _find_turn(ranks)
    if turn is not None:
        (low, low_level), (middle, middle_level), (high, high_level) = (steps[place] for place in turn)
        yield _problem(
            indicator,
            gettext_noop(
                "The bands of %(code)s give a better figure a worse level: %(low)s gives level %(low_level)s, "
                "%(middle)s level %(middle_level)s and %(high)s level %(high_level)s. Put the levels of the bands "
                "in one direction."
            ),
            low=as_decimal(low),
            low_level=low_level,
            middle=as_decimal(middle),
            middle_level=middle_level,
            high=as_decimal(high),
            high_level=high_level,
        )


def _find_turn(ranks: list[int]) -> tuple[int, int, int] | None:
    """Return the indexes of three values whose ranks rise and then fall, or the reverse; None without them."""
    changes = [place for place, (before, after) in enumerate(pairwise(ranks), start=1) if before != after]
    for first, second in pairwise(changes):
        if (ranks[first] > ranks[first - 1]) != (ranks[second] > ranks[second - 1]):
            return first - 1, first, second
    return None


def _problem(indicator: Indicator, message: str, **values: object) -> ValidationProblem:
    return ValidationProblem(message, f"indicator/{indicator.code}", "bands", code=indicator.code, **values)


def _write(band: Band) -> str:
    return f"{band.comparison}{band.bound}:{band.level}"


def as_decimal(value: Fraction) -> str:
    """Format a fraction as an exact decimal, which bounds and the values between them always have."""
    whole, rest = divmod(value, 1)
    digits = ""
    while rest:
        digit, rest = divmod(rest * 10, 1)
        digits += str(digit)
    return f"{whole}.{digits}" if digits else str(whole)
