"""Exports written cell by cell after real systems and hand-made tables, without looking at the reader.

`written_exports.txt` has a block for each file. Its first line is `@outcome|name|language|encoding|delimiter|marks|order
of dates|period|truths`. The truths say what each column is: an item with its codes after `:` or `@` (and a letter for
the way its times are written), `period`, `weeks`, `list:` with a code list, `item`, `value`, `.` for an empty column,
or `-` for anything else. The lines of the file follow as they are, except for three signs of blanks and tabs. A row
with figures begins with `+`, or with its item and `>`. Lines with `!` give the codes of words, and what the columns
of a table are once it is turned.

`name/2` and `name/3` are later files of the same sender, read under what was saved for the first. A user trusts what
is preselected, and answers truly what is asked. The outcome is `right` without a question, `asked` if right after
questions, `doubted` if wrong figures were doubted, `refused`, or `wrong`.
"""

import csv
import io
import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from evaluation.figures.dictionary.items import items
from evaluation.figures.formats import Source, Unreadable
from evaluation.figures.intake.published_format import read
from evaluation.figures.mapping import Certainty, ColumnMapping, NumberMarks, match, suggest_mapping
from evaluation.figures.mapping.column_mapping import LEFT_OUT
from evaluation.figures.mapping.tables.across import open_export
from evaluation.figures.mapping.words.uses import open_dimensions
from tests.evaluation.figures.own_exports import MOMENT

BLANKS = str.maketrans({"␣": "\u00a0", "⍽": "\u202f", "→": "\t"})
MARK = re.compile(r"\+|[A-Z]\d\d>|->")
COUNTED = re.compile(r"(?:[dtfx]:)?[\d(:]")
ITEM = re.compile(r"[A-Z]\d\d")
SOLVED_BY_USES = {"own_column_unmatched", "own_column_text", "own_column_dates", "own_column_personal"}
WRONG = {
    "wait-then-min/2": "5 under a heading without a unit, where 31 was seconds, may be 5 seconds",
    "count-then-percent/3": "9 of 1190 may be the calls answered in time, a share so low is not doubted",
    "title-cum-hr/3": "`od 1. siječnja` is also in the title of a table of a quarter",
}


@dataclass
class File:
    outcome: str
    name: str
    language: str
    encoding: str
    delimiter: str
    marks: str
    order: str
    period: str
    truths: list[str]
    lines: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)

    @property
    def months(self) -> tuple[date, date]:
        (year, month), (last_year, last) = (map(int, each.split("-")) for each in self.period.split(".."))
        return date(year, month, 1), date(last_year, last, monthrange(last_year, last)[1])

    @property
    def words(self) -> dict[str, str]:
        given = self.options.get("words", "")
        return {word: code for word, _, code in (pair.rpartition(":") for pair in given.split(";") if pair)}

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """The mark and the cells of each line."""
        found = []
        for line in self.lines:
            mark = match_[0] if (match_ := MARK.match(line)) else ""
            found.append(
                (mark, next(csv.reader([line.removeprefix(mark).translate(BLANKS)], delimiter=self.delimiter)))
            )
        return found

    @property
    def has_list(self) -> bool:
        return any(truth.startswith("list:") for truth in self.truths)

    def content(self) -> bytes:
        if self.encoding == "xlsx":
            return self._workbook()
        lines = (MARK.sub("", line, count=1) if MARK.match(line) else line for line in self.lines)
        return "".join(f"{line}\r\n" for line in lines).translate(BLANKS).encode(self.encoding)

    def _workbook(self) -> bytes:
        book, out = Workbook(), io.BytesIO()
        if "epoch" in self.options:
            book.epoch = CALENDAR_MAC_1904
        sheet, is_used = book.active, False
        for _mark, cells in self.rows:
            if cells[0].startswith("--- "):
                sheet = book.create_sheet() if is_used else sheet
                sheet.title = cells[0].removeprefix("--- ")
            else:
                sheet.append([_value(text) for text in cells])
                for cell, text in zip(sheet[sheet.max_row], cells, strict=True):
                    formats = {"f:": "0.0%", "t:": "[h]:mm:ss"}
                    cell.number_format = formats.get(text[:2], cell.number_format)
            is_used = True
        book.save(out)
        return out.getvalue()


