"""Guess the use of each column of an export from its name and its values. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluation.figures.dictionary.items import items
from evaluation.figures.dictionary.spelling import fold
from evaluation.figures.mapping.cells.dates import is_year
from evaluation.figures.mapping.column_mapping import AGGREGATE, LEFT_OUT, LEVELS, LONG, WIDE, ColumnMapping
from evaluation.figures.mapping.column_profile import MAX_WORDS, ColumnProfile
from evaluation.figures.mapping.words.fields import Field, Kind, fields_of
from evaluation.figures.mapping.words.uses import LIST, find_field, is_time_of
from evaluation.figures.mapping.words.vocabulary import (
    Certainty,
    find,
    find_all,
    find_figure,
    known_code,
    words_for_codes,
    words_for_columns,
)

_MOST_CHECKED_WORDS = 20
"""The number of words from which it is decided whether a column names figures."""
Uses = dict[int, tuple[str, Certainty]]


@dataclass(frozen=True, slots=True)
class ColumnLayout:
    """The level and shape of a table, and the use of each column by its number."""

    level: str
    shape: str
    uses: Uses

    @property
    def used(self) -> set[str]:
        return {use for use, _certainty in self.uses.values() if use not in ("", LEFT_OUT)}

    @property
    def lists(self) -> set[str]:
        """The code lists whose words divide the figures of a row."""
        return {use.removeprefix(LIST) for use in self.used if use.startswith(LIST)}

    @property
    def of_numbers(self) -> set[int]:
        return self._of(Kind.NUMBER, Kind.INTEGER)

    @property
    def of_dates(self) -> set[int]:
        return self._of(Kind.MONTH, Kind.PERIOD)

    def field_of(self, number: int) -> Field | None:
        return find_field(self.level, self.uses[number][0])

    def kind_of(self, number: int) -> Kind | None:
        found = self.field_of(number)
        return found.kind if found else None

    def _of(self, *kinds: Kind) -> set[int]:
        return {number for number in self.uses if self.kind_of(number) in kinds}


def guess_columns(profiles: Sequence[ColumnProfile], given_uses: ColumnMapping | None) -> ColumnLayout:
    """Guess the uses of columns. `given_uses` has the level, the shape and the uses that a user gave."""
    undecided = [
        column for column in profiles if not column.is_text and not (given_uses and given_uses.use_of(column.name))
    ]
    naming = next(filter(_names_figures, undecided), None)
    level = (given_uses.level if given_uses else "") or _guess_level(undecided, naming)
    shape = ""
    if level == AGGREGATE:
        shape = (given_uses.shape if given_uses else "") or _shape_of(naming)
    uses = _apply_given_uses(profiles, given_uses, level)
    rest = [column for column in profiles if not column.is_text and column.number not in uses]
    taken = {use for use, _certainty in uses.values()}
    if level != AGGREGATE:
        uses |= _guess_fields(rest, level, taken)
    elif shape == LONG:
        uses |= _guess_long(rest, taken, naming)
    else:
        uses |= _guess_wide(rest, taken)
    if level == AGGREGATE:
        _combine_years(profiles, uses)
    for column in profiles:
        uses.setdefault(column.number, (LEFT_OUT, Certainty.SURE) if column.is_empty else ("", Certainty.NONE))
    return ColumnLayout(level, shape, uses)


def _apply_given_uses(profiles: Iterable[ColumnProfile], given_uses: ColumnMapping | None, level: str) -> Uses:
    uses: Uses = {}
    for column in profiles:
        use = given_uses.use_of(column.name) if given_uses else ""
        if use and (use == LEFT_OUT or find_field(level, use)):
            uses[column.number] = (use, Certainty.CONFIRMED)
    return uses


def _guess_level(profiles: Sequence[ColumnProfile], naming: ColumnProfile | None) -> str:
    """Return the level whose words explain most columns."""
    best, most = AGGREGATE, 0.0
    for level in LEVELS:
        if level == AGGREGATE:
            layout = [*_guess_wide(profiles, set()).values()] if naming is None else []
            score = float(sum(certainty for _use, certainty in layout))
            if not layout:
                score = 2.0 * len(profiles) - 1
        else:
            score = float(sum(certainty for _use, certainty in _guess_fields(profiles, level, set()).values()))
        if score > most:
            best, most = level, score
    return best


def _shape_of(naming: ColumnProfile | None) -> str:
    """Return long if a column names the figure in each row, else wide."""
    return WIDE if naming is None else LONG


def _names_figures(column: ColumnProfile) -> bool:
    """Whether a column names figures. Only its first words are checked, as matching is slow."""
    if column.is_many:
        return False
    words = [word for word in column.other_words if fold(word)][:_MOST_CHECKED_WORDS]
    if len(words) < 2:
        return False
    known = sum(1 for word in words if find_figure(word)[1])
    return known >= 2 and 3 * known >= len(words)


def _share_known(column: ColumnProfile, name: str) -> float:
    """Return the share of a column's words that are codes of a list."""
    if column.is_many or len(column.words) > MAX_WORDS or not column.words:
        return 0.0
    return sum(1 for word in column.words if known_code(word, name)) / len(column.words)


# --- Rows about contacts and cases ---------------------------------------------------------------------------------


