"""Suggest the mapping of an export, with its certainty and the questions that only a user can answer. Pure."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from evaluation.figures.dictionary.items import record_fields
from evaluation.figures.formats import Opened
from evaluation.figures.mapping.cells.dates import DateEvidence, covered, read_period
from evaluation.figures.mapping.cells.number_formats import NumberEvidence, readings
from evaluation.figures.mapping.code_words import (
    Answers,
    WordQuestion,
    find_doubtful,
    find_without_meaning,
    gather_words,
)
from evaluation.figures.mapping.column_mapping import (
    AGGREGATE,
    CASE,
    LEFT_OUT,
    LONG,
    UNIT,
    ColumnMapping,
    NumberMarks,
    Period,
)
from evaluation.figures.mapping.column_profile import ColumnProfile, profile_columns
from evaluation.figures.mapping.columns import ColumnLayout, guess_columns
from evaluation.figures.mapping.refusals import (
    OF_WORDS,
    find_names_again,
    find_refused,
    find_unusable_names,
    has_free_text,
)
from evaluation.figures.mapping.tables.row_answers import ROW_ANSWERS
from evaluation.figures.mapping.unread import is_impersonal
from evaluation.figures.mapping.words.fields import Kind, fields_of
from evaluation.figures.mapping.words.uses import open_dimensions, split_figure
from evaluation.figures.mapping.words.vocabulary import Certainty
from evaluation.figures.problems.file_problems import Problem

MAX_ROWS = 20_000
"""The most rows of a table of totals."""
DEFAULTS = {"definition_set": "1.0", "source_system": "own_crm", "completeness_note": "complete"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the export: its number, its probable use and whether its values may be shown."""

    number: int
    name: str
    use: str
    certainty: Certainty
    is_hidden: bool = False
    """Whether its values are hidden: their meaning is unknown, they look personal, or are free text."""
    is_doubtful: bool = False
    """Whether its words may be people's names: they are shown and used only after a user confirms that they are not."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that only a user can answer.

    `about` is `column`, `words` (of a column, most of which are left out), `names` (whether words are people's names),
    `field` (a required one that no column has), `word`, `marks`, `order` or `period`.
    """

    about: str
    column: str = ""
    word: str = ""
    list: str = ""
    """The code list of a word."""
    examples: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    """Texts of the file, each with its reading under each answer."""


@dataclass(frozen=True, slots=True)
class MappingSuggestion:
    """The mapping as far as it is known, with the open questions."""

    mapping: ColumnMapping
    columns: tuple[Column, ...]
    words: tuple[WordQuestion, ...] = ()
    """Every word that represents a code, with its probable code."""
    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()
    """Problems that require another export; no answer solves them."""
    period: Period | None = None
    """The period that the dates of the file cover."""


