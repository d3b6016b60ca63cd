"""The header of a file."""

from datetime import UTC, date, datetime, timedelta

import pytest

from evaluation.figures.dictionary.items import header_fields
from evaluation.figures.formats import Source, open_file
from evaluation.figures.formats.published.header import Header, is_version, is_whole_period
from evaluation.figures.intake.published_format import read
from evaluation.figures.problems.file_problems import Problem, describe_problem
from tests.evaluation.figures.sheet import Sheet, codes_and_rows


def test_the_lines_on_top_are_read():
    assert Sheet().read().header == Header(
        schema_version="1.0",
        hotline_code="116000-XA",
        period_start=date(2025, 1, 1),
        period_end=date(2025, 12, 31),
        level="aggregate",
        source_system="own_crm",
        generated_at=datetime(2026, 1, 20, 9, 30, tzinfo=UTC),
        definition_set="1.0",
        completeness_note="complete",
    )


@pytest.mark.parametrize("field", ["schema_version", "hotline_code", "generated_at", "completeness_note"])
def test_a_missing_line_is_named(field):
    sheet = Sheet()
    sheet.content = b"\n".join(
        line for line in sheet.content.split(b"\n") if not line.startswith(f"# {field}".encode())
    )
    assert sheet.problems() == [Problem("fields_missing", params={"fields": field})]


def test_a_file_without_lines_on_top_names_all_nine_at_once():
    sheet = Sheet()
    sheet.content = b"\n".join(line for line in sheet.content.split(b"\n") if not line.startswith(b"#"))
    assert sheet.problems() == [Problem("fields_missing", params={"fields": ", ".join(header_fields())})]


def test_an_unknown_line_on_top_is_refused_by_its_row():
    sheet = Sheet()
    sheet.content = b"# caller: somebody\n" + sheet.content
    assert codes_and_rows(sheet.problems()) == [("field_unknown", 1)]


def test_a_field_that_stands_twice_is_refused():
    sheet = Sheet()
    sheet.content = b"# level: aggregate\n" + sheet.content
    assert codes_and_rows(sheet.problems()) == [("field_twice", 6)]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("schema_version", "2.0", "schema_unknown"),
        ("hotline_code", "XA", "hotline_code_unreadable"),
        ("source_system", "fax", "header_code_unknown"),
        ("level", "totals", "header_code_unknown"),
        ("completeness_note", "mostly", "header_code_unknown"),
        ("generated_at", "yesterday", "moment_unreadable"),
        ("generated_at", "2026-01-20T09:30:00", "moment_unreadable"),
        ("generated_at", "2026-01-20T09:30:00+02:00", "moment_unreadable"),
        ("generated_at", "2025-12-30T09:30:00Z", "period_not_over"),
        ("definition_set", "as agreed with Anna on the phone", "definitions_unreadable"),
    ],
)
def test_a_field_that_cannot_be_used_is_refused_by_its_row(field, value, code):
    sheet = Sheet().head(field, value)
    row = sheet.content.decode().split("\n").index(f"# {field}: {value}") + 1
    assert codes_and_rows(sheet.problems()) == [(code, row)]


GENERATED = datetime(2026, 1, 20, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(("early", "codes"), [(timedelta(hours=23), []), (timedelta(days=2), ["generated_later"])])
def test_a_file_that_says_it_comes_from_the_future_is_refused(early, codes):
    opened = open_file(Source.of_bytes(Sheet().content, "figures.csv"))
    problems = read(opened, now=GENERATED - early).problems
    assert codes_and_rows(problems) == [(code, 7) for code in codes]
    assert all("generated_at lies in the future" in describe_problem(problem) for problem in problems)


def test_a_period_of_another_century_is_refused():
    sheet = Sheet().head("period_start", "1025-01-01").head("period_end", "1025-12-31")
    assert codes_and_rows(sheet.problems()) == [("period_too_early", 3)]
    assert describe_problem(sheet.problems()[0]) == "Row 3: period_start lies before the year 2000. Correct it."


@pytest.mark.parametrize("value", ["1/1/2025", "2025-02-30", "20250101", "1 January"])
def test_a_date_that_is_no_date_is_refused(value):
    assert codes_and_rows(Sheet().head("period_start", value).problems()) == [("date_unreadable", 3)]


@pytest.mark.parametrize(
    ("start", "end", "whole"),
    [
        ((2025, 1, 1), (2025, 12, 31), True),
        ((2025, 4, 1), (2025, 6, 30), True),
        ((2024, 2, 1), (2024, 2, 29), True),
        ((2025, 2, 1), (2025, 4, 30), False),
        ((2025, 1, 1), (2025, 6, 30), False),
        ((2025, 1, 2), (2025, 1, 31), False),
        ((2025, 1, 1), (2025, 1, 30), False),
        ((2025, 7, 1), (2026, 6, 30), False),
        ((2025, 1, 1), (2024, 12, 31), False),
    ],
)
def test_a_period_is_one_whole_month_quarter_or_year(start, end, whole):
    assert is_whole_period(date(*start), date(*end)) is whole


def test_a_broken_period_is_refused():
    assert codes_and_rows(Sheet().head("period_end", "2025-11-30").problems()) == [("period_unreadable", 4)]


def test_what_a_spreadsheet_adds_to_the_lines_on_top_is_no_harm():
    sheet = Sheet()
    lines = sheet.content.decode().split("\n")
    plain = Sheet().read()
    lines[:9] = [f'"{line}"{"," * 9}' for line in lines[:9]]
    lines.insert(9, "," * 9)
    sheet.content = "\r\n".join(lines).encode("utf-8-sig")
    reading = sheet.read()
    assert (reading.header, len(reading.rows), reading.problems) == (plain.header, len(plain.rows), ())


@pytest.mark.parametrize("text", ["1", "1.0", "1.0.3", "v2", "2026", "2026-1", "DS1.2", "2.0-b1"])
def test_a_version_of_the_definitions(text):
    assert is_version(text)


@pytest.mark.parametrize(
    "text",
    ["", "Anna", "Anna.Kowalska", "Eva2011", "0475123456", "2011-03-12", "12.03.2011", "1.0 Anna", "1.0\n", "1" * 21],
)
def test_what_is_told_in_public_as_a_version_is_no_name_number_or_date(text):
    assert not is_version(text)
