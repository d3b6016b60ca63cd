"""The workbook of an edition, read back: what a spreadsheet program damages is repaired, or refused with its place."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from standards.drafts.fields import EditionText
from standards.editions.entries import OBLIGATION
from standards.editions.files import read_edition, read_files
from standards.editions.files.entry_reader import UnreadableValue
from standards.editions.files.workbook.cells import Cell, read_cell
from standards.editions.files.writing import write_edition
from standards.framework import MalformedEdition
from tests.standards.conftest import EDITIONS, SMALL

Change = Callable[[Any], object]
AGAIN = "Format the cell as text, and write it again."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of the small edition's workbook."""
    write_edition(read_edition(SMALL), tmp_path / "small.xlsx")
    return tmp_path / "small.xlsx"


def change(path: Path, how: Change) -> Path:
    book = openpyxl.load_workbook(path)
    how(book)
    book.save(path)
    return path


def problems_of(path: Path) -> list[str]:
    with pytest.raises(MalformedEdition) as caught:
        read_edition(path)
    return caught.value.problems


def cell_of(page: Worksheet, header: str, row: int) -> Any:
    column = next(cell.column for cell in page[1] if cell.value == header)
    return page.cell(row, column)


def change_cell(sheet: str, header: str, value: Any, row: int = 2, number_format: str = "") -> Change:
    """Return a change of one cell; in the sheet of the edition the header is an entry."""

    def how(book: Any) -> None:
        page = book[sheet]
        if sheet == "Edition":
            cell = next(line[1] for line in page.iter_rows() if line[0].value == header)
        else:
            cell = cell_of(page, header, row)
        cell.value = value
        if number_format or not isinstance(value, date):  # openpyxl sets its own format for dates
            cell.number_format = number_format or "General"

    return how


