"""The sheets of a visit in an assessor's workbook: the same when read back, added once, newer rows not overwritten."""

from dataclasses import replace
from datetime import date, time
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from evaluation.answers.workbook.problems import UnusableWorkbook
from evaluation.figures.problems.screening import looks_personal
from evaluation.models import Channel, SheetRow
from evaluation.visits.sheets.rows import (
    MARKS,
    RowInput,
    remove_sheet_row,
    row_as_input,
    save_sheet_row,
    sign_off_sheets,
)
from evaluation.visits.sheets.templates import Kind
from tests.evaluation.answers.workbook.filled import change
from tests.evaluation.visits.sheets.test_rows import CALL, CONTACTS
from tests.evaluation.visits.test_workbook import FILES, IN_THE_DATABASE, TEMPLATES, confirm, read, subject_of, written
from tests.stage import Stage

pytestmark = pytest.mark.django_db

A_CALL = {"channel": "Telephone", "language": "french", "day": date(2026, 1, 5), "starts": time(14, 5)}
FILLED_CALL = {**A_CALL, "mark a": "met", "mark b": "does not apply", "words": "Quick."}
WORDS = st.text(st.characters(categories=["L", "Zs", "P"]), max_size=40).map(lambda text: text.strip().lstrip("="))
WORDS = WORDS.map(str.strip).filter(lambda text: not looks_personal(text))


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("study_visit", visit_state="under_way", has_findings=False)


def fill_rows(content: bytes, kind: str, *rows: dict[str, Any], after: int = 0) -> bytes:
    """Write into rows of a sheet, after the first `after` ones, by the keys of its columns."""

    def act(book: Any) -> None:
        page = next(page for page in book.worksheets if page["A1"].value == f"sheet {kind}")
        places = {cell.value: cell.column for cell in page[1]}
        for number, row in enumerate(rows, start=4 + after):
            for key, value in row.items():
                page.cell(number, places[key]).value = value

    return change(content, act)


def save(stage: Stage, row: RowInput, kind: str = Kind.CONTACTS) -> SheetRow:
    saved = save_sheet_row(stage.visit, TEMPLATES[Kind(kind)], uuid4(), row, version=0, by=stage.people.assessor)
    assert isinstance(saved, SheetRow)
    return saved


def test_a_row_that_is_filled_in_is_added_once_however_often_it_is_brought(stage: Stage):
    content = fill_rows(
        written(stage), Kind.CONTACTS, FILLED_CALL, {**FILLED_CALL, "starts": "15.10", "day": "2026-01-06"}
    )
    assert confirm(stage, content).further == 2
    assert confirm(stage, content).further == 0
    one, other = SheetRow.objects.all()
    assert row_as_input(one) == CALL
    assert (other.day, other.starts, other.by) == (date(2026, 1, 6), time(15, 10), stage.people.assessor)


def test_a_row_of_ones_own_is_changed_and_one_that_is_emptied_stays(stage: Stage):
    first, second = save(stage, CALL), save(stage, RowInput("chat", "fr", date(2026, 1, 6), time(9), marks=CALL.marks))
    empty = dict.fromkeys(FILLED_CALL, None)
    content = fill_rows(written(stage), Kind.CONTACTS, {"words": "Slow.", "mark b": "not met"}, empty)
    assert confirm(stage, content).further == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.words, first.marks, first.version, second.version) == ("Slow.", {"a": "met", "b": "not_met"}, 2, 1)


def test_words_of_several_lines_that_a_browser_sent_are_no_change(stage: Stage):
    row = save(stage, replace(CALL, words="Quick.\r\nFriendly. "))
    content = written(stage)
    assert subject_of(stage).compare_further(read(stage, content).further) == []
    assert confirm(stage, content).further == 0
    assert confirm(stage, fill_rows(content, Kind.CONTACTS, {"mark b": "not met"})).further == 1
    row.refresh_from_db()
    assert (row.words, row.marks["b"]) == ("Quick.\nFriendly.", "not_met")


def test_the_workbook_of_a_visit_that_was_signed_off_adds_nothing_to_a_further_visit(stage: Stage):
    before = fill_rows(written(stage), Kind.CONTACTS, FILLED_CALL)
    confirm(stage, before)
    between = fill_rows(written(stage), Kind.CONTACTS, {"words": "Slow."})
    sign_off_sheets(stage.visit, timezone.now())
    for content, conflicts in (
        (before, []),
        (fill_rows(before, Kind.CONTACTS, {"words": "Slow."}), [True]),
        (between, [True]),
    ):
        compared = subject_of(stage).compare_further(read(stage, content).further)
        assert [one.is_conflict for one in compared] == conflicts
        assert confirm(stage, content).further == 0
    assert SheetRow.objects.get().words == "Quick."


@pytest.mark.parametrize("is_removed", [False, True])
def test_what_was_changed_or_removed_since_stays(stage: Stage, is_removed: bool):
    row = save(stage, CALL)
    content = fill_rows(written(stage), Kind.CONTACTS, {"words": "From the workbook."})
    if is_removed:
        remove_sheet_row(row, by=stage.people.assessor)
    else:
        later = RowInput(**{**{name: getattr(CALL, name) for name in RowInput.__slots__}, "words": "On the telephone."})
        save_sheet_row(stage.visit, CONTACTS, row.uid, later, version=1, by=stage.people.assessor)
    subject = subject_of(stage)
    (compared,) = subject.compare_further(read(stage, content).further)
    assert compared.is_conflict
    assert confirm(stage, content).further == 0
    row.refresh_from_db()
    assert (row.words, row.is_removed) == ("Quick." if is_removed else "On the telephone.", is_removed)


