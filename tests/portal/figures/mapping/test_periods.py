"""The mapping page and the periods of rows: a number is read by its heading, or asked about."""

import pytest

from evaluation.models import StatisticsImport
from tests.portal.figures.mapping.test_pages import address_of, answer, send
from tests.portal.figures.mapping.test_rows import values

pytestmark = pytest.mark.django_db

State = StatisticsImport.State


NUMBERED = (
    ("Jahr;Quartal", ["2025;1", "2025;2", "2025;3", "2025;4"], "10", "2025-12-31"),
    ("Année;Trimestre", ["2025;1"], "1", "2025-03-31"),
    ("Quartal", ["1/2025"], "1", "2025-03-31"),
    ("Quartal", ["2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01"], "10", "2025-12-31"),
    ("Year", ["2025-01-01"], "1", "2025-12-31"),
    ("Rok;Miesiąc", ["2025;1", "2025;2", "2025;3"], "6", "2025-03-31"),
    ("Año;Semestre", ["2025;1", "2025;2"], "3", "2025-12-31"),
    (
        "Negyedév",
        ["2025. I. negyedév", "2025. II. negyedév", "2025. III. negyedév", "2025. IV. negyedév"],
        "10",
        "2025-12-31",
    ),
    ("Trimestre", ["1T25"], "1", "2025-03-31"),
    ("Kwartał", ["I/2025", "II/2025", "III/2025", "IV/2025"], "10", "2025-12-31"),
    ("Miesiąc", ["I 2025", "II 2025", "III 2025"], "6", "2025-03-31"),
    ("Μήνας", ["1/2025", "2/2025", "3/2025"], "6", "2025-03-31"),
)


def test_a_number_is_the_part_of_a_year_that_its_heading_names(coordinator):
    for head, rows, total, end in NUMBERED:
        lines = [f"{row};{number}" for number, row in enumerate(rows, start=1)]
        own = send(coordinator, "\n".join([f"{head};Calls received", *lines, ""]).encode())
        if own.state == State.UNMATCHED:  # otherwise the columns are known from the line before
            answer(coordinator, own)
        assert (head, values(own)) == (head, {"A03": total})
        assert (str(own.period_start), str(own.period_end)) == ("2025-01-01", end)


def test_three_quarters_by_number_are_no_quarter(coordinator):
    own = send(coordinator, b"Trimestre;Calls received\n1;100\n2;200\n3;300\n")
    answer(coordinator, own, period="q1", year="2025")
    assert values(own) == {"A03": "100"}
    assert own.row_account["outside"] == {"count": 2, "rows": [3, 4]}


def test_numbers_that_count_something_else_are_no_months(coordinator):
    for head in ("Week", "KW", "Tydzień", "Nr"):
        own = send(coordinator, f"{head};Calls received\n1;100\n2;200\n3;300\n".encode())
        page = answer(coordinator, own, use_1="period", period="q1", year="2025")
        assert (head, page.status_code, own.state) == (head, 422, State.UNMATCHED)


def test_a_year_that_cannot_be_read_is_not_the_year_of_the_period(coordinator):
    for year in ("FY2024", "24", "2024/25", "2024*"):
        own = send(coordinator, f"Jahr;Calls received\n{year};100\n".encode())
        page = answer(coordinator, own, use_1="year", period="year", year="2025")
        own.refresh_from_db()
        assert (year, page.status_code, own.state) == (year, 422, State.UNMATCHED)
        assert "Row 2" in page.content.decode()


def test_a_second_table_and_a_number_as_a_name_are_told_with_their_row_and_a_year_is_a_period(coordinator):
    two = "Monat;Eingegangene Anrufe\n2025-01;10\n2025-02;9\n\nMonat;Neue Fälle\n2025-01;3\n2025-02;4\n"
    text = coordinator.get(address_of(send(coordinator, two.encode())), follow=True).content.decode()
    assert "A second table begins in row 5." in text
    numbered = "Kennzahl;4711\nEingegangene Anrufe;10\nAngenommene Anrufe;9\n"
    text = coordinator.get(address_of(send(coordinator, numbered.encode())), follow=True).content.decode()
    assert "Row 1 should hold the names of the columns and looks like a row of data." in text
    text = coordinator.get(
        address_of(send(coordinator, numbered.replace("4711", "2025").encode())), follow=True
    ).content.decode()
    assert [name in text for name in ("Row 1", ">Kennzahl<", ">Period<", ">Value<")] == [False, True, True, True]


def test_a_period_is_read_from_its_first_to_its_last_day(coordinator):
    own = send(coordinator, "Zeitraum;Calls received\n01.04.2025 – 30.06.2025;10\n".encode())
    answer(coordinator, own)
    assert values(own) == {"A03": "10"}
    assert (str(own.period_start), str(own.period_end)) == ("2025-04-01", "2025-06-30")


def test_a_note_below_the_table_is_not_called_a_person(coordinator):
    own = send(coordinator, b"Month;Calls received\n2025-01;1\n2025-02;2\n2025-03;3\nPrinted on 12.01.2026;\n")
    text = coordinator.get(address_of(own)).content.decode()
    assert "Row 5, column 1 counted from the left, holds an exact date among other words" in text
    assert "about a person" not in text


def codes_of_warnings(own: StatisticsImport) -> list[str]:
    own.refresh_from_db()
    return [warning["code"] for warning in own.warnings if warning["code"].startswith("own_")]


def test_a_year_above_the_table_that_is_not_the_chosen_one_asks_for_a_word(coordinator):
    table = "Statistik {};\n;\nMonat;Calls received\nJanuar;1\nFebruar;2\nMärz;3\n"
    own = send(coordinator, table.format(2024).encode())
    answer(coordinator, own, period="q1", year="2025")
    assert (values(own), codes_of_warnings(own)) == ({"A03": "6"}, ["own_year_above"])
    page = coordinator.get(address_of(own), follow=True).content.decode()
    assert "name 2024, no row names a year, and the figures are said to be of 2025" in page
    right = send(coordinator, table.format("2025, Stand 12.01.2026").encode())
    answer(coordinator, right, period="q1", year="2025")
    assert codes_of_warnings(right) == []


def test_a_number_that_stands_only_beside_a_sum_does_not_vanish_without_a_word(coordinator):
    rows = [f"2025-0{month};Total;{month}00;7\n;runaway;;5\n;migration;;2\n" for month in (1, 2, 3)]
    own = send(coordinator, f"Month;Category;Calls received;New cases\n{''.join(rows)}".encode())
    answer(coordinator, own)
    assert values(own) == {"A03": "None", "A21:migration": "6", "A21:runaway": "15"}
    assert "own_left_out_numbers" in codes_of_warnings(own)
    page = coordinator.get(address_of(own), follow=True).content.decode()
    assert "Row 2 is left out, and A03 has a number nowhere else" in page
