"""The words of an export that stand for codes, each with the code that it seems to mean. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from evaluation.crm.dictionary import NOT_APPLICABLE, code_lists
from evaluation.crm.matching.columns import Laid
from evaluation.crm.matching.days import read_period
from evaluation.crm.matching.fields import YES_AND_NO, Kind
from evaluation.crm.matching.meaning import AGGREGATE, LEFT_OUT, LONG, Meaning
from evaluation.crm.matching.seeing import Seen
from evaluation.crm.matching.uses import find_field, open_dimensions, split_figure
from evaluation.crm.matching.vocabulary import Certainty, find, find_code, find_figure, words_for_codes
from evaluation.crm.opening import Opened

MONTHS = tuple(str(number) for number in range(1, 13))
"""What a word may mean that is a month in two languages: `listopad` is October in one and November in another."""
_SEVERAL = re.compile(r"\s*[;|,]\s*")


@dataclass(frozen=True, slots=True)
class Asked:
    """A word, and the code that it means or seems to mean. `list` says where the codes come from."""

    list: str
    word: str
    code: str
    certainty: Certainty
    column: str
    of: str = ""
    """The list of the dictionary, where `list` is a field."""


def several(text: str) -> list[str]:
    """The words of a cell that may hold more than one."""
    return [word for word in _SEVERAL.split(text) if word]


def is_code(word: str, name: str) -> bool:
    """Whether a word is already what the published format writes."""
    if name == "boolean":
        return word in YES_AND_NO
    return word in code_lists().get(name, ())


def gather_words(
    opened: Opened, seen: Sequence[Seen], laid: Laid, meaning: Meaning, said: Meaning
) -> tuple[Asked, ...]:
    """Every word once for its list, in the order of the columns."""
    found: dict[tuple[str, str], Asked] = {}
    for column in seen:
        for name, word, of in _words_of(column, laid, meaning):
            found.setdefault((name, word), _ask(name, word, of, column.name, said))
    if laid.shape == LONG:
        names = {use: place for place, (use, _c) in ((n - 1, laid.uses[n]) for n in sorted(laid.uses))}
        for name, word, place in _words_of_rows(opened, names, found):
            found.setdefault((name, word), _ask(name, word, name, opened.names[place], said))
    return tuple(found.values())


def _words_of(column: Seen, laid: Laid, meaning: Meaning) -> Iterator[tuple[str, str, str]]:
    wanted = find_field(laid.level, laid.uses[column.number][0])
    if wanted is None or column.is_empty:
        return
    kind = wanted.kind
    if kind in (Kind.NUMBER, Kind.INTEGER):
        yield from (("value", word, "value") for word in column.other_words if word != NOT_APPLICABLE)
    elif kind in (Kind.PERIOD, Kind.MONTH):
        list_ = "period" if kind is Kind.PERIOD else wanted.name
        orders = (meaning.date_order,) if meaning.date_order else ("dmy", "mdy")
        unread = (w for w in column.words if not any(read_period(w, order, 2000) for order in orders))
        yield from ((list_, word, "rows" if kind is Kind.PERIOD else "value") for word in unread)
    elif kind is Kind.ITEM:
        yield from (("item", word, "item") for word in column.words)
    elif kind in (Kind.CODE, Kind.CODES, Kind.BOOLEAN):
        of = "boolean" if kind is Kind.BOOLEAN else wanted.list
        words: Iterable[str] = column.words
        if kind is Kind.CODES:
            words = dict.fromkeys(word for text in column.words for word in several(text))
        yield from ((wanted.name, word, of) for word in words if not is_code(word, of))


def _words_of_rows(
    opened: Opened, places: dict[str, int], found: dict[tuple[str, str], Asked]
) -> Iterator[tuple[str, str, int]]:
    """The words that divide figures: of which list they are, the figure in their row says."""
    if "item" not in places:
        return
    for _number, cells in opened.rows():
        asked = found.get(("item", cells[places["item"]]))
        if asked is None or not asked.certainty:
            continue
        given = [place for place in (places.get("code1"), places.get("code2")) if place is not None and cells[place]]
        for place, dimension in zip(given, open_dimensions(asked.code), strict=False):
            if not is_code(cells[place], dimension):
                yield dimension, cells[place], place


def _ask(name: str, word: str, of: str, column: str, said: Meaning) -> Asked:
    known = said.codes.get(name, {})
    if word in known and is_answer(known[word], of, said.level):
        return Asked(name, word, known[word], Certainty.CONFIRMED, column, of)
    code, certainty = _guess(word, of)
    if not certainty and said.level == AGGREGATE and of in (*code_lists(), "item"):
        code, certainty = find(word, words_for_codes("rows"))
    return Asked(name, word, code, certainty, column, of)


def is_answer(code: str, of: str, level: str) -> bool:
    """Whether a code may stand beside a word of this list."""
    if level == AGGREGATE and code == LEFT_OUT and of not in ("value", "quality"):
        return True
    if of == "rows":
        return code in MONTHS
    if of == "value":
        return code in ("", NOT_APPLICABLE)
    if of == "item":
        return split_figure(code) is not None
    return is_code(code, of) or (code == "" and level != AGGREGATE)


def _guess(word: str, of: str) -> tuple[str, Certainty]:
    if of == "item":
        return find_figure(word)
    if of == "rows":
        return find(word, words_for_codes("rows"))
    return find_code(word, of)