@dataclass(slots=True)
class _Found:
    """The results collected while an export is analysed."""

    questions: list[Question] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def suggest_mapping(
    opened: Opened,
    saved: ColumnMapping | None = None,
    *,
    answers: Answers | None = None,
    earlier: ColumnMapping | None = None,
    confirmed: Collection[int] = (),
    report_progress: Callable[[int], None] = lambda rows: None,
) -> MappingSuggestion:
    """Return a suggested mapping. `saved` is the mapping that a user confirmed, for an earlier export or just now.

    Anything else becomes a question, whatever the certainty of the guess. `answers` replace the codes of `saved`. With
    `answers`, `earlier` is the mapping of an earlier file, and `confirmed` has the numbers of the columns that the user
    confirms to contain no names. `report_progress` is called with the number of rows read so far.
    """
    found = _Found(problems=find_unusable_names(opened))
    if found.problems:
        return MappingSuggestion(ColumnMapping(AGGREGATE), (), problems=tuple(found.problems))
    profiles = profile_columns(opened, report_progress)
    if problem := find_names_again(profiles, opened.names_row):
        return MappingSuggestion(ColumnMapping(AGGREGATE), (), problems=(problem,))
    layout = guess_columns(profiles, saved)
    level, shape = layout.level, layout.shape
    given_uses = saved if saved is not None and saved.level == level else ColumnMapping(level)
    found.problems += find_refused(profiles, layout)
    if level == AGGREGATE and _is_too_long(profiles):
        found.problems.append(Problem("too_many_rows", params={"limit": MAX_ROWS}))
    for column in profiles:
        use, certainty = layout.uses[column.number]
        if (
            not use
            or (saved is not None and certainty < Certainty.CONFIRMED and use != LEFT_OUT)
            or (level == AGGREGATE and shape != LONG and _needs_code(use, layout.lists))
        ):
            found.questions.append(Question("column", column.name))
    marks, kind_of_marks = _settle_marks([c for c in profiles if c.number in layout.of_numbers], given_uses, found)
    order, kind_of_order = _settle_order([c for c in profiles if c.number in layout.of_dates], given_uses, found)
    mapping = ColumnMapping(
        level=level,
        shape=shape,
        columns={c.name: layout.uses[c.number][0] for c in profiles if layout.uses[c.number][0] not in ("", LEFT_OUT)},
        ignored=tuple(c.name for c in profiles if layout.uses[c.number][0] == LEFT_OUT),
        marks=marks,
        date_order=order,
        constants={**DEFAULTS, **given_uses.constants},
    )
    words: tuple[WordQuestion, ...] = ()
    if not found.problems:
        words = gather_words(opened, profiles, layout, mapping, answers or given_uses.answer, given_uses)
    doubtful = find_doubtful(profiles, words, level, saved if answers is None else earlier)
    unconfirmed = doubtful - {column.name for column in profiles if column.number in confirmed}
    words = tuple(question for question in words if question.column not in unconfirmed)
    found.questions += [Question("names", column.name) for column in profiles if column.name in unconfirmed]
    said_of_rows = {about: given_uses.evidence_of("rows", about) for about in ROW_ANSWERS}
    evidence: dict[str, dict[str, str]] = {
        "marks": {"": kind_of_marks},
        "order": {"": kind_of_order},
        UNIT: {question.word: question.typical for question in words if question.typical},
        "rows": {about: text for about, text in said_of_rows.items() if text is not None},
    }
    mapping = replace(mapping, codes=_by_list(words), evidence=evidence)
    if level != AGGREGATE:
        for name in _missing_fields(mapping, profiles):
            found.questions.append(Question("field", list=name))
    for question in words:
        is_unsure = question.certainty is Certainty.NONE
        is_new = saved is not None and question.certainty < Certainty.CONFIRMED
        if is_unsure or is_new or (question.list == "item" and _is_undivided(question.code, layout.used)):
            found.questions.append(Question("word", question.column, question.word, question.list))
    for name in find_without_meaning(profiles, words, level):
        found.questions.append(Question("words", name))
    period = _find_period(profiles, layout.of_dates, level, order)
    refused = {problem.column for problem in found.problems}
    return MappingSuggestion(
        mapping=mapping,
        columns=tuple(
            Column(
                c.number,
                c.name,
                *layout.uses[c.number],
                is_hidden=not _may_show(c, layout) or str(c.number) in refused or c.name in unconfirmed,
                is_doubtful=c.name in doubtful,
            )
            for c in profiles
        ),
        words=tuple(words),
        questions=tuple(found.questions),
        problems=tuple(found.problems),
        period=period,
    )


def _is_too_long(profiles: Sequence[ColumnProfile]) -> bool:
    return any(column.filled > MAX_ROWS for column in profiles)


def _needs_code(use: str, lists: Iterable[str]) -> bool:
    """Whether a figure still needs a code to divide it."""
    return bool(split_figure(use)) and bool(set(open_dimensions(use)) - set(lists))


def _is_undivided(use: str, used: Collection[str]) -> bool:
    """Whether the figure of a row is recorded by its parts only, and no column says which part a row is."""
    return bool(open_dimensions(use)) and "code1" not in used


def _may_show(column: ColumnProfile, layout: ColumnLayout) -> bool:
    """Whether a column's values may be shown to the user who sent them.

    Keys, free text, values that look personal, and columns of unknown use are hidden, unless these have amounts only.
    """
    kind = layout.kind_of(column.number)
    if kind is None:
        is_of_records = layout.level != AGGREGATE and column.is_mostly_distinct
        return column.personal_row is None and is_impersonal(column) and not is_of_records
    if column.personal_row is not None or column.formula_row is not None or has_free_text(column, kind):
        return False
    if column.exact_date_row is not None and kind not in (Kind.MONTH, Kind.PERIOD):
        return False
    return (
        kind in (Kind.ITEM, *OF_WORDS)
        or column.is_mostly_numbers
        or column.is_all_dates
        or not column.is_mostly_distinct
    )


