"""All formats give the same table; ambiguous content is refused with the remedy."""

import io
import json
import struct
import tracemalloc
import zipfile
from datetime import date

import pandas
import pytest
import xlsxwriter

from evaluation.figures.dictionary.items import example_of, record_fields
from evaluation.figures.formats import Limits, Opened, Source, Unreadable, open_file
from evaluation.figures.intake.published_format import read, read_bytes
from evaluation.figures.problems.file_problems import Problem, describe_problem
from tests.evaluation.figures.damaged_files import FORMATS
from tests.evaluation.figures.damaged_files.formats import ods_content, pack, to_json, to_ods, to_text, to_xlsx, unpack

GERMAN = "Monat;Anrufe gesamt;Mädchen;Ausreißer\n2025-01;3;4;entführt\n2025-02;5;6;vermißt\n"
FRENCH = "mois;appels reçus;décrochés;catégorie\n2025-01;3;4;enlèvement\n"
POLISH = "miesiąc;połączenia;odebrane;płeć\n2025-01;3;4;dziewczynka\n"
CZECH = "měsíc;počet hovorů;přijaté;pohlaví\n2025-01;3;4;dívka\n"
GREEK = "Μήνας;Κλήσεις;Απαντημένες;Φυγή\n2025-01;3;4;κορίτσι\n"
BULGARIAN = "месец;обаждания;приети;бягство\n2025-01;3;4;момиче\n"
LITHUANIAN = "mėnuo;skambučių skaičius;atsakyta;mergaitės, pabėgusios iš namų, šį mėnesį grąžintos\n2025-01;3;4;5\n"


def opened(content: bytes, **limits: int) -> Opened:
    return open_file(Source.of_bytes(content, "figures"), Limits(**limits))


def refused(content: bytes, **limits: int) -> Problem:
    """Return the only problem, after rendering its sentence."""
    with pytest.raises(Unreadable) as refusal:
        list(opened(content, **limits).rows())
    (problem,) = refusal.value.problems
    assert describe_problem(problem)
    return problem


def cells(content: bytes) -> list[tuple[str, ...]]:
    return [row for _, row in opened(content).rows()]


def workbook(*rows: tuple[object, ...], names: tuple[str, ...] = ("1",)) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        for name in names:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(number, place, cell, days)
                    else:
                        sheet.write(number, place, cell)
    return written.getvalue()


