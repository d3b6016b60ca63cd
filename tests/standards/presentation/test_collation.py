"""The order of words in a language."""

import pytest

from standards.presentation.collation import index_letter, sort_key


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["edge", "Élan", "elm"]),
        ("fr", ["cote", "Coté", "côte", "cotes"]),
        ("pl", ["lud", "łan", "mama", "świt", "zero", "źle", "żal"]),
        ("hr", ["cura", "čaj", "ćud", "dom", "džep", "đak", "lud", "ljeto", "nuž", "njuška", "sud", "šum"]),
        ("sv", ["zon", "år", "ängel", "öga"]),
        ("et", ["saar", "šokk", "zoo", "tee", "vaal", "õun", "äge"]),
        ("cs", ["hora", "chata", "ideál"]),
    ],
)
def test_words_are_in_the_order_of_a_dictionary(language, words):
    mixed = words[::-1]
    assert sorted(mixed, key=lambda word: sort_key(word, language)) == words


@pytest.mark.parametrize(
    ("word", "language", "letter"),
    [
        *[("État", "fr", "E"), ("świadek", "pl", "Ś"), ("njuška", "hr", "Nj"), ("njuška", "en", "N")],
        *[("116 000", "en", "0–9"), ("“Alert”", "en", "A"), ("", "en", "0–9"), ("Śląsk", "en", "S")],
    ],
)
def test_a_word_stands_under_its_letter(word, language, letter):
    assert index_letter(word, language) == letter