def _value(text: str) -> object:
    """Return the value of a cell of a workbook: `d:` a day, `t:` seconds, `f:` a share, `x:` a text."""
    kind, rest = text[:2], text[2:]
    if kind == "d:":
        return date.fromisoformat(rest)
    if kind == "t:":
        return timedelta(seconds=int(rest))
    if kind == "x:":
        return rest
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if re.fullmatch(r"(f:)?-?\d+\.\d+", text):
        return float(text.removeprefix("f:"))
    return text or None


def files() -> list[File]:
    found: list[File] = []
    for line in (Path(__file__).parent / "written_exports.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            *head, truths = line[1:].split("|")
            head[5] = head[5].translate(BLANKS)
            head[4] = head[4].translate(BLANKS)
            found.append(File(*head, truths.split()))
        elif line.startswith("!"):
            name, _, value = line[1:].partition("=")
            found[-1].options[name] = value
        else:
            found[-1].lines.append(line)
    return found


# --- What is true -----------------------------------------------------------------------------------------------------


def use_of(truth: str) -> str:
    if truth.startswith("-") or truth == ".":
        return LEFT_OUT
    if ITEM.match(truth):
        return truth[:3] + truth[3:].lstrip("smxhtw").replace("@", ":")
    return "period" if truth == "weeks" else truth


def _number(text: str, file: File) -> Decimal:
    marks = ".," if file.encoding == "xlsx" and " " not in text else file.marks
    for mark in marks[1:]:
        text = text.replace(mark, "")
    return Decimal(text.removeprefix("x:").replace(marks[0], "."))


def _time(text: str, kind: str, file: File) -> Decimal:
    """Return the seconds of a time, or the hours of hours."""
    if kind == "w":
        *minutes, seconds = (int(part) for part in re.findall(r"\d+", text))
        return Decimal(seconds + 60 * sum(minutes))
    if kind in ("m", "h"):
        parts = [int(part or 0) for part in text.split(":")]
        return Decimal(sum(part * 60**place for place, part in enumerate(reversed(parts))))
    return _number(text.removeprefix("t:"), file) * (60 if kind == "x" else 1)


def figures_of(file: File) -> dict[tuple[str, tuple[str, ...]], Decimal | None]:
    """Return the true figures of a file; None for a figure that it does not have."""
    found: dict[tuple[str, tuple[str, ...]], Decimal | None] = {}
    means: dict[tuple[str, tuple[str, ...]], list[tuple[Decimal, Decimal]]] = {}
    for mark, cells in reversed(file.rows) if "latest_first" in file.options else file.rows:
        if len(mark) == 4:
            found[mark[:3], ()] = _number(cells[file.truths.index("value")], file)
        if mark != "+" or (file.words and not set(cells) & file.words.keys()):
            continue
        code = next((file.words[cell] for cell in cells if cell in file.words), "")
        answered = cells[file.truths.index("A04")] if "A04" in file.truths else ""
        weight = _number(answered, file) if COUNTED.match(answered) else Decimal(1)
        for cell, truth in zip(cells, file.truths, strict=False):
            item, *codes = use_of(truth).split(":")
            key = item, tuple(filter(None, (*codes, code)))
            if not ITEM.match(item):
                continue
            if not COUNTED.match(cell) or found.get(key, 0) is None:
                found[key] = None
            elif item in ("A08", "A14"):
                means.setdefault(key, []).append((_time(cell, truth[3:4], file), weight))
            elif truth.endswith("h"):
                found[key] = (found.get(key) or Decimal(0)) + _time(cell, "h", file) / 60
            elif item == "A20":
                found.setdefault(key, _number(cell, file))
            else:
                found[key] = _number(cell, file) + (Decimal(0) if item == "A24" else found.get(key) or Decimal(0))
    for key, own in means.items():
        found[key] = sum((time * by for time, by in own), Decimal(0)) / sum((by for _time, by in own), Decimal(0))
    if "A11" in file.truths:  # the contacts of all channels
        found["A09", ()] = sum(
            (number or Decimal(0) for (item, _c), number in found.items() if item == "A11"), Decimal(0)
        )
    return found


def _is_true(key: tuple[str, tuple[str, ...]], value: Decimal | None, file: File) -> bool:
    true = figures_of(file)
    if value is None:  # a mean without its weights, and the staff of several months, have no figure
        is_unknown = key[0] in ("A50", "A51") or (key[0] == "A08" and "A04" not in file.truths)
        return key in true and (true[key] is None or is_unknown)
    margin = Decimal(1) if key[0] in ("A08", "A14") else Decimal("0.02")
    return (number := true.get(key)) is not None and abs(number - value) < margin


def _true_code(file: File, word, truth_of: dict[str, str]) -> str | None:
    """Return the code of a word as its sender knows it, or None if there is no true answer."""
    if word.list == "unit":
        truth = truth_of.get(word.word, "")
        if word.of == "unit:two":
            return "h:m" if truth[:3] in ("A01", "A02") else "m:s"
        return "h:m:s" if word.of == "unit:three" else {"x": "min", "": "h"}.get(truth[3:], "s")
    if word.list == "value":
        return None if re.search(r"\d", word.word) else ""
    if word.list == "item":
        place = file.truths.index("item")
        mark = next((mark for mark, cells in file.rows if cells[place : place + 1] == [word.word]), "")
        return mark[:3] if len(mark) == 4 else LEFT_OUT
    if word.list == "period":
        rows = [cells for mark, cells in file.rows if mark == "+" and "period" in file.truths]
        return next((str(file.months[0].month + n) for n, cells in enumerate(rows) if word.word in cells), LEFT_OUT)
    return file.words.get(word.word, LEFT_OUT)


# --- How the file is read ---------------------------------------------------------------------------------------------


def outcome_of(file: File, saved: ColumnMapping | None) -> tuple[str, ColumnMapping | None]:
    """Return the outcome of a file, and its mapping if that can be saved."""
    try:
        return _read(file, saved)
    except Unreadable:
        return "refused", None


def _read(file: File, saved: ColumnMapping | None) -> tuple[str, ColumnMapping | None]:
    export = open_export(Source.of_bytes(file.content(), "export"))
    found = suggest_mapping(export, saved)
    if {problem.code for problem in found.problems} - SOLVED_BY_USES:
        return "refused", None
    asked = {question.about for question in found.questions} - {"period"}
    truth_of = dict(_truths(file, found.columns))
    uses = _uses(file, found, saved, truth_of)
    open_words = {(question.list, question.word) for question in found.questions if question.about == "word"}
    codes: dict[str, dict[str, str]] = {}
    for word in found.words:
        if word.certainty and (word.list, word.word) not in open_words:
            codes.setdefault(word.list, {})[word.word] = word.code
    mapping = replace(
        found.mapping,
        columns={name: use for name, use in uses.items() if use != LEFT_OUT},
        ignored=tuple(name for name, use in uses.items() if use == LEFT_OUT),
        shape="long" if "item" in file.truths else "wide",
        codes=codes,
    )
    for _round in range(2):  # the words of some columns are known after those of others
        again = suggest_mapping(export, mapping, answers=mapping.answer, earlier=saved, confirmed=range(1, 99))
        asked |= {question.about for question in again.questions} & {"marks", "order"}
        for word in again.words:
            if mapping.answer(word.list, word.word) is not None:
                continue
            is_trusted = saved is None and word.certainty is not Certainty.NONE
            code = word.code if is_trusted else _true_code(file, word, truth_of)
            if code is None:
                return "refused", None
            asked |= set() if is_trusted else {"word"}
            codes.setdefault(word.list, {})[word.word] = code
        mapping = replace(
            mapping,
            codes=codes,
            date_order=file.order if "order" in asked else again.mapping.date_order,
            marks=NumberMarks(file.marks[0], file.marks[1:2]) if "marks" in asked else again.mapping.marks,
        )
    again = suggest_mapping(export, mapping, answers=mapping.answer, earlier=saved, confirmed=range(1, 99))
    if again.problems or {question.about for question in again.questions} - {"period", "marks", "order"}:
        return "refused", None
    mapping = replace(again.mapping, marks=mapping.marks, date_order=mapping.date_order)
    if saved:
        mapping = replace(mapping, evidence={**mapping.evidence, "rows": saved.evidence.get("rows", {})})
    return _outcome(file, export, mapping, asked)


def _outcome(file: File, export, mapping: ColumnMapping, asked: set[str]) -> tuple[str, ColumnMapping | None]:
    matched = match(export, mapping, hotline_code="116000-XA", period=file.months, moment=MOMENT)
    while matched.questions:
        about = matched.questions[0].about
        asked.add(about)
        answer = {"doubts": "right", "empty_cells": LEFT_OUT, "repeated": "add"}[about]
        said = {name: basis for name, basis in matched.mapping.evidence["rows"].items() if name != about}
        constants = {**matched.mapping.constants, about: answer}
        evidence = {**matched.mapping.evidence, "rows": said}
        matched = matched.under(replace(matched.mapping, constants=constants, evidence=evidence))
    reading = read(matched)
    if reading.problems:
        return "refused", None
    figures = {(row.item, tuple(filter(None, row.codes))): row.amount.value for row in reading.rows}
    if all(_is_true(key, value, file) for key, value in figures.items()):
        return "asked" if asked else "right", ColumnMapping.from_data(matched.confirmed.as_data())
    return "doubted" if asked & {"doubts", "repeated"} else "wrong", None


def _truths(file: File, columns) -> Iterator[tuple[str, str]]:
    """Yield the name of each column with its truth; empty columns may be left out by the reader."""
    has_empty = max(column.number for column in columns) > len([t for t in file.truths if t != "."])
    if "turned" in file.options:
        truths = file.options["turned"].split()
        return (yield from zip((column.name for column in columns), truths, strict=True))
    truths = file.truths if has_empty else [truth for truth in file.truths if truth != "."]
    for column in columns:
        yield column.name, truths[column.number - 1] if column.number <= len(truths) else "-"


def _uses(file: File, found, saved: ColumnMapping | None, truth_of: dict[str, str]) -> dict[str, str]:
    """Return the uses of the columns: the suggested ones, and the true ones where a user is asked."""
    asked = {question.column for question in found.questions if question.about == "column"}
    uses = {}
    for column in found.columns:
        use = use_of(truth_of[column.name])
        if open_dimensions(use) and not file.has_list:  # cannot be read before it is divided
            use = LEFT_OUT
        is_trusted = column.use and column.name not in asked and (column.use != LEFT_OUT or saved)
        uses[column.name] = column.use if is_trusted else use
    return uses


def test_every_written_export_is_read_as_reported(capsys):
    found, saved = {}, {}
    for file in files():
        sender, _, number = file.name.partition("/")
        found[file.name], mapping = outcome_of(file, saved.get(sender) if number else None)
        if not number:
            saved[sender] = mapping
    with capsys.disabled():
        languages = len({file.language for file in files()})
        print(f"\n{len(found)} files in {languages} languages: {dict(Counter(found.values()))}")
    assert {name for name, outcome in found.items() if outcome == "wrong"} == WRONG.keys()
    assert found == {file.name: file.outcome for file in files()}


def test_an_item_of_the_truths_is_in_the_dictionary():
    truths = {use_of(truth) for file in files() for truth in file.truths}
    assert {use.split(":")[0] for use in truths if ITEM.match(use)} <= items().keys()
