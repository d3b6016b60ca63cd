"""Headings of hotlines of many countries: none is preselected as its opposite or as something similar."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.figures.dictionary.spelling import spellings
from evaluation.figures.mapping import suggest_mapping
from evaluation.figures.mapping.column_mapping import AGGREGATE, CASE, CONTACT, ColumnMapping
from evaluation.figures.mapping.words.headings import find_unit
from evaluation.figures.mapping.words.vocabulary import find, find_code, find_figure, words_for_columns
from tests.evaluation.figures.own_exports import opened

HEADINGS = list(csv.DictReader((Path(__file__).parent / "headings.csv").read_text(encoding="utf-8").splitlines()))
CLEAR_HEADINGS = [row for row in HEADINGS if row["means"]]
NEEDED = 0.95
"""The share of clear headings that must be preselected."""


def preselected(where: str, heading: str) -> str:
    """Return what the page preselects for a heading or a word of a list."""
    if where == "figure":
        return find_figure(heading)[0]
    if where in (CONTACT, CASE):
        return find(heading, words_for_columns(where))[0]
    return find_code(heading, where.removeprefix("code:"))[0]


def test_no_heading_is_preselected_as_what_it_is_not(capsys):
    found = [(row, preselected(row["where"], row["heading"])) for row in HEADINGS]
    wrong = [(row["where"], row["heading"], was) for row, was in found if was and was != row["means"]]
    still_open = [row["heading"] for row, was in found if row["means"] and not was]
    with capsys.disabled():
        print(
            f"\n{len(HEADINGS)} headings in {len({row['language'] for row in HEADINGS})} languages:"
            f" {len(wrong)} preselected wrongly,"
            f" {len(CLEAR_HEADINGS) - len(still_open)} of the {len(CLEAR_HEADINGS)} true ones preselected"
        )
    assert wrong == []
    assert len(HEADINGS) >= 150
    assert len(still_open) <= (1 - NEEDED) * len(CLEAR_HEADINGS), still_open


def test_every_language_of_the_hotlines_is_tried_both_ways():
    languages = [
        "bg",
        "cs",
        "da",
        "de",
        "el",
        "en",
        "es",
        "et",
        "fi",
        "fr",
        "hr",
        "hu",
        "it",
        "lt",
        "lv",
        "mt",
        "nl",
        "pl",
        "pt",
        "ro",
        "ru",
        "sk",
        "sl",
        "sq",
        "sr",
        "sv",
        "uk",
    ]
    count = Counter((row["language"], bool(row["means"])) for row in HEADINGS)
    assert [(one, way) for one in languages for way in (True, False) if not count[one, way]] == []


PREFIXES = (
    "un",
    "non",
    "non-",
    "not ",
    "nie",
    "nie ",
    "nem ",
    "in",
    "ne",
    "ne ",
    "des",
    "ikke ",
    "ej ",
    "bez ",
    "μη ",
    "не",
    "sans ",
)
SUFFIXES = (" %", " rate", " > 30 s", " (30 s)", " /day", " 2019", " ?%", "less", " lost", " -24h", " ≠")
TRUE_FIGURES = [row["heading"] for row in CLEAR_HEADINGS if row["where"] == "figure"]


@given(st.sampled_from(TRUE_FIGURES), st.sampled_from(PREFIXES), st.data())
def test_no_prefix_before_any_word_of_a_heading_is_passed_over(heading, prefix, data):
    words = heading.split(" ")
    place = data.draw(st.sampled_from([place for place, word in enumerate(words) if word[0].isalpha()]))
    changed = " ".join([*words[:place], prefix + words[place].lower(), *words[place + 1 :]])
    assert find_figure(changed)[0] == ""


@pytest.mark.parametrize(
    "heading", ["unAnsweredCalls", "inRelevanteKontakte", "desEingegangeneAnrufe", "nonReçusAppels"]
)
def test_a_prefix_that_capitals_set_apart_is_no_preposition(heading):
    assert find_figure(heading)[0] == ""


@given(st.sampled_from(TRUE_FIGURES), st.sampled_from(SUFFIXES))
def test_nothing_after_a_heading_is_passed_over(heading, suffix):
    assert find_figure(heading + suffix)[0] == ""


@given(st.sampled_from(TRUE_FIGURES), st.data())
def test_a_changed_letter_is_no_likeness(heading, data):
    places = [place for place, letter in enumerate(heading) if letter.isalpha()]
    place = data.draw(st.sampled_from(places))
    changed = f"{heading[:place]}q{heading[place]}{heading[place + 1 :]}"
    assert find_figure(changed)[0] == ""


def test_a_heading_says_the_same_where_a_system_lacks_some_of_its_letters():
    spelled_out = [(row, spellings(row["heading"])[-1]) for row in HEADINGS]
    changed = [(row, heading) for row, heading in spelled_out if heading != row["heading"]]
    assert {"Neue Faelle", "Offene Faelle am Ende"} <= {heading for _row, heading in changed}
    for row, heading in changed:
        assert preselected(row["where"], heading) == preselected(row["where"], row["heading"]), heading


@pytest.mark.parametrize(
    ("where", "word", "means"),
    [(CASE, "Eroeffnet am", "opened_month"), ("code:sex", "Maedchen", "girl"), ("code:country", "OESTERREICH", "AT")],
)
def test_columns_and_words_of_cells_do_so_too(where, word, means):
    assert preselected(where, word) == means


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("Mean wait (min)", "min"),
        ("Wartezeit in Sekunden", "s"),
        ("várakozási idő (perc)", ""),
        ("χρόνος αναμονής (λεπτά)", "min"),
        ("Calls answered within 20 seconds", ""),
        ("Stunden und Minuten", ""),
        ("Wartezeit", ""),
        ("Середній час очікування, \u0441", ""),
        ("Середній час очікування, хв", "min"),
        ("Mean wait per hour", ""),
        ("Mean wait in the busy hour (min)", "min"),
        ("Mean wait (calls per hour)", ""),
    ],
)
def test_a_unit_of_time_is_told_from_a_heading(heading, unit):
    assert find_unit(heading, is_known=bool(find_figure(heading)[1])) == unit


@pytest.mark.parametrize("name", ["Gender of the caller", "Feld 7", "Kategorie der Geschwister"])
def test_a_column_is_not_known_by_its_words_alone(name):
    rows = "".join(f"2025-03;{word};Chat\n" for word in ("girl", "boy", "runaway", "unknown") * 3)
    found = suggest_mapping(opened(f"Monat;{name};Kanal\n{rows}".encode()), ColumnMapping(CASE))
    assert found.columns[1].use == ""
    found = suggest_mapping(
        opened(f"Monat;{name};Anrufe\n{rows.replace('Chat', '5')}".encode()), ColumnMapping(AGGREGATE, shape="wide")
    )
    assert found.columns[1].use == ""


@pytest.mark.parametrize(
    ("export", "asked"),
    [
        (b"Stichtag;Calls\n2025-01;10\n2025-02;12\n", ["Stichtag"]),
        (b"Pr\xc3\xbcfung;Calls\nQ1 2025;10\nQ2 2025;12\n", ["Pr\u00fcfung"]),
        (b"Plan;Month;Calls\n2025;January;10\n2025;February;12\n", ["Plan"]),
        (b"Source;Month;Calls\nmeasured;2025-01;10\nestimated;2025-02;12\n", ["Source"]),
        (b"Year;Month;Calls\n2025;January;10\n2025;February;12\n", []),
        (b"Datum;Calls\n2025-01;10\n2025-02;12\n", []),
    ],
)
def test_a_column_of_dates_years_or_qualities_is_what_its_heading_says_or_is_asked_about(export, asked):
    found = suggest_mapping(opened(export))
    assert [question.column for question in found.questions if question.about == "column"] == asked
    assert [column.use for column in found.columns if column.name in asked] == [""] * len(asked)


def test_a_lone_column_of_days_with_a_strange_heading_is_not_taken_as_the_time():
    days = "".join(f"2025-01-{day:02};{day}\n" for day in range(1, 32))
    found = suggest_mapping(opened(f"Stichtag;Calls\n{days}".encode()))
    assert [(problem.code, problem.column) for problem in found.problems] == [("own_column_dates", "1")]
    assert found.period is None
