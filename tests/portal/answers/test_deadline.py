"""The head of an open self-assessment: the number of days left, and the sentences about its pace."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from evaluation.answers.deadline.pace import Pace
from evaluation.models import Evaluation, Round
from portal.answers.deadline import describe_deadline, describe_finish, describe_pace

TODAY = date(2027, 3, 7)


def pace(left: int, days: int | None, recent: int = 0) -> Pace:
    return Pace(left, TODAY, None if days is None else TODAY + timedelta(days=days), recent)


@pytest.mark.parametrize(
    ("left", "days", "message"),
    [
        (28, 45, "28 indicators left, 45 days: about 4 a week."),
        (1, 45, "1 indicator left, 45 days: about 1 a week."),
        (28, 5, "28 indicators left, 5 days: 6 a day."),
        (28, 1, "28 indicators left, 1 day: 28 a day."),
        (28, 0, "28 indicators left, and today is the last day."),
        (28, -1, "28 indicators left, and the last day was 1 day ago."),
        (28, -9, "28 indicators left, and the last day was 9 days ago."),
        (28, None, "28 indicators left. No last day is set."),
        (0, 45, "Nothing is left to answer."),
        (0, -9, "Nothing is left to answer."),
    ],
)
def test_the_pace_in_words(left: int, days: int | None, message: str):
    assert describe_pace(pace(left, days)) == message


@pytest.mark.parametrize(
    ("left", "days", "recent", "message"),
    [
        (31, 24, 29, "At the present pace it is complete on 22 March 2027, 9 days early."),
        (31, 16, 29, "At the present pace it is complete on 22 March 2027, 1 day early."),
        (31, 15, 29, "At the present pace it is complete on 22 March 2027."),
        (31, 13, 29, "At the present pace it is complete on 22 March 2027, 2 days late."),
        (31, None, 29, "At the present pace it is complete on 22 March 2027."),
        (31, -1, 29, ""),
        (31, 24, 0, ""),
    ],
)
def test_when_it_is_complete_in_words(left: int, days: int | None, recent: int, message: str):
    assert describe_finish(pace(left, days, recent)) == message


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("fr", ["Encore 1 indicateur, 21 jours : environ 1 par semaine.", "Encore 2 indicateurs"]),
        ("it", ["1 indicatore rimasto, 21 giorni: circa 1 alla settimana.", "2 indicatori rimasti"]),
        ("pl", ["Pozostał 1 wskaźnik, 21 dni: około 1 tygodniowo.", "Pozostały 2 wskaźniki"]),
        ("pt", ["Falta 1 indicador, 21 dias: cerca de 1 por semana.", "Faltam 2 indicadores"]),
        ("hr", ["Preostao je 1 pokazatelj, 21 dan: oko 1 na tjedan.", "Preostala su 2 pokazatelja"]),
    ],
)
def test_each_language_has_its_own_plurals(language: str, sentences: list[str]):
    with override(language):
        one, two = describe_pace(pace(1, 21)), describe_pace(pace(2, 21))
    assert [one, two[: len(sentences[1])]] == sentences


def test_the_number_is_of_days_left_or_over_and_stands_only_where_a_day_is_set():
    evaluation = Evaluation(round=Round())
    heads = [describe_deadline(evaluation, pace(3, days)) for days in (1, 24, 0, -1, -9, None)]
    assert [(head.big, head.unit) for head in heads] == [
        ("1", "day left"),
        ("24", "days left"),
        ("0", "days left"),
        ("1", "day over"),
        ("9", "days over"),
        ("", ""),
    ]
    assert (heads[0].under, heads[-1].under) == ("Submit by 8 March 2027, 23:59 (time zone Europe/Brussels, UTC+1)", "")
