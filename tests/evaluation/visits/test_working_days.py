"""Weekends and public holidays on the days of a visit."""

from datetime import date, timedelta

from evaluation.visits.working_days import FreeDay, find_free_days

FRIDAY = date(2027, 12, 24)


def test_weekends_and_the_holidays_of_each_country_are_named_in_the_language_if_the_country_has_it():
    found = find_free_days(FRIDAY, FRIDAY + timedelta(days=2), ["BE", "PL", "BE"], language="fr")
    assert found == [
        FreeDay(date(2027, 12, 24), "Wigilia Bożego Narodzenia", "PL"),
        FreeDay(date(2027, 12, 25)),
        FreeDay(date(2027, 12, 25), "Noël", "BE"),
        FreeDay(date(2027, 12, 25), "Boże Narodzenie (pierwszy dzień)", "PL"),
        FreeDay(date(2027, 12, 26)),
        FreeDay(date(2027, 12, 26), "Boże Narodzenie (drugi dzień)", "PL"),
    ]


def test_working_days_are_not_named_and_a_country_of_no_state_has_no_holidays():
    monday = date(2027, 3, 1)
    assert find_free_days(monday, monday + timedelta(days=4), ["PT", "XO", ""], language="en") == []


def test_the_turn_of_the_year_is_known_in_both_years():
    found = find_free_days(date(2026, 12, 31), date(2027, 1, 1), ["PT"], language="pt")
    assert found == [FreeDay(date(2027, 1, 1), "Ano Novo", "PT")]
