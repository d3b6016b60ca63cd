"""Tables whose months, quarters or years stand side by side, and names of columns in two rows."""

from dataclasses import replace
from datetime import date

import pytest

from evaluation.figures.formats import Source, Unreadable
from evaluation.figures.formats.heading import find_heading
from evaluation.figures.intake.published_format import read
from evaluation.figures.mapping import match, suggest_mapping
from evaluation.figures.mapping.tables.across import open_export
from tests.evaluation.figures.own_exports import MOMENT, outcome_of

YEAR = (date(2024, 1, 1), date(2024, 12, 31))
NEXT_YEAR = (date(2025, 1, 1), date(2025, 12, 31))
Q1 = (date(2024, 1, 1), date(2024, 3, 31))
JANUARY = (date(2024, 1, 1), date(2024, 1, 31))

MONTHS = """Statistik der Hotline 2024;;;;;;;;;;;;;
;Jan;Feb;Mär;Apr;Mai;Jun;Jul;Aug;Sep;Okt;Nov;Dez;Summe
Eingegangene Anrufe;20;21;22;23;24;25;26;27;28;29;30;31;306
Angenommene Anrufe;10;11;12;13;14;15;16;17;18;19;20;21;186
"""
QUARTERS = """Indicator,Q1 2024,Q2 2024,Q3 2024,Q4 2024,2024
Calls received,10,20,15,9,54
Calls answered,5,10,7,8,30
Total,15,30,22,17,84
"""
ONE_YEAR = "Indicator,2024\nCalls received,54\nCalls answered,30\n"
YEAR_ABOVE = """Kennzahl;2023;;;;2024;;;;
;Q1;Q2;Q3;Q4;Q1;Q2;Q3;Q4;Total
Eingegangene Anrufe;11;12;10;9;10;14;12;11;47
Angenommene Anrufe;6;5;7;8;6;9;7;8;30
"""
FIGURES_BELOW = """Kategorie;Jan 2024;;Feb 2024;
;Neue Fälle;Geschlossene Fälle;Neue Fälle;Geschlossene Fälle
Ausreißer;4;3;5;2
Elterliche Entführung;2;1;3;1
Summe;6;4;8;3
"""


@pytest.mark.parametrize(
    ("table", "period", "figures"),
    [
        (MONTHS, YEAR, {"A03": "306", "A04": "186"}),
        (MONTHS, Q1, {"A03": "63", "A04": "33"}),
        (MONTHS, JANUARY, {"A03": "20", "A04": "10"}),
        (QUARTERS, YEAR, {"A03": "54", "A04": "30"}),
        (QUARTERS, Q1, {"A03": "10", "A04": "5"}),
        (ONE_YEAR, YEAR, {"A03": "54", "A04": "30"}),
        (YEAR_ABOVE, YEAR, {"A03": "47", "A04": "30"}),
        (YEAR_ABOVE, Q1, {"A03": "10", "A04": "6"}),
        (
            FIGURES_BELOW,
            JANUARY,
            {
                "A21:runaway": "4",
                "A23:runaway": "3",
                "A21:parental_abduction": "2",
                "A23:parental_abduction": "1",
            },
        ),
    ],
)
def test_periods_side_by_side_are_turned_and_their_sums_left_out(table, period, figures):
    found = outcome_of(table.encode(), period)
    assert (found.is_, found.figures) == ("read", figures)


def later(table: str) -> str:
    return table.replace("2024", "2025").replace("2023", "2024")


@pytest.mark.parametrize("table", [MONTHS, QUARTERS, ONE_YEAR, YEAR_ABOVE])
def test_the_next_file_of_the_sender_is_read_with_what_was_saved(table):
    first = suggest_mapping(open_export(Source.of_bytes(table.encode(), "x")))
    assert not first.questions
    second = open_export(Source.of_bytes(later(table).encode(), "x"))
    assert suggest_mapping(second, first.mapping).questions == ()
    found = outcome_of(later(table).encode(), NEXT_YEAR, first.mapping)
    assert found.is_ == "read"


def test_every_row_is_accounted_for_by_its_number_in_the_file():
    table = open_export(Source.of_bytes(f"{QUARTERS}\nSource: our CRM,,,,,\n".encode(), "x"))
    found = suggest_mapping(table)
    matched = match(table, found.mapping, hotline_code="116000-XA", period=Q1, moment=MOMENT)
    reading = read(matched)
    assert reading.account is not None
    assert reading.account.as_data() == {
        "in_file": 5,
        "read": 2,
        "empty": 2,
        "left_out": {"count": 1, "rows": [4]},
    }
    noticed = {problem.code: (problem.row, problem.params) for problem in reading.warnings}
    assert noticed["own_columns_outside"] == (1, {"count": 3, "first": "3"})