# --- One table, many formats ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_figures(name):
    plain, other = (
        read_bytes(content, "x", max_bytes=10**7)
        for content in (example_of("aggregate"), FORMATS[name](example_of("aggregate")))
    )
    assert (other.problems, other.header, other.warnings) == ((), plain.header, plain.warnings)
    assert [(row.item, row.codes, row.amount, row.quality) for row in other.rows] == [
        (row.item, row.codes, row.amount, row.quality) for row in plain.rows
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_chunks_and_rows_say_the_same(name):
    table = opened(FORMATS[name](example_of("aggregate")))
    rows = list(table.rows())
    frame = pandas.concat(chunk.astype(str) for chunk in table.chunks(plain=["value"], size=50))
    assert (list(frame.columns), list(frame.index)) == (
        [n.lower() for n in table.names],
        [number for number, _ in rows],
    )
    assert [tuple(row) for row in frame.to_numpy().tolist()] == [row for _, row in rows]


def test_two_walks_of_one_file_do_not_disturb_each_other():
    table = opened(example_of("aggregate") + b"\n" * 3)
    first, second = table.rows(), table.rows()
    assert [(next(first), next(second))[0] for _ in range(519)] == list(opened(example_of("aggregate")).rows())


def test_a_chunk_keeps_every_text_as_it_is_written():
    content = b"a,b,c,key\n01,true,1-5,007\n1,TRUE,NA,1\n1.0,false,00-06,\n,,,\n"
    (frame,) = opened(content).chunks(plain=["key"])
    assert [list(map(str, row)) for row in frame.to_numpy()] == [
        ["01", "true", "1-5", "007"],
        ["1", "TRUE", "NA", "1"],
        ["1.0", "false", "00-06", ""],
    ]
    assert [str(kind) for kind in frame.dtypes] == ["category"] * 3 + ["str"]
    assert list(frame["b"].cat.categories) == ["", "TRUE", "false", "true"]


def test_blanks_around_cells_are_taken_off_in_chunks_too():
    (frame,) = opened(b"a,b\n x,1\nx ,2\n\xc2\xa0x,3\n").chunks(plain=["b"])
    assert (list(frame["a"].cat.categories), frame["a"].tolist(), frame["b"].tolist()) == (
        ["x"],
        ["x"] * 3,
        ["1", "2", "3"],
    )


def test_the_number_of_a_row_counts_empty_rows_and_the_lines_on_top():
    content = b"# level: contact\n\nchannel,result,language\nphone,answered,fr\n,,\n\nchat,answered,de\n"
    table = opened(content)
    assert (table.names_row, table.top) == (3, ("# level: contact", ""))
    assert [number for number, _ in table.rows()] == [4, 7]
    assert [list(chunk.index) for chunk in table.chunks()] == [[4, 7]]


def test_a_line_break_in_quotation_marks_ends_no_row():
    assert cells(b'a,b\n1,"x\ny"\n2,z\n') == [("1", "x\ny"), ("2", "z")]
    assert [number for number, _ in opened(b'a,b\n1,"x\ny"\n2,z\n').rows()] == [2, 3]


@pytest.mark.parametrize("level", ["contact", "case"])
def test_records_are_known_by_their_columns(level):
    names = ",".join(reversed(record_fields()[level])).upper().encode()
    assert opened(names + b"\n" + b"," * (len(record_fields()[level]) - 1) + b"\n").is_published
    assert not opened(b"Month,Calls\n2025-01,3\n").is_published


# --- Letters -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((GERMAN, encoding) for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")),
        *((GERMAN, encoding) for encoding in ("iso8859_1", "iso8859_15", "cp1250")),
        *((FRENCH, encoding) for encoding in ("cp1252", "iso8859_15")),
        *((POLISH, encoding) for encoding in ("cp1250", "iso8859_2")),
        *((CZECH, encoding) for encoding in ("cp1250", "iso8859_2")),
        *((GREEK, encoding) for encoding in ("cp1253", "iso8859_7")),
        *((BULGARIAN, encoding) for encoding in ("cp1251", "iso8859_5")),
        *((LITHUANIAN, encoding) for encoding in ("cp1257", "iso8859_13")),
    ],
)
def test_the_names_of_columns_are_read_right_in_any_common_encoding(text, encoding):
    table = opened(text.encode(encoding))
    assert ";".join(table.names) == text.split("\n")[0]
    assert [";".join(row) for _, row in table.rows()] == text.split("\n")[1:-1]


RUSSIAN = "Месяц;Входящие звонки;Отвеченные\nиюль 2025;900;811\nиюнь 2025;700;644\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((GERMAN, encoding) for encoding in ("cp850", "mac_roman")),
        *((FRENCH, encoding) for encoding in ("cp850", "mac_roman")),
        *((POLISH, encoding) for encoding in ("cp852", "mac_latin2")),
        (GREEK, "cp737"),
        *((RUSSIAN, encoding) for encoding in ("cp1251", "iso8859_5", "cp866", "koi8_r", "mac_cyrillic")),
        ("Monat;Ø Wartezeit (s);Anrufe\n2025-03;21;900\n", "cp1252"),
        ("Monat;Ø Wartezeit für Anrufe\n2025-03;21\n", "cp1252"),
        ("Месяц;№ звонков\nиюль 2025;900\n", "cp1251"),
        ("mėnuo;skambučiai\n1;2\n", "cp1257"),
        ("Mois;Appels présentés;Taux de décroché\naoût 2025;900;12\n", "iso8859_15"),
        ("Αριθμός υπόθεσης;Κατηγορία\n12;Άλλο\n", "cp1253"),
        ("Måned;Indgående opkald\nmarts;9\n", "cp1252"),
        ("Nº expediente;Nº de menores\n12;1\n", "cp1252"),
        ("Spol;Broj\nŽ;2\n", "cp1250"),
    ],
)
def test_older_encodings_and_signs_that_stand_alone_are_read(text, encoding):
    table = opened(text.encode(encoding))
    assert ";".join(table.names) == text.split("\n")[0]
    assert [";".join(row) for _, row in table.rows()] == text.split("\n")[1:-1]


