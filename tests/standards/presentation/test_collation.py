"""The order of words in each language of a hotline's country."""

from collections.abc import Iterable

import pytest
from django.utils.translation import override

from standards.presentation.collation import index_letter, letters_of, sort_key


def sorted_in(texts: Iterable[str], language: str) -> list[str]:
    return sorted(texts, key=lambda text: sort_key(text, language))


@pytest.mark.parametrize(
    ("language", "in_order"),
    [
        ("en", "cafe café caff Zebra"),
        ("fr", "cote coté côte été etui"),
        ("de", "Apfel Äpfel Arzt Straße Strauß"),
        ("bg", "Ана Борис Цвета Щерю Яна"),
        ("cs", "cena čas dům hora chata ibis řeka šance zima žena"),
        ("da", "Zoe Æble Øl Ål"),
        ("el", "Άννα Αντώνης Έλενα ώρα"),
        ("es", "nube ñu oso"),
        ("et", "saba šokk zoo žest tuba võõras õde äär öö üks"),
        ("fi", "Yli Zeus Åbo Äiti Öljy"),
        ("ga", "abhainn áit ubh úll"),
        ("hr", "cesta čaj ćup dan džep đak luk ljeto nos njega šal zub žaba"),
        ("hu", "cukor család dal dzsem edény olló öböl ősz Zoltán zsák"),
        ("lt", "ilgas yra jis šuo zuikis žuvis"),
        ("lv", "gads ģimene kalns ķirsis lapa ļaudis zeme žurnāls"),
        ("mt", "ċavetta casa ġar gallina għajn ħabib isem żarbun zokk"),
        ("pl", "czas ćma lato łódź noga ósmy śnieg zima źródło żaba"),
        ("ro", "aer ăsta âla iarnă înger sat șase tată țară"),
        ("sk", "cena čas hora chata mama osa ôsmy zima žena"),
        ("sl", "cesta čas zima žena"),
        ("sq", "cak çaj det dhe era ëma luaj lloj sot shi zog zhurmë"),
        ("sr", "дан ђак лук љето нос њега тата ћуп џеп шал"),
        ("sv", "zebra ålder äpple öga"),
        ("tr", "cam çam ılık Irmak İnci ocak ödev sal şal"),
        ("uk", "гора ґанок ера єнот ива індик їжак йод"),
    ],
)
def test_words_stand_in_the_order_of_their_language(language: str, in_order: str) -> None:
    words = in_order.split()
    assert sorted_in(reversed(words), language) == words


def test_blanks_and_numbers_stand_before_letters_and_numbers_by_value() -> None:
    assert sorted_in(["hotline", "hot line", "116", "hot 10", "hot 9"], "en") == [
        *("116", "hot 9", "hot 10", "hot line", "hotline"),
    ]


def test_punctuation_and_capitals_matter_only_between_equal_words() -> None:
    assert sorted_in(["O’Neill", "Oneill", "oneill", "Onega"], "en") == ["Onega", "Oneill", "oneill", "O’Neill"]


def test_letters_of_another_script_stand_behind_the_alphabet() -> None:
    assert sorted_in(["Ω", "ж", "z", "é"], "pl") == ["é", "z", "Ω", "ж"]


def test_the_order_is_that_of_the_interface_unless_another_is_asked_for() -> None:
    with override("pl"):
        assert sort_key("łódź") == sort_key("łódź", "pl")
    with override("en-x-pl"):
        assert sort_key("łódź") == sort_key("łódź", "en")


@pytest.mark.parametrize("language", ["pl", "el", "uk", "xx"])
def test_an_alphabet_is_in_its_own_order(language: str) -> None:
    assert sorted_in(letters_of(language), language) == list(letters_of(language))


@pytest.mark.parametrize(
    ("word", "language", "letter"),
    [
        *[("État", "fr", "E"), ("świadek", "pl", "Ś"), ("njuška", "hr", "Nj"), ("njuška", "en", "N")],
        *[("116 000", "en", "0–9"), ("“Alert”", "en", "A"), ("", "en", "0–9"), ("Śląsk", "en", "S")],
    ],
)
def test_a_word_stands_under_its_letter(word: str, language: str, letter: str) -> None:
    assert index_letter(word, language) == letter
