"""Find columns that must be removed from an export before it can be read, by number. Pure."""

from collections.abc import Iterator, Sequence

from evaluation.figures.dictionary.items import code_lists
from evaluation.figures.dictionary.spelling import fold
from evaluation.figures.formats import Opened
from evaluation.figures.mapping.cells.dates import read_period
from evaluation.figures.mapping.cells.number_formats import NumberWriting, read_writing
from evaluation.figures.mapping.code_words import find_unreadable
from evaluation.figures.mapping.column_mapping import AGGREGATE, LEFT_OUT, LONGEST_WORD
from evaluation.figures.mapping.column_profile import MAX_WORDS, ColumnProfile, is_about_a_person
from evaluation.figures.mapping.columns import ColumnLayout
from evaluation.figures.mapping.unread import is_ends_of_months, is_impersonal
from evaluation.figures.mapping.words.fields import Field, Kind, fields_of
from evaluation.figures.mapping.words.vocabulary import is_name_of_a_code, known_code, personal_words
from evaluation.figures.problems.file_problems import Problem
from evaluation.figures.problems.screening import LONGEST_CELL

_MOST_OTHER_WORDS = 20
"""The most other words in a column of booleans, numbers or dates."""
OF_WORDS = (Kind.CODE, Kind.CODES, Kind.ANY_CODE, Kind.BOOLEAN)


def find_unusable_names(opened: Opened) -> list[Problem]:
    """Return the problems of the row of names. A row of data in its place must be neither shown nor stored."""
    row = opened.names_row
    if not all(opened.names):
        return [Problem("column_nameless", row, str(opened.names.index("") + 1))]
    return [Problem("own_names_missing", row)] if any(map(_is_unusable, opened.names)) else []


def _is_unusable(name: str) -> bool:
    return len(name) > LONGEST_WORD or is_about_a_person(name) or read_writing(name)[0] is not NumberWriting.NO_NUMBER


def find_names_again(profiles: Sequence[ColumnProfile], row: int) -> Problem | None:
    """Return a problem if the column names in `row` occur again in the columns, or None.

    If all of them occur and are not codes, the header is repeated on every page, which is allowed. So is one word, such
    as `answered` below `answered`, if `row` has words above several columns of numbers and dates. If some occur in one
    row without a number, another table begins there. Otherwise `row` is a row of data.
    """
    filled = [column for column in profiles if column.words]
    again = [column for column in filled if column.name in column.words and len(column.words) > 1]
    is_of_codes = any(is_name_of_a_code(column.name) for column in again)
    if not again or (len(again) == len(filled) and not is_of_codes) or (len(again) == 1 and _stand_out(filled)):
        return None
    rows = {column.words[column.name] for column in again}
    second = rows.pop()
    words_of_row = [word for column in profiles for word, at in column.words.items() if at == second]
    has_figures = any(column.is_mostly_numbers for column in profiles)
    if not rows and not is_of_codes and has_figures and not any(map(_is_number_or_time, words_of_row)):
        return Problem("own_second_table", second)
    return Problem("own_names_missing", row)


def _stand_out(columns: Sequence[ColumnProfile]) -> bool:
    """Whether several columns have numbers or dates only, below a name that is neither."""
    typed = [column for column in columns if column.filled in (column.numbers + column.times, column.dates)]
    return len([column for column in typed if not _is_number_or_time(column.name)]) > 2


def _is_number_or_time(word: str) -> bool:
    return read_writing(word)[0] is not NumberWriting.NO_NUMBER or read_period(word, "dmy") is not None


def find_refused(profiles: Sequence[ColumnProfile], layout: ColumnLayout) -> list[Problem]:
    """Return the problems of columns that must be removed from the export: later exports would contain them, too."""
    return [
        Problem(
            code,
            column.personal_row if code == "own_period_date" else None,
            column=str(column.number),
            params={"limit": _most_words(layout.field_of(column.number))} if code == "own_column_words" else {},
        )
        for column in profiles
        for code in list(_why_refused(column, layout))[:1]
    ]


def _why_refused(column: ColumnProfile, layout: ColumnLayout) -> Iterator[str]:
    if column.is_empty:
        return
    kind = layout.kind_of(column.number)
    is_left_out = layout.uses[column.number][0] in ("", LEFT_OUT)
    if column.formula_row is not None:
        yield "own_column_formula"
    if column.personal_row is not None and kind is not Kind.KEY:
        yield "own_period_date" if kind is Kind.PERIOD else "own_column_personal"
    if is_left_out and fold(column.name) in personal_words():
        yield "own_column_personal"
    if column.exact_date_row is not None and kind not in (Kind.MONTH, Kind.PERIOD) and not _is_span(column, layout):
        yield "own_column_dates" if is_left_out and _may_be_period(column, layout) else "own_column_personal"
    if has_free_text(column, kind):
        yield "own_column_text"
    if is_left_out and column.is_mostly_amounts:
        if layout.level != AGGREGATE and column.is_mostly_distinct:
            yield "own_column_numbers"
    elif (
        is_left_out
        and not (is_impersonal(column) or _is_span(column, layout))
        and (column.is_mostly_distinct or 2 <= column.filled == len(column.words))
    ):
        yield "own_column_unmatched"
    if _has_too_many_words(column, layout.field_of(column.number)):
        yield "own_column_words"


def _is_span(column: ColumnProfile, layout: ColumnLayout) -> bool:
    """Whether a column of a table of totals has first or last days of months only."""
    return layout.level == AGGREGATE and is_ends_of_months(column)


def _may_be_period(column: ColumnProfile, layout: ColumnLayout) -> bool:
    """Whether a column has dates that could be periods, or a month field of records that no column has yet."""
    months = (
        {f.name for f in fields_of(layout.level).values() if f.kind is Kind.MONTH}
        if layout.level != AGGREGATE
        else set()
    )
    return column.is_all_dates and (layout.level == AGGREGATE or not months <= layout.used)


def has_free_text(column: ColumnProfile, kind: Kind | None) -> bool:
    """Whether a column has a text that is longer than a code and not the name of a code."""
    if column.is_text:
        return True
    if column.long_row is None or kind is Kind.ITEM:
        return False
    if kind not in OF_WORDS or column.is_many:
        return True
    return any(len(word) > LONGEST_CELL and not is_name_of_a_code(word) for word in column.words)


def _has_too_many_words(column: ColumnProfile, field: Field | None) -> bool:
    """Whether a column has more distinct words than its code list could need."""
    if field is None or field.kind is Kind.KEY:
        return False
    if field.kind not in (*OF_WORDS, Kind.ITEM):
        return len(find_unreadable(column, field.kind)) > _most_words(field)
    strange = [word for word in column.words if not (field.kind is Kind.CODE and known_code(word, field.list))]
    return column.is_many or len(column.words) > MAX_WORDS * 5 or len(strange) > _most_words(field)


def _most_words(field: Field | None) -> int:
    """Return the limit of distinct words: above the length of the code list, as hotlines may use finer codes."""
    if field is None:
        return MAX_WORDS
    if field.kind in (Kind.CODES, Kind.ITEM, Kind.ANY_CODE):
        return MAX_WORDS * 5
    if field.kind is Kind.CODE:
        return min(MAX_WORDS, 2 * len(code_lists()[field.list]) + 10)
    return _MOST_OTHER_WORDS
