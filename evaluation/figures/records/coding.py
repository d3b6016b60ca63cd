"""Convert a chunk of records to numbers, once per distinct text of a column."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from evaluation.figures.dictionary.items import RecordField
from evaluation.figures.problems.file_problems import Problem
from evaluation.figures.records.cells import EMPTY, WRONG, find_cell_problem, measure, places

MAX_PROBLEMS = 100


class Coded:
    """The fields of a chunk, each an array of the numbers of `cells.measure`. A field without a column is EMPTY."""

    def __init__(self, fields: Mapping[str, RecordField], frame: Any) -> None:
        self.fields = fields
        self.rows = frame.index.to_numpy()
        self._frame = frame
        self._empty = np.full(len(frame), EMPTY, dtype=np.int8)
        self._numbers: dict[str, Any] = {}
        self.wrong: dict[str, Any] = {}
        """By field, the mask of rows with an invalid cell."""
        for name, field in fields.items():
            if field.type != "key" and name in frame:
                self._numbers[name] = self._measure(field)

    def _measure(self, field: RecordField) -> Any:
        series = self._frame[field.name].cat
        numbers = [measure(field, _text(category)) for category in series.categories]
        # the last number is for rows without a category, whose code is -1
        lookup = np.array([*numbers, EMPTY], dtype=_smallest(numbers))
        spread = lookup[series.codes.to_numpy()]
        if WRONG in numbers:
            self.wrong[field.name] = spread == WRONG
        return spread

    def __getitem__(self, name: str) -> Any:
        return self._numbers.get(name, self._empty)

    def __len__(self) -> int:
        return len(self.rows)

    def has(self, name: str, *codes: str) -> Any:
        """Return the mask of rows in which a field has one of these codes."""
        field, numbers = self.fields[name], self[name]
        if field.type == "boolean":
            return numbers == int(codes[0] == "true")
        known = places(field.list)
        if len(codes) == 1:
            return numbers == known[codes[0]]
        chosen = np.zeros(len(known) + 2, dtype=bool)
        chosen[[known[code] for code in codes]] = True
        return chosen[numbers]

    def find_wrong(self) -> tuple[int, list[Problem]]:
        """Return the number of invalid cells, and the problems of the first of them."""
        count, problems = 0, []
        for name, wrong in self.wrong.items():
            found = np.flatnonzero(wrong)
            count += len(found)
            texts = self._frame[name].iloc[found[:MAX_PROBLEMS]]
            for row, text in texts.items():
                code, params = find_cell_problem(self.fields[name], _text(text))
                problems.append(Problem(code, int(row), name, params=params))
        return count, problems

    def find_missing(self) -> tuple[int, list[Problem]]:
        """Return the number of required cells that are empty, and the problems of the first of them."""
        count, problems = 0, []
        for name, field in self.fields.items():
            if field.type == "key" or not (field.is_required or field.conditions):
                continue
            missing = self[name] == EMPTY
            for other, codes in field.conditions.items():
                if not missing.any():
                    break
                missing &= self.has(other, *codes)
            places_of = np.flatnonzero(missing)
            count += len(places_of)
            problems += [Problem("field_required", int(self.rows[p]), name) for p in places_of[:MAX_PROBLEMS]]
        return count, problems

    def find(self, code: str, name: str, where: Any) -> tuple[int, list[Problem]]:
        """Return the number of rows in the mask `where`, and the problems `code` of the first of them in a column."""
        places_of = np.flatnonzero(where)
        return len(places_of), [Problem(code, int(self.rows[p]), name) for p in places_of[:MAX_PROBLEMS]]


def _text(category: object) -> str:
    """Return a category as text: pandas converts categories to numbers if all of them are numbers."""
    return str(int(category)) if isinstance(category, float) and category.is_integer() else str(category)


def _smallest(numbers: Iterable[int]) -> Any:
    most = max(numbers, default=0)
    return np.int8 if most < 2**7 else np.int16 if most < 2**15 else np.int32
