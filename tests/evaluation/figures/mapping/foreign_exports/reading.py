"""Read a foreign export as its sender does, who trusts what is preselected and answers truly what is asked."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from evaluation.figures.dictionary.items import code_lists, record_fields
from evaluation.figures.formats import Opened, Source, Unreadable, open_file
from evaluation.figures.intake.published_format import read
from evaluation.figures.mapping import ColumnMapping, NumberMarks, match, suggest_mapping
from evaluation.figures.mapping.column_mapping import AGGREGATE, CASE, CONTACT, LEFT_OUT, LONG, WIDE
from evaluation.figures.mapping.tables.across import PERIOD, VALUES, open_export
from evaluation.figures.mapping.tables.matched_records import KEYS, make_key
from evaluation.figures.mapping.tables.row_answers import (
    ADD,
    ALIKE,
    CHILDREN,
    DOUBTS,
    EMPTY_CELLS,
    REPEATED,
    SAME_CASE,
)
from evaluation.figures.mapping.words.uses import open_dimensions, split_figure
from tests.evaluation.figures.mapping.foreign_exports.senders import File, parse
from tests.evaluation.figures.mapping.foreign_exports.worlds import MEANS, months_of

MOMENT = datetime(2027, 2, 1, 9, tzinfo=UTC)
RIGHT, ASKED, PREPARED, DOUBTED, REFUSED, WRONG = "right", "asked", "prepared", "doubted", "refused", "wrong"
"""`prepared` is asked and right, after columns were taken out of a copy, and keys made, before it was sent."""
OF_RECORDS = {"caselist": CASE, "calls": CONTACT, "contacts": CONTACT}
FIELDS = {
    CASE: {
        "opened": "opened_month",
        "month": "opened_month",
        "datetime": "opened_month",
        "closed": "closed_month",
        "category": "category",
        "sex": "sex",
        "age": "age_band",
        "ageband": "age_band",
        "status": "status_end",
        "role": "first_reporter",
        "seq": "child_seq",
    },
    CONTACT: {
        "at": "contact_month",
        "date": "contact_month",
        "datetime": "contact_month",
        "month": "contact_month",
        "channel": "channel",
        "role": "contact_role",
        "language": "language",
        "result": "result",
        "wait": "wait_seconds",
        "in": "direction",
    },
}
"""The field that each column of a list holds, by the level of the list."""
SAME = {
    CASE: {"new_in_period": "new", "at_risk_only": "false", "status_end": "open"},
    CONTACT: {
        "direction": "inbound",
        "channel": "phone_116000",
        "result": "answered",
        "contact_role": "unknown",
        "linked_to_case": "none",
    },
}
"""What the sender of a list knows of all its rows; of anything else she says that it is unknown."""
CODES = {
    "short": "abandoned_short",
    "late": "abandoned",
    "outbound": "outbound",
    "inbound": "inbound",
    "girl": "girl",
    "boy": "boy",
}
REMOVABLE = {"own_column_personal", "own_column_dates", "own_column_unmatched", "own_column_text", "own_column_numbers"}
OF_CASES = ("A21", "A25")
"""What a list of the cases opened in a period tells of the world; the rest needs the cases from before it."""


@dataclass
class Outcome:
    """What became of a file, its mapping if figures were taken, and why."""

    kind: str
    mapping: ColumnMapping | None = None
    why: list[Any] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    """The numbers of the columns that must not be sent."""


def outcome_of(file: File, saved: ColumnMapping | None) -> Outcome:
    content = file.data
    try:
        found = _Reader(file, content, saved).outcome()
        if found.kind == REFUSED and file.notes["layout"] in OF_RECORDS and REMOVABLE & set(found.why):
            first = found
            found = _Reader(file, prepare(file, first.refused), saved).outcome()
            found.why.append(first.why)
            if found.kind in (RIGHT, ASKED):
                found.kind = PREPARED
    except Unreadable as unreadable:
        return Outcome(REFUSED, why=[problem.code for problem in unreadable.problems])
    return found


def prepare(file: File, refused: set[str]) -> bytes:
    """Return a copy with keys in place of numbers of records, and without the refused columns that no field holds."""
    opened = open_file(Source.of_bytes(file.data, file.name))
    specs = [parse(file.columns.get(name, ""))[0] for name in opened.names]
    level = OF_RECORDS[file.notes["layout"]]
    numbers = [place for place, spec in enumerate(specs) if spec in ("no", "n", "id")][:1]
    out = {
        place
        for place, spec in enumerate(specs)
        if place not in numbers
        and (str(place + 1) in refused or spec in ("no", "n", "id"))
        and spec not in FIELDS[level]
    }
    keys: dict[str, str] = {}
    lines = [[KEYS[level] if place in numbers else name for place, name in enumerate(opened.names)]]
    for _number, cells in opened.rows():
        lines.append(
            [keys.setdefault(c, make_key(len(keys)) + "a1") if p in numbers else c for p, c in enumerate(cells)]
        )
    text = io.StringIO()
    csv.writer(text).writerows([c for p, c in enumerate(line) if p not in out] for line in lines)
    return text.getvalue().encode()


def spans_of(file: File) -> Iterator[list[str]]:
    """Yield the months of each period for which the file is sent: whole years, else quarters, else months."""
    if any("-H" in period for period in file.periods):
        if len(file.periods) == 2:
            yield [month for period in file.periods for month in months_of(period)]
        return
    if any(len(period) != 7 or "-Q" in period for period in file.periods):
        yield from (months_of(period) for period in file.periods)
        return
    left = list(file.periods)
    while left:
        whole = [months_of(left[0][:4]), *(months_of(f"{left[0][:4]}-Q{quarter}") for quarter in range(1, 5)), left[:1]]
        part = next(part for part in whole if left[: len(part)] == part)
        yield part
        left = left[len(part) :]


def _last_day(month: str) -> date:
    year, number = int(month[:4]), int(month[5:])
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def _plain(text: object) -> str:
    return " ".join(str(text).casefold().split())


class _Reader:
    def __init__(self, file: File, content: bytes, saved: ColumnMapping | None) -> None:
        self.file, self.saved = file, saved
        name = file.name if content is file.data else "export.csv"
        self.export: Opened = open_export(Source.of_bytes(content, name))
        self.layout = file.notes["layout"]
        self.level = OF_RECORDS.get(self.layout, AGGREGATE)
        self.specs = {_plain(name): spec for name, spec in file.columns.items()}
        self.items = {parse(spec)[0] for spec in file.columns.values()}
        self.asked: set[str] = set()

    # --- what is true ---------------------------------------------------------------------------------------------

    def use_of(self, name: str) -> str:
        if self.level != AGGREGATE:
            key = KEYS[self.level]
            return key if name == key else FIELDS[self.level].get(parse(self.specs.get(_plain(name), ""))[0], LEFT_OUT)
        notes = self.file.notes
        place = self.export.names.index(name)
        if self.export.is_turned:
            if name == PERIOD:
                return "period"
            if name in VALUES:
                return self._divided_item(notes["item"]) if self.layout == "grid" else "value"
            return self._list() if self.layout == "grid" and place == 0 else "item" if place == 0 else LEFT_OUT
        if self.layout == "block":
            return "item" if place == 0 else "value" if place == 1 else LEFT_OUT
        if self.layout == "long":
            return self._use_in_long(place)
        if self.layout == "grid" and place == 0:
            return self._list()
        if _plain(name) == _plain(notes["period"]):
            return LEFT_OUT if "prev:A03" in self.items and "A03" not in self.items else "period"
        return self.meaning_of(name)

    def meaning_of(self, name: str) -> str:
        """Return the figure that a heading, or the word of a row, names; it may be below a heading of several."""
        plain = _plain(name)
        spec = self.specs.get(plain)
        if spec is None:
            below = [own for word, own in self.specs.items() if word and plain.endswith(word)]
            spec = below[0] if len(below) == 1 else ""
        key, how = parse(spec)
        if key == "x:missed" and "A05" not in self.items:
            return "A06"
        if how == "k" or not key.startswith("A"):
            return LEFT_OUT
        item, _, codes = key.partition("/")
        return item if codes in ("", "*") else ":".join([item, *codes.split("|")])

    def _divided_item(self, spec: str) -> str:
        item = spec.partition("/")[0]
        return item if item.startswith("A") else LEFT_OUT

    def _list(self) -> str:
        codes = set(self.file.words.values())
        return next((f"list:{name}" for name in ("category", "channel") if codes <= set(code_lists()[name])), LEFT_OUT)

    def _use_in_long(self, place: int) -> str:
        head, divided = self.file.notes["head"], any("/" in spec for spec in self.file.columns.values())
        if place == 0:
            return "period"
        if place < len(head) - 1:
            return "list:category" if divided else "item" if len(head) == 3 else LEFT_OUT
        return next(iter(self.items)).partition("/")[0] if divided else "value"

    def code_of(self, word: Any) -> str | None:
        if self.level != AGGREGATE:
            codes = {CODES.get(code, code) for code in self.file.meanings.get(word.word, ())}
            fitting = codes & set(code_lists().get(word.of, ()))
            if len(fitting) > 1:
                return None  # no code is both, as for NO ANSWER
            return fitting.pop() if fitting else self._unit_of(word) if word.list == "unit" else self._age(word)
        if word.list == "unit":
            return self._unit_of(word)
        if word.list == "value":
            return ""
        if word.list == "period":
            period = self.file.notes["labels"].get(word.word, "")
            is_month = len(period) == 7 and "Q" not in period and "H" not in period
            return str(int(period[5:])) if is_month else LEFT_OUT
        if word.list == "item":
            figure = self.meaning_of(word.word)
            return figure if split_figure(figure) and not open_dimensions(figure) else LEFT_OUT
        return self.file.words.get(word.word, LEFT_OUT)

    def _age(self, word: Any) -> str | None:
        if word.list == "age_band":
            if not word.word.isdecimal():
                return "unknown"
            bands = ((3, "0-3"), (6, "4-6"), (9, "7-9"), (12, "10-12"), (15, "13-15"), (17, "16-17"))
            return next((code for most, code in bands if int(word.word) <= most), "unknown")
        return "unknown" if "unknown" in code_lists().get(word.of, ()) else None

    def _unit_of(self, word: Any) -> str:
        key, how = parse(self.specs.get(_plain(word.word), ""))
        if word.of == "unit:two":
            return "h:m" if key in ("A01", "A02") else "m:s"
        if word.of == "unit:three":
            return "m:s:0" if how == "slip" else "h:m:s"
        return {"min": "min", "min1": "min", "hours": "h", "ms": "ms"}.get(how, "h" if key in ("A01", "A02") else "s")

    def true_values(self, item: str, codes: tuple[str, ...], months: list[str]) -> set[Any]:
        world = self.file.world
        key = "/".join([item, "|".join(codes)]) if codes else item
        try:
            values = {world.value_of(months, key)}
        except KeyError:
            return set()
        if item == "A06" and not codes and "A05" not in self.items and self.level == AGGREGATE:
            values.add(world.value_of(months, "x:missed"))
        if item in MEANS:
            values.add(round(sum(world.months[month][item] for month in months) / len(months)))
        return values

    # --- how it is read -------------------------------------------------------------------------------------------

    def outcome(self) -> Outcome:
        found = suggest_mapping(self.export, self.saved)
        if found.mapping.level != self.level and not found.problems:
            self.asked.add("level")
            found = suggest_mapping(self.export, ColumnMapping(self.level), earlier=self.saved)
        elif found.mapping.level != self.level:
            found = suggest_mapping(self.export, ColumnMapping(self.level), earlier=self.saved)
        if {problem.code for problem in found.problems} - REMOVABLE:
            return self._refused(found.problems)
        self.asked |= {question.about for question in found.questions} - {"period"}
        uses = self._uses(found)
        open_words = {(question.list, question.word) for question in found.questions if question.about == "word"}
        codes: dict[str, dict[str, str]] = {}
        for word in found.words:
            if word.certainty and (word.list, word.word) not in open_words:
                codes.setdefault(word.list, {})[word.word] = word.code
        mapping = replace(
            found.mapping,
            columns={name: use for name, use in uses.items() if use != LEFT_OUT},
            ignored=tuple(name for name, use in uses.items() if use == LEFT_OUT),
            shape="" if self.level != AGGREGATE else LONG if "item" in uses.values() else WIDE,
            codes=codes,
        )
        for _round in range(3):
            again = self._suggest(mapping)
            self.asked |= {question.about for question in again.questions} & {"marks", "order", "field"}
            said = {
                question.list: SAME[self.level].get(question.list) or self._unknown(question.list)
                for question in again.questions
                if question.about == "field"
            }
            left = {(question.list, question.word) for question in again.questions if question.about == "word"}
            for word in again.words:
                if mapping.answer(word.list, word.word) is not None:
                    continue
                is_trusted = self.saved is None and word.certainty and (word.list, word.word) not in left
                code = word.code if is_trusted else self.code_of(word)
                self.asked |= set() if is_trusted else {"word"}
                if code is not None:
                    codes.setdefault(word.list, {})[word.word] = code
            decimal = "," if any(spec.endswith("@dot") for spec in self.specs.values()) else self.file.notes["decimal"]
            mapping = replace(
                mapping,
                codes=codes,
                constants={**again.mapping.constants, **said},
                date_order=self._order() if "order" in self.asked else again.mapping.date_order,
                marks=NumberMarks(decimal, {",": ".", ".": ","}[decimal])
                if "marks" in self.asked
                else again.mapping.marks,
            )
        again = self._suggest(mapping)
        left = {f"{q.about} {q.list}".strip() for q in again.questions if q.about not in ("period", "marks", "order")}
        if again.problems or left:
            return self._refused(again.problems, sorted(left))
        final = replace(again.mapping, marks=mapping.marks, date_order=mapping.date_order)
        if self.saved:
            final = replace(final, evidence={**final.evidence, "rows": self.saved.evidence.get("rows", {})})
        return self._read(final, uses)

    def _suggest(self, mapping: ColumnMapping) -> Any:
        return suggest_mapping(
            self.export, mapping, answers=mapping.answer, earlier=self.saved, confirmed=range(1, 999)
        )

    def _order(self) -> str:
        return (
            "mdy" if any(f"{period[5:]}/01/" in name for name, period in self.file.notes["labels"].items()) else "dmy"
        )

    def _unknown(self, name: str) -> str:
        """Return what a sender says of a field that her system does not have; contact types have no code for it."""
        if name in ("closed_month", "contact_month"):
            return "period"
        if name == "first_risk_level":
            return "not_assessed"
        return "unknown" if "unknown" in code_lists().get(record_fields()[self.level][name].list, ()) else ""

    def _refused(self, problems: Any, left: list[str] | None = None) -> Outcome:
        return Outcome(
            REFUSED,
            why=[*(problem.code for problem in problems), *(left or ())],
            asked=self.asked,
            refused={problem.column for problem in problems if problem.column},
        )

    def _uses(self, found: Any) -> dict[str, str]:
        open_columns = {question.column for question in found.questions if question.about == "column"}
        has_list = any(self.use_of(column.name).startswith("list:") for column in found.columns)
        uses = {}
        for column in found.columns:
            true = self.use_of(column.name)
            if self.level == AGGREGATE and open_dimensions(true) and not has_list:
                true = LEFT_OUT
            is_trusted = column.use and column.name not in open_columns and (column.use != LEFT_OUT or self.saved)
            uses[column.name] = column.use if is_trusted else true
        return uses

    def _read(self, mapping: ColumnMapping, uses: dict[str, str]) -> Outcome:
        wrong, doubts, count, confirmed, refusals = [], [], 0, mapping, []
        for months in spans_of(self.file):
            period = date.fromisoformat(f"{months[0]}-01"), _last_day(months[-1])
            matched = match(self.export, mapping, hotline_code="116000-XA", period=period, moment=MOMENT)
            while matched.questions:
                question = matched.questions[0]
                self.asked.add(question.about)
                doubts += [doubt.code for doubt in question.doubts]
                answer = self._answer_of_rows(question.about)
                if answer is None:
                    return Outcome(REFUSED, why=[question.about], asked=self.asked)
                basis = matched.mapping.evidence["rows"]
                matched = matched.under(
                    replace(
                        matched.mapping,
                        constants={**matched.mapping.constants, question.about: answer},
                        evidence={
                            **matched.mapping.evidence,
                            "rows": {name: text for name, text in basis.items() if name != question.about},
                        },
                    )
                )
            reading = read(matched)
            if reading.problems:
                refusals.append([problem.code for problem in reading.problems][:3])
                continue
            confirmed = matched.confirmed
            doubts += [warning.code for warning in reading.warnings if warning.code.startswith("own_cases_are")]
            for row in reading.rows:
                item, codes, value = row.item, tuple(filter(None, row.codes)), row.amount.value
                if value is None or (self.level == CASE and item not in OF_CASES):
                    continue
                count += 1
                margin = Decimal(4) if item in MEANS else Decimal("0.03")
                true = self.true_values(item, codes, months)
                if not any(abs(Decimal(str(each)) - value) < margin for each in true):
                    wrong.append((months[0], item, codes, str(value), true))
        if wrong:
            kind = DOUBTED if doubts else WRONG
            return Outcome(kind, why=[wrong[:4], uses, doubts], asked=self.asked)
        if not count:
            return Outcome(REFUSED, why=refusals[0] if refusals else ["own_no_figures"], asked=self.asked)
        saved = ColumnMapping.from_data(confirmed.as_data())
        return Outcome(ASKED if self.asked else RIGHT, saved, [count, refusals[:1]], self.asked)

    def _answer_of_rows(self, about: str) -> str | None:
        """Return the answer of the sender, or None if she takes the file back."""
        has_parts = any("+" in spec for spec in self.file.columns.values()) or self.layout == "daily"
        return {
            DOUBTS: "right",
            EMPTY_CELLS: LEFT_OUT,
            REPEATED: ADD if has_parts else None,
            ALIKE: "once" if self.file.notes.get("twice") else "each",
            SAME_CASE: CHILDREN,
        }[about]