@pytest.mark.parametrize(
    ("cell", "code", "row", "column"),
    [
        ("=A1+1", "formula", 3, "3"),
        ("+48 601 234 567", "own_column_personal", None, "3"),
        ("-4", "value_negative", 3, "3"),
    ],
)
def test_a_wrong_cell_is_named_by_its_own_row_and_column(cell, code, row, column):
    content = QUARTERS.replace("5,10,7", f"5,{cell},7").encode()
    try:
        table = open_export(Source.of_bytes(content, "x"))
        found = suggest_mapping(table)
        matched = match(table, found.mapping, hotline_code="116000-XA", period=YEAR, moment=MOMENT)
        problems = tuple(map(matched.in_export_terms, read(matched).problems))
    except Unreadable as unreadable:
        problems = unreadable.problems
    assert [(problem.row, problem.column) for problem in problems] == [(row, column)]
    assert code in (problems[0].code, "value_negative")


def test_another_year_in_the_title_is_noticed():
    table = open_export(Source.of_bytes(MONTHS.encode(), "x"))
    mapping = suggest_mapping(table).mapping
    matched = match(table, mapping, hotline_code="116000-XA", period=NEXT_YEAR, moment=MOMENT)
    assert "own_year_above" in [problem.code for problem in read(matched).warnings]


@pytest.mark.parametrize(
    ("table", "place", "names"),
    [
        ("K;2024;2024;2025\n;Jan;Feb;Jan\nA;1;2;3", 1, ["K", "2024 / Jan", "2024 / Feb", "2025 / Jan"]),
        (";2024;;\nK;Jan;Feb;Mar\nx;1;2;3", 1, ["K", "2024 / Jan", "2024 / Feb", "2024 / Mar"]),
        (
            "Month;Calls;;Chats;\n;in;out;in;out\nJan;1;2;3;4",
            1,
            ["Month", "Calls / in", "Calls / out", "Chats / in", "Chats / out"],
        ),
        ("Report 2024;;;\nK;Jan;Feb;Mar\nx;1;2;3", 1, ["K", "Jan", "Feb", "Mar"]),
        ("Report;;;2024\nK;Jan;Feb;Mar\nx;1;2;3", 1, ["K", "Jan", "Feb", "Mar"]),
        ("Name;Name;Town\nAnna;Berta;Graz\nEva;Ida;Wien", 0, ["Name", "Name", "Town"]),
    ],
)
def test_two_rows_of_names_are_one_only_if_the_upper_spans_the_lower(table, place, names):
    assert find_heading([row.split(";") for row in table.split("\n")]) == (place, names)


def test_a_month_of_two_languages_is_asked_and_stands_beside_the_others():
    months = "styczeń;luty;marzec;kwiecień;maj;czerwiec;lipiec;sierpień;wrzesień;październik;listopad;grudzień"
    table = f"Wskaźnik;{months}\nPołączenia przychodzące;1;2;3;4;5;6;7;8;9;10;11;12\n"
    opened = open_export(Source.of_bytes(table.encode(), "export"))
    assert opened.names == ("Wskaźnik", "Period", "Value")
    asked = [question for question in suggest_mapping(opened).questions if question.about == "word"]
    assert [(question.word, question.list) for question in asked] == [("listopad", "period")]


def test_a_row_that_is_a_total_of_a_divided_figure_is_asked_and_may_be_left_out():
    table = "Concepto;Ene-25;Feb-25;Mar-25\nLlamadas recibidas;154;138;180\nCasos nuevos;12;14;11\n"
    opened = open_export(Source.of_bytes(table.encode(), "export"))
    found = suggest_mapping(opened)
    assert [(q.about, q.word) for q in found.questions if q.list == "item"] == [("word", "Casos nuevos")]
    codes = {"item": {"Llamadas recibidas": "A03", "Casos nuevos": "-"}}
    mapping = suggest_mapping(opened, replace(found.mapping, codes=codes)).mapping
    period = (date(2025, 1, 1), date(2025, 3, 31))
    reading = read(match(opened, mapping, hotline_code="116000-XA", period=period, moment=MOMENT))
    assert [(row.item, row.amount.value) for row in reading.rows] == [("A03", 472)]


@pytest.mark.parametrize("name", ["2025. november", "11.2025", "November 2025", "I kwartał 2025"])
def test_one_period_in_the_name_of_a_column_is_the_period_of_its_rows(name):
    table = f"Megnevezés;{name}\nÖsszes hívás;83\nFogadott hívás;64\n"
    opened = open_export(Source.of_bytes(table.encode(), "export"))
    assert opened.names == ("Megnevezés", "Period", "Value")
    assert next(iter(opened.rows())) == (2, ("Összes hívás", name, "83"))


def test_a_total_beside_columns_that_are_not_understood_is_not_taken_for_the_value_of_a_part():
    table = "Wskaźnik;I kw. 2025;II kw. 2025;Razem\nPołączenia przychodzące;246;329;575\nPołączenia odebrane;9;8;17\n"
    found = suggest_mapping(open_export(Source.of_bytes(table.encode(), "export")))
    assert [question.column for question in found.questions if question.about == "column"] == [
        "I kw. 2025",
        "II kw. 2025",
        "Razem",
    ]
    quarters = "Indicador;1.º trim. 2025;2.º trim. 2025;Total\nChamadas recebidas;315;294;609\n"
    assert open_export(Source.of_bytes(quarters.encode(), "export")).names == ("Indicador", "Period", "Value")