def test_letters_far_down_in_the_file_are_read_in_their_encoding_too():
    content = b"a;b\n" + b"1;x\n" * 500_000 + "1;Mädchen\n".encode("cp1252")
    assert list(opened(content).rows())[-1] == (500_002, ("1", "Mädchen"))


def test_letters_that_can_be_read_in_two_ways_are_not_guessed():
    assert refused("vėjas;takė\n1;2\n".encode("cp1257")) == Problem("encoding_unclear", 1)


def test_letters_of_two_encodings_in_one_file_are_refused_where_they_stand():
    assert refused("a;b\n1;ä\n".encode() + "2;Mädchenß\n".encode("cp850")) == Problem("not_utf8", 3)


def test_no_character_that_is_no_text_comes_through():
    assert refused(b"a,b\n1,2\n1,\0\n") == Problem("not_text", 3)
    assert refused("a,b\n1,2\n1,\0\n".encode("utf-16")) == Problem("not_text", 3)


# --- Delimiters and rows -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_beside_decimal_commas_and_titles(mark):
    text = f"Our hotline\nMonth{mark}Calls{mark}Hours\n" + f'2025-01{mark}3{mark}"1,5"\n' * 3
    table = opened(text.encode())
    assert (table.names, table.names_row, table.top) == (("Month", "Calls", "Hours"), 2, ("Our hotline",))
    assert [row for _, row in table.rows()] == [("2025-01", "3", "1,5")] * 3


def test_a_file_of_one_column_is_no_table():
    assert refused(b"calls\n1\n2\n") == Problem("delimiter_unclear", 1)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("1,2,3\n4,5\n6,7,8\n", Problem("too_few_cells", 3)),
        ("1,2,3\n4,5,6\n7,8", Problem("cut_off", 4)),
        ("1,2,3\n4,5,6,7\n", Problem("too_many_cells", 3)),
        ('1,2,3\n"4,5,6\n7,8,9\n', Problem("quotation_open", 3)),
        ('1,2,3\n"4"5,6,7\n', Problem("quotation_open", 3)),
    ],
)
def test_a_ragged_row_is_refused_in_rows_and_in_chunks(rows, problem):
    content = f"a,b,c\n{rows}".encode()
    assert refused(content) == problem
    with pytest.raises(Unreadable) as refusal:
        list(opened(content).chunks())
    assert refusal.value.problems == (problem,)


def test_two_columns_of_one_name_and_columns_without_are_refused_by_number():
    with pytest.raises(Unreadable) as refusal:
        opened(b"Calls,,calls,=1+1\n1,2,3,4\n")
    assert [(p.code, p.row, p.column) for p in refusal.value.problems] == [
        ("column_nameless", 1, "2"),
        ("column_twice", 1, "3"),
        ("formula", 1, "4"),
    ]


# --- Workbooks -----------------------------------------------------------------------------------------------------


def test_a_workbook_gives_numbers_and_dates_as_they_were_typed():
    table = opened(
        workbook(
            ("Our hotline",),
            ("Month", "Day", "Calls", "Hours", "Yes"),
            ("2025-01", date(2025, 1, 31), 1200, 12.25, True),
            ("2025-02", date(2025, 2, 28), 0, 0.1, False),
        )
    )
    assert (table.names_row, table.is_published) == (2, False)
    assert list(table.rows()) == [
        (3, ("2025-01", "2025-01-31", "1200", "12.25", "true")),
        (4, ("2025-02", "2025-02-28", "0", "0.1", "false")),
    ]


