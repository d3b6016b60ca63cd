"""The three kinds of files that systems name `.xls`: old workbooks, pages, and workbooks in XML."""

from datetime import date
from pathlib import Path

import pytest

from evaluation.figures.formats import Limits, Opened, Source, Unreadable, open_file
from evaluation.figures.intake.file_names import acceptable_name
from tests.evaluation.figures.own_exports import outcome_of

OLD = (Path(__file__).parent / "across.xls").read_bytes()
"""An Excel 97 workbook: a title, the year merged over twelve months, merged names, and formulas of sums."""
PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<meta http-equiv=Content-Type content="text/html; charset=windows-1252"><title>Report 2024</title></head><body>
<table border=1><tr><th rowspan=2>Indicator</th><th colspan=4>2024</th><th rowspan=2>Total</th></tr>
<tr><th>Q1</th><th>Q2<th>Q3<th>Q4</tr>
<tr><td>Calls<br>received</td><td>10</td><td x:num="12">12,0</td><td>13</td><td>9</td><td>44</td></tr>
<tr><td>Calls answered</td><td>10</td><td>8</td><td>3</td><td>9</td><td>30</td></tr></table></body></html>"""
XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles><Style ss:ID="share"><NumberFormat ss:Format="0%"/></Style></Styles>
<Worksheet ss:Name="Data"><Table><Row ss:Index="3"><Cell><Data ss:Type="String">Month</Data></Cell>
<Cell ss:Index="3"><Data ss:Type="String">Calls received</Data></Cell><Cell><Data ss:Type="String">Share</Data></Cell></Row>
<Row><Cell><Data ss:Type="DateTime">2024-01-01T00:00:00.000</Data></Cell>
<Cell ss:Index="3"><Data ss:Type="Number">12</Data></Cell>
<Cell ss:StyleID="share"><Data ss:Type="Number">0.125</Data></Cell></Row></Table></Worksheet>
<Worksheet ss:Name="Notes"><Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row></Table>
<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet></Workbook>"""


def opened(content: bytes, **limits: int) -> Opened:
    return open_file(Source.of_bytes(content, "export.xls"), Limits(**limits))


def code_of(content: bytes, **limits: int) -> str:
    with pytest.raises(Unreadable) as refusal:
        opened(content, **limits)
    return str(refusal.value)


def test_an_old_workbook_is_read_with_its_merged_names_and_sums():
    found = outcome_of(OLD, (date(2024, 1, 1), date(2024, 12, 31)))
    assert (found.is_, found.figures) == ("read", {"A03": "186", "A04": "174"})
    assert opened(OLD).sheet == "Statistik 2024"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_page_is_read_with_its_merged_names_and_the_numbers_behind_those_shown(encoding):
    found = outcome_of(PAGE.encode(encoding), (date(2024, 1, 1), date(2024, 12, 31)))
    assert (found.is_, found.figures) == ("read", {"A03": "44", "A04": "30"})


def test_a_workbook_in_xml_is_read_with_its_dates_and_shares():
    table = opened(XML.encode())
    assert (table.names, table.names_row, table.sheet) == (("Month", "Calls received", "Share"), 3, "Data")
    assert list(table.rows()) == [(4, ("2024-01-01", "12", "12.5%"))]


def test_several_tables_are_refused_and_a_page_without_one_is_no_table():
    table = "<table><tr><td>a<td>b</tr><tr><td>1<td>2</tr></table>"
    assert code_of(f"<body>{table}{table}</body>".encode()) == "several_tables"
    assert code_of(b"<!DOCTYPE html><p>Please sign in</p>") == "other_format"
    assert list(opened(f"<table><tr><td>{table}</td></tr></table>".encode()).rows()) == [(2, ("1", "2"))]


def _with_rows(rows: str) -> bytes:
    return XML.replace("<Table>", f"<Table>{rows}", 1).replace(' ss:Index="3"', "", 1).encode()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: b"<table>" + b"<tr><td>" * 200_000, "too_many_loaded_cells"),
        (lambda: b"<table>" + b"<tr><td>1<td>2</tr>" * 60_000, "too_many_loaded_cells"),
        (lambda: b"<table><tr>" + b"<td colspan=9999999>" * 40_000, "too_many_columns"),
        (lambda: b"<table><tr><td>a<td>b</tr>" + b"<tr><td rowspan=999999>" * 100_000, "too_many_columns"),
        (lambda: b"<div>" * 2_000_000, "too_many_loaded_cells"),
        (
            lambda: _with_rows('<Row><Cell><Data ss:Type="Number">1</Data></Cell></Row>' * 60_000),
            "too_many_loaded_cells",
        ),
        (lambda: _with_rows(f'<Row><Cell><Data ss:Type="String">{"x" * 70_000}</Data></Cell></Row>'), "cell_too_long"),
        (lambda: _with_rows('<Row ss:Index="9999999"/>'), "too_many_rows"),
        (lambda: _with_rows('<Row><Cell ss:Index="301"/></Row>'), "too_many_columns"),
        (lambda: _with_rows('<Row><Cell ss:Formula="=1+1"/></Row>'), "formula_without_result"),
        (lambda: XML.replace("<Workbook", '<!DOCTYPE a [<!ENTITY b "c">]><Workbook', 1).encode(), "workbook_entities"),
        (XML[:900].encode, "workbook_broken"),
        (lambda: OLD[:512] + b"\xff" * 600 + OLD[1112:], "workbook_broken"),
        (lambda: OLD[:8] + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "workbook_locked"),
    ],
)
def test_the_worst_files_end_at_a_limit(content, code):
    assert code_of(content(), loaded_cells=100_000) == code


def test_the_cells_of_an_old_workbook_are_counted_before_they_are_copied():
    assert code_of(OLD, loaded_cells=20) == "too_many_loaded_cells"
    assert code_of(OLD, loaded_bytes=1000) == "loaded_too_large"


def test_a_name_with_the_old_ending_is_kept():
    assert acceptable_name("2024.xls", "116000-XA") == "2024.xls"
