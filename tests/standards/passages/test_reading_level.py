"""The reading level of a text: counts that can be checked by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.drafts.edition_checks import DraftProblem
from standards.drafts.hard_texts import find_hard_texts
from standards.passages.reading_level import FEWEST_WORDS, HARD, ReadingLevel, measure_text

HARD_TEXT = (
    "Organisations operating international hotlines systematically document, evaluate and continuously strengthen "
    "organisational arrangements guaranteeing uninterrupted accessibility throughout every participating jurisdiction concerned"
)


@pytest.mark.parametrize(
    ("text", "words", "sentences", "long_words"),
    [
        ("", 0, 0, 0),
        ("12 – 34 % …", 0, 0, 0),
        ("We answer.", 2, 1, 0),
        ("We answer. Always!", 3, 2, 0),
        ("Who answers? The hotline: day and night", 7, 3, 2),
        ("A line\nand another one", 5, 2, 1),
        ("Each call in 2.5 seconds, at 116000.", 5, 1, 1),
        ("The child’s well-being counts", 4, 1, 1),
        ("Look at https://www.example.org/a/very/long/path and write to someone@example.org", 5, 1, 0),
        ("Zgłoszenia są przyjmowane całodobowo.", 4, 1, 3),
        ("L'écoutant répond à l'appel.", 4, 1, 1),
        ("e.g. a call", 4, 2, 0),
    ],
)
def test_words_sentences_and_long_words_are_counted(text: str, words: int, sentences: int, long_words: int) -> None:
    assert measure_text(text) == ReadingLevel(words, sentences, long_words)


@pytest.mark.parametrize(
    ("level", "lix"),
    [
        (ReadingLevel(0, 0, 0), 0),
        (ReadingLevel(10, 1, 0), 10),
        (ReadingLevel(10, 2, 5), 55),
        (ReadingLevel(21, 2, 7), 43),
    ],
)
def test_the_lix_is_the_words_of_a_sentence_and_the_percentage_of_long_ones(level: ReadingLevel, lix: int) -> None:
    assert level.lix == lix


def test_only_a_text_of_some_length_is_called_hard() -> None:
    assert ReadingLevel(FEWEST_WORDS, 1, 2 * FEWEST_WORDS // 5).lix == HARD
    assert ReadingLevel(FEWEST_WORDS, 1, 2 * FEWEST_WORDS // 5).is_hard
    assert not ReadingLevel(FEWEST_WORDS - 1, 1, FEWEST_WORDS - 1).is_hard
    assert not ReadingLevel(FEWEST_WORDS, 2, 2 * FEWEST_WORDS // 5).is_hard


@given(st.text())
def test_any_text_can_be_measured(text: str) -> None:
    level = measure_text(text)
    assert level.long_words <= level.words
    assert level.sentences <= level.words
    assert level.lix >= 0


def test_a_hint_names_the_text_and_says_what_helps() -> None:
    (hint,) = find_hard_texts({"indicator/1.1.1/guidance": HARD_TEXT, "title": "A Guide"})
    assert hint == DraftProblem(
        "indicator/1.1.1",
        "guidance",
        "This is hard to read: a sentence has 20 words on average, and 90 % of the words are long. "
        "That is a LIX of 110; from 60 a text is very hard. Shorten a sentence or a word.",
    )
