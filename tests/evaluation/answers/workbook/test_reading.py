"""Files that are no workbook of this self-assessment are refused, with one code for the file or for each wrong cell."""

import struct
import zipfile
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from xlsxwriter import Workbook as NewWorkbook

from evaluation.answers.workbook.layout import STATE_SHEET, Column
from evaluation.answers.workbook.problems import UnusableWorkbook, WorkbookProblem
from evaluation.answers.workbook.reading import FilledWorkbook, read_workbook
from evaluation.answers.workbook.sheets import MOST_BYTES, load_sheets
from evaluation.answers.workbook.subject import SelfAssessment
from evaluation.models import Evaluation
from standards.framework import Framework
from tests.evaluation.answers.workbook.filled import change, fill_in, place_of, written
from tests.factories import RoundFactory, evaluation_of, released_edition
from tests.small_edition import RULE, SMALL

pytestmark = pytest.mark.django_db


@pytest.fixture
def evaluation() -> Evaluation:
    return evaluation_of()


@pytest.fixture
def content(evaluation: Evaluation) -> bytes:
    return written(evaluation)


def read(content: bytes, evaluation: Evaluation) -> FilledWorkbook:
    return read_workbook(content, "filled.xlsx", SelfAssessment(evaluation))


def problems_of(content: bytes, evaluation: Evaluation) -> list[WorkbookProblem]:
    with pytest.raises(UnusableWorkbook) as refused:
        read(content, evaluation)
    return list(refused.value.problems)


def codes_of(content: bytes, evaluation: Evaluation) -> list[tuple[str, str, str]]:
    return [(one.code, one.sheet, one.cell) for one in problems_of(content, evaluation)]


def with_member(content: bytes, name: str, member: bytes) -> bytes:
    added = BytesIO(content)
    with zipfile.ZipFile(added, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, member)
    return added.getvalue()


def with_many_rows(content: bytes) -> bytes:
    def act(book: Workbook) -> None:
        page, _row, _column = place_of(book, "1.1.2", Column.CODE)
        for row in range(100, 100_100):
            page.cell(row, 1).value = 1

    return change(content, act)


def blank_cells(*, rows: int, columns: range) -> bytes:
    """Return a workbook with blank cells that have a format."""
    made = BytesIO()
    with NewWorkbook(made, {"in_memory": True}) as book:
        page, form = book.add_worksheet(), book.add_format({"bold": True})
        for row in range(rows):
            for column in columns:
                page.write_blank(row, column, None, form)
    return made.getvalue()


def bomb(content: bytes) -> bytes:
    return with_member(content, "xl/worksheets/sheet99.xml", b"<worksheet>" + b" " * 60_000_000 + b"</worksheet>")


def encrypted(content: bytes) -> bytes:
    """Return the file with each member marked as encrypted, as by a program that encrypts ZIP archives."""
    marked = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = marked.find(signature)
        while at >= 0:
            struct.pack_into("<H", marked, at + offset, 1)
            at = marked.find(signature, at + 1)
    return bytes(marked)


def ods(_content: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office:document-content xmlns:office='urn:x'/>")
    return made.getvalue()


def any_workbook(_content: bytes) -> bytes:
    made = BytesIO()
    with NewWorkbook(made, {"in_memory": True}) as book:
        book.add_worksheet("Budget").write_string(0, 0, "code")
    return made.getvalue()


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda _content: b"", "empty"),
        (lambda content: content + b" " * MOST_BYTES, "too_big"),
        (lambda _content: b"%PDF-1.7\n", "wrong_kind"),
        (lambda _content: b"code;answer\n1.1.2;2\n", "wrong_kind"),
        (ods, "wrong_kind"),
        (lambda _content: OLD, "old_or_locked"),
        (encrypted, "old_or_locked"),
        (lambda content: content[: len(content) // 2], "broken"),
        (lambda content: with_member(content, "xl/vbaProject.bin", b"macro"), "active"),
        (lambda content: with_member(content, "xl/embeddings/oleObject1.bin", OLD), "embedded"),
        (bomb, "too_many_cells"),
        (with_many_rows, "too_many_cells"),
        (lambda _content: blank_cells(rows=100, columns=range(16_383, 16_384)), "too_many_cells"),
        (lambda _content: blank_cells(rows=4_000, columns=range(30)), "too_many_cells"),
        (any_workbook, "not_a_workbook"),
    ],
)
def test_a_file_that_is_no_workbook_of_this_site(evaluation, content, made: Callable[[bytes], bytes], code: str):
    assert codes_of(made(content), evaluation) == [(code, "", "")]


def test_of_a_row_with_a_format_up_to_the_last_column_only_the_first_cells_are_kept():
    (rows,) = load_sheets(blank_cells(rows=2, columns=range(16_380, 16_384)), "filled.xlsx").values()
    assert [len(row) for row in rows] == [64, 64]


