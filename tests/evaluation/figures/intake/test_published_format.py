"""Bytes, columns and cells: what is read, and what is refused where."""

from decimal import Decimal

import pytest

from evaluation.figures.dictionary.sums import Amount
from evaluation.figures.intake.published_format import MAX_PROBLEMS, MAX_ROWS, read_bytes
from evaluation.figures.problems.file_problems import Problem, describe_problem
from portal.demonstration.exports import generate
from tests.evaluation.figures.damaged_files import CELLS, FILES, find_rows, spoil
from tests.evaluation.figures.sheet import MEGABYTE, Sheet, codes_and_rows

TABLE = 10
"""The row with the names of the columns."""

REFUSED_FILES = {
    "empty": [("empty_file", None)],
    "only_header": [("no_rows", None)],
    "header_line_missing": [("fields_missing", None)],
    "header_line_unknown": [("field_unknown", 1)],
    "other_schema": [("schema_unknown", 1)],
    "record_level": [("column_unknown", TABLE)] * 10,
    "unknown_column": [("column_unknown", TABLE)],
    "missing_column": [("columns_missing", TABLE)],
    "column_twice": [("column_twice", TABLE)],
    "latin_1": [("quality_unknown", 11)],
    "null_character": [("not_text", 11)],
    "spreadsheet": [("workbook_broken", None)],
    "open_quotation_mark": [("quotation_open", 15)],
    "mixed_delimiters": [("delimiter_unclear", TABLE)],
    "too_many_cells": [("too_many_cells", 11)],
}

REFUSED_CELLS = {
    "negative": "negative",
    "not_a_number": "not_a_number",
    "ambiguous_number": "ambiguous_number",
    "thousands_separated": "thousands_separated",
    "number_too_large": "number_too_large",
    "formula_of_a_spreadsheet": "formula",
    "email": "looks_personal",
    "email_as_code": "looks_personal",
    "telephone": "looks_personal",
    "telephone_as_value": "looks_personal",
    "date_of_birth": "looks_personal",
    "date_of_birth_as_value": "looks_personal",
    "long_text": "text_too_long",
    "item_unknown": "item_unknown",
    "dimension_unknown": "dimension_wrong",
    "code_unknown": "code_unknown",
    "quality_unknown": "quality_unknown",
    "quality_missing": "quality_missing",
    "value_missing": "value_missing",
    "other_hotline": "row_of_other_hotline",
    "other_period": "row_of_other_period",
}


def test_every_way_to_spoil_a_file_is_tried():
    assert set(REFUSED_FILES) | {"truncated"} == set(FILES)
    assert set(REFUSED_CELLS) == set(CELLS)


@pytest.mark.parametrize("kind", REFUSED_FILES)
def test_a_spoilt_file_is_refused_where_it_is_spoilt(kind):
    sheet = Sheet(spoil(generate("116000-XA", 2025, seed=1), kind))
    assert codes_and_rows(sheet.problems()) == REFUSED_FILES[kind]


@pytest.mark.parametrize("kind", REFUSED_CELLS)
def test_a_spoilt_cell_is_refused_by_row_and_column(kind):
    sheet = Sheet()
    row = sheet.row("A21", "migration")
    sheet = Sheet(spoil(sheet.content, kind, row))
    column = CELLS[kind][0]
    assert [(p.code, p.row, p.column) for p in sheet.problems()] == [(REFUSED_CELLS[kind], row, column)]


def test_a_file_that_is_cut_off_is_refused():
    content = generate("116000-XA", 2025, seed=1)
    last_row = content.count(b"\n")
    for left_out in range(len(",measured\n"), len(content.split(b"\n")[-2]) - 20):
        assert codes_and_rows(Sheet(content[:-left_out]).problems()) == [("cut_off", last_row)]


def test_a_file_larger_than_allowed_is_refused_unread():
    reading = read_bytes(b"x" * (3 * MEGABYTE), "figures.csv", max_bytes=2 * MEGABYTE)
    assert reading.problems == (Problem("too_large", params={"megabytes": 2}),)


def test_a_file_of_many_rows_is_refused():
    sheet = Sheet()
    sheet.content += b"116000-XA,,,A01,,,,,,\n" * MAX_ROWS
    assert sheet.problems() == [Problem("too_many_totals", params={"limit": MAX_ROWS})]