def test_the_sheets_have_a_row_for_each_part(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [
        *(
            "Edition",
            "Obligations",
            "Outcomes",
            "Results",
            "Traits",
            "Groups",
            "Conditions",
            "Passing",
            "Domains",
            "Standards",
            "Indicators",
        )
    ]
    text = read_edition(SMALL)
    assert book["Indicators"].max_row - 1 == sum(len(standard.parts) for _, standard in text.standards)
    headers = [cell.value for cell in book["Indicators"][1]]
    assert headers[:4] == ["standard", "code", "key", "wording"]
    assert {"levels.0", "levels.3", "levels.yes", "recommendation.title"} <= set(headers)
    assert "levels.9" not in headers
    assert cell_of(book["Indicators"], "wording", 1).comment.text == "What is asked."


def test_a_workbook_that_was_written_before_there_were_groups_is_read(path: Path) -> None:
    change(path, lambda book: book.remove(book["Groups"]))
    assert read_edition(path) == read_edition(SMALL)


def test_what_a_person_changes_in_a_cell_is_changed_in_the_edition(path: Path) -> None:
    change(path, change_cell("Indicators", "wording", "  Said in other words.  "))
    first = read_edition(path).domains[0].parts[0].parts[0]
    assert first.fields["wording"] == "Said in other words."


def write_constants_as_formulas(book: Any) -> None:
    """Change the cells as LibreOffice saves TRUE, and as people type numbers after an equals sign."""
    for page in book:
        for cell in (cell for row in page.iter_rows(min_row=2) for cell in row):
            if isinstance(cell.value, bool):
                cell.value = f"={str(cell.value).upper()}()"
            elif isinstance(cell.value, int):
                cell.value = f"={cell.value}"


def test_a_formula_that_is_a_constant_is_its_value(path: Path) -> None:
    change(path, write_constants_as_formulas)
    kinds = [cell.data_type for page in openpyxl.load_workbook(path) for row in page.iter_rows() for cell in row]
    assert kinds.count("f") > 20
    assert read_edition(path) == read_edition(SMALL)


@pytest.mark.parametrize("code", ["1.10", "01", "1e5", "3-4"])
def test_codes_and_texts_that_look_like_numbers_are_written_as_texts(code: str, tmp_path: Path) -> None:
    text = read_edition(SMALL)
    text.domains[0].parts[0].fields["basis"] = code
    write_edition(text, tmp_path / "small.xlsx")
    cell = cell_of(openpyxl.load_workbook(tmp_path / "small.xlsx")["Standards"], "basis", 2)
    assert (cell.value, cell.data_type, cell.number_format) == (code, "s", "@")
    assert read_edition(tmp_path / "small.xlsx") == text


@pytest.mark.parametrize("words", ["=1+1", '=HYPERLINK("https://example.org")', "+1", "-1", "@SUM(A1)", "|calc"])
def test_a_text_is_never_written_as_a_formula(words: str, tmp_path: Path) -> None:
    text = read_edition(SMALL)
    text.domains[0].parts[0].parts[0].fields["wording"] = words
    write_edition(text, tmp_path / "small.xlsx")
    cell = cell_of(openpyxl.load_workbook(tmp_path / "small.xlsx")["Indicators"], "wording", 2)
    assert (cell.value, cell.data_type, cell.hyperlink) == (words, "s", None)
    with zipfile.ZipFile(tmp_path / "small.xlsx") as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if "worksheets/sheet" in name)
    assert read_edition(tmp_path / "small.xlsx") == text


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        (
            change_cell("Standards", "code", 1.1),
            "sheet Standards, row 2, column B (code): This is the number 1.1 here, and a spreadsheet shortens numbers: "
            f"1.10 becomes 1.1. {AGAIN}",
        ),
        (
            change_cell("Indicators", "code", datetime(2026, 1, 10)),  # noqa: DTZ001 - as a spreadsheet has it
            "sheet Indicators, row 2, column B (code): This is a date here, 2026-01-10: a spreadsheet takes 1.10 or 3-4 for "
            f"one. {AGAIN}",
        ),
        (
            change_cell("Indicators", "wording", "=1+1"),
            "sheet Indicators, row 2, column D (wording): This is a formula, and only values are read. "
            "Replace it by its value.",
        ),
        (
            change_cell("Edition", "introduction", "#REF!"),
            "sheet Edition, row 5, column B (introduction): This cell has the error #REF!. Write the value.",
        ),
        (
            change_cell("Edition", "title", value=True),
            f"sheet Edition, row 3, column B (title): This is TRUE here, not what was written. {AGAIN}",
        ),
        (
            change_cell("Obligations", "weight", 2.5),
            "sheet Obligations, row 2, column C (weight): 2.5 is no whole number. Write one.",
        ),
        (
            change_cell("Obligations", "weight", 0.03, number_format="0%"),
            "sheet Obligations, row 2, column C (weight): This is a percentage. Format the cell as a plain number, and write "
            "it again.",
        ),
        (
            change_cell("Obligations", "weight", "three"),
            "sheet Obligations, row 2, column C (weight): “weight” must be a whole number.",
        ),
        (
            change_cell("Obligations", "weight", 100),
            "sheet Obligations, row 2, column C (weight): 100 is out of range. Write a number from 0 to 99.",
        ),
        (
            change_cell("Conditions", "percent", 200 / 3, row=4),
            "sheet Conditions, row 4, column K (percent): 66.66666666666667 is rounded. Format the cell as text, and write it "
            "like “66 2/3”.",
        ),
        (
            change_cell("Indicators", "evidence_required", "perhaps"),
            "sheet Indicators, row 2, column J (evidence_required): “evidence_required” must be TRUE or FALSE.",
        ),
        (
            change_cell("Indicators", "asked_from", "31.1.2027"),
            "sheet Indicators, row 2, column O (asked_from): “asked_from” must be a date such as 2027-01-31.",
        ),
        (
            change_cell("Indicators", "points", "0; 1"),
            "sheet Indicators, row 2, column W (points): “0; 1” is not written like “0, 1, 3”. Write whole numbers, separated "
            "by commas.",
        ),
        (
            change_cell("Indicators", "guidance", None),
            "sheet Indicators, row 2, column E (guidance): The entry “guidance” is missing. Write a text.",
        ),
        (
            change_cell("Edition", "scale.2", None),
            "sheet Edition, row 11, column B (scale.2): The entry “2” is missing. Write a text.",
        ),
        (
            change_cell("Indicators", "standard", "9.9"),
            "sheet Indicators, row 2, column A (standard): There is no standard “9.9” in the sheet Standards. Write its code, "
            "or add it there.",
        ),
        (
            change_cell("Indicators", "standard", None),
            "sheet Indicators, row 2, column A (standard): This row names no standard. Write the code of the standard it is "
            "of.",
        ),
        (
            change_cell("Indicators", "standard", 1.1),
            "sheet Indicators, row 2, column A (standard): This is the number 1.1 here, and a spreadsheet shortens numbers: "
            f"1.10 becomes 1.1. {AGAIN}",
        ),
        (
            change_cell("Conditions", "of outcome", "best"),
            "sheet Conditions, row 2, column A (of outcome): There is no outcome “best” in the sheet Outcomes. Write its "
            "code, or add it there.",
        ),
        (
            change_cell("Conditions", "alternative", value=True),
            "sheet Conditions, row 2, column B (alternative): There is no condition above this alternative. Write the "
            "condition “any” above it.",
        ),
        (
            change_cell("Conditions", "level", 7, row=3),
            "sheet Conditions, row 3, column I (level): There is no level 7 in the scale, for which the test “every” asks.",
        ),
        (
            change_cell("Outcomes", "code", "accredited"),
            "sheet Outcomes, row 2, column A (code): The outcome accredited stands more than once (sheet Outcomes, row 2; "
            "sheet Outcomes, row 3). Each may stand once. Give the others a code of their own.",
        ),
        (
            change_cell("Indicators", "obligation", "vital"),
            "sheet Indicators, row 2, column F (obligation): 1.1.1 is “vital”, which the edition does not name. Take one of: "
            "essential, core, developmental.",
        ),
    ],
)
def test_a_problem_names_sheet_row_and_column_and_the_remedy(path: Path, how: Change, problem: str) -> None:
    assert problem in problems_of(change(path, how))


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        (
            lambda book: book["Standards"].merge_cells("C2:D2"),
            "sheet Standards, cells C2:D2: These cells are merged, so that all but the first are empty. Unmerge them, and "
            "write what each must have.",
        ),
        (
            lambda book: book.remove(book["Outcomes"]),
            "The sheet Outcomes is missing. Add it, or begin with a workbook that save_guide has written.",
        ),
        (
            lambda book: setattr(book["Domains"], "title", "Domain"),
            "The sheet Domains is missing. Rename “Domain”.",
        ),
        (
            lambda book: setattr(book["Indicators"]["D1"], "value", "wordin"),
            "sheet Indicators, row 1, column D: The entry “wordin” is not known here. Write “wording”, or remove it.",
        ),
        (
            lambda book: book["Indicators"].delete_cols(4),
            "sheet Indicators: The column “wording” is missing. Add it, with its name in row 1.",
        ),
        (
            lambda book: setattr(book["Indicators"]["C1"], "value", "code"),
            "sheet Indicators, row 1, column C: The entry “code” stands twice. Remove one of the two columns.",
        ),
        (
            lambda book: setattr(book["Indicators"]["AZ3"], "value", "a note"),
            "sheet Indicators, row 1, column AZ: The column has no name, and row 3 has a value. Write the name of its entry, "
            "or empty it.",
        ),
        (
            lambda book: setattr(book["Edition"]["A3"], "value", "titel"),
            "sheet Edition, row 3, column A: The entry “titel” is not known here. Write “title”, or remove it.",
        ),
        (
            lambda book: setattr(book["Edition"]["A3"], "value", "code"),
            "sheet Edition, row 3, column A: The entry “code” stands twice. Remove one of the two rows.",
        ),
        (
            lambda book: setattr(book["Edition"]["A3"], "value", None),
            "sheet Edition, row 3, column A: The value beside it has no entry. Write the name of its entry, or empty it.",
        ),
        (
            lambda book: book["Edition"].insert_rows(1),
            "sheet Edition, row 1: The columns A and B must be “entry” and “value”. Write that into row 1.",
        ),
        (
            lambda book: setattr(book["Domains"]["A30000"], "value", "D3"),
            "small.xlsx: sheet Domains: The sheet has 30000 rows and 8 columns. Delete the rows below the last part and the "
            "columns beside the last entry.",
        ),
    ],
)
def test_a_sheet_that_cannot_be_read_is_told_with_the_remedy(path: Path, how: Change, problem: str) -> None:
    assert problem in problems_of(change(path, how))


