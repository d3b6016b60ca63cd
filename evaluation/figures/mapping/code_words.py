"""Find the words of an export that represent codes, each with its probable code. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from evaluation.figures.dictionary.items import NOT_APPLICABLE, code_lists, items
from evaluation.figures.formats import Opened
from evaluation.figures.mapping.cells.dates import read_period
from evaluation.figures.mapping.cells.named_periods import months_numbered
from evaluation.figures.mapping.column_mapping import AGGREGATE, LEFT_OUT, LONG, UNIT, ColumnMapping
from evaluation.figures.mapping.column_profile import ColumnProfile
from evaluation.figures.mapping.columns import ColumnLayout
from evaluation.figures.mapping.durations import (
    CHOICES,
    NUMBERS,
    find_pattern,
    find_question,
    is_another_unit,
    typical_time,
)
from evaluation.figures.mapping.words.fields import YES_AND_NO, Kind
from evaluation.figures.mapping.words.headings import UNITS, find_unit
from evaluation.figures.mapping.words.uses import find_field, is_time_of, open_dimensions, split_figure
from evaluation.figures.mapping.words.vocabulary import (
    Certainty,
    find,
    find_code,
    find_figure,
    is_also_a_country,
    words_for_codes,
)

Answers = Callable[[str, str], str | None]
"""A function that returns the code that a user chose for a word of a list, or None."""
MONTHS = tuple(str(number) for number in range(1, 13))
"""The possible answers for a word that is a month in two languages, as `listopad`, which is October or November."""
_SHORTEST_NAME = 2
_LONGEST_MARK = 6
_SEVERAL = re.compile(r"\s*[;|,]\s*")


@dataclass(frozen=True, slots=True)
class WordQuestion:
    """A word with its confirmed or probable code. `list` names the code list."""

    list: str
    word: str
    code: str
    certainty: Certainty
    column: str
    of: str = ""
    """The code list of the dictionary, if `list` is the name of a field."""
    typical: str = ""
    """A typical time under a heading whose unit is asked."""


def split_codes(text: str) -> list[str]:
    """Split a cell that may contain several words."""
    return [word for word in _SEVERAL.split(text) if word]


def is_code(word: str, name: str) -> bool:
    """Whether a word is already a code of the published format, and cannot be anything else."""
    return _is_listed(word, name) and not is_also_a_country(word, name)


def _is_listed(code: str, name: str) -> bool:
    return code in (YES_AND_NO if name == "boolean" else code_lists().get(name, ()))


def gather_words(
    opened: Opened,
    profiles: Sequence[ColumnProfile],
    layout: ColumnLayout,
    mapping: ColumnMapping,
    answers: Answers,
    earlier: ColumnMapping | None = None,
) -> tuple[WordQuestion, ...]:
    """Return a question for every word, once per code list, in the order of the columns.

    The unit of times is asked again if they differ much from those that `earlier`, a saved mapping, was made for.
    """
    found: dict[tuple[str, str], WordQuestion] = {}
    for column in profiles:
        for name, word, of in _words_of(column, layout, mapping):
            found.setdefault((name, word), _word_question(name, word, of, column.name, layout.level, answers))
    if layout.shape == LONG:
        names = {use: place for place, (use, _c) in ((n - 1, layout.uses[n]) for n in sorted(layout.uses))}
        for name, word, place in _words_of_rows(opened, names, found):
            found.setdefault((name, word), _word_question(name, word, name, opened.names[place], layout.level, answers))
        times = _times_of_figures(opened, names, found)
    else:
        times = {column.name: (set(column.words), column.name) for column in profiles if _holds_times(column, layout)}
    for heading, (texts, name) in times.items():
        if question := find_question(texts):
            typical, said = typical_time(texts), earlier.evidence_of(UNIT, heading) if earlier else None
            known = _no_answer if is_another_unit(typical, said or "") else answers
            found[UNIT, heading] = _word_question(UNIT, heading, question, name, layout.level, known, typical)
    return tuple(found.values())


def _no_answer(_list: str, _word: str) -> None:
    """Return no code: what was said of another file may not hold for this one."""


def _holds_times(column: ColumnProfile, layout: ColumnLayout) -> bool:
    return is_time_of(layout.level, layout.uses[column.number][0])


def _times_of_figures(
    opened: Opened, places: dict[str, int], found: dict[tuple[str, str], WordQuestion]
) -> dict[str, tuple[set[str], str]]:
    """Return, by the name of a figure that is a time, the texts of its numbers and the column of the name.

    An empty cell below a name may repeat that name.
    """
    times: dict[str, tuple[set[str], str]] = {}
    if "item" not in places or "value" not in places:
        return times
    name = ""
    for _number, cells in opened.rows():
        name = cells[places["item"]] or name
        question = found.get(("item", name))
        if question is not None and is_time_of(AGGREGATE, question.code):
            times.setdefault(question.word, (set(), question.column))[0].add(cells[places["value"]])
    return times


def _words_of(column: ColumnProfile, layout: ColumnLayout, mapping: ColumnMapping) -> Iterator[tuple[str, str, str]]:
    wanted = find_field(layout.level, layout.uses[column.number][0])
    if wanted is None or column.is_empty:
        return
    kind = wanted.kind
    if kind in (Kind.NUMBER, Kind.INTEGER):
        yield from (("value", word, "value") for word in find_unreadable(column, kind))
    elif kind in (Kind.PERIOD, Kind.MONTH):
        list_ = "period" if kind is Kind.PERIOD else wanted.name
        of = "rows" if kind is Kind.PERIOD else "value"
        yield from ((list_, word, of) for word in find_unreadable(column, kind, mapping.date_order))
    elif kind is Kind.ITEM:
        yield from (("item", word, "item") for word in column.words)
    elif kind in (Kind.CODE, Kind.CODES, Kind.BOOLEAN):
        of = "boolean" if kind is Kind.BOOLEAN else wanted.list
        words: Iterable[str] = column.words
        if kind is Kind.CODES:
            words = dict.fromkeys(word for text in column.words for word in split_codes(text))
        yield from ((wanted.name, word, of) for word in words if not is_code(word, of))


def find_unreadable(column: ColumnProfile, kind: Kind, order: str = "") -> list[str]:
    """Return the texts that are no numbers in a column of numbers, or no periods in a column of periods."""
    if kind in (Kind.NUMBER, Kind.INTEGER):
        return [word for word in column.other_words if word != NOT_APPLICABLE]
    orders, months = (order,) if order else ("dmy", "mdy"), months_numbered(column.name)
    return [word for word in column.words if not any(read_period(word, each, 2000, months) for each in orders)]


def _words_of_rows(
    opened: Opened, places: dict[str, int], found: dict[tuple[str, str], WordQuestion]
) -> Iterator[tuple[str, str, int]]:
    """Yield the words that divide figures, each with its code list, which the figure of its row determines."""
    if "item" not in places:
        return
    name = ""
    for _number, cells in opened.rows():
        name = cells[places["item"]] or name
        question = found.get(("item", name))
        if question is None or not question.certainty:
            continue
        given = [place for place in (places.get("code1"), places.get("code2")) if place is not None and cells[place]]
        for place, dimension in zip(given, open_dimensions(question.code), strict=False):
            if not is_code(cells[place], dimension):
                yield dimension, cells[place], place


def _of_cells(words: Iterable[WordQuestion]) -> Iterator[WordQuestion]:
    """Yield the words of cells, without those of headings."""
    return (word for word in words if word.list != UNIT)


def find_without_meaning(profiles: Iterable[ColumnProfile], words: Iterable[WordQuestion], level: str) -> list[str]:
    """Return the columns most of whose words a user left out and the vocabulary does not know.

    The words may be names of people, and left-out words are saved, too.
    """
    totals, left_out = Counter[str](), Counter[str]()
    for word in _of_cells(words):
        totals[word.column] += 1
        if (
            word.certainty is Certainty.CONFIRMED
            and word.code in ("", LEFT_OUT)
            and not _guess(word.word, word.of, level)[1]
        ):
            left_out[word.column] += 1
    return [
        column.name
        for column in profiles
        if left_out[column.name] > 1
        and 2 * left_out[column.name] > max(totals[column.name], len(column.words))
        and not column.is_mostly_numbers
        and 2 * column.dates < column.filled
    ]


def find_doubtful(
    profiles: Iterable[ColumnProfile], words: Iterable[WordQuestion], level: str, earlier: ColumnMapping | None
) -> set[str]:
    """Return the columns most of whose words are neither in the vocabulary nor in the mapping of an `earlier` file.

    The words are the hotline's own codes or names of people; no rule distinguishes the two in every language.
    """
    totals, strange = Counter[str](), Counter[str]()
    for word in _of_cells(words):
        totals[word.column] += 1
        is_saved = earlier is not None and earlier.answer(word.list, word.word) is not None
        if not is_saved and not _is_short(word.word) and not _is_known(word, level):
            strange[word.column] += 1
    return {
        column.name for column in profiles if 2 * strange[column.name] > max(totals[column.name], len(column.words))
    }


def _is_known(word: WordQuestion, level: str) -> bool:
    certainty = _guess(word.word, word.of, level)[1] if word.certainty is Certainty.CONFIRMED else word.certainty
    return certainty is not Certainty.NONE


def _is_short(word: str) -> bool:
    """Whether a word is too short to be a name: `m`, `T1`, `12-17`."""
    return len(word) <= _SHORTEST_NAME or (len(word) <= _LONGEST_MARK and not any(map(str.isalpha, word[1:])))


def _word_question(
    name: str, word: str, of: str, column: str, level: str, answers: Answers, typical: str = ""
) -> WordQuestion:
    answer = answers(name, word)
    if answer is not None and is_answer(answer, of, level):
        return WordQuestion(name, word, answer, Certainty.CONFIRMED, column, of, typical)
    code, certainty = _guess(word, of, level)
    return WordQuestion(name, word, code, certainty, column, of, typical)


def is_answer(code: str, of: str, level: str) -> bool:
    """Whether a code is allowed for a word of this list."""
    if level == AGGREGATE and code == LEFT_OUT and of not in ("value", "quality", *CHOICES):
        return True
    if of in CHOICES:
        return code in CHOICES[of]
    if of == "rows":
        return code in MONTHS
    if of == "value":
        return code in ("", NOT_APPLICABLE)
    if of == "item":
        return split_figure(code) is not None
    return _is_listed(code, of) or (code == "" and level != AGGREGATE)


def _guess(word: str, of: str, level: str) -> tuple[str, Certainty]:
    if of in CHOICES:
        return _guess_unit(word, of)
    rows = words_for_codes("rows")
    if of == "rows":
        return find(word, rows)
    found = find_figure(word) if of == "item" else find_code(word, of)
    if not found[1] and level == AGGREGATE and of in (*code_lists(), "item"):
        return find(word, rows)
    return found


def _guess_unit(heading: str, question: str) -> tuple[str, Certainty]:
    """Return the unit of time that a heading names; for an item code, the unit of the dictionary."""
    if question == NUMBERS:
        unit = find_unit(heading, is_known=bool(find_figure(heading)[1]))
    else:
        unit = find_pattern(heading, question)
    if not unit and question == NUMBERS and (item := items().get(heading)):
        unit = UNITS.get(item.unit.removesuffix("s"), "")
    return (unit, Certainty.SURE) if unit else ("", Certainty.NONE)