def _missing_fields(mapping: ColumnMapping, profiles: Sequence[ColumnProfile]) -> list[str]:
    """Return required fields of a record format that have neither a column nor a constant value.

    A field that is required under conditions is missing if the file has a code of each. A missing key is generated, and
    so is a missing child number.
    """
    columns = {mapping.use_of(column.name): column for column in profiles}
    codes = {name: _codes_in(name, mapping, columns.get(name)) for name in fields_of(mapping.level)}
    return [
        name
        for name, found in record_fields()[mapping.level].items()
        if name not in columns
        and not mapping.constants.get(name)
        and (found.is_required or found.conditions)
        and found.type not in (Kind.KEY, Kind.INTEGER)
        and all(codes[other] & {*allowed} for other, allowed in found.conditions.items())
    ]


def _codes_in(name: str, mapping: ColumnMapping, column: ColumnProfile | None) -> set[str]:
    """Return the codes of a field that a file of records has: of its column, or its constant value."""
    if column is None:
        return {mapping.constants.get(name, "")}
    return {mapping.answer(name, word) or word for word in column.words}


def _by_list(words: Iterable[WordQuestion]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for question in words:
        if question.certainty is not Certainty.NONE:
            found.setdefault(question.list, {})[question.word] = question.code
    return found


def _settle_marks(
    columns: Sequence[ColumnProfile], given_uses: ColumnMapping, found: _Found
) -> tuple[NumberMarks, str]:
    """Return the marks of numbers, and what the file proves of them; the user is asked if an earlier file proved more."""
    evidence = NumberEvidence()
    for column in columns:
        evidence.merge(column.marks)
    if rows := evidence.contradiction():
        found.problems.append(Problem("own_marks_differ", rows[0], params={"other_row": rows[1]}))
        return NumberMarks(), ""
    marks, must_confirm = evidence.settle(given_uses.marks)
    said = given_uses.evidence_of("marks")
    if must_confirm or (said is not None and evidence.kind == "two ways" != said):
        examples = tuple((text, readings(text)) for text in list(evidence.two_ways)[:3])
        found.questions.append(Question("marks", examples=examples))
    return marks, evidence.kind


def _settle_order(columns: Sequence[ColumnProfile], given_uses: ColumnMapping, found: _Found) -> tuple[str, str]:
    """Return the order of day and month, and what the file proves of it; the user is asked if it proves something else.

    `02/01/2025` below `01/01/2025` is February in one order and a day in January in the other.
    """
    evidence = DateEvidence()
    for column in columns:
        evidence.merge(column.order)
    if rows := evidence.contradiction():
        found.problems.append(Problem("own_dates_differ", rows[0], params={"other_row": rows[1]}))
        return "", ""
    order, must_confirm = evidence.settle(given_uses.date_order)
    kind, said = evidence.kind(order), given_uses.evidence_of("order")
    differs = (
        said is not None
        and kind not in ("", "proved", said)
        and not (said == "proved" and _is_one_month(columns, evidence, order))
    )
    if must_confirm or differs:
        examples = tuple((text, _date_readings(text)) for text in list(evidence.two_ways)[:3])
        found.questions.append(Question("order", examples=examples))
    return order, kind


def _is_one_month(columns: Sequence[ColumnProfile], evidence: DateEvidence, order: str) -> bool:
    """Whether all days are of one month in this order, and neither so nor ends of months in the other order."""
    other = {"dmy": "mdy", "mdy": "dmy"}.get(order, "")
    if evidence.kind(other) == "ends of months":
        return False
    months = {each: set[object]().union(*(column.months[each] for column in columns)) for each in ("dmy", "mdy")}
    return order in months and len(months[order]) == 1 < max(map(len, months.values()))


def _date_readings(text: str) -> tuple[tuple[str, str], ...]:
    read = ((order, read_period(text, order)) for order in ("dmy", "mdy"))
    return tuple((order, period[0].isoformat()[:7]) for order, period in read if period)


def _find_period(profiles: Sequence[ColumnProfile], of_dates: Iterable[int], level: str, order: str) -> Period | None:
    """Return the period of the dates, or None. Dates of cases have none: cases may have been opened long before."""
    if level == CASE:
        return None
    dated = set(of_dates)
    for column in profiles:
        if column.number in dated:
            read = {covered(sorted(column.months[each])) for each in ((order,) if order else ("dmy", "mdy"))}
            return read.pop() if len(read) == 1 else None
    return None