def _encrypt(path: Path) -> None:
    """Set the flag of each member that declares it encrypted."""
    content = path.read_bytes()
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        parts = content.split(signature)
        flag = offset - len(signature)
        content = signature.join([parts[0], *(p[:flag] + bytes([p[flag] | 1]) + p[flag + 1 :] for p in parts[1:])])
    path.write_bytes(content)


def _rewrite(name: str, before: bytes, after: bytes) -> Callable[[Path], None]:
    def rewrite(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            members = {member: archive.read(member) for member in archive.namelist()}
        assert before in members[name]
        with zipfile.ZipFile(path, "w") as archive:
            for member, content in members.items():
                archive.writestr(member, content.replace(before, after) if member == name else content)

    return rewrite


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64), id="with a password"),
        pytest.param(_encrypt, id="encrypted members"),
        pytest.param(_rewrite("xl/worksheets/sheet1.xml", b' s="1"', b' s="9999"'), id="a style that is not there"),
        pytest.param(_rewrite("xl/worksheets/sheet1.xml", b"<v>0</v>", b"<v>99999</v>"), id="a text that is not there"),
    ],
)
def test_a_damaged_or_encrypted_workbook_is_refused_and_closed(path: Path, damage: Callable[[Path], None]) -> None:
    damage(path)
    [problem] = problems_of(path)
    assert problem.startswith("small.xlsx: The file is no XLSX workbook that can be read.")


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan"), 1e30])
def test_a_number_that_is_none_is_refused(value: float) -> None:
    for entry in OBLIGATION.entries:
        assert isinstance(read_cell(Cell(value, "n"), entry), UnreadableValue)