def test_a_code_that_a_spreadsheet_made_a_date_of_is_refused():
    names = tuple(record_fields()["contact"])
    row = ["x"] * len(names)
    row[names.index("duration_band")], row[names.index("contact_month")] = date(2026, 5, 1), date(2025, 3, 1)
    assert refused(workbook(names, tuple(row))) == Problem("code_became_date", 2, "duration_band")
    row[names.index("duration_band")] = "1-5"
    ((_, read_row),) = opened(workbook(names, tuple(row))).rows()
    assert (read_row[names.index("contact_month")], read_row[names.index("duration_band")]) == ("2025-03", "1-5")


def test_the_header_may_stand_in_two_cells_and_a_version_may_be_a_number():
    table = opened(
        workbook(("schema_version", 1), ("level", "aggregate"), (), ("item_code", "value", "quality"), (1, 2, 3))
    )
    assert table.top == ("# schema_version: 1.0", "# level: aggregate", "")
    assert (table.is_published, table.names_row) == (True, 4)


def test_of_several_sheets_the_one_with_figures_is_read_or_none():
    assert refused(workbook(("a", "b"), (1, 2), names=("x", "y"))) == Problem("several_sheets", params={"count": 2})
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        book.add_worksheet("notes").write(0, 0, "made by us")
        sheet = book.add_worksheet("figures")
        for place, name in enumerate(("item_code", "value", "quality")):
            sheet.write(0, place, name)
            sheet.write(1, place, "x")
    assert cells(written.getvalue()) == [("x", "x", "x")]


def with_formula(result: str) -> bytes:
    """Return a workbook of a program that does not compute: A2 has a formula and `result`."""
    written, changed = io.BytesIO(workbook(("calls", "answered"), ("=SUM(B2:B9)", 4))), io.BytesIO()
    with zipfile.ZipFile(written) as book, zipfile.ZipFile(changed, "w") as other:
        for name in book.namelist():
            content = book.read(name)
            if name.endswith("sheet1.xml"):
                assert content.count(b"<v>0</v>") == 2  # of the formula, and of the first shared text
                content = content.replace(b"</f><v>0</v>", b"</f>" + result.encode())
            other.writestr(name, content)
    return changed.getvalue()


@pytest.mark.parametrize("result", ["", "<v/>", "<v></v>"])
def test_a_formula_without_its_result_is_no_missing_number(result):
    assert refused(with_formula(result)) == Problem("formula_without_result", params={"place": "A2"})
    assert cells(with_formula("<v>7</v>")) == [("7", "4")]


def test_a_formula_of_an_ods_without_its_result_is_no_missing_number():
    formula = 'table:formula="of:=SUM([.B2:.B9])"'
    assert refused(_repeated(f"{formula}>", "1", "1")) == Problem("formula_without_result", params={"place": "A1"})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "other_format"),
        (b"%PDF-1.7\n", "other_format"),
        (b"\x89PNG\r\n\x1a\n", "other_format"),
        (b"<html><table><tr><td>1</td></tr></table>", "no_rows"),
        (b"<html><body><p>Please sign in</p></body></html>", "other_format"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "other_format"),
        (pack({"figures.csv": example_of("aggregate")}), "archive"),
        (b"\x1f\x8b\x08\0", "archive"),
        (pack({"xl/workbook.bin": b""}), "workbook_other"),
        (b"PK\x03\x04" + example_of("aggregate"), "workbook_broken"),
        (b"", "empty_file"),
        (b" \r\n\t\n", "empty_file"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(content, code):
    assert refused(content).code == code


def _with_sheet(content: bytes) -> bytes:
    return pack(unpack(workbook(("a", "b"), (1, 2))) | {"xl/worksheets/sheet1.xml": content})


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda: _with_sheet(b"<a>" + b" " * (110 * 1024**2) + b"</a>"), "workbook_too_large"),
        (lambda: _with_sheet(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "workbook_entities"),
        (lambda: _with_sheet(b'<a><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></a>'), "too_many_loaded_cells"),
        (lambda: _with_sheet(b"<a><c><v>1</v></c></a>"), "workbook_broken"),
        (
            lambda: pack(
                unpack(to_ods(example_of("aggregate")))
                | {
                    "content.xml": ods_content(
                        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
                        'office:value-type="string" table:number-columns-repeated="16000"/></table:table-row>'
                    )
                }
            ),
            "too_many_loaded_cells",
        ),
    ],
)
def test_a_bomb_is_refused_before_it_takes_memory(made, code):
    content = made()
    tracemalloc.start()
    try:
        assert refused(content).code == code
        assert tracemalloc.get_traced_memory()[1] < 250 * 1024**2
    finally:
        tracemalloc.stop()


