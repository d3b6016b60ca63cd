"""Names of people in an own export: hidden until a person confirms that the column has none, and never saved."""

import json

import pytest

from evaluation.figures.mapping import ColumnMapping, suggest_mapping
from evaluation.figures.mapping.column_mapping import SealedMapping, nearest_mapping
from evaluation.figures.problems.file_problems import Problem
from tests.evaluation.figures.own_exports import opened

NAMES = ("Emma", "Noor", "Lucas", "Mila")
AMBIGUOUS_MAPPING = ColumnMapping("contact", "", {"Monat": "contact_month", "Zeug": "category"})


def rows(*words: str, head: str = "Zeug") -> bytes:
    """Return each word in several rows, so that it looks like a code."""
    return (f"Monat;{head}\n" + "".join(f"2025-03;{word}\n" for word in words * 5)).encode()


def asks_for_names(export: bytes, mapping: ColumnMapping = AMBIGUOUS_MAPPING, **more) -> list[str]:
    return [
        question.column
        for question in suggest_mapping(opened(export), mapping, **more).questions
        if question.about == "names"
    ]


def seal(text: str) -> str:
    return text[::-1].encode().hex()


def test_words_of_no_list_are_not_shown_before_a_person_vouches_for_the_column():
    found = suggest_mapping(opened(rows(*NAMES)), AMBIGUOUS_MAPPING)
    assert asks_for_names(rows(*NAMES)) == ["Zeug"]
    assert (found.words, found.mapping.codes, found.columns[1].is_hidden) == ((), {}, True)
    vouched = suggest_mapping(opened(rows(*NAMES)), AMBIGUOUS_MAPPING, confirmed={2})
    assert {asked.word for asked in vouched.words} == set(NAMES)
    assert not vouched.columns[1].is_hidden
    assert asks_for_names(rows(*NAMES), confirmed={1}) == ["Zeug"]


@pytest.mark.parametrize(
    "words",
    [
        ("emma", "noor"),
        ("EMMA",),
        ("Эмма", "Жанна"),
        ("Έμμα", "Νίκος"),
        ("Emma", "Ausreißer"),
        ("Emma", "Noor", "Ausreißer"),
        ("O'Neill", "Anne-Sophie"),
    ],
)
def test_no_spelling_of_a_name_goes_past(words):
    assert asks_for_names(rows(*words)) == ["Zeug"] * (len([w for w in words if w != "Ausreißer"]) * 2 > len(words))


@pytest.mark.parametrize("words", [("Ausreißer", "Kindesentziehung", "Fugue"), ("runaway", "other"), ("K1", "K2", "x")])
def test_codes_are_no_names(words):
    assert asks_for_names(rows(*words)) == []


def test_a_person_s_answers_do_not_vouch_for_the_words_they_answer():
    assert asks_for_names(rows(*NAMES), answers=lambda _list, _word: "runaway") == ["Zeug"]
    kept = ColumnMapping("contact", codes={"category": dict.fromkeys(NAMES, "runaway")})
    assert asks_for_names(rows(*NAMES), answers=lambda _list, _word: "runaway", earlier=kept) == []


@pytest.mark.parametrize(("use", "limit"), [("category", 28), ("cross_border", 20)])
def test_more_words_than_its_list_could_have_are_refused(use, limit):
    mapping = ColumnMapping("contact", "", {"Monat": "contact_month", "Zeug": use})
    words = [f"W{'abcdefghij'[n % 10]}{'abcdefghij'[n // 10]}x" for n in range(limit + 1)]
    refused = Problem("own_column_words", column="2", params={"limit": limit})
    assert refused in suggest_mapping(opened(rows(*words)), mapping).problems
    assert refused not in suggest_mapping(opened(rows(*words[:-1])), mapping).problems


def test_exact_ages_and_countries_are_not_too_many():
    mapping = ColumnMapping("case", "", {"Monat": "opened_month", "Zeug": "age_band"})
    assert suggest_mapping(opened(rows(*map(str, range(18)))), mapping).problems == ()


def test_a_first_row_of_data_is_no_row_of_names():
    export = b"Emma;girl;runaway\nNoor;girl;other\nMila;boy;runaway\nEva;boy;other\n"
    assert suggest_mapping(opened(export)).problems == (Problem("own_names_missing", 1),)
    twice = b"girl;runaway\ngirl;runaway\nboy;other\n"
    assert suggest_mapping(opened(twice)).problems == (Problem("own_names_missing", 1),)


def test_names_of_columns_on_every_page_are_no_data():
    export = b"Monat;Anrufe\n2025-01;3\nMonat;Anrufe\n2025-02;4\n"
    assert Problem("own_names_missing", 1) not in suggest_mapping(opened(export)).problems


def test_what_is_remembered_has_no_name_and_no_word_of_the_export():
    mapping = ColumnMapping(
        "contact", "", {"Anna K.": "category"}, ("Ewa",), {"category": {"Emma": "runaway", "Noor": ""}}
    )
    kept = SealedMapping.of(mapping, seal)
    written = json.dumps(kept.as_data())
    assert not [word for word in ("Anna", "anna", "Ewa", "ewa", "Emma", "Noor") if word in written]
    again = SealedMapping.again(json.loads(written), seal)
    assert [again.use_of(name) for name in ("ANNA  k.", "Ewa", "Jan")] == ["category", "-", ""]
    assert [again.answer("category", word) for word in ("Emma", "Noor", "Jan")] == ["runaway", "", None]
    assert again.answer("sex", "Emma") is None
    assert nearest_mapping(["Anna K.", "Ewa", "Neu"], [again]) == again
    stranger = SealedMapping.again(json.loads(written), lambda text: seal(text + "!"))
    assert (stranger.use_of("Ewa"), stranger.answer("category", "Emma")) == ("", None)


def test_a_word_below_the_same_name_is_no_sign_of_missing_names_beside_numbers_and_dates():
    rows = "".join(
        f"2026-01-{day:02};{'answered' if day % 3 else 'missed'};{day * 7};{day + 2};\n" for day in range(1, 29)
    )
    export = f"Datetime;answered;duration;waiting time;missed_call_reason\n{rows}".encode()
    assert Problem("own_names_missing", 1) not in suggest_mapping(opened(export)).problems