def _hide(book: Any) -> None:
    book["Indicators"].row_dimensions[2].hidden = True
    book["Standards"].column_dimensions["C"].hidden = True
    book["Obligations"].sheet_state = "hidden"
    book["Indicators"].auto_filter.ref = "A1:D9"


def _leave_rows_empty(book: Any) -> None:
    book["Indicators"].insert_rows(3)
    book["Indicators"]["B3"].value = "   "
    book["Domains"]["A40"].value = " "


def _exchange_columns(book: Any) -> None:
    page = book["Domains"]
    for row in page.iter_rows():
        row[0].value, row[2].value = row[2].value, row[0].value


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(_hide, id="hidden rows, columns and sheets"),
        pytest.param(_leave_rows_empty, id="empty rows"),
        pytest.param(_exchange_columns, id="columns in another order"),
        pytest.param(change_cell("Obligations", "weight", "3"), id="a number as text"),
        pytest.param(change_cell("Obligations", "weight", 3.0), id="a number with a point"),
        pytest.param(change_cell("Conditions", "percent", 80, row=5), id="a percentage as a number"),
        pytest.param(
            change_cell("Conditions", "percent", 0.8, row=5, number_format="0%"), id="a percentage with its sign"
        ),
        pytest.param(change_cell("Edition", "excused_at_most", 1, number_format="0.00%"), id="a hundred per cent"),
        pytest.param(change_cell("Indicators", "evidence_required", "False"), id="a truth value as text"),
        pytest.param(change_cell("Edition", "language", " en \t"), id="blanks around a text"),
        pytest.param(lambda book: setattr(book["Edition"], "title", " edition "), id="the name of a sheet"),
    ],
)
def test_what_a_spreadsheet_does_without_damage_is_read_right(path: Path, how: Change) -> None:
    assert read_edition(change(path, how)) == read_edition(SMALL)