def test_a_directory_of_very_many_members_takes_no_memory():
    member = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, *[0] * 7, 1, *[0] * 6) + b"a"
    content = b"PK\x03\x04" + bytes(30) + member * 300_000
    size, end = len(member) * 300_000, len(content)
    content += struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 300_000, 300_000, size, 34)
    content += struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
    content += struct.pack("<4s4H2IH", b"PK\x05\x06", *[0xFFFF] * 4, *[0xFFFFFFFF] * 2, 0)
    assert len(zipfile.ZipFile(io.BytesIO(content)).namelist()) == 300_000
    tracemalloc.start()
    try:
        assert refused(content).code == "workbook_broken"
        assert tracemalloc.get_traced_memory()[1] < 10 * 1024**2
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["A0", "utf-7", "utf-16", "cp037"])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_what_a_part_says_of_its_letters_does_not_matter(part, encoding):
    members = unpack(workbook(("a", "b"), (1, 2)))
    body = members[part].partition(b"?>")[2]
    odd = pack(members | {part: f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + body})
    assert list(opened(odd).rows()) == [(2, ("1", "2"))]


def _shared(texts: str, cells: str) -> bytes:
    """Return an XLSX whose cells refer to texts by number."""
    return pack(
        unpack(workbook(("a", "b"), (1, 2)))
        | {
            "xl/sharedStrings.xml": f"<sst>{texts}</sst>".encode(),
            "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{cells}</sheetData></worksheet>".encode(),
        }
    )


def _pointing(rows: int, index: str) -> str:
    return "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>{index}</v></c></row>' for row in range(1, rows + 1))


def _repeated(cell: str, columns: str, rows: str = "1") -> bytes:
    """Return an ODS of one cell that declares how often it is repeated."""
    row = (
        f'<table:table-row table:number-rows-repeated="{rows}"><table:table-cell '
        f'table:number-columns-repeated="{columns}" {cell}</table:table-cell></table:table-row>'
    )
    return pack(unpack(to_ods(example_of("aggregate"))) | {"content.xml": ods_content(row)})


LETTERS = "x" * 10**6
NOTE = "x" * 60_000


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda: _repeated(f'office:value-type="string"><text:p>{LETTERS}</text:p>', "200"), "cell_too_long"),
        (lambda: _repeated(f'office:value-type="string" office:string-value="{LETTERS}">', "200"), "cell_too_long"),
        (
            lambda: _repeated('office:value-type="string"><text:p>x<text:s text:c="4000000000"/></text:p>', "1"),
            "cell_too_long",
        ),
        (lambda: _repeated(f'office:value-type="string"><text:p>{NOTE}</text:p>', "200", "20"), "workbook_too_large"),
        (lambda: _repeated(f'office:value-type="string" table:formula="{NOTE}">', "200", "20"), "workbook_too_large"),
        (lambda: _repeated('office:value="1">', "1000", "1000000"), "too_many_loaded_cells"),
        (lambda: _repeated('office:value="1">', "1", "99999999999"), "too_many_loaded_cells"),
        (lambda: _repeated('office:value="1">', "+2000000"), "too_many_loaded_cells"),
        (lambda: _repeated('office:value="1">', "many"), "workbook_broken"),
        (lambda: _repeated('office:value-type="string"><table:table table:name="2"/>', "1"), "workbook_broken"),
        (lambda: _shared(f"<si><t>{LETTERS}</t></si>", _pointing(300, "0")), "cell_too_long"),
        (lambda: _shared(f"<si>{f'<r><t>{NOTE}</t></r>' * 20}</si>", _pointing(300, "0")), "cell_too_long"),
        (lambda: _shared(f"<si/><si><t>{NOTE}</t></si>", _pointing(3000, "1")), "workbook_too_large"),
        (lambda: _shared(f"<si><t>{NOTE}</t></si><si/>", _pointing(3000, "00000000x")), "workbook_too_large"),
        (lambda: _shared(f"<!-- <si/> --><si><t>{NOTE}</t></si><si/>", _pointing(3000, "0")), "workbook_too_large"),
        (lambda: _shared(f"<si><si/></si><si><t>{NOTE}</t></si>", _pointing(3000, "1")), "workbook_broken"),
        (
            lambda: _shared("", f'<row r="1"><c r="A1" t="inlineStr"><is><t>{LETTERS}</t></is></c></row>'),
            "cell_too_long",
        ),
    ],
)
def test_a_text_that_would_be_copied_into_many_cells_is_refused_before_it_is(made, code):
    assert refused(made()).code == code