def test_a_row_of_endless_columns_is_refused():
    sheet = Sheet()
    sheet.content = sheet.content.replace(b",quality\n", b",quality" + b"," * 500_000 + b"\n")
    assert codes_and_rows(sheet.problems()) == [("line_too_long", TABLE)]
    sheet.content = Sheet().content.replace(b",quality\n", b",quality" + b"," * 500 + b"\n")
    assert codes_and_rows(sheet.problems()) == [("too_many_cells", TABLE)]


@pytest.mark.parametrize("written", ["1 ", "x"])
def test_a_cell_of_half_a_megabyte_is_refused(written):
    sheet = Sheet()
    row = sheet.row("A03")
    sheet.write("A03", value=written * (MEGABYTE // 2 // len(written)))
    assert codes_and_rows(sheet.problems()) == [("line_too_long", row)]


def test_a_file_is_known_by_what_is_in_it_and_never_by_its_name():
    assert read_bytes(b"anything", "Figures.XLSX", max_bytes=MEGABYTE).problems == (Problem("delimiter_unclear", 1),)
    assert read_bytes(Sheet().content, "Figures.XLSX", max_bytes=MEGABYTE) == Sheet().read()


def test_an_unknown_column_is_named_by_its_place_only():
    sheet = Sheet(spoil(Sheet().content, "unknown_column"))
    assert sheet.problems() == [Problem("column_unknown", TABLE, "11")]


def test_wrong_lines_on_top_and_wrong_columns_are_told_together():
    sheet = Sheet(spoil(Sheet().content, "unknown_column")).head("level", "cases")
    assert codes_and_rows(sheet.problems()) == [("header_code_unknown", 5), ("column_unknown", TABLE)]


def test_semicolons_read_like_commas():
    plain = Sheet().read()
    assert Sheet(Sheet().content.replace(b",", b";")).read() == plain


def test_a_byte_order_mark_and_other_line_ends_read_alike():
    plain = Sheet().read()
    text = Sheet().content.decode()
    assert Sheet(text.encode("utf-8-sig")).read() == plain
    assert Sheet(text.replace("\n", "\r\n").encode()).read() == plain
    assert Sheet(text.replace("\n", "\r").encode()).read() == plain


def test_columns_may_stand_in_any_order():
    lines = Sheet().content.decode().split("\n")
    turned = [*lines[:9], *(",".join(reversed(line.split(","))) for line in lines[9:])]
    assert Sheet("\n".join(turned).encode()).read() == Sheet().read()


def test_empty_rows_are_passed_over_and_counted():
    sheet = Sheet()
    lines = sheet.content.decode().split("\n")
    lines[TABLE:TABLE] = ["", "," * 9]
    sheet.content = "\n".join(lines).encode()
    assert sheet.problems() == []
    row = sheet.row("A03")
    assert (row, codes_and_rows(sheet.write("A03", value="-1").problems())) == (15, [("negative", 15)])


# --- Values ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "written", "code"),
    [
        ("A03", "12.5", "decimal_in_count"),
        ("A03", "12,5", "decimal_in_count"),
        ("A03", "1.234", "ambiguous_number"),
        ("A03", "1,234", "ambiguous_number"),
        ("A08", "1.234", "ambiguous_number"),
        ("A08", "24,5", "decimal_comma"),
        ("A08", "1.234,5", "thousands_separated"),
        ("A08", "1'234.5", "thousands_separated"),
        ("A08", "1\u202f234", "thousands_separated"),
        ("A08", "0.12345", "too_many_decimals"),
        ("A08", "\u0661\u0662", "not_a_number"),
        ("A08", "1e3", "not_a_number"),
        ("A08", "inf", "not_a_number"),
        ("A08", "nan", "not_a_number"),
        ("A08", "+5", "not_a_number"),
        ("A08", "12 %", "not_a_number"),
        ("A08", "\u22125", "negative"),
        ("A08", "-0.5", "negative"),
        ("A08", "1234567890123.5", "number_too_large"),
        ("A03", "123456789", "number_too_large"),
    ],
)
def test_a_number_is_never_guessed(item, written, code):
    sheet = Sheet()
    row = sheet.row(item)
    assert codes_and_rows(sheet.write(item, value=written).problems()) == [(code, row)]


@pytest.mark.parametrize(
    ("item", "written", "value"),
    [("A08", "24.5", "24.5"), ("A08", "0.125", "0.125"), ("A08", "0", "0"), ("A44", "007", "7"), ("A44", " 31 ", "31")],
)
def test_a_plain_number_is_read_exactly(item, written, value):
    (row,) = [row for row in Sheet().write(item, value=written).read().rows if row.item == item]
    assert row.amount == Amount(Decimal(value))


@pytest.mark.parametrize(
    ("value", "quality", "amount", "kept"),
    [
        ("0", "measured", Amount(Decimal(0)), "measured"),
        ("", "not_recorded", Amount(None), "not_recorded"),
        ("", "", Amount(None), "not_recorded"),
        ("NA", "not_recorded", Amount(None, not_applicable=True), "NA"),
        ("NA", "", Amount(None, not_applicable=True), "NA"),
    ],
)
def test_zero_not_recorded_and_not_applicable_are_three_things(value, quality, amount, kept):
    (row,) = [row for row in Sheet().write("A44", value=value, quality=quality).read().rows if row.item == "A44"]
    assert (row.amount, row.quality) == (amount, kept)


def test_a_value_that_is_not_recorded_contradicts_itself():
    sheet = Sheet()
    assert codes_and_rows(sheet.write("A44", quality="not_recorded").problems()) == [
        ("value_not_recorded", sheet.row("A44"))
    ]


def test_a_dimension_where_there_is_none_is_refused():
    sheet = Sheet()
    row = sheet.row("A03")
    sheet.content = spoil(sheet.content, "code_unknown", row)
    assert codes_and_rows(sheet.problems()) == [("dimension_unexpected", row)]


def test_the_same_figure_twice_is_refused_and_names_both_rows():
    sheet = Sheet()
    lines = sheet.content.decode().split("\n")
    row = sheet.row("A21", "runaway")
    lines.insert(-1, lines[row - 1])
    sheet.content = "\n".join(lines).encode()
    assert sheet.problems() == [Problem("cell_twice", len(lines) - 1, "item_code", "A21", {"first": row})]


def test_fewer_than_ten_vulnerable_children_are_not_told():
    sheet = Sheet()
    assert codes_and_rows(sheet.write("A39", value="9").problems()) == [("too_few_to_tell", sheet.row("A39"))]
    assert sheet.write("A39", value="10").problems() == []
    assert sheet.write("A39", value="0").problems() == []


def test_vulnerability_may_be_told_for_one_flag():
    sheet = Sheet().write("A39", dim1="vulnerability", dim1_value="disability")
    assert sheet.problems() == []


def test_another_hotline_in_every_row_is_said_once():
    sheet = Sheet().head("hotline_code", "116000-XB")
    assert codes_and_rows(sheet.problems()) == [("row_of_other_hotline", TABLE + 1)]


def test_a_person_reads_a_hundred_problems_and_how_many_more():
    sheet = Sheet()
    sheet.content = sheet.content.replace(b",measured\n", b",guessed\n")
    wrong = sheet.content.count(b",guessed\n")
    problems = sheet.problems()
    assert len(problems) == MAX_PROBLEMS + 1
    assert problems[-1] == Problem("more_problems", params={"count": wrong - MAX_PROBLEMS})
    assert describe_problem(problems[-1]) == f"There are {wrong - 100} more things to put right. Correct these first."


def test_the_sentence_says_where_and_how_to_mend_it():
    sheet = Sheet()
    row = sheet.row("A03")
    (problem,) = sheet.write("A03", value="4.500").problems()
    assert describe_problem(problem) == (
        f"Row {row}: the value of A03 can be read in two ways, as thousands or as decimals. "
        "Write thousands without any mark, like 1234, and decimals with one or two digits after a point, like 1.23."
    )


def test_find_rows_finds_the_rows_with_a_number():
    sheet = Sheet()
    assert find_rows(sheet.content, "A03") == [sheet.row("A03")]