def test_dates_are_read_from_dates_and_from_texts(path: Path) -> None:
    for value in (datetime(2027, 1, 31), date(2027, 1, 31), "2027-01-31"):  # noqa: DTZ001 - as a spreadsheet has it
        change(path, change_cell("Indicators", "asked_from", value))
        assert read_edition(path).domains[0].parts[0].parts[0].fields["asked_from"] == date(2027, 1, 31)


def test_a_decimal_percentage_is_read_exactly(path: Path) -> None:
    for value, number_format, read in ((66.5, "", "66.5"), (0.665, "0.0%", "66.5"), ("66 2/3", "@", "66 2/3")):
        change(path, change_cell("Conditions", "percent", value, row=4, number_format=number_format))
        (outcome,) = (outcome for outcome in read_edition(path).outcomes if outcome.code == "accredited")
        assert read in {part.fields["percent"] for part in outcome.parts}


def test_alternatives_follow_their_condition(tmp_path: Path) -> None:
    everything = read_edition(EDITIONS / "everything")
    assert any(condition.parts for outcome in everything.outcomes for condition in outcome.parts)
    write_edition(everything, tmp_path / "everything.xlsx")
    page = openpyxl.load_workbook(tmp_path / "everything.xlsx")["Conditions"]
    tests = [cell_of(page, "test", row).value for row in range(2, page.max_row + 1)]
    place = tests.index("any")
    assert [cell_of(page, "alternative", row + 2).value for row in (place, place + 1)] == [None, True]


def test_another_sheet_is_named_and_not_read(path: Path) -> None:
    change(path, lambda book: book.create_sheet("My notes").append(["a note"]))
    reading = read_files(path)
    assert (reading.problems, reading.notes) == ((), ("the sheet My notes lies in the workbook and is not read.",))


def test_a_code_that_stands_twice_is_told_with_its_rows(path: Path) -> None:
    change(path, change_cell("Indicators", "code", "1.1.1", row=3))
    assert problems_of(path)[0] == (
        "sheet Indicators: The code 1.1.1 stands 2 times (sheet Indicators, row 2; "
        "sheet Indicators, row 3). Each code may stand once in an edition. Give the others a code of their own."
    )


@pytest.mark.parametrize("content", [b"", b"a letter", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 an old workbook"])
def test_what_is_no_workbook_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.xlsx").write_bytes(content)
    assert problems_of(tmp_path / "x.xlsx") == [
        "x.xlsx: The file is no XLSX workbook that can be read. Save it as “Excel workbook (.xlsx)”, without a password."
    ]
    assert problems_of(tmp_path / "y.xlsx") == [
        f"There is no file {tmp_path / 'y.xlsx'}. Name the workbook of an edition."
    ]


def test_a_zip_that_unpacks_to_too_much_is_refused(path: Path) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(51_000_000))
    assert problems_of(path) == ["small.xlsx: The workbook is too large to be an edition."]


def test_a_text_that_no_cell_can_hold_is_refused_before_writing(tmp_path: Path) -> None:
    text: EditionText = read_edition(SMALL)
    text.domains[0].parts[0].parts[0].fields["guidance"] = "x" * 32_768
    with pytest.raises(MalformedEdition) as caught:
        write_edition(text, tmp_path / "small.xlsx")
    assert caught.value.problems == [
        "sheet Indicators, row 2, column guidance: This text has 32768 characters; a cell has room for 32767. Save it as JSON."
    ]
    assert list(tmp_path.iterdir()) == []
