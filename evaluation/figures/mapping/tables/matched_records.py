"""Convert rows of contacts or cases in a hotline's own columns to the published format. Pure.

In chunks, each distinct word is translated once, not row by row.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any

from evaluation.figures.dictionary.items import record_fields
from evaluation.figures.formats import Opened, RowAccount, Unreadable
from evaluation.figures.mapping.cells.dates import months_in, read_period
from evaluation.figures.mapping.cells.number_formats import normalize_number
from evaluation.figures.mapping.cells.tokens import tokenize
from evaluation.figures.mapping.code_words import is_code, split_codes
from evaluation.figures.mapping.column_mapping import CASE, CONTACT, LEFT_OUT, ColumnMapping, Period
from evaluation.figures.mapping.durations import as_whole_seconds, is_time, read_seconds
from evaluation.figures.mapping.tables.matched import Matched, RowQuestion
from evaluation.figures.mapping.tables.row_answers import (
    ALIKE,
    DOUBTS,
    OF_PERIOD,
    ONCE,
    SAME_CASE,
    answer_for,
    basis_of,
)
from evaluation.figures.mapping.words.fields import Field, Kind, fields_of
from evaluation.figures.mapping.words.headings import concepts_of_heading
from evaluation.figures.mapping.words.uses import is_time_of
from evaluation.figures.problems.file_problems import Problem

Cells = tuple[str, ...]
KEYS = {CONTACT: "contact_key", CASE: "case_key"}
_DECIDING = {
    CONTACT: ("channel", "result", "contact_type", "category"),
    CASE: ("status_end", "new_in_period", "category"),
}
"""The fields whose codes are counted apart."""
_FEWEST_ROWS, _TRIED_ROWS = 8, 50
_LEAST_DISTINCT, _MOST_PARTS = 0.25, 12
"""The least share of distinct numbers, and the most rows with one number, of a column that may number calls."""
_SHORTEST_NUMBER = 5
_MOST_CHILDREN = 12
"""The most children of a case."""
_RECORD_WORDS = frozenset(
    ["id", "uid", "uniqueid", "linkedid", "callid", "guid", "ref", "reference", "referenz", "ticket", "nr", "no", "#"]
)
"""Words of headings of numbers of records."""


class MatchedRecords(Matched):
    """An export of records. Without a key column, each row is a separate contact, or a case of one child."""

    def __init__(
        self, opened: Opened, mapping: ColumnMapping, hotline_code: str, period: Period, moment: datetime
    ) -> None:
        super().__init__(opened, mapping, hotline_code, period, moment)
        self._fields = fields_of(mapping.level)
        self._places = {use: place for place, use in enumerate(self.uses) if use in self._fields}
        self._made = {
            name: constant
            for name, constant in mapping.constants.items()
            if name in self._fields and name not in self._places
        }
        if (key := KEYS[mapping.level]) not in self._places:
            self._made[key] = ""
        if mapping.level == CASE and "child_seq" not in self._places:
            self._made["child_seq"] = ""
        self._conditions = {
            name: found.conditions
            for name, found in record_fields()[mapping.level].items()
            if name in self._made and found.conditions
        }
        """Of the fields with a constant that only some rows need."""
        self.names = tuple(name for name in self._fields if name in self._places or name in self._made)
        self._in_turn = sorted(self.names, key=lambda name: name in self._conditions)
        """The names with those that depend on others last."""

    @cached_property
    def _alike(self) -> dict[int, int]:
        """Rows that equal an earlier one in every cell, with the number of that row; none if keys distinguish them."""
        if KEYS[self.mapping.level] in self._places:
            return {}
        import pandas

        from evaluation.figures.records.keys import find_repeated

        hash_key, numbers, rows = secrets.token_hex(8), [], []
        for frame in self.opened.chunks():
            numbers.append(pandas.util.hash_pandas_object(frame, index=False, hash_key=hash_key).to_numpy())
            rows.append(frame.index.to_numpy())
        return dict(find_repeated(numbers, rows)) if numbers else {}

    @cached_property
    def _children(self) -> Mapping[int, int]:
        """Rows with the key of an earlier row, each with its number in the case; none if a column numbers children."""
        if self.mapping.level != CASE or "case_key" not in self._places or "child_seq" in self._places:
            return {}
        frame = self._hashes(self._places["case_key"])
        frame = frame[frame["is_filled"]]
        numbers = frame.groupby("hash").cumcount() + 1
        return dict(zip(frame.index[numbers > 1].tolist(), numbers[numbers > 1].tolist(), strict=True))

    def _hashes(self, place: int) -> Any:
        """Return a keyed hash of each text of a column and whether it has one, by the number of the row."""
        import pandas

        hash_key, parts = secrets.token_hex(8), []
        for frame in self.opened.chunks():
            texts = frame.iloc[:, place].astype(str)
            hashes = pandas.util.hash_array(texts.to_numpy(dtype=object), hash_key=hash_key)
            parts.append(pandas.DataFrame({"hash": hashes, "is_filled": texts.to_numpy() != ""}, index=frame.index))
        return pandas.concat(parts) if parts else pandas.DataFrame({"hash": [], "is_filled": []})

    @cached_property
    def _doubts(self) -> tuple[Problem, ...]:
        """Columns that show that a row is not one contact, or not one child, and what is the same in every row."""
        same = self._find_same_codes()
        if self.mapping.level == CONTACT:
            return (*self._find_numbers_of_calls(), *same)
        return (*self._find_numbers_of_children(), *self._find_lone_numbers(), *same)

    def _find_same_codes(self) -> Iterator[Problem]:
        """Yield a doubt for each field without a column that decides what is counted: all other codes would count 0."""
        for name in _DECIDING[self.mapping.level]:
            if code := self._made.get(name):
                yield Problem("doubt_same_code", params={"list": self._fields[name].list, "code": code})

    def _find_numbers_of_calls(self) -> Iterator[Problem]:
        """Yield a doubt for a column without a use that has each of its numbers in about two rows, as parts of a call."""
        for place, use in enumerate(self.uses):
            if use not in ("", LEFT_OUT) or not self._looks_like_numbers_of_records(place):
                continue
            frame = self._hashes(place)
            counts = frame.loc[frame["is_filled"], "hash"].value_counts()
            rows, most = int(counts.sum()), int(counts.max()) if len(counts) else 0
            if rows >= _FEWEST_ROWS and _LEAST_DISTINCT * rows <= len(counts) < rows and most <= _MOST_PARTS:
                yield Problem("doubt_calls", self.names_row, self.column_label(place))

    def _looks_like_numbers_of_records(self, place: int) -> bool:
        texts = [cells[place] for _number, cells in islice(self.opened.rows(), _TRIED_ROWS) if cells[place]]
        is_named = not _RECORD_WORDS.isdisjoint(tokenize(self.opened.names[place]))
        return bool(texts) and all(
            any(map(str.isdigit, text))
            and (is_named or len(text) >= _SHORTEST_NUMBER)
            and not (is_time(text) or read_period(text, "dmy") or read_period(text, "mdy"))
            for text in texts
        )

    def _find_numbers_of_children(self) -> Iterator[Problem]:
        """Yield a doubt for a column without a use that may say how many children a case has, and says more than one.

        Its heading is `children`, or it has one or more in each row as most cases have: that is so in any language.
        """
        if self.mapping.level != CASE or "child_seq" in self._places:
            return
        places = [place for place, use in enumerate(self.uses) if use in ("", LEFT_OUT)]
        named = {place for place in places if "child" in concepts_of_heading(self.opened.names[place])}
        counts = {place: Counter[str]() for place in places}
        several: dict[int, int] = {}
        for frame in self.opened.chunks():
            for place in [*counts]:
                texts = frame.iloc[:, place].astype(str)
                counts[place].update(texts[texts != ""].value_counts().to_dict())
                if place not in named and not all(map(_is_count, counts[place])):
                    del counts[place]
                    continue
                rows = frame.index[texts.isin([text for text in counts[place] if text.isdecimal() and int(text) > 1])]
                if len(rows):
                    several.setdefault(place, int(rows[0]))
        for place, row in several.items():
            if place in named or (place in counts and counts[place].most_common(1)[0][0] == "1"):
                yield Problem("doubt_children", row, self.column_label(place))

    def _find_lone_numbers(self) -> Iterator[Problem]:
        """Yield a doubt if children are numbered higher than their case has rows: it may be how many there are."""
        if "child_seq" not in self._places or "case_key" not in self._places:
            return
        import pandas

        place, frame = self._places["child_seq"], self._hashes(self._places["case_key"])
        texts = [chunk.iloc[:, place].astype(str) for chunk in self.opened.chunks()]
        numbers = pandas.to_numeric(pandas.concat(texts), errors="coerce") if texts else frame["hash"]
        odd = frame.index[(numbers > frame.groupby("hash")["hash"].transform("size")).to_numpy()]
        if len(odd):
            yield Problem("doubt_children", int(odd[0]), self.column_label(place))

    @cached_property
    def _dropped(self) -> Collection[int]:
        return self._alike if answer_for(self.mapping, ALIKE, self.basis(ALIKE)) == ONCE else ()

    @property
    def questions(self) -> tuple[RowQuestion, ...]:
        self._require_columns()
        found = []
        if self._alike and not self._is_answered(ALIKE):
            found.append(RowQuestion(ALIKE, tuple(self._alike)))
        if self._children and not self._is_answered(SAME_CASE):
            found.append(RowQuestion(SAME_CASE, tuple(self._children)))
        if self._doubts and not self._is_answered(DOUBTS):
            rows = tuple(sorted({doubt.row for doubt in self._doubts if doubt.row}))
            found.append(RowQuestion(DOUBTS, rows, doubts=self._doubts))
        return tuple(found)

    def basis(self, about: str) -> str:
        if about == ALIKE:
            return basis_of(self.opened.row_count, [*self._alike.items()])
        if about == SAME_CASE:
            return basis_of(self.opened.row_count, [*self._children.items()])
        return basis_of(self.opened.row_count, self._doubts)

    @property
    def noticed(self) -> tuple[Problem, ...]:
        found = []
        if self.mapping.level == CASE and "case_key" not in self._places:
            found.append(Problem("own_rows_are_cases"))
        elif self.mapping.level == CASE and "child_seq" not in self._places and not self._children:
            found.append(Problem("own_cases_are_children"))
        if self._alike and not self._dropped:
            row, first = next(iter(self._alike.items()))
            found.append(Problem("own_records_alike", row, params={"first": first, "count": len(self._alike)}))
        return tuple(found)

    def account(self, read: int) -> RowAccount:
        opened = self.opened
        in_file = opened.row_count + len(opened.below)
        return RowAccount(in_file, read, opened.empty_count, left_out=opened.below, repeated=tuple(self._dropped))

    def _require_columns(self) -> None:
        """Raise Unreadable if two columns have the same use, or children are numbered but cases have no key."""
        problems = self.find_repeated_uses()
        is_month = months_in(self.period) == [self.period[0]]
        problems += [
            Problem("own_month_unclear", column=name)
            for name, constant in self._made.items()
            if constant == OF_PERIOD and not is_month
        ]
        if self.mapping.level == CASE and "child_seq" in self._places and "case_key" not in self._places:
            problems.append(Problem("own_children_without_case", column=self.column_label(self._places["child_seq"])))
        if problems:
            raise Unreadable(*problems)

    def rows(self) -> Iterator[tuple[int, Cells]]:
        self._require_columns()
        for number, cells in self.opened.rows():
            if number in self._dropped:
                continue
            made: dict[str, str] = {}
            for name in self._in_turn:
                if name in self._places:
                    made[name] = self._translate(self._fields[name], cells[self._places[name]], number)
                elif all(made.get(other) in codes for other, codes in self._conditions.get(name, {}).items()):
                    made[name] = self._make(name, number)
                else:
                    made[name] = ""
            yield number, tuple(made[name] for name in self.names)

    def _make(self, name: str, number: int) -> str:
        """Return the value of a field without a column."""
        if name == "child_seq":
            return str(self._children.get(number, 1))
        if self._made[name] == OF_PERIOD:
            return self.period[0].isoformat()[:7]
        return self._made[name] or make_key(number)

    def chunks(self, *, plain: Collection[str] = (), size: int = 100_000) -> Iterator[Any]:
        import numpy
        import pandas

        self._require_columns()
        for opened in self.opened.chunks(size=size):
            frame = opened[~opened.index.isin(self._dropped)] if self._dropped else opened
            if not len(frame):
                continue
            columns: dict[str, Any] = {}
            for name in self._in_turn:
                if name in self._places:
                    column = self._translate_column(self._fields[name], frame, self._places[name])
                elif self._made[name]:
                    value = self._make(name, 0)
                    needed = numpy.ones(len(frame), dtype=bool)
                    for other, codes in self._conditions.get(name, {}).items():
                        needed &= columns[other].isin(codes) if other in columns else False
                    column = pandas.Categorical.from_codes(numpy.where(needed, 0, 1), [value, ""])
                else:
                    column = pandas.Categorical([self._make(name, int(number)) for number in frame.index])
                columns[name] = column
            made = pandas.DataFrame({name: columns[name] for name in self.names}, index=frame.index)
            yield made.astype({name: str for name in plain if name in columns}) if plain else made

    def own_column(self, problem: Problem) -> str | None:
        place = self._places.get(problem.column or "")
        return None if place is None else self.column_label(place)

    def _translate_column(self, wanted: Field, frame: Any, place: int) -> Any:
        """Return a column with its distinct texts translated; two words may have the same code."""
        import numpy
        import pandas

        values = frame.iloc[:, place].array
        used = numpy.unique(values.codes)
        texts = [""] * len(values.categories)
        for code in used.tolist():
            text = str(values.categories[code])
            translated = self._read(wanted, text)
            if translated is None:
                row = int(frame.index[int((values.codes == code).argmax())])
                raise Unreadable(self._problem(wanted, row, place))
            texts[code] = translated
        categories = list(dict.fromkeys(texts))
        place_of = {text: number for number, text in enumerate(categories)}
        codes = numpy.array([place_of[text] for text in texts] or [0], dtype="int32")[values.codes]
        return pandas.Categorical.from_codes(codes, pandas.Index(categories, dtype=object))

    def _translate(self, wanted: Field, text: str, row: int) -> str:
        translated = self._read(wanted, text)
        if translated is None:
            raise Unreadable(self._problem(wanted, row, self._places[wanted.name]))
        return translated

    def _problem(self, wanted: Field, row: int, place: int) -> Problem:
        code = {Kind.MONTH: "own_date_unreadable", Kind.INTEGER: "own_number_unreadable"}.get(
            wanted.kind, "own_word_unknown"
        )
        if is_time_of(self.mapping.level, wanted.name):
            code = "own_time_unreadable"
        return Problem(code, row, self.column_label(place))

    def _read(self, wanted: Field, text: str) -> str | None:
        """Return a cell in the published format, or None if its meaning is unknown."""
        if not text or wanted.kind is Kind.KEY:
            return text
        if wanted.kind is Kind.CODES:
            codes = [self._read_word(wanted, word) for word in split_codes(text)]
            return None if None in codes else ";".join(dict.fromkeys(code for code in codes if code))
        readers: dict[Kind, Callable[[str], str | None]] = {
            Kind.MONTH: self._read_month,
            Kind.INTEGER: self._read_wait if is_time_of(self.mapping.level, wanted.name) else self._read_number,
        }
        known = self.mapping.codes.get("value" if wanted.kind is Kind.INTEGER else wanted.name, {})
        if wanted.kind in readers:
            return known[text] if text in known else readers[wanted.kind](text)
        return self._read_word(wanted, text)

    def _read_word(self, wanted: Field, word: str) -> str | None:
        known = self.mapping.codes.get(wanted.name, {})
        if word in known:
            return known[word]
        of = "boolean" if wanted.kind is Kind.BOOLEAN else wanted.list
        return word if is_code(word, of) else None

    def _read_month(self, text: str) -> str | None:
        period = read_period(text, self.mapping.date_order)
        if period is None or (period[0].year, period[0].month) != (period[1].year, period[1].month):
            return None
        return period[0].isoformat()[:7]

    def _read_number(self, text: str) -> str | None:
        return normalize_number(text, self.mapping.marks)

    def _read_wait(self, text: str) -> str | None:
        heading = self.opened.names[self._places["wait_seconds"]]
        seconds = read_seconds(text, self.mapping.unit_of(heading), self.mapping.marks)
        return None if seconds is None else str(as_whole_seconds(seconds))


def _is_count(text: str) -> bool:
    """Whether a text may be the number of the children of a case."""
    return text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= _MOST_CHILDREN


def make_key(number: int) -> str:
    """Return a generated key for a row, with letters between its digits: it must not look like a telephone number."""
    return "".join(f"{digit}k" for digit in f"{number:08d}")