def test_a_long_note_on_top_of_a_workbook_is_no_harm():
    rows = [("item_code", "value", "quality"), *[("x", 1, "y")] * 5000]
    assert len(cells(workbook(("# " + "x" * 30_000,), *rows))) == 5000


# --- JSON ----------------------------------------------------------------------------------------------------------


def test_numbers_of_json_are_kept_as_they_are_written():
    table = opened(b'{"level": "contact", "rows": [{"a": 1.50, "b": null, "c": true, "d": ["x", "y"]}, {"a": 1e3}]}')
    assert table.top == ("# level: contact",)
    assert list(table.rows()) == [(1, ("1.50", "", "true", "x|y")), (2, ("1e3", "", "", ""))]


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        ('{"rows": [{"a": 1, "b": 2}, {"a": 1, "a": 2}]}', "json_twice", 2),
        ('{"rows": [], "rows": []}', "json_twice", 1),
        ('{"rows": [1]}', "json_row", 1),
        ('{"rows": [{"a": {"b": 1}, "c": 1}]}', "json_cell", 1),
        ('{"rows": {"a": 1}}', "json_shape", None),
        ('{"result": [{"a": 1, "b": 2}], "next": "page 2"}', "json_shape", None),
        ('{"result": []}', "json_shape", None),
        ('{"header": ["1.0"], "rows": [{"a": 1}]}', "json_header", None),
        ('{"header": {"caller": 1}, "rows": [{"a": 1, "b": 1}]}', "json_field_unknown", 1),
        ('{"rows": [{"a": 1,}]}', "json_broken", 1),
        ("[" * 100_000, "json_deep", 1),
        ('{"rows": [[[[[[[[[[1]]]]]]]]]]}', "json_deep", 1),
        ('{"rows": [{}]}', "no_rows", None),
        ('{"rows": [{"a": 1, "b": 2}, {"a": "\\ud800", "b": 2}]}', "not_text", 2),
        ('{"rows": [{"a": ["\\udfff"], "b": 2}]}', "not_text", 1),
        ('{"rows": [{"a\\ud800": 1, "b": 2}]}', "not_text", 1),
        ('{"rows": [{"a": "\\u0000", "b": 2}]}', "not_text", 1),
        ('{"level": "\\ud800", "rows": [{"a": 1, "b": 2}]}', "not_text", 1),
    ],
)
def test_json_of_another_shape_is_refused(content, code, row):
    problem = refused(content.encode())
    assert (problem.code, problem.row) == (code, row)


def test_a_number_that_is_none_in_json_is_refused_like_any_other():
    data = json.loads(to_json(example_of("aggregate")))
    data["rows"][0]["value"] = float("nan")
    reading = read(opened(json.dumps(data).encode()))
    assert [(p.code, p.row, p.column) for p in reading.problems] == [("not_a_number", 1, "value")]


