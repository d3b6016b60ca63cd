"""The original name of a file is stored only if all its words are about files; a child's name is replaced."""

from datetime import date

import pytest

from evaluation.figures.intake.file_names import acceptable_name, name_read, name_unread

CODE = "116000-XA"


@pytest.mark.parametrize(
    "name",
    [
        "figures.csv",
        "2025.csv",
        "2025-01.xlsx",
        "01.2025.ods",
        "202501.csv",
        "Q1 2025.csv",
        "2025Q1.csv",
        "Export_2025_Q4 (2).csv",
        "116000-XA-2025-12 contact.csv",
        "116000-XA-aggregate-2025.json",
        "XA_2025 corrected v2.csv",
        "Statistiken März 2025.csv",
        "Anrufe_und_Fälle_2025.xlsx",
        "Anrufe_und_Faelle_Maerz_2025.xlsx",
        "Données des appels 2023-2025.csv",
        "Statystyki roczne 2025.csv",
        "στατιστικά στοιχεία 2025.ods",
        "C:\\exports\\figures-2026.csv",
        "../../figures.CSV",
    ],
)
def test_a_name_about_files_is_kept_without_its_folders(name):
    assert acceptable_name(name, CODE) == name.replace("\\", "/").rpartition("/")[2]


@pytest.mark.parametrize(
    "name",
    [
        "Anna Kowalska 12.03.2011.csv",
        "Anna.csv",
        "anna_kowalska.csv",
        "export Anna.csv",
        "exportAnna.csv",
        "Anna 2025.csv",
        "figures for Kowalska 2025.csv",
        "12.03.2011.csv",
        "1.3.2011.csv",
        "2011-03-12.csv",
        "20110312.csv",
        "12 March 2011.csv",
        "12 2011.03.csv",
        "April May 2011.csv",
        "+32475123456.csv",
        "0475123456.csv",
        "case 4711.csv",
        "case 47.csv",
        "xb-2025.csv",
        "anna@example.org.csv",
        "figures.Anna",
        "figures.csv.anna",
        "Anna.csv/figures",
        "fig\u0075\u202eres.csv",
        "figures\u200b.csv",
        "\u0430nna.csv",
        "=2025.csv",
        "-2025.csv",
        "figures\n.csv",
        "figures\x00.csv",
        ".csv",
        "",
        "figures",
        "figures " * 20 + ".csv",
    ],
)
def test_any_other_name_is_not(name):
    assert acceptable_name(name, CODE) == ""


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), "116000-XA 2025 contact"),
        (date(2025, 10, 1), date(2025, 12, 31), "116000-XA 2025-Q4 contact"),
        (date(2024, 2, 1), date(2024, 2, 29), "116000-XA 2024-02 contact"),
    ],
)
def test_our_name_says_whose_of_when_and_what(start, end, name):
    assert name_read(CODE, start, end, "contact") == name
    assert name_unread(CODE, date(2026, 11, 25), "3fa2b1c8" * 8) == "116000-XA 2026-11-25 3fa2b1c8"