def test_a_workbook_of_another_edition_of_another_hotline_and_of_another_format(evaluation, content):
    other = Framework(code="T9", rule=RULE, domains=SMALL.domains)
    of_edition = evaluation_of(round=RoundFactory(edition=released_edition(other), state="open"))
    assert codes_of(content, of_edition) == [("other_edition", "", "")]
    assert codes_of(content, evaluation_of(round=evaluation.round)) == [("other_evaluation", "", "")]
    newer = change(content, lambda book: book[STATE_SHEET].__setitem__("B1", "116000 self-assessment 2"))
    foreign = change(content, lambda book: book[STATE_SHEET].__setitem__("B4", "../xx"))
    assert codes_of(newer, evaluation) == codes_of(foreign, evaluation) == [("not_a_workbook", "", "")]


def on_row(code: str, act: Callable[[Any, int], object]) -> Callable[[Workbook], None]:
    def edit(book: Workbook) -> None:
        page, row, _column = place_of(book, code, Column.CODE)
        act(page, row)

    return edit


def test_rows_that_are_sorted_are_found_by_their_codes(evaluation, content):
    def swap(page: Any, row: int) -> None:
        upper, lower = ([cell.value for cell in page[number]] for number in (row - 1, row))
        for place, (one, other) in enumerate(zip(upper, lower, strict=True), start=1):
            page.cell(row - 1, place).value, page.cell(row, place).value = other, one

    filled = fill_in(content, {("1.1.2", Column.ANSWER): "2", ("1.1.1", Column.WORDS): "Mine."})
    workbook = read(change(filled, on_row("1.1.2", swap)), evaluation)
    assert {row.code: (row.answer.level, row.answer.words) for row in workbook.rows if row.is_edited} == {
        "1.1.2": (2, ""),
        "1.1.1": (None, "Mine."),
    }


def test_rows_and_columns_that_were_added_or_removed_are_named(evaluation, content):
    removed = change(content, on_row("1.1.2", lambda page, row: page.delete_rows(row)))
    assert [(one.code, one.params) for one in problems_of(removed, evaluation)] == [
        ("rows_missing", {"codes": "1.1.2", "count": 1})
    ]
    without_sheet = problems_of(change(content, lambda book: book.remove(book.worksheets[1])), evaluation)
    assert [(one.code, one.params["codes"]) for one in without_sheet] == [("rows_missing", "1.1.1, 1.1.2, 1.2.1")]
    sheet = "D1 D1 title (en)"
    added = change(content, on_row("1.1.2", lambda page, row: page.cell(row, 1).__setattr__("value", "9.9.9")))
    assert codes_of(added, evaluation) == [("row_unknown", sheet, "A6")]
    twice = change(content, on_row("1.1.2", lambda page, row: page.cell(row, 1).__setattr__("value", "1.1.1")))
    assert codes_of(twice, evaluation) == [("row_twice", sheet, "A6")]
    nameless = change(content, on_row("1.2.1", lambda page, row: page.cell(row + 1, 6).__setattr__("value", "Words")))
    assert codes_of(nameless, evaluation) == [("row_without_code", sheet, "A9")]
    column = change(content, on_row("1.1.2", lambda page, _row: page.delete_cols(6)))
    assert codes_of(column, evaluation) == [("columns_missing", sheet, "")]


def test_a_column_that_was_moved_is_found_by_its_key(evaluation, content):
    filled = fill_in(content, {("1.1.2", Column.WORDS): "Mine."})
    moved = change(filled, on_row("1.1.2", lambda page, _row: page.insert_cols(2)))
    (row,) = (row for row in read(moved, evaluation).rows if row.is_edited)
    assert (row.code, row.answer.words, row.cells[Column.WORDS]) == ("1.1.2", "Mine.", "G6")


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        (("1.1.2", Column.ANSWER), "4", "no_such_choice"),
        (("1.1.2", Column.ANSWER), "2 – other words", "no_such_choice"),
        (("1.1.2", Column.ANSWER), "Not applicable", "no_such_choice"),
        (("1.1.2", Column.ANSWER), 2.5, "no_such_choice"),
        (("1.1.2", Column.ANSWER), "=1+1", "is_formula"),
        (("1.1.2", Column.ANSWER), "#REF!", "is_error"),
        (("1.1.2", Column.WORDS), "=1+1", "is_formula"),
        (("1.1.2", Column.WORDS), "#N/A", "is_error"),
        (("3.1.1", Column.ANSWER), "92", "from_figures"),
        (("3.2.2", Column.ANSWER), "many", "not_a_number"),
        (("3.2.2", Column.ANSWER), "=24*1", "is_formula"),
        (("3.2.2", Column.ANSWER), -1, "not_a_number"),
        (("3.2.2", Column.ANSWER), 1e20, "not_a_number"),
        (("3.2.2", Column.ANSWER), 2 / 3, "too_many_decimals"),
        (("3.2.2", Column.ANSWER), "1,234", "ambiguous_number"),
        (("3.2.2", Column.ANSWER), True, "not_a_number"),
        (("1.1.2", Column.ADDRESSES), "\n".join(f"https://example.org/{n}" for n in range(51)), "too_many_addresses"),
        (("1.1.2", Column.ADDRESSES), "ftp://example.org/a", "not_an_address"),
        (("1.1.2", Column.ADDRESSES), "https://example.org/" + "a" * 500, "not_an_address"),
    ],
)
def test_a_wrong_cell_is_named(evaluation, content, cell, value, code):
    edited = fill_in(content, {cell: value})
    (problem,) = problems_of(edited, evaluation)
    book_cell = change_place(content, cell)
    assert (problem.code, problem.sheet, problem.cell) == (code, *book_cell)