# --- Limits --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "limits", "code"),
    [
        (example_of("aggregate"), {"bytes": 40_000}, "too_large"),
        (example_of("aggregate"), {"rows": 500}, "too_many_rows"),
        (example_of("aggregate"), {"columns": 9}, "too_many_columns"),
        (b"a,b\n1," + b"x" * 70_000 + b"\n", {}, "line_too_long"),
        (b'a,b\n1,"' + b"x\n" * 70_000 + b'"\n', {}, "quotation_open"),
        (to_xlsx(example_of("aggregate")), {"loaded_bytes": 10_000}, "loaded_too_large"),
        (to_xlsx(example_of("aggregate")), {"loaded_cells": 5_000}, "too_many_loaded_cells"),
        (to_json(example_of("aggregate")), {"loaded_bytes": 10_000}, "loaded_too_large"),
        (to_json(example_of("aggregate")), {"loaded_cells": 5_000}, "too_many_loaded_cells"),
    ],
)
def test_more_than_is_taken_is_refused(content, limits, code):
    assert refused(content, **limits).code == code


class Endless(io.RawIOBase):
    """A file of many gigabytes, generated while it is read."""

    def __init__(self, head: bytes, pattern: bytes, size: int) -> None:
        self.head, self.pattern, self.size, self.place = head, pattern * (1024**2 // len(pattern)), size, 0

    def seek(self, place: int, whence: int = 0) -> int:
        self.place = place
        return place

    def tell(self) -> int:
        return self.place

    def read(self, size: int = -1) -> bytes:
        assert size > 0
        start = self.place
        self.place = min(self.size, start + size)
        if start < len(self.head):
            return self.head[start : self.place]
        return (self.pattern * (size // len(self.pattern) + 1))[: self.place - start]


@pytest.mark.parametrize("pattern", [b"x", b'"', b"\xc3\xa4", b" ", b'"x'])
def test_a_cell_of_gigabytes_is_never_held(pattern):
    size = 8 * 1024**3
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable):
            list(open_file(Source(Endless(b"a,b\n1,", pattern, size), "x", size), Limits(bytes=size)).rows())
        assert tracemalloc.get_traced_memory()[1] < 50 * 1024**2
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "content",
    [
        to_text(example_of("aggregate")),
        to_text(example_of("contact"), delimiter=";"),
        GERMAN.encode("cp1252"),
        GREEK.encode("utf-16"),
        b'key,b,,\n x1,"a\nb",,\n\nx2,NA,,\n,,,\nx3,01,,\n',
    ],
)
def test_a_table_is_the_same_from_the_limited_process(content):
    here, there = opened(content), opened(content, is_separate=True)
    assert (here.top, here.names, here.names_row) == (there.top, there.names, there.names_row)
    assert list(here.rows()) == list(there.rows())
    assert (here.row_count, here.empty_count, here.is_published) == (
        there.row_count,
        there.empty_count,
        there.is_published,
    )
    plain = [here.names[0].lower()]
    for ours, theirs in zip(here.chunks(plain=plain), there.chunks(plain=plain), strict=True):
        pandas.testing.assert_frame_equal(ours, theirs, check_index_type=False)
    assert sum(len(chunk) for chunk in there.chunks(size=2)) == len(list(here.rows()))


@pytest.mark.parametrize(("row", "times", "chunks"), [(b"1,2\n", 6_000_000, 2), (b'"1",2\n', 250_000, 3)])
def test_short_rows_below_long_ones_are_never_held_at_once(row, times, chunks):
    frames = [(len(frame), frame.index[0]) for frame in opened(_long_rows(5) + row * times).chunks()]
    assert (len(frames), sum(length for length, _ in frames)) == (chunks, times + 5)
    assert [first for _, first in frames] == [2 + sum(n for n, _ in frames[:place]) for place in range(chunks)]


def _long_rows(count: int) -> bytes:
    return b"a,b\n" + (b"x" * 60_000 + b",1\n") * count


def test_a_delimiter_of_any_kind_reads_like_a_comma():
    assert all(
        cells(to_text(example_of("aggregate"), delimiter=mark)) == cells(example_of("aggregate")) for mark in ";\t|"
    )


def test_rows_that_are_all_there_is_in_an_object_are_read_whatever_they_are_called():
    table = opened(b'{"result": [{"month": "2025-01", "calls": 3}, {"month": "2025-02", "calls": 4}]}')
    assert (table.names, list(table.rows())) == (("month", "calls"), [(1, ("2025-01", "3")), (2, ("2025-02", "4"))])
