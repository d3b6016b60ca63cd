"""The difference of two texts by words: both texts can be rebuilt from it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.editions.comparison import Side, compare_words

WORDS = st.lists(
    st.sampled_from(
        ["zgłoszenie", "żółć", "dziecka", "a", " ", "  ", "\n", ",", "—", "l’appel", "e\u0301", "116 000", "🙂"]
    ),
    max_size=25,
).map("".join)


@given(st.one_of(WORDS, st.text(max_size=40)), st.one_of(WORDS, st.text(max_size=40)))
def test_both_texts_are_rebuilt_from_their_difference(before: str, now: str) -> None:
    pieces = compare_words(before, now)
    assert "".join(piece.text for piece in pieces if not piece.is_added) == before
    assert "".join(piece.text for piece in pieces if not piece.is_removed) == now
    assert all(piece.text for piece in pieces)
    assert all(one.side is not other.side for one, other in pairwise(pieces))


@given(WORDS)
def test_equal_texts_have_no_difference(text: str) -> None:
    assert [piece.side for piece in compare_words(text, text)] == ([Side.BOTH] if text else [])


@pytest.mark.parametrize(
    ("before", "now", "pieces"),
    [
        (
            "Zgłoszenia są przyjmowane w nocy.",
            "Zgłoszenia są przyjmowane także w nocy.",
            [("both", "Zgłoszenia są przyjmowane "), ("now", "także "), ("both", "w nocy.")],
        ),
        (
            "Każde zgłoszenie ma opiekuna.",
            "Każde zgłoszenie ma dwóch opiekunów.",
            [("both", "Każde zgłoszenie ma "), ("before", "opiekuna"), ("now", "dwóch opiekunów"), ("both", ".")],
        ),
        ("", "New.", [("now", "New.")]),
        ("Old.", "", [("before", "Old.")]),
        (
            "A rota is kept for every night",
            "Volunteers hear callers out patiently",
            [("before", "A rota is kept for every night"), ("now", "Volunteers hear callers out patiently")],
        ),
    ],
)
def test_a_difference_is_by_words(before: str, now: str, pieces: list[tuple[str, str]]) -> None:
    assert [(piece.side.value, piece.text) for piece in compare_words(before, now)] == pieces


def test_a_very_long_text_is_shown_as_replaced_between_its_equal_ends() -> None:
    middle = " ".join(str(number) for number in range(5_000))
    pieces = compare_words(f"Begin {middle} end", f"Begin {middle[::-1]} end")
    assert [piece.side for piece in pieces] == [Side.BOTH, Side.BEFORE, Side.NOW, Side.BOTH]