@pytest.mark.parametrize(
    ("kind", "typed", "code", "cell"),
    [
        (Kind.CONTACTS, {"channel": "pigeon"}, "sheet_unknown", "B4"),
        (Kind.CONTACTS, {"language": "Klingon"}, "sheet_unknown", "C4"),
        (Kind.CONTACTS, {"day": "31.02."}, "sheet_not_a_day", "D4"),
        (Kind.CONTACTS, {"day": "2026-02-31"}, "sheet_not_a_day", "D4"),
        (Kind.CONTACTS, {"day": "2999-01-01"}, "sheet_in_the_future", "D4"),
        (Kind.CONTACTS, {"starts": "noon"}, "sheet_not_a_time", "E4"),
        (Kind.CONTACTS, {"starts": "25:00"}, "sheet_not_a_time", "E4"),
        (Kind.CONTACTS, {"mark a": None}, "sheet_required", "F4"),
        (Kind.CONTACTS, {"mark a": "perhaps"}, "sheet_unknown", "F4"),
        (Kind.CONTACTS, {"words": "=1+1"}, "is_formula", "H4"),
        (Kind.CONTACTS, {"words": "anna@mail.test"}, "sheet_looks_personal", "H4"),
        (Kind.FILES, {"looked_at": "2.5"}, "sheet_not_a_count", "C4"),
        (Kind.FILES, {"mark c": 11}, "sheet_more_than_looked_at", "D4"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_written(stage: Stage, kind: str, typed: Any, code: str, cell: str):
    row = FILLED_CALL if kind == Kind.CONTACTS else {"topic": "Closed in autumn", "looked_at": 10, "mark c": 9}
    with pytest.raises(UnusableWorkbook) as unusable:
        read(stage, fill_rows(written(stage), kind, row | typed))
    assert [(one.code, one.cell) for one in unusable.value.problems] == [(code, cell)]
    assert not any(str(value) in str(one.params) for one in unusable.value.problems for value in typed.values())


def test_added_and_copied_rows_and_other_criteria_are_refused(stage: Stage):
    content = written(stage)
    key: list[Any] = []
    change(content, lambda book: key.append(book[str(Kind.CONTACTS.label)]["A4"].value))
    for first, second in ((key[0], key[0]), ("", key[0]), ("x", key[0])):
        copied = fill_rows(
            content, Kind.CONTACTS, {"sheet contacts": second, **FILLED_CALL}, {"sheet contacts": first, **FILLED_CALL}
        )
        with pytest.raises(UnusableWorkbook) as unusable:
            read(stage, copied)
        assert [(one.code, one.cell) for one in unusable.value.problems] == [("sheet_new_row", "H5")]
    renamed = change(content, lambda book: book[str(Kind.CONTACTS.label)].__setitem__("F1", "mark other"))
    with pytest.raises(UnusableWorkbook) as unusable:
        read(stage, renamed)
    assert [one.code for one in unusable.value.problems] == ["sheet_columns"]


def test_a_colleagues_rows_are_not_in_it(stage: Stage):
    save(stage, CALL)
    lead = stage.people.lead
    assert subject_of(stage, lead).find_rows() == []
    assert len(subject_of(stage).find_rows()) == 1


def a_row(kind: str) -> st.SearchStrategy[RowInput]:
    """Return a strategy for any row that can be saved."""
    days = st.dates(date(2022, 1, 1), date(2026, 1, 31))
    if kind == Kind.FILES:
        counts = st.integers(1, 9999).flatmap(lambda of: st.tuples(st.just(of), st.integers(0, of)))
        return st.builds(
            lambda count, topic: RowInput(looked_at=count[0], topic=topic, marks={"c": count[1]}), counts, WORDS
        )
    if kind == Kind.INTERVIEWS:
        filled = WORDS.filter(bool)
        return st.builds(lambda *values: RowInput(role=values[0], topic=values[1], day=values[2], words=values[3]),
                         filled, filled, days, filled)  # fmt: skip
    clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
    marks = st.fixed_dictionaries(dict.fromkeys("ab", st.sampled_from(list(MARKS))))
    channels, languages = st.sampled_from(Channel.values), st.sampled_from(["fr", "hr", "pt", "de"])
    return st.builds(
        lambda *values: RowInput(values[0], values[1], values[2], values[3], marks=values[4], words=values[5]),
        channels, languages, days, clocks, marks, WORDS,
    )  # fmt: skip


@IN_THE_DATABASE
@given(
    rows=st.lists(
        st.sampled_from([*TEMPLATES]).flatmap(lambda kind: st.tuples(st.just(kind), a_row(kind))), max_size=6
    ),
    language=st.sampled_from(("en", "fr", "hr")),
    is_saved_again=st.booleans(),
)
def test_what_is_written_is_read_without_a_change(stage: Stage, rows: Any, language: str, is_saved_again: bool):
    with transaction.atomic():
        saved = [save(stage, row, kind) for kind, row in rows]
        content = written(stage, language)
        if is_saved_again:
            content = change(content, lambda _book: None)
        further = read(stage, content).further
        assert {one.uid: one.row for one in further} == {row.uid: row_as_input(row) for row in saved}
        assert not any(one.is_edited for one in further)
        assert subject_of(stage).compare_further(further) == []
        transaction.set_rollback(True)


def test_the_criteria_are_in_the_language_of_the_workbook(stage: Stage):
    heads: list[Any] = []
    for language in ("fr", "pl"):
        change(written(stage, language), lambda book: heads.extend(page["D3"].value for page in book.worksheets
               if page["A1"].value == "sheet files"))  # fmt: skip
    assert heads == ["Complet.", FILES.criteria[0].texts["en"]]
