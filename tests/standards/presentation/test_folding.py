"""Folding for searches: words without case and accents, and marks in the text as it was written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.presentation.folding import fold, highlight, index_words_of, words_of

TEXTS = st.text() | st.text(alphabet="aA1. _ŁłĐđßæœİıéÉ\u0301\u00ad\u00a0½ﬁΣς²%\"'<>&\0\n") | st.text("0123 .\u202f")


def found(text: str, *words: str) -> list[str]:
    return [part.text for part in highlight(text, words) if part.is_found]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łódź", "lodz"),
        ("Đakovo", "dakovo"),
        ("Œuvre, Straße, Ærø", "oeuvre, strasse, aero"),
        ("DZIECKO zażółć", "dziecko zazolc"),
        ("co\u00adoperation", "cooperation"),
        ("ﬁle ² K İ", "file 2 k i"),
        ("ΟΔΟΣ οδός", "οδοσ οδοσ"),
        ("Ħal Għargħur", "hal gharghur"),
    ],
)
def test_a_text_is_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("l’enfant d'eau", ["l", "enfant", "d", "eau"]),
        ("116 000, 116\u00a0000 and 116000", ["116000", "116000", "and", "116000"]),
        ("1.2.3: see 1.2.", ["1.2.3", "see", "1.2"]),
        ("in 2026, 24/7", ["in", "2026", "24", "7"]),
        ('%_"<script>\0', ["script"]),
        ("– … !", []),
    ],
)
def test_words_are_found_between_all_punctuation(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_a_number_after_another_one_is_found_and_marked() -> None:
    assert words_of("in 12 116 000") == ["in", "12116000"]
    assert index_words_of("in 12 116 000") == ["in", "12116000", "116000", "000"]
    assert found("in 12 116 000", "116000") == ["116 000"]
    assert found("in 12 116 000", "12", "116000") == ["12 116 000"]


def test_a_marked_word_is_marked_as_it_was_written() -> None:
    assert found("Die Straße von Łódź: E\u0301cole, co\u00adoperation", "strasse", "lod", "eco", "coop") == [
        "Straße",
        "Łódź",
        "E\u0301cole",
        "co\u00adoperation",
    ]
    assert found("one 116\u00a0000 two", "116000") == ["116\u00a0000"]
    assert found("police, repolice", "police") == ["police"]


@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_the_parts_of_a_text_are_the_text(text: str, queries: list[str]) -> None:
    words = [word for query in queries for word in words_of(query)]
    parts = highlight(text, words)
    assert "".join(part.text for part in parts) == text
    assert all(part.text for part in parts)


@given(TEXTS, TEXTS)
def test_a_word_is_marked_just_where_the_search_finds_it(text: str, query: str) -> None:
    words = words_of(query)[:1]
    is_found = any(word.startswith(tuple(words)) for word in index_words_of(text)) if words else False
    assert bool(found(text, *words)) is is_found


@given(TEXTS)
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert words_of(fold(text)) == words_of(text)


def test_every_letter_folds_to_small_ones_without_accents() -> None:
    for code in range(0x3000):
        folded = fold(chr(code))
        assert fold(folded) == folded == folded.casefold()
        assert not any(unicodedata.category(part) in {"Mn", "Me", "Cf"} for part in folded)
