"""The content of the workbook, the cells that can be changed, and its language."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from evaluation.answers.workbook.layout import ANSWERS, STATE_SHEET, Column, sheet_name
from evaluation.answers.workbook.sheets import CHOICES_SHEET
from evaluation.models import Evaluation
from standards.framework import Domain, Framework, Indicator, Measure, Standard
from tests.evaluation.answers.workbook.filled import place_of, written
from tests.factories import RoundFactory, evaluation_of, released_edition, write_answer
from tests.small_edition import RULE
from tests.stage import Stage

pytestmark = pytest.mark.django_db

ENTERED = {Column.ANSWER, Column.WORDS, Column.ADDRESSES}


def opened(evaluation: Evaluation, language: str = "en") -> Workbook:
    return load_workbook(BytesIO(written(evaluation, language)))


def row_of(book: Workbook, code: str) -> dict[Column, str | float | None]:
    page, row, _column = place_of(book, code, Column.CODE)
    return {column: page.cell(row, place).value for place, column in enumerate(ANSWERS.columns, start=1)}


def open_cells(book: Workbook, code: str) -> set[Column]:
    page, row, _column = place_of(book, code, Column.CODE)
    return {
        column for place, column in enumerate(ANSWERS.columns, start=1) if not page.cell(row, place).protection.locked
    }


def lists_of(book: Workbook, code: str) -> list[str]:
    """Return the choices that are offered in the cell of an answer."""
    page, row, place = place_of(book, code, Column.ANSWER)
    cell = page.cell(row, place).coordinate
    (offered,) = (one for one in page.data_validations.dataValidation if cell in one.sqref)
    if not offered.formula1.startswith("'_"):
        return [offered.formula1]
    place_of_list = offered.formula1.partition("!")[2].replace("$", "")
    return [one.value for line in book[CHOICES_SHEET][place_of_list] for one in line]


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment")


def test_a_row_has_the_question_the_levels_and_the_answer(stage):
    row = row_of(opened(stage.evaluation), "1.1.2")
    assert row[Column.QUESTION] == "1.1.2 wording (en)"
    assert row[Column.OBLIGATION] == "Core (en)"
    assert row[Column.LEVELS] == "\n".join(f"{level} – 1.1.2 level {level} (en)" for level in range(4))
    assert (row[Column.ANSWER], row[Column.WORDS]) == ("3 – 1.1.2 level 3 (en)", "We do this.")
    assert (row[Column.GUIDANCE], row[Column.EVIDENCE]) == ("1.1.2 guidance (en)", "1.1.2 evidence (en)")


def test_files_and_figures_are_shown_and_locked(stage):
    book = opened(stage.evaluation)
    assert row_of(book, "1.1.1")[Column.FILES] == "call guide.txt"
    figure = row_of(book, "3.1.1")
    assert (figure[Column.FIGURE], figure[Column.ANSWER]) == ("91.6\N{NO-BREAK SPACE}%: 3 – 3 (en)", "")
    assert open_cells(book, "3.1.1") == {Column.WORDS, Column.ADDRESSES}


def test_only_the_answers_can_be_changed_and_no_password_keeps_the_rest(stage):
    book = opened(stage.evaluation)
    assert [page.protection.sheet for page in book.worksheets] == [True] * len(book.worksheets)
    assert {page.protection.password for page in book.worksheets} == {None}
    for code in ("1.1.1", "1.1.2", "1.2.1", "3.2.2"):
        assert open_cells(book, code) == ENTERED
    assert {page.title for page in book.worksheets if page.sheet_state == "veryHidden"} == {CHOICES_SHEET, STATE_SHEET}


def test_the_list_of_a_cell_has_the_answers_that_the_guide_allows(stage):
    book = opened(stage.evaluation)
    assert lists_of(book, "1.1.1") == ["Yes – 1.1.1 level yes (en)", "No – 1.1.1 level no (en)"]
    assert lists_of(book, "1.2.1") == [*(f"{level} – 1.2.1 level {level} (en)" for level in range(4)), "Not applicable"]
    assert lists_of(book, "3.2.2") == ["0"]


def test_the_workbook_is_in_the_chosen_language_where_the_edition_has_it(stage):
    french, polish = (opened(stage.evaluation, language) for language in ("fr", "pl"))
    assert row_of(french, "1.2.1")[Column.QUESTION] == "1.2.1 wording (fr)"
    assert lists_of(french, "1.2.1")[-1] == "Sans objet"
    assert row_of(polish, "1.2.1")[Column.QUESTION] == "1.2.1 wording (en)"
    assert lists_of(polish, "1.2.1")[-1] == "Nie dotyczy"
    assert french.sheetnames[1] == "D1 D1 title (fr)"


def test_the_hidden_sheet_says_what_the_workbook_is_of(stage):
    write_answer(stage.evaluation, "1.1.2", words="Again.")
    state = [[cell.value for cell in row] for row in opened(stage.evaluation)[STATE_SHEET].iter_rows()]
    assert {row[0]: row[1] for row in state[:5]} == {
        "format": "116000 self-assessment 1",
        "evaluation": str(stage.evaluation.uid),
        "edition": stage.round.edition.sha256,
        "language": "en",
        "made_at": "2026-03-02T12:00:00+00:00",
    }
    assert {row[0]: row[1] for row in state[6:]} == {
        answer.code: str(answer.version) for answer in stage.evaluation.answers.all()
    }


def test_an_indicator_that_is_not_asked_yet_has_no_row():
    later = Indicator("1.1.2", "core", Measure.SCALE, asked_from=date(2030, 1, 1))
    standards = (Standard("1.1", (Indicator("1.1.1", "core", Measure.SCALE), later)),)
    other = Domain("D2", (Standard("2.1", (Indicator("2.1.1", "core", Measure.SCALE, asked_from=date(2030, 1, 1)),)),))
    edition = released_edition(Framework(code="T8", rule=RULE, domains=(Domain("D1", standards), other)))
    book = opened(evaluation_of(round=RoundFactory(edition=edition, state="open")))
    assert book.sheetnames[1:-2] == ["D1 D1 title (en)"]
    with pytest.raises(LookupError):
        place_of(book, "1.1.2", Column.CODE)


def test_an_answer_from_last_time_is_marked_and_the_instructions_say_what_to_do_with_it():
    evaluation = evaluation_of()
    mark, sentence = "From last time. It does not count yet.", "a row that stays as it is confirms nothing."
    before = opened(evaluation)
    evaluation.answers.filter(code="1.1.2").update(level=2)
    book = opened(evaluation)
    questions = {code: str(row_of(book, code)[Column.QUESTION]) for code in ("1.1.1", "1.1.2")}
    assert {code: mark in question for code, question in questions.items()} == {"1.1.1": False, "1.1.2": True}
    marked = [any(sentence in str(cell.value) for cell in one.worksheets[0]["B"]) for one in (before, book)]
    assert marked == [False, True]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Access", "D1 Access"),
        ("Who: what/where?", "D1 Who  what where"),
        ("A title that is longer than a name may be", "D1 A title that is longer than"),
        ("", "D1"),
        ("the hotlines'", "D1 the hotlines"),
    ],
)
def test_the_name_of_a_sheet_is_one_that_a_spreadsheet_takes(title, name):
    assert sheet_name(f"D1 {title}") == name