def change_place(content: bytes, cell: tuple[str, Column]) -> tuple[str, str]:
    """Return the sheet and the name of a cell."""
    found = []

    def look(book: Workbook) -> None:
        page, row, column = place_of(book, *cell)
        found.append((page.title, page.cell(row, column).coordinate))

    change(content, look)
    return found[0]


def test_all_wrong_cells_are_named_at_once(evaluation, content):
    wrong = {("1.1.2", Column.ANSWER): "x", ("3.2.2", Column.ANSWER): "y", ("9.1.2", Column.WORDS): "=1+1"}
    assert [one.code for one in problems_of(fill_in(content, wrong), evaluation)] == [
        "no_such_choice",
        "not_a_number",
        "is_formula",
    ]


@pytest.mark.parametrize(
    ("cell", "value", "wanted"),
    [
        (("1.1.2", Column.ANSWER), 2, {"level": 2}),
        (("1.1.2", Column.ANSWER), "2", {"level": 2}),
        (("1.1.2", Column.ANSWER), "=2", {"level": 2}),
        (("3.2.2", Column.ANSWER), "=7.5", {"value": 7.5}),
        (("1.1.2", Column.WORDS), '="The ""night"" rota."', {"words": 'The "night" rota.'}),
        (("1.1.2", Column.ANSWER), " 2  – 1.1.2 LEVEL 2 (en) ", {"level": 2}),
        (("1.1.1", Column.ANSWER), "yes", {"level": 3}),
        (("1.2.1", Column.ANSWER), "not applicable", {"not_applicable": True}),
        (("3.2.2", Column.ANSWER), "7,5", {"value": 7.5}),
        (("3.2.2", Column.ANSWER), 92.43 + 0.01, {"value": Decimal("92.44")}),
        (("1.1.2", Column.WORDS), 24, {"words": "24"}),
        (("1.1.2", Column.WORDS), 1.5, {"words": "1.5"}),
        (("1.1.2", Column.WORDS), 92.43 + 0.01, {"words": "92.44"}),
    ],
)
def test_what_people_type_is_understood(evaluation, content, cell, value, wanted):
    (row,) = (row for row in read(fill_in(content, {cell: value}), evaluation).rows if row.is_edited)
    assert row.code == cell[0]
    assert {name: getattr(row.answer, name) for name in wanted} == wanted


def test_a_workbook_in_french_is_read_after_its_translation_is_published(evaluation):
    content = written(evaluation, "fr")
    english = fill_in(content, {("1.1.2", Column.ANSWER): "2 – 1.1.2 level 2 (en)"})
    released_edition(languages=("en", "fr"))
    evaluation = Evaluation.objects.get(pk=evaluation.pk)
    (row,) = (row for row in read(english, evaluation).rows if row.is_edited)
    assert row.answer.level == 2
    assert read(fill_in(english, {("1.1.2", Column.ANSWER): "2 – 1.1.2 level 2 (fr)"}), evaluation).language == "fr"


def with_words(content: bytes, words: str) -> bytes:
    """Write characters into the words of 1.2.1 that no spreadsheet program would accept."""
    marked = BytesIO(fill_in(content, {("1.2.1", Column.WORDS): "Here."}))
    made = BytesIO()
    with zipfile.ZipFile(marked) as archive, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in archive.namelist():
            changed.writestr(name, archive.read(name).replace(b">Here.<", f">{words}<".encode()))
    return made.getvalue()


def test_a_text_that_is_longer_than_a_cell_can_be_is_refused(evaluation, content):
    longest = "w" * 32_767
    (row,) = (row for row in read(with_words(content, longest), evaluation).rows if row.is_edited)
    assert row.answer.words == longest
    assert codes_of(with_words(content, longest + "w"), evaluation) == [("too_long", "D1 D1 title (en)", "F8")]


def test_words_that_have_no_room_in_a_cell_are_left_alone(evaluation):
    evaluation.answers.filter(code="1.1.2").update(words="w" * 32_768, level=2, version=1)
    workbook = read(written(evaluation), evaluation)
    assert sorted(row.code for row in workbook.rows) == sorted(set(SMALL.indicators) - {"1.1.2"})
