"""The names of months in the languages of all hotlines."""

from datetime import date

import pytest
from babel import Locale

from evaluation.figures.dictionary.spelling import LANGUAGES, OTHER_LANGUAGES, fold, possible_months
from evaluation.figures.mapping.cells.dates import read_period, whole_month
from evaluation.figures.problems.screening import looks_personal

OF_TWO_LANGUAGES = {"lip", "lis", "listopad", "listopada", "srp"}


@pytest.mark.parametrize("code", sorted({*LANGUAGES, *OTHER_LANGUAGES}))
def test_the_months_of_a_language_are_read_unless_they_are_others_elsewhere(code):
    for context in ("stand-alone", "format"):
        for width in ("wide", "abbreviated"):
            for number, name in Locale.parse(code).months[context][width].items():
                if name.startswith("d’"):  # Catalan inside a sentence
                    continue
                if fold(name) in OF_TWO_LANGUAGES:
                    assert number in possible_months()[fold(name)]
                    assert read_period(name, "dmy", 2025) is None
                else:
                    assert read_period(f"{name} 2025", "dmy") == whole_month(2025, number)
                    assert read_period(name, "dmy", 2025) == (whole_month(2025, number))


@pytest.mark.parametrize(("name", "month"), [("Jaenner", 1), ("Maerz", 3), ("maerts", 3)])
def test_a_month_is_read_where_a_system_lacks_some_of_its_letters(name, month):
    assert read_period(f"{name} 2025", "dmy") == whole_month(2025, month)


@pytest.mark.parametrize("text", ["12. elokuuta 2010", "3 Ekim 2011", "7 августа 2009", "12 desember 2012"])
def test_a_day_in_any_of_these_languages_is_a_date_of_birth(text):
    assert looks_personal(text)


def test_a_part_of_an_irish_month_of_two_words_is_no_month():
    assert read_period("Fómhair 2025", "dmy") is None
    assert read_period("Meán 2025", "dmy") is None
    assert read_period("Deireadh Fómhair 2025", "dmy") == (date(2025, 10, 1), date(2025, 10, 31))
