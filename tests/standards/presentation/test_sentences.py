"""Sentences with placeholders: each text in them keeps its language, and none is interpreted as a message."""

import pytest

from standards.presentation.sentences import Passage, Sentence, fill

SILVER = Passage("Silver", "en")


@pytest.mark.parametrize(
    "message", ["„%(outcome)s”: %(count)d z %(all)s\u00a0%%", "„{outcome}”: {count} z {all}\u00a0%"]
)
def test_both_styles_of_places_are_filled(message: str) -> None:
    sentence = fill(message, outcome=SILVER, count=3, all="100")
    assert str(sentence) == "„Silver”: 3 z 100\u00a0%"
    assert sentence.within("pl").parts == (Passage("„"), SILVER, Passage("”: 3 z 100\u00a0%"))
    assert sentence.within("en").parts == (Passage("„Silver”: 3 z 100\u00a0%"),)


def test_a_text_that_looks_like_a_message_is_left_as_it_is() -> None:
    assert str(fill("%(text)s {b} 5%%", text="%(a)s {b} 100%%")) == "%(a)s {b} 100%% {b} 5%"
    assert str(fill("{text}, 100%%", text="{a}")) == "{a}, 100%%"


def test_a_place_without_a_word_is_an_error() -> None:
    with pytest.raises(KeyError):
        fill("%(outcome)s")


def test_sentences_stand_in_sentences() -> None:
    inner = fill("klasa „%(name)s”", name=SILVER)
    joined = Sentence.joined((inner, "standard 1.1"), ", ").capitalised()
    outer = fill("%(scope)s: tak.", scope=joined).within("pl")
    assert outer.parts == (Passage("Klasa „"), SILVER, Passage("”, standard 1.1: tak."))


def test_a_sentence_without_a_word_is_false() -> None:
    assert not Sentence()
    assert not fill("{nothing}", nothing="")
    assert fill("a")