def _guess_fields(profiles: Iterable[ColumnProfile], level: str, taken: set[str]) -> Uses:
    """Guess from names alone: words such as `female` fit the sex of the caller as well as that of the child."""
    uses: Uses = {}
    taken = set(taken)
    for column in profiles:
        name, certainty = find(column.name, words_for_columns(level)) if column.name else ("", Certainty.NONE)
        wanted = fields_of(level).get(name)
        if wanted and name not in taken and not column.is_empty and _can_hold(column, wanted):
            uses[column.number] = (name, certainty)
            taken.add(name)
    return uses


def _can_hold(column: ColumnProfile, wanted: Field) -> bool:
    if wanted.kind is Kind.MONTH:
        return column.is_all_dates
    if wanted.kind is Kind.INTEGER:
        return column.is_mostly_amounts
    if wanted.kind in (Kind.CODE, Kind.CODES, Kind.BOOLEAN):
        return not column.is_many and (wanted.kind is Kind.CODES or len(column.words) <= MAX_WORDS)
    return True


# --- Totals --------------------------------------------------------------------------------------------------------


def _guess_long(profiles: Sequence[ColumnProfile], taken: set[str], naming: ColumnProfile | None) -> Uses:
    uses: Uses = {}
    if "item" not in taken and naming is not None:
        uses[naming.number] = ("item", Certainty.LIKELY)
    numbers = [c for c in profiles if c.number not in uses and c.is_mostly_amounts and not c.is_all_dates]
    if "value" not in taken and numbers:
        named = [c for c in numbers if find(c.name, words_for_columns(AGGREGATE))[0] == "value"]
        if len(numbers) > 1:  # the total of columns beside it
            named = [c for c in named if find(c.name, words_for_codes("rows"))[0] != LEFT_OUT]
        value = named[0] if len(named) == 1 else numbers[0]
        if len(named) == 1 or len(numbers) == 1:
            uses[value.number] = ("value", Certainty.SURE if len(named) == 1 else Certainty.LIKELY)
    places = [place for place in ("code1", "code2") if place not in taken]
    for column in profiles:
        if column.number in uses or column.is_empty:
            continue
        if use := _find_period_or_quality(column, {*taken, *(u for u, _c in uses.values())}):
            uses[column.number] = use
        elif places and not column.is_mostly_amounts and _knows_codes(column):
            uses[column.number] = (places.pop(0), Certainty.LIKELY)
    return uses


def _knows_codes(column: ColumnProfile) -> bool:
    """Whether most of a column's words are codes of any list."""
    dividing = {dimension for item in items().values() for dimension in item.dimensions}
    words = list(column.words)[: MAX_WORDS * 4]
    if column.is_many:
        return False
    known = sum(1 for word in words if any(known_code(word, d) for d in dividing))
    return 2 * known >= len(words)


def _find_period_or_quality(column: ColumnProfile, taken: set[str]) -> tuple[str, Certainty] | None:
    """Guess from the name alone; the values decide whether the use is possible."""
    name, certainty = _use_of_name(column)
    can_be = {
        "period": 2 * max(column.dates, column.bare_months) > column.filled,
        "quality": _share_known(column, "quality") == 1,
    }
    return (name, certainty) if name not in taken and can_be.get(name, False) else None


def _use_of_name(column: ColumnProfile) -> tuple[str, Certainty]:
    """Return the use that a column's name means. A year is a period, unless another column has the part of the year."""
    if not column.name:
        return "", Certainty.NONE
    if find_all(column.name, words_for_columns(AGGREGATE)) == {"period", "year"}:
        return "period", Certainty.SURE
    return find(column.name, words_for_columns(AGGREGATE))


def _combine_years(profiles: Sequence[ColumnProfile], uses: Uses) -> None:
    """Set the uses of a column of years and a column of months or quarters that form one period together."""
    named = [c for c in profiles if c.words and _use_of_name(c)[0] in ("period", "year")]
    years = [c for c in named if not c.is_many and all(map(is_year, c.words))]
    months = [c for c in named if c.filled == c.bare_months and not c.dates]
    if len(years) != 1 or len(months) != 1:
        return
    guesses = {uses.get(column.number, ("", Certainty.NONE)) for column in (years[0], months[0])}
    if {use for use, _certainty in guesses} <= {"", "period"} and all(c < Certainty.CONFIRMED for _use, c in guesses):
        uses[years[0].number], uses[months[0].number] = ("year", Certainty.LIKELY), ("period", Certainty.LIKELY)


def _guess_wide(profiles: Iterable[ColumnProfile], taken: set[str]) -> Uses:
    uses: Uses = {}
    taken = set(taken)
    claims: list[tuple[int, str, Certainty]] = []
    for column in profiles:
        if column.is_empty:
            continue
        if use := _find_period_or_quality(column, taken):
            uses[column.number] = use
            taken.add(use[0])
        elif column.is_mostly_amounts:
            use_, certainty = find_figure(column.name)
            if use_ and (column.is_mostly_numbers or is_time_of(AGGREGATE, use_)):
                claims.append((column.number, use_, certainty))
        elif use := _find_list(column):
            uses[column.number] = use
    for number, use_, certainty in sorted(claims, key=lambda claim: -claim[2]):
        if use_ not in taken:
            uses[number] = (use_, certainty)
            taken.add(use_)
    return uses


def _find_list(column: ColumnProfile) -> tuple[str, Certainty] | None:
    """Return the code list that a column's name refers to, or None."""
    name, certainty = _use_of_name(column)
    return (name, certainty) if name.startswith(LIST) else None
